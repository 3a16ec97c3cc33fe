"""The bytes of a file of tables, made while its rows are read."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from ipt_tracker.exchange.table_columns import Row
from ipt_tracker.exchange.table_dictionary import HEAD, dictionary, notes
from ipt_tracker.exchange.table_rows import Shape, shape_of
from ipt_tracker.exchange.tables import BYTE_ORDER_MARK, Value, csv_bytes, csv_lines
from ipt_tracker.exchange.xlsx import Sheet, workbook
from ipt_tracker.exchange.zipped import Member, zipped
from ipt_tracker.governance.disguise import Disguise
from ipt_tracker.services.exports.choice import Choice, Format
from ipt_tracker.services.exports.reading import pages_of
from ipt_tracker.services.unit_of_work import UnitOfWork

About = Sequence[tuple[str, str]]
Pages = Callable[[str, list[Row]], None]
"""Takes the name of a table and a page of its rows."""


@dataclass(frozen=True, slots=True)
class File:
    """One file that is made: what is in it, in which disguise, what it says of itself, and when."""

    choice: Choice
    disguise: Disguise | None
    about: About
    at: datetime


def pieces_of(file: File, begin: Callable[[], UnitOfWork], pages: Pages) -> Iterator[bytes]:
    """Give a workbook, a single table as text, or a zip of several with the dictionary.

    `pages` is told of every page of rows before it is handed on.
    """
    choice, about, at = file.choice, file.about, file.at
    sheets = []
    for table in choice.tables:
        shape = shape_of(table, file.disguise)
        seen = _seen(shape, pages_of(table, begin, choice), pages)
        sheets.append(Sheet(shape.table, seen))
    if choice.form is Format.XLSX:
        return workbook(sheets, about, at, disguised=choice.disguised)
    if choice.is_one_table:
        return _lines(sheets[0])
    return zipped(_members(sheets, about, disguised=choice.disguised), at)


def dictionary_csv(choice: Choice) -> bytes:
    """Give the dictionary of the chosen tables alone; it holds nothing of any patient."""
    return csv_bytes(HEAD, dictionary(choice.tables))


def _seen(
    shape: Shape, read: Iterator[list[Row]], pages: Pages
) -> Iterator[list[tuple[Value, ...]]]:
    pages(shape.table.name, [])
    for page in read:
        pages(shape.table.name, page)
        yield [*shape.rows(page)]


def _lines(sheet: Sheet) -> Iterator[bytes]:
    yield BYTE_ORDER_MARK.encode() + csv_lines([sheet.table.head])
    for page in sheet.pages:
        if lines := csv_lines(page):
            yield lines


def _members(sheets: Sequence[Sheet], about: About, *, disguised: bool) -> Iterator[Member]:
    lines = [*about, *(("note", note) for note in notes(disguised=disguised))]
    yield "about.csv", (csv_bytes(("what", "said"), lines),)
    for sheet in sheets:
        yield f"{sheet.table.name}.csv", _lines(sheet)
    yield "dictionary.csv", (csv_bytes(HEAD, dictionary([s.table for s in sheets])),)

"""A workbook that is sent while its rows are read, in memory that does not grow with them.

XlsxWriter makes the workbook with heads, formats and the dictionary; the rows are put into its
sheets on the way out.
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zipfile import ZipFile

from xlsxwriter import Workbook

from ipt_tracker.exchange.table_columns import Kind, Table
from ipt_tracker.exchange.table_dictionary import HEAD, dictionary, notes
from ipt_tracker.exchange.tables import Value
from ipt_tracker.exchange.xlsx_cells import MOST_ROWS, rows_xml
from ipt_tracker.exchange.zipped import Member, zipped

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET = "xl/worksheets/sheet{}.xml"
_SAMPLE = re.compile(rb'<row r="2".*?</row>')
_STYLE = re.compile(rb'<c r="[A-Z]+2" s="(\d+)"')
_BOUNDS = re.compile(rb'<dimension ref="[^"]*"/>')
_FORMATS = {Kind.DAY: "yyyy-mm-dd", Kind.MOMENT: "yyyy-mm-dd hh:mm:ss"}
_WIDTHS = {Kind.DAY: 12, Kind.MOMENT: 20, Kind.WHOLE: 10, Kind.NUMBER: 10, Kind.YES_NO: 10}
_OF_DICTIONARY = (18, 22, 24, 44, 14, 28, 44, 34, 12, 10, 34)

Pages = Iterable[Iterable[Sequence[Value]]]


class TooManyRows(Exception):
    """A sheet holds no more rows."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table with its rows, which come in pages."""

    table: Table
    pages: Pages


def workbook(
    sheets: Sequence[Sheet], about: Sequence[tuple[str, str]], at: datetime, *, disguised: bool
) -> Iterator[bytes]:
    """Give a workbook bit by bit: about, a sheet for each table, and the dictionary."""
    empty = _empty([sheet.table for sheet in sheets], about, at, disguised=disguised)
    return zipped(_members(empty, sheets), at)


def _members(empty: bytes, sheets: Sequence[Sheet]) -> Iterator[Member]:
    filled = {SHEET.format(place): sheet for place, sheet in enumerate(sheets, 2)}
    with ZipFile(io.BytesIO(empty)) as made:
        for name in made.namelist():
            content = made.read(name)
            yield name, _filled(content, filled[name]) if name in filled else (content,)


def _filled(content: bytes, sheet: Sheet) -> Iterator[bytes]:
    """Put the rows of a sheet in place of the one that shows the formats of its columns."""
    sample = _SAMPLE.search(content)
    if sample is None:
        raise ValueError("the sheet shows no formats")
    styles = [int(style) for style in _STYLE.findall(sample[0])]
    yield _BOUNDS.sub(b"", content[: sample.start()])
    number = 2
    for page in sheet.pages:
        xml, number = rows_xml(number, page, styles)
        if number - 2 > MOST_ROWS:
            raise TooManyRows(sheet.table.name)
        yield xml.encode("utf-8", "replace")
    yield content[sample.end() :]


def _empty(
    tables: Sequence[Table], about: Sequence[tuple[str, str]], at: datetime, *, disguised: bool
) -> bytes:
    """Make the workbook without rows."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = Workbook(out, options)
    book.set_properties({"created": at.replace(tzinfo=None)})
    formats = _Formats(book)
    _write_about(book, formats, about, disguised=disguised)
    for table in tables:
        _write_head(book, formats, table)
    _write_dictionary(book, formats, tables)
    book.close()
    return out.getvalue()


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self.head = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
        self.words = book.add_format({"text_wrap": True, "valign": "top"})
        self.text = book.add_format({"quote_prefix": True})
        self._of = {
            kind: book.add_format({"num_format": shown}) for kind, shown in _FORMATS.items()
        }
        self._plain = book.add_format({"num_format": "General", "align": "right"})

    def of(self, kind: Kind) -> Any:  # noqa: ANN401 -- XlsxWriter brings no types
        """Give the format of the values of a kind."""
        if kind in self._of:
            return self._of[kind]
        return self._plain if kind in {Kind.WHOLE, Kind.NUMBER, Kind.YES_NO} else self.text


def _write_head(book: Workbook, formats: _Formats, table: Table) -> None:
    sheet = book.add_worksheet(table.name)
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(table.columns):
        width = max(_WIDTHS.get(column.kind, 16), len(column.name) + 2)
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, column.name, formats.head)
        sheet.write_number(1, place, 0, formats.of(column.kind))


def _write_about(
    book: Workbook, formats: _Formats, about: Sequence[tuple[str, str]], *, disguised: bool
) -> None:
    sheet = book.add_worksheet("about")
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 100)
    lines = [*about, *(("note", note) for note in notes(disguised=disguised))]
    for number, (name, said) in enumerate(lines):
        sheet.write_string(number, 0, name, formats.head)
        sheet.write_string(number, 1, said, formats.words)


def _write_dictionary(book: Workbook, formats: _Formats, tables: Sequence[Table]) -> None:
    sheet = book.add_worksheet("dictionary")
    sheet.freeze_panes(1, 2)
    for place, (name, width) in enumerate(zip(HEAD, _OF_DICTIONARY, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, name, formats.head)
    for number, row in enumerate(dictionary(tables), 1):
        for place, value in enumerate(row):
            sheet.write_string(number, place, str(value), formats.words)

"""A CSV file of any spreadsheet program as numbered rows: what is text, and what parts it.

Rows are counted as a spreadsheet counts them: the first line is row 1, blank ones count.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ipt_tracker.clinical.rules import RuleBroken

MOST_ROWS = 5000
_SHOWN = 40
_PARTERS = (",", ";", "\t")
_NOT_UTF8 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Cells:
    """One row that is not blank: its number, and its cells without the space around them."""

    number: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The head and the rows below it, each as wide as the head; `decimal_comma` may stand."""

    head: Cells
    rows: tuple[Cells, ...]
    decimal_comma: bool


def read_sheet(content: bytes) -> Sheet:
    """Read a CSV parted by commas, semicolons or tabs.

    Raises RuleBroken, one sentence with the row, for what is no table.
    """
    text = _text(content)
    parter = _parter(text)
    found = [row for row in _parted(text, parter) if any(row.values)]
    if not found:
        raise RuleBroken("The file is empty: row 1 must name its columns.")
    head, *rows = (Cells(row.number, _without_blank_end(row.values)) for row in found)
    if len(rows) > MOST_ROWS:
        raise RuleBroken(f"The file has more than {MOST_ROWS} rows of studies.")
    return Sheet(head, tuple(_as_wide(row, head) for row in rows), parter != ",")


def shown(text: str) -> str:
    """Give a text of the file for a sentence: on one line, printable and short."""
    line = " ".join("".join(it if it.isprintable() else " " for it in text).split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def _text(content: bytes) -> str:
    if content.startswith(_NOT_UTF8):
        raise RuleBroken("The file is in UTF-16: save it as CSV in UTF-8.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as trouble:
        row = content[: trouble.start].count(b"\n") + 1
        message = f"The file is not text in UTF-8 (first seen in row {row}): save it as CSV UTF-8."
        raise RuleBroken(message) from trouble
    if "\0" in text:
        raise RuleBroken("The file is not a text file.")
    return text


def _parter(text: str) -> str:
    head = next((line for line in text.splitlines() if line.strip()), "")
    return max(_PARTERS, key=head.count)


def _parted(text: str, parter: str) -> Iterator[Cells]:
    number = 0
    try:
        for number, row in enumerate(csv.reader(_lines(text), delimiter=parter, strict=True), 1):
            yield Cells(number, tuple(cell.strip() for cell in row))
    except csv.Error as trouble:
        message = f"Row {number + 1} cannot be parted into columns; look at its quotation marks."
        raise RuleBroken(message) from trouble


def _lines(text: str) -> io.StringIO:
    return io.StringIO(text, newline="")


def _without_blank_end(values: Sequence[str]) -> tuple[str, ...]:
    end = max(place for place, value in enumerate(values, 1) if value)
    return tuple(values[:end])


def _as_wide(row: Cells, head: Cells) -> Cells:
    """Fill a row whose last cells are blank; one that is wider than the head is refused."""
    missing = len(head.values) - len(row.values)
    if missing < 0:
        raise RuleBroken(
            f"Row {row.number} has {len(row.values)} fields for {len(head.values)} columns: "
            f"nothing may stand after column {shown(head.values[-1])}, and a decimal comma "
            "needs semicolons between the columns."
        )
    return Cells(row.number, (*row.values, *[""] * missing))

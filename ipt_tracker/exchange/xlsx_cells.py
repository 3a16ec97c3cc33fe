"""Cells of a workbook, written by hand so that rows can be sent while they are read.

A text is an inline text: no program reads a formula or a link out of one. Its style carries the
quote prefix, so that it stays a text also when somebody edits the cell.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from ipt_tracker.exchange.tables import Value

LONGEST_TEXT = 32_767
"""Signs in one cell, by the file format."""
MOST_ROWS = 1_048_575
"""Rows of one sheet below its head, by the file format."""
FIRST_DAY = date(1900, 3, 1)
"""Before it, spreadsheet programs count a day that never was."""
DAY_ZERO = date(1899, 12, 30)
SECONDS_OF_A_DAY = 86_400

_MEANS_A_SIGN = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ESCAPES = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord("\r"): "&#13;"}


def row_xml(number: int, values: Sequence[Value], styles: Sequence[int]) -> str:
    """Write one row; an empty cell is left out. `styles` are the places of the cells' formats."""
    cells = (
        _cell(f"{_letters(place)}{number}", value, styles[place])
        for place, value in enumerate(values)
        if value is not None
    )
    return f'<row r="{number}">{"".join(cells)}</row>'


def rows_xml(first: int, rows: Iterable[Sequence[Value]], styles: Sequence[int]) -> tuple[str, int]:
    """Write rows from a number on; give them with the number of the next."""
    made = [row_xml(number, row, styles) for number, row in enumerate(rows, first)]
    return "".join(made), first + len(made)


def _cell(place: str, value: Value, style: int) -> str:
    if isinstance(value, str):
        return _text(place, value, style) if value else ""
    if isinstance(value, bool):
        return f'<c r="{place}" s="{style}" t="b"><v>{value:d}</v></c>'
    if isinstance(value, date):
        serial = _serial(value)
        if serial is None:
            return _text(place, value.isoformat(), 0)
        return f'<c r="{place}" s="{style}"><v>{serial!r}</v></c>'
    return f'<c r="{place}" s="{style}"><v>{value!r}</v></c>'


def _text(place: str, text: str, style: int) -> str:
    said = escaped(text[:LONGEST_TEXT])
    return (
        f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'
    )


def escaped(text: str) -> str:
    """Write a text as workbooks keep it: signs that XML cannot hold by their number."""
    marked = _MEANS_A_SIGN.sub("_x005F_", text)
    whole = _IMPOSSIBLE.sub(lambda found: f"_x{ord(found[0]):04X}_", marked)
    return whole.translate(_ESCAPES)


def _serial(day: date) -> int | float | None:
    """Give the number that a spreadsheet keeps for a day or a moment, which it knows as UTC."""
    if isinstance(day, datetime):
        moment = day.astimezone(UTC)
        whole = (moment.date() - DAY_ZERO).days
        seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
        return whole + seconds / SECONDS_OF_A_DAY if moment.date() >= FIRST_DAY else None
    return (day - DAY_ZERO).days if day >= FIRST_DAY else None


def _letters(place: int) -> str:
    """Name a column: A to Z, then AA."""
    high, low = divmod(place, 26)
    return (_letters(high - 1) if high else "") + chr(ord("A") + low)

"""Tables as CSV for spreadsheets: numbers stay numbers, and no text becomes a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

Value = str | int | float | date | None

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Without it a spreadsheet program reads UTF-8 in the code page of its machine and spoils every
letter outside ASCII; pandas and R read it away."""
SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # noqa: RUF001 -- their full-width forms too
BREAKS = ("\t", "\r", "\n")
GUARD = "'"


def csv_bytes(head: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Write a table as CSV (RFC 4180) in UTF-8 with a byte order mark.

    Numbers have a point and no thousands, dates are ISO 8601, moments are in UTC, TRUE and FALSE
    are what spreadsheets call them, and None is an empty cell. A text
    that a spreadsheet would take for a formula gets an apostrophe before it: take that away and
    the text is as it was. So does a text that begins with an apostrophe.
    """
    return BYTE_ORDER_MARK.encode() + csv_lines([head]) + csv_lines(rows)


def csv_lines(rows: Iterable[Sequence[Value]]) -> bytes:
    """Write lines of such a table, for one that is written bit by bit."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([_cell(each) for each in row] for row in rows)
    return out.getvalue().encode("utf-8", "replace")


def _cell(value: Value) -> str | int | float:
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(sep=" ", timespec="seconds").removesuffix("+00:00")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value


def guarded(text: str) -> str:
    """Put an apostrophe before a text that could be read as a formula, or that begins with one."""
    plain = text.replace("\0", "")
    risky = plain.startswith(BREAKS) or plain.lstrip().startswith((*SIGNS, GUARD))
    return GUARD + plain if risky else plain

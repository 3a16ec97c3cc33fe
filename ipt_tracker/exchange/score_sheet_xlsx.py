"""An XLSX workbook as rows of text. Looked through as a zip first: it may be made to do harm."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.datetime import MAC_EPOCH

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange.score_sheet import MOST_COLUMNS, MOST_ROWS, letter

ZIP, OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MOST_PARTS = 500
MOST_UNPACKED = 25_000_000
MOST_TAGS = 2_500_000
"""Of a whole workbook: 5,000 rows of 100 columns have two million."""
MOST_OTHER_TAGS = 60_000
"""Of a part that is neither a sheet nor its texts, such as the formats."""
LONG_ENOUGH = 4 * MOST_ROWS
"""How far down a sheet is looked at: below may stand formats without values."""
SHEET = "Scores"
NAMES_MACROS = ("vbaproject.bin", "xl/macrosheets/", "vbadata.xml")

OLD_FORM = (
    "It is a workbook of the old form, or one with a password. Save it as “Excel workbook (.xlsx)” "
    "without a password."
)
MACROS = "It holds macros. Save it as “Excel workbook (.xlsx)”, which has none."
UNPACKS = "Unpacked it is far larger than a table of scores can be. It was not read."
DAMAGED = "The workbook is damaged and cannot be read. Save it anew, or as “CSV UTF-8”."
NO_WORKBOOK = "It is no XLSX workbook. Save it as “Excel workbook (.xlsx)” or as “CSV UTF-8”."
FORMULA = "holds a formula. Copy the column and paste it as values, so that a number is a number."

Line = tuple[int, list[str]]


def xlsx_lines(content: bytes) -> tuple[list[Line], bool]:
    """Give the rows of the sheet of scores, and whether its days are counted from 1904.

    The sheet named "Scores" is read, else the first that is not hidden. RuleBroken for what is no
    workbook, or holds macros, formulas in cells that are read, or more than it may.
    """
    _look_through(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        shown = [each for each in book.worksheets if each.sheet_state == "visible"]
        sheet = next((each for each in shown if each.title == SHEET), shown[0])
        return list(_lines(sheet)), book.epoch == MAC_EPOCH
    except RuleBroken:
        raise
    except Exception as error:  # a damaged part can raise anything
        raise RuleBroken(DAMAGED) from error


def _lines(sheet: Any) -> Iterator[Line]:  # noqa: ANN401 -- openpyxl's sheet for reading
    rows = sheet.iter_rows(min_row=1, max_row=LONG_ENOUGH, max_col=MOST_COLUMNS + 1)
    for number, cells in enumerate(rows, start=1):
        texts = [_text_of(cell, number, place) for place, cell in enumerate(cells)]
        if any(texts):
            yield number, texts


def _text_of(cell: Any, number: int, place: int) -> str:  # noqa: ANN401 -- openpyxl's cell
    value = cell.value
    if cell.data_type == "f":
        raise RuleBroken(f"Row {number}, column {letter(place)} {FORMULA}")
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value)


def _look_through(content: bytes) -> None:
    """Refuse what is no plain workbook, before anything of it is unpacked as a whole."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _look_at_list(packed.infolist())
            _look_at_parts(packed)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError) as error:
        raise RuleBroken(DAMAGED) from error


def _look_at_list(parts: list[zipfile.ZipInfo]) -> None:
    """A part is never read further than the size that this list gives it."""
    names = [part.filename.lower() for part in parts]
    if any(mark in name for name in names for mark in NAMES_MACROS):
        raise RuleBroken(MACROS)
    if "xl/workbook.xml" not in names:
        raise RuleBroken(NO_WORKBOOK)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise RuleBroken(UNPACKS)
    if len(set(names)) < len(names) or any(part.flag_bits & 1 for part in parts):
        raise RuleBroken(DAMAGED)


def _look_at_parts(packed: zipfile.ZipFile) -> None:
    """Refuse texts that define entities, and more tags than a table needs."""
    every = 0
    for part in packed.infolist():
        name = part.filename.lower()
        if not name.endswith((".xml", ".rels", ".vml")):
            continue
        text = packed.read(part).replace(b"\0", b"").lower()
        if b"<!doctype" in text or b"<!entity" in text:
            raise RuleBroken(DAMAGED)
        tags = text.count(b"<")
        every += tags
        is_table = name.startswith("xl/worksheets/") or name == "xl/sharedstrings.xml"
        if every > MOST_TAGS or (tags > MOST_OTHER_TAGS and not is_table):
            raise RuleBroken(UNPACKS)

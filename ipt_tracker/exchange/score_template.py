"""The empty table that scores of earlier times are filled into: as CSV, and as a workbook."""

import io
from datetime import UTC, datetime

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.exchange.score_sheet import MOST_ROWS
from ipt_tracker.exchange.score_sheet_xlsx import SHEET
from ipt_tracker.exchange.tables import csv_bytes

ITEMS = 20
HEAD = ("patient", "date", "form", "total", *(f"item_{n}" for n in range(1, ITEMS + 1)))
MADE = datetime(2026, 1, 1, tzinfo=UTC)
"""The same for every copy, so that the same version gives the same file."""
GUIDE = "How to fill it in"
COLUMNS = (
    ("patient", "The patient's code, such as T-101. Never a name."),
    ("date", "The day on the form, such as 2025-04-07."),
    ("form", "One of the forms below, with its time window."),
    ("total", "The total. Leave it empty where the items are there."),
    ("item_1, item_2 ...", "The answers in the order of the form. More columns may follow."),
)
RULES = (
    "One row is one form that was filled in.",
    "An item that was left blank stays empty. A zero is an answer.",
    "A form with blank items has no total.",
    "Where total and items are both there, they must agree.",
    "Formulas are not read: paste them as values.",
    "Whether to ask about suicide is decided when the scores are taken in; the page says how.",
)
WIDE, NARROW = 46, 12


def template_csv() -> bytes:
    """Write the table with its head and no row."""
    return csv_bytes(HEAD, ())


def template_xlsx() -> bytes:
    """Write the workbook: a sheet to fill in, and one that explains it."""
    held = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(held, options) as book:
        book.set_properties({"title": "Scores", "created": MADE.replace(tzinfo=None)})
        bold = book.add_format({"bold": True})
        sheet, guide = book.add_worksheet(SHEET), book.add_worksheet(GUIDE)
        first = _explain(guide, bold)
        sheet.write_row(0, 0, HEAD, bold)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 0, NARROW)
        sheet.set_column(1, 1, NARROW, book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.set_column(2, 2, 2 * NARROW)
        last = first + len(INSTRUMENTS) - 1
        source = f"='{GUIDE}'!$A${first + 1}:$A${last + 1}"
        sheet.data_validation(1, 2, MOST_ROWS, 2, {"validate": "list", "source": source})
    return held.getvalue()


def _explain(guide: Worksheet, bold: Format) -> int:
    """Write what each column holds, the rules, and the forms; give the row of the first form."""
    guide.set_column(0, 1, WIDE)
    guide.write_row(0, 0, ("Column", "What it holds"), bold)
    for row, line in enumerate(COLUMNS, start=1):
        guide.write_row(row, 0, line)
    row = len(COLUMNS) + 2
    guide.write(row, 0, "Rules", bold)
    for number, rule in enumerate(RULES, start=1):
        guide.write(row + number, 0, rule)
    row += len(RULES) + 2
    guide.write_row(row, 0, ("Form", "Its items and totals"), bold)
    for number, one in enumerate(INSTRUMENTS.values(), start=1):
        items = f"{len(one.answer_keys)} answers, total {one.lowest} to {one.highest}"
        guide.write_row(row + number, 0, (one.version, items))
    return row + 1

"""The way from the bytes of a file to a table of scores: CSV or XLSX, told by the content."""

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange.score_sheet import LARGEST_FILE, NOTHING, TOO_LARGE, Sheet, sheet_of
from ipt_tracker.exchange.score_sheet_csv import csv_lines
from ipt_tracker.exchange.score_sheet_xlsx import OLD, OLD_FORM, ZIP, xlsx_lines


def read_score_file(content: bytes) -> Sheet:
    """Read a file as it was handed in. Raises RuleBroken with one sentence for what it is not."""
    if len(content) > LARGEST_FILE:
        raise RuleBroken(TOO_LARGE)
    if not content.strip():
        raise RuleBroken(NOTHING)
    if content.startswith(OLD):
        raise RuleBroken(OLD_FORM)
    if content.startswith(ZIP):
        lines, from_1904 = xlsx_lines(content)
        return sheet_of(lines, from_1904=from_1904)
    return sheet_of(csv_lines(content))

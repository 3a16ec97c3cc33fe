"""A CSV file as rows of text: letters, separator and quotes are found out, not asked for."""

import codecs
import csv
import io
from collections.abc import Iterator

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange.tables import GUARD, guarded

SEPARATORS = (",", ";", "\t", "|")
NO_TEXT = (
    "It is neither a CSV file nor an XLSX workbook. Save the table in your spreadsheet program as "
    "“CSV UTF-8” or as “Excel workbook (.xlsx)”."
)
OTHER_LETTERS = (
    "Its letters cannot be read for certain. Save it as “CSV UTF-8”, or as an Excel workbook."
)
BROKEN_QUOTES = (
    "A quotation mark is not closed, or a cell has no end, so its rows cannot be told apart."
)


def csv_lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Give the rows of a CSV file with their numbers. Raises RuleBroken where it is no text."""
    text = _text_of(content)
    separator = _separator_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            if not (number == 1 and cells and cells[0].lower() == "sep="):
                yield number, [_as_meant(cell) for cell in cells]
    except csv.Error as error:
        raise RuleBroken(BROKEN_QUOTES) from error


def _text_of(content: bytes) -> str:
    try:
        text = content.decode(_encoding_of(content))
    except UnicodeError as error:
        raise RuleBroken(OTHER_LETTERS if _could_be_text(content) else NO_TEXT) from error
    if any(sign < " " and sign not in "\t\r\n" for sign in text):
        raise RuleBroken(NO_TEXT)
    return text


def _encoding_of(content: bytes) -> str:
    """Tell it by the byte order mark; without one it can only be UTF-8."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig"


def _could_be_text(content: bytes) -> bool:
    return not any(byte < ord(" ") and byte not in b"\t\r\n" for byte in content)


def _separator_of(text: str) -> str:
    """Take what divides the first row into most columns; a spreadsheet program may say it."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    if first.lower().startswith("sep=") and first[4:5] in SEPARATORS:
        return first[4]
    return max(SEPARATORS, key=lambda each: len(next(csv.reader([first], delimiter=each), [])))


def _as_meant(cell: str) -> str:
    """Take away the apostrophe with which our own tables keep a text from being a formula."""
    bare = cell.removeprefix(GUARD)
    return bare if guarded(bare) == cell else cell

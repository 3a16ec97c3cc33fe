"""Reading back what was written as a workbook or as text."""

import csv
import io
import re
from zipfile import ZipFile

import openpyxl

from ipt_tracker.exchange.export_scores import TABLES

_SIGN = re.compile("_x([0-9A-F]{4})_")


def unescaped(text: str) -> str:
    """Give a text as spreadsheet programs show it: `_x0001_` stands for a sign of that number."""
    return _SIGN.sub(lambda found: chr(int(found[1], 16)), text)


def sheets(content: bytes) -> dict[str, list[tuple]]:
    """Give the rows of each sheet of a workbook."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [tuple(c.value for c in row) for row in sheet] for sheet in book}


def csv_rows(content: bytes) -> list[list[str]]:
    """Give the rows of a table as text."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def members(content: bytes) -> dict[str, bytes]:
    """Give the files of a zip file, whose sums are checked."""
    with ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def every_text(content: bytes) -> str:
    """Give all that can be read in a zip file of texts or in a workbook."""
    return "\n".join(each.decode("utf-8", "replace") for each in members(content).values())


EVERY_TABLE = tuple(TABLES.values())

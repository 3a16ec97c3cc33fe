"""The pictures of evidence: nothing overlaps, the same bytes each time, each says whence."""

import hashlib
import io
import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from ipt_tracker.charts import caseload_change, export, forest, funnel, nested_bands, within_change
from ipt_tracker.charts.typeset import Label
from tests.unit.charts import evidence_cases as cases
from tests.unit.charts.ink import hidden, outside, overlapping

DRAW = {
    "forest": forest.draw,
    "funnel": funnel.draw,
    "nested": nested_bands.draw,
    "within": within_change.draw,
    "caseload": caseload_change.draw,
}
USUAL = (
    "nested, three arms",
    "forest, published",
    "funnel, eight",
    "within, nine",
    "caseload, thirty",
)
IN_ANOTHER_PROCESS = """
import hashlib
from ipt_tracker.charts import export
from tests.unit.charts.evidence_cases import CASES
for make in (export.svg, export.png, export.pdf):
    print(hashlib.sha256(b"".join(make(CASES[name]) for name in {names})).hexdigest())
"""


@lru_cache
def drawn(name):
    return DRAW[name.partition(",")[0]](cases.CASES[name])


@pytest.mark.parametrize("name", cases.CASES)
def test_no_text_lies_on_another_or_under_a_mark_and_none_leaves_the_page(name):
    page = drawn(name)

    assert overlapping(page) == []
    assert outside(page) == []
    assert hidden(page) == []


@pytest.mark.parametrize("name", cases.CASES)
def test_no_text_is_smaller_than_eight_points(name):
    assert min(label.get_fontsize() for label in drawn(name).findobj(Label)) >= 8


@pytest.mark.parametrize("name", cases.NAMELESS)
def test_a_picture_without_provenance_and_its_words_can_be_made(name):
    assert export.svg.__wrapped__(cases.NAMELESS[name])
    assert export.alt(cases.NAMELESS[name])


@pytest.mark.parametrize("name", USUAL)
def test_the_same_input_gives_the_same_bytes_and_every_file_says_whence(name):
    data = cases.CASES[name]
    for make in (export.svg, export.png, export.pdf):
        assert make.__wrapped__(data) == make.__wrapped__(data)

    svg = export.svg(data).decode()
    assert "<dc:source>an invented review</dc:source>" in svg
    assert "Evidence: an invented review" in svg
    assert "style=" not in svg
    assert Image.open(io.BytesIO(export.png(data))).text["Evidence"] == "an invented review"
    assert "an invented review" in PdfReader(io.BytesIO(export.pdf(data))).metadata["/Keywords"]


def test_another_process_gives_the_same_bytes():
    here = [
        hashlib.sha256(b"".join(make(cases.CASES[name]) for name in USUAL)).hexdigest()
        for make in (export.svg, export.png, export.pdf)
    ]

    there = subprocess.run(
        [sys.executable, "-c", IN_ANOTHER_PROCESS.replace("{names}", repr(USUAL))],
        cwd=Path(__file__).parents[3],
        env=os.environ | {"PYTHONHASHSEED": "12345", "TZ": "Asia/Tokyo"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert there == here


@pytest.mark.parametrize("name", ["forest, sixty", "funnel, sixty", "caseload, two thousand"])
def test_a_crowded_picture_fits_on_paper_and_stays_small(name):
    assert drawn(name).high < 842  # A4
    assert len(export.svg(cases.CASES[name])) < 60_000

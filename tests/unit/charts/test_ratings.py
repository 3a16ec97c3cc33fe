"""The pictures of ratings: nothing overlaps, nothing is invented, the same bytes each time."""

import hashlib
import io
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from ipt_tracker.charts import bland_altman, coverage, export
from ipt_tracker.charts.coverage import Seen
from ipt_tracker.charts.style import LEFT
from ipt_tracker.charts.typeset import Label
from tests.unit.charts import rating_cases as cases
from tests.unit.charts.ink import hidden, outside, overlapping
from tests.unit.charts.rating_pictures import drawn

USUAL = (
    "xmr, eight",
    "agreement, fifteen",
    "domains, five",
    "coverage, three",
    "course, with scores",
)
IN_ANOTHER_PROCESS = """
import hashlib
from ipt_tracker.charts import export
from tests.unit.charts.rating_cases import CASES
for make in (export.svg, export.png, export.pdf):
    print(hashlib.sha256(b"".join(make(CASES[name]) for name in {names})).hexdigest())
"""


@pytest.mark.parametrize("name", cases.CASES)
def test_no_text_lies_on_another_and_none_leaves_the_page(name):
    page = drawn(name)

    assert overlapping(page) == []
    assert outside(page) == []


@pytest.mark.parametrize("name", cases.CASES)
def test_no_mark_lies_on_a_text(name):
    page = drawn(name)

    assert hidden(page) == []


def test_the_measure_of_hidden_texts_finds_a_mark_on_a_text():
    page = bland_altman.draw(cases.CASES["agreement, one"])
    page.put(LEFT, page.head + bland_altman.HEADING + bland_altman.TALL / 2, "hidden")

    assert ("hidden", "o") in hidden(page)


@pytest.mark.parametrize("name", USUAL)
def test_the_same_input_gives_the_same_bytes_and_every_file_says_whence(name):
    data = cases.CASES[name]
    for make in (export.svg, export.png, export.pdf):
        assert make.__wrapped__(data) == make.__wrapped__(data)

    svg = export.svg(data).decode()
    assert "TH-01" in svg
    assert re.search(r"style=", svg) is None
    assert Image.open(io.BytesIO(export.png(data))).text["Therapist"] == "TH-01"
    assert "drawn at random" in PdfReader(io.BytesIO(export.pdf(data))).metadata["/Keywords"]


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


@pytest.mark.parametrize("name", USUAL)
def test_equal_input_is_drawn_once(name):
    assert export.svg(cases.CASES[name]) is export.svg(replace(cases.CASES[name]))


@pytest.mark.parametrize("name", cases.CASES)
def test_no_text_is_smaller_than_eight_points(name):
    assert min(label.get_fontsize() for label in drawn(name).findobj(Label)) >= 8


@pytest.mark.parametrize("name", cases.NAMELESS)
def test_a_picture_without_provenance_and_its_words_can_be_made(name):
    assert export.svg.__wrapped__(cases.NAMELESS[name])
    assert export.alt(cases.NAMELESS[name])


def test_the_words_name_every_figure_that_the_picture_shows():
    row = coverage.Row("Middle", (Seen.RANDOM, Seen.CHOSEN, Seen.NOT), 0.5)
    assert export.alt(coverage.Coverage(*cases.WORDS, (row,))) == (
        "Rated of delivered sessions. Middle: 2 of 3 (1 random, 1 chosen, plan 50 %)."
    )
    assert "mean difference +0.35, limits −0.46 to +1.16" in export.alt(
        cases.CASES["agreement, fifteen"]
    )
    assert export.alt(cases.CASES["xmr, eight"]).startswith("Quality of 8 sessions in date order")
    said = export.alt(cases.CASES["course, fourteen"])
    assert "Supervisor: 5 ratings, adherence 0 % to 90 %, quality 1.00 to 4.00." in said
    assert "Something that is not IPT was seen in 4 ratings. Of 14 sessions held 5 with" in said

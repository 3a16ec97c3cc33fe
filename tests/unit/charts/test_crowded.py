"""Every kind of picture of a course at its fullest, with names of several awkward lengths."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ipt_tracker.charts import course_fidelity, course_strip, export, progress, timeline
from ipt_tracker.charts.course_strip import CourseStrip
from ipt_tracker.charts.lifelanes import Mark
from ipt_tracker.charts.model import Event, Reference, Span
from ipt_tracker.charts.timeline import Lifeline
from ipt_tracker.charts.typeset import Label
from tests.unit.charts.cases import START, after, crowded, long
from tests.unit.charts.ink import outside, overlapping
from tests.unit.charts.rating_cases import course

LANES = ("Life", "Symptoms", "Treatment", "Course")
NAMES = {
    "one letter": "i",
    "usual": "Role transition",
    "without a break": "Donaudampfschifffahrtsgesellschaft" * 2,
    "many words": "a name of a good many short words " * 2,
    "letters that the font lacks": "\N{CJK UNIFIED IDEOGRAPH-6BCD}" * 9,
    "from right to left": "\N{HEBREW LETTER ALEF}\N{HEBREW LETTER BET} " * 8,
}

LONGEST = ("usual", "many words")


def named(data, name):
    """Give a picture's input with one name in every place where people or files put one."""
    spans = {
        key: tuple(Span(name, s.start, s.stop) for s in getattr(data, key))
        for key in ("phases", "focus")
    }
    events = tuple(Event(e.day, f"{name} {i}") for i, e in enumerate(data.events))
    crowd = tuple(Reference(at, f"{at:g}: {name[:60]}") for at in (31.5, 32.5))
    main = replace(data.main, references=crowd, source=name[:60])
    return replace(data, title=name, verdict=name, main=main, events=events, **spans)


def lifeline(data, name):
    marks = tuple(
        Mark(
            i + 1, LANES[i % 4], after(9 * i), after(9 * i), "2024", f"{name} {i}",
            exact=True, spell=False,
        )
        for i in range(40)
    )  # fmt: skip
    days = (START - timedelta(days=30), max(v.day for v in data.visits))
    return Lifeline(
        name, name, name, *days, marks, LANES, data.main, data.visits, data.phases, data.focus,
        provenance=data.provenance,
    )  # fmt: skip


def strip(data, name):
    return CourseStrip(
        title=name,
        verdict=name,
        visits=data.visits,
        phases=data.phases,
        focus=data.focus,
        events=data.events,
        provenance=data.provenance,
    )


def fidelity(count, data, name):
    made = course(count, 3 if count < 100 else 2, scores=data.main)
    return replace(made, title=name, phases=data.phases)


FULL = {
    "progress, 40 scores and 6 changes": (progress, lambda n: named(crowded(), n)),
    "progress, 500 sessions": (progress, lambda n: named(long(), n)),
    "timeline, 40 scores": (timeline, lambda n: lifeline(named(crowded(), n), n)),
    "timeline, 500 sessions": (timeline, lambda n: lifeline(named(long(), n), n)),
    "course line, 6 changes": (course_strip, lambda n: strip(named(crowded(), n), n)),
    "course line, 500 sessions": (course_strip, lambda n: strip(named(long(), n), n)),
    "fidelity, 40 scores": (course_fidelity, lambda n: fidelity(40, named(crowded(), n), n)),
    "fidelity, 500 sessions": (course_fidelity, lambda n: fidelity(500, named(long(), n), n)),
}


@pytest.mark.parametrize(
    ("which", "name"),
    [(which, name) for which in FULL for name in NAMES if "500" not in which or name in LONGEST],
)
def test_no_text_lies_on_another_or_leaves_the_page(which, name):
    drawer, make = FULL[which]
    page = drawer.draw(make(NAMES[name]))

    assert overlapping(page) == []
    assert outside(page) == []
    assert min(label.get_fontsize() for label in page.findobj(Label)) >= 8


@pytest.mark.parametrize("which", FULL)
def test_every_scale_is_whole_and_upright_and_time_runs_to_the_right(which):
    drawer, make = FULL[which]
    data = make(NAMES["usual"])

    for axes in drawer.draw(data).axes:
        (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
        assert left < right
        assert (low, high) in {(0, 80), (0, 100), (0.8, 5.2), (1, 5), (0, 1)} | {_quality()}


def _quality():
    return course_fidelity.plain.QUALITY_RANGE


@pytest.mark.parametrize("which", FULL)
def test_thresholds_name_their_set_and_the_picture_says_whence(which):
    drawer, make = FULL[which]
    data = make("Set of 2022")
    said = " ".join(label.get_text() for label in drawer.draw(data).findobj(Label))

    assert "Software: IPT" in said
    assert drawer is course_strip or "(Set of" in said.replace("\N{NO-BREAK SPACE}", " ")
    assert export.alt(data)


FORMATS = (export.svg.__wrapped__, export.png.__wrapped__, export.pdf.__wrapped__)
IN_ANOTHER_PROCESS = """
from tests.unit.charts.test_crowded import digests
print(*digests())
"""


def digests():
    """Give the digest of each kind of picture in each format, drawn anew."""
    inputs = [FULL[which][1](NAMES["usual"]) for which in FULL if "500" not in which]
    return [hashlib.sha256(make(data)).hexdigest() for data in inputs for make in FORMATS]


def test_another_process_in_another_place_gives_the_same_bytes():
    there = subprocess.run(
        [sys.executable, "-c", IN_ANOTHER_PROCESS],
        cwd=Path(__file__).parents[3],
        env=os.environ | {"PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert there == digests()
    assert len(set(there)) == len(there)

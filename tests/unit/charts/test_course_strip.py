"""The course on one line: true dates, nothing on top of another, few and many appointments."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ipt_tracker.charts import export
from ipt_tracker.charts.course_strip import CourseStrip, alt, draw, lettered
from ipt_tracker.charts.model import Event, Span, Visit
from tests.unit.charts.cases import START
from tests.unit.charts.ink import outside, overlapping

WEEK = timedelta(weeks=1)


def strip(count=16, events=4, every=WEEK):
    """A course with every fifth appointment missed, three phases and two focal areas at once."""
    visits = tuple(
        Visit(START + n * every, "" if n % 5 == 4 else str(n + 1), phase="") for n in range(count)
    )
    stop = START + max(count, 1) * every
    third = (stop - START) / 3
    phases = tuple(
        Span(name, START + n * third, START + (n + 1) * third, (name[:3],))
        for n, name in enumerate(("Beginning", "Middle", "Termination"))
    )
    focus = (
        Span("Role dispute", START + third, stop, ("Dispute",)),
        Span("Grief", START + third, START + 2 * third),
    )
    told = tuple(
        Event(START + n * (stop - START) / max(events, 1), f"event {n}") for n in range(events)
    )
    return CourseStrip("T-101   The course", "6 of 16 sessions.", visits, phases, focus, told)


CASES = {
    "a usual course": strip(),
    "no appointment": CourseStrip("T-101", "Not started.", ()),
    "one appointment": strip(1, 1),
    "40 appointments, 26 events": strip(40, 26),
    "500 appointments": strip(500, 60),
    "two a day": strip(60, 12, timedelta(days=1)),
    "a long verdict": replace(strip(), verdict="W" * 300, title="M" * 120),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_nothing_overlaps_and_nothing_leaves_the_page(case):
    page = draw(case)
    assert not overlapping(page)
    assert not outside(page)


def test_the_letters_of_the_picture_are_those_of_the_table():
    shown = lettered(strip(40, 30))

    assert [letter for letter, _ in shown] == list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert next(event.text for _, event in shown) == "event 4"


def test_the_end_of_a_course_has_its_letter_though_no_appointment_was_so_late():
    end = START + 30 * WEEK
    short = replace(strip(4, 0), phases=(), focus=(), events=(Event(end, "ended"),))

    assert lettered(short) == []
    assert lettered(replace(short, last=end)) == [("A", Event(end, "ended"))]


def test_the_picture_in_words_counts_what_was_kept():
    assert alt(strip(10)).startswith("10 appointments, 8 kept. Beginning")


def test_the_drawing_holds_its_texts_as_text():
    drawn = export.svg(strip()).decode()
    for text in ("Phase", "Focus", "Events", "Session", "Role dispute", "did not take place"):
        assert text in drawn

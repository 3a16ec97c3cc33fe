"""The timeline: one true axis, nothing on top of another, the same marks in grey."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from math import hypot

import pytest
from matplotlib.lines import Line2D

from ipt_tracker.charts import export
from ipt_tracker.charts.lifelanes import EDGE, MOST, ROUND, Mark, counted, lanes
from ipt_tracker.charts.scales import time_scale
from ipt_tracker.charts.timeline import Lifeline, alt, draw, plan
from ipt_tracker.charts.typeset import width
from tests.unit.charts.cases import START, after, crowded, long, plain, two_focal_areas
from tests.unit.charts.ink import ink, outside, overlapping

LANES = ("Life", "Symptoms", "Treatment", "Course")
BORN = date(1984, 3, 1)


def marks(count=30, end=START, lane=None):
    """Events over forty years, the last dozen crowded into some months."""
    out = []
    for i in range(count):
        early = i < 0.6 * count
        start = (
            BORN + timedelta(days=20 * i * 30) if early else end - timedelta(days=9 * (count - i))
        )
        spell, exact = i % 6 == 0, i % 3 == 0
        stop = start + timedelta(days=900 if spell else 0 if exact else 364 if i % 2 else 30)
        name = lane or LANES[(i * 7) % 10 // 3]
        out.append(
            Mark(
                i + 1, name, start, stop, f"{start:%b} {start.year}",
                f"something happened, number {i}", exact, spell,
                near=i in {19, 20, 21}, onset=i == 20,
            )
        )  # fmt: skip
    return tuple(out)


def lifeline(course, events, first=BORN, *, whole=True, **more):
    last = max([v.day for v in course.visits], default=after(60))
    made = Lifeline(
        "T-101   Timeline", "Words.", "Footer.", first, last, events, LANES, course.main,
        course.visits, () if whole else course.phases, () if whole else course.focus,
        provenance=course.provenance,
    )  # fmt: skip
    return replace(made, **more)


CASES = {
    "thirty events over forty years and 500 sessions": lambda: lifeline(long(), marks(30)),
    "thirty events of one kind": lambda: lifeline(long(), marks(30, lane="Life")),
    "sixty events": lambda: lifeline(crowded(), marks(60, after(200))),
    "more events than numbers": lambda: lifeline(crowded(), marks(90, after(200))),
    "the course, crowded": lambda: lifeline(
        crowded(), marks(30, after(250)), START - timedelta(days=20), whole=False
    ),
    "the course of 500 sessions": lambda: lifeline(long(), marks(30), START, whole=False),
    "two focal areas": lambda: lifeline(two_focal_areas(), marks(3), START, whole=False),
    "three events": lambda: lifeline(plain(), marks(3)),
    "no event": lambda: lifeline(plain(), (), START),
    "no scores": lambda: lifeline(plain((), visits=()), marks(5)),
    "no instrument at all": lambda: lifeline(plain(), marks(5), series=None),
    "long words": lambda: lifeline(
        plain(), tuple(replace(m, text="Donaudampfschifffahrt" * 6) for m in marks(12))
    ),
}


@pytest.fixture(params=CASES)
def page(request):
    return draw(CASES[request.param]())


def test_no_text_overlaps_another(page):
    assert overlapping(page) == []


def test_no_text_leaves_the_page(page):
    assert outside(page) == []


def discs(page):
    """Give the place and the outer radius of every circle, its edge included."""
    found = {}
    for line in page.findobj(Line2D):
        if line.get_markersize() == ROUND and line.get_marker() == "o":
            out = (ROUND + line.get_markeredgewidth()) / 2
            for at in zip(line.get_xdata(), line.get_ydata(), strict=True):
                found[at] = max(out, found.get(at, 0))
    return [(x, y, out) for (x, y), out in found.items()]


def test_no_circle_touches_another_however_crowded(page):
    apart = [hypot(a[0] - b[0], a[1] - b[1]) - a[2] - b[2] for a, b in combinations(discs(page), 2)]

    assert all(gap >= 1 for gap in apart)


def test_every_number_fits_into_its_circle_also_with_the_heavy_edge():
    assert hypot(width("60"), 6) <= ROUND - EDGE + 0.5


def test_a_few_events_of_one_month_stand_beside_each_other_and_many_are_stacked():
    time = time_scale([BORN, after(60)])

    def of_a_month(count):
        return tuple(
            Mark(i, "Life", after(i), after(i), "day", "words", near=True) for i in range(count)
        )

    few, many = (lanes(LANES, of_a_month(count), time)[0] for count in (3, 15))

    assert len(few.lines) == 1
    assert len(many.lines) > 1
    assert sum(map(len, many.lines)) == 15


def test_no_value_is_printed_where_the_scores_are_a_sliver():
    each = "the course window shows each."
    whole = [t for t, *_ in ink(draw(lifeline(plain(), marks(3), each=each)))]
    course = [t for t, *_ in ink(draw(lifeline(plain(), marks(3), START, whole=False)))]

    assert {"47", "36"} <= set(course)
    assert not {"47", "36"} & set(whole)
    assert "6 sessions" in whole
    said = "first 47 (2 Sep 2024) to last 36 (7 Oct 2024); the course window shows each."
    assert said in " ".join(whole)
    assert "the course window" not in " ".join(course)


def test_the_counts_in_words_add_up_to_the_numbers_of_the_list():
    events = marks(8)
    events = (*events[:7], replace(events[7], recorded="medication change"))

    assert counted(events) == "7 events, 1 medication change"
    assert counted(events[7:]) == "1 medication change"
    assert counted(()) == "0 events"
    assert alt(lifeline(plain(), events)).startswith("7 events, 1 medication change from ")


def test_the_onset_is_told_from_a_change_of_focus_without_colour():
    page = draw(lifeline(crowded(), marks(30, after(250)), START, whole=False))

    upright = [
        (c.get_color()[0].tolist(), str(c.get_linestyle()))
        for c in page.axes[1].collections
        if hasattr(c, "get_color") and c.get_segments()[0][0][0] == c.get_segments()[0][1][0]
    ]

    assert len({kind for _, kind in upright}) == 3  # broken, dotted, unbroken


def test_a_year_is_as_long_everywhere():
    made = plan(lifeline(long(), marks(30)))

    time = time_scale([made.data.first, made.data.last])
    lengths = [time.across(date(y + 1, 1, 1)) - time.across(date(y, 1, 1)) for y in (1985, 2023)]
    assert lengths[0] == pytest.approx(lengths[1], rel=0.01)
    assert made.time == time


def test_both_panels_share_the_axis():
    page = draw(lifeline(crowded(), marks(12)))

    above, below = page.axes

    assert above.get_xlim() == below.get_xlim()
    assert (above.get_position().x0, above.get_position().x1) == (
        below.get_position().x0,
        below.get_position().x1,
    )


def test_what_lies_outside_the_window_is_counted_not_drawn():
    events = marks(30, after(250))
    made = lifeline(crowded(), events, START, whole=False)

    said = " ".join(text for text, *_ in ink(draw(made)))

    assert len(made.shown) < len(events)
    assert f"{len(events) - len(made.shown)} events lie outside this window" in said


def test_more_events_than_numbers_keep_the_newest():
    made = lifeline(crowded(), marks(90, after(200)))

    assert len(made.shown) == MOST
    assert made.shown[-1].number == 90


def test_the_onset_has_a_shape_of_its_own_and_near_events_a_heavy_edge():
    page = draw(lifeline(crowded(), marks(30)))

    assert (
        len([n for n in page.findobj(Line2D) if n.get_marker() == "D" and len(n.get_xdata())]) == 1
    )
    heavy = [n for n in page.findobj(Line2D) if n.get_markeredgewidth() == 1.8]
    assert len(heavy) == 3


def test_the_words_tell_onset_near_events_scores_and_sessions():
    said = alt(lifeline(plain(), marks(30)))

    assert said.startswith("30 events from 1 Mar 1984 to 7 Oct 2024.")
    assert "something happened, number 20" in said
    assert "Within 3 months of onset" in said
    assert "PCL-5, past week" in said
    assert "6 sessions held." in said


def test_every_format_is_made_and_equal_input_gives_equal_bytes():
    made = lifeline(plain(), marks(4))

    assert export.svg.__wrapped__(made) == export.svg(made)
    assert export.png(made).startswith(b"\x89PNG")
    assert export.pdf(made).startswith(b"%PDF")

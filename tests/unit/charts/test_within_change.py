"""Change within groups: the trials' arms and the caseload, single courses while they are few."""

from dataclasses import replace
from itertools import pairwise

import pytest

from ipt_tracker.charts import export, within_change
from ipt_tracker.charts.style import BLUE, INK, WHITE
from ipt_tracker.charts.within_change import WithinRow
from tests.unit.charts import evidence_cases as cases
from tests.unit.charts.rating_pictures import texts
from tests.unit.charts.test_forest import bars

EDGES = {"waiting": ("s", WHITE, INK), "ipt": ("s", INK, INK), "caseload": ("o", BLUE, BLUE)}
RING = ("o", WHITE, BLUE)


def marks(page, look):
    return [
        float(x)
        for line in page.axes[0].get_lines()
        if line.get_alpha() != 0
        if (line.get_marker(), line.get_mfc(), line.get_mec()) == look
        for x in line.get_xdata()
    ]


def test_each_group_stands_at_its_change_with_its_interval_and_a_mark_of_its_kind():
    page = within_change.draw(cases.CASES["within, usual"])

    for kind, look in EDGES.items():
        assert marks(page, look) == [r.d for r in cases.TRIALS + cases.OWN if r.kind == kind]
    rows = cases.TRIALS + cases.OWN
    assert bars(page) == {(r.low, r.high) for r in rows if r.low is not None}
    assert "0.81 (0.49 to 1.13)" in texts(page)


def test_the_kinds_differ_by_shape_or_fill_and_not_by_colour_alone():
    assert len({(shape, face == WHITE) for shape, face, _ in EDGES.values()}) == 3
    assert len({(shape, face == WHITE) for shape, face, _ in (*EDGES.values(), RING)}) == 4


def test_under_ten_courses_each_is_a_ring_and_there_is_no_mean():
    data = cases.CASES["within, nine"]
    page = within_change.draw(data)

    assert marks(page, RING) == sorted(data.raw)
    assert marks(page, EDGES["caseload"]) == []
    assert "n < 10: no mean" in texts(page)


@pytest.mark.parametrize(("count", "means"), [(9, []), (10, [0.8])])
def test_a_mean_given_for_under_ten_courses_is_not_drawn_printed_or_said(count, means):
    row = WithinRow("Everyone", "caseload", count, 0.8, 0.1, 1.5)
    data = cases.within((row,), (0.8,) * count)
    page = within_change.draw(data)

    assert marks(page, EDGES["caseload"]) == means
    assert len(marks(page, RING)) == (0 if means else 9)
    assert bool(bars(page)) is bool(means)
    assert ("0.80 (0.10 to 1.50)" in texts(page)) is bool(means)
    assert ("0.80 (0.10" in export.alt(data)) is bool(means)


def test_rings_of_equal_courses_do_not_cover_one_another():
    page = within_change.draw(cases.within((), (1.2,) * 9))
    (row,) = [line for line in page.axes[0].get_lines() if line.get_alpha() != 0]
    heights = sorted(row.get_ydata())

    assert all(b - a > row.get_markersize() for a, b in pairwise(heights))


def test_the_picture_never_speaks_of_a_difference_from_control_as_its_quantity():
    data = cases.CASES["within, usual"]
    said = " ".join(texts(within_change.draw(data)))

    assert "It is not a difference from a control group." in said
    assert "favours" not in said
    assert "natural recovery and regression to the mean" in export.alt(data)


def test_single_courses_have_a_row_even_where_none_is_given():
    data = cases.within(cases.TRIALS, (0.5,))

    assert data.ordered[-1].named == "Single courses, n = 1"
    assert replace(data, raw=()).ordered == cases.TRIALS

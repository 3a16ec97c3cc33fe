"""The whole caseload sorted by change: everyone on the page, nobody named, unknown apart."""

import re
from itertools import pairwise

import pytest
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.patches import Rectangle

from ipt_tracker.charts import caseload_change, export
from ipt_tracker.charts.style import BLUE, VERMILLION, WHITE
from tests.unit.charts import evidence_cases as cases
from tests.unit.charts.rating_pictures import levels, texts


def stems(page):
    return [
        float(s[1][1])
        for line in page.axes[0].findobj(LineCollection)
        for s in line.get_segments()
        if s[0][0] == s[1][0]
    ]


def marks(page, shape, edge=None, face=None):
    return [
        float(y)
        for line in page.axes[0].get_lines()
        if line.get_marker() == shape and line.get_alpha() != 0
        if edge in {None, line.get_mec()} and face in {None, line.get_mfc()}
        for y in line.get_ydata()
    ]


def test_every_course_with_an_end_score_has_a_stem_and_they_are_sorted():
    data = cases.CASES["caseload, thirty"]

    assert stems(caseload_change.draw(data)) == sorted(data.changes)


def test_the_classes_differ_by_shape_and_fill():
    data = cases.CASES["caseload, thirty"]
    page, changes = caseload_change.draw(data), sorted(data.changes)

    assert marks(page, "o", BLUE, BLUE) == [c for c in changes if c <= -10]
    assert marks(page, "o", BLUE, WHITE) == [c for c in changes if abs(c) < 10]
    assert marks(page, "D", VERMILLION, WHITE) == [c for c in changes if c >= 10]


def test_the_band_ends_half_a_point_inside_reliable_change():
    known = caseload_change.draw(cases.CASES["caseload, thirty"])
    unknown = caseload_change.draw(cases.CASES["caseload, reliable change unknown"])

    assert {-9.5, 9.5} <= set(levels(known))
    assert not {-9.5, 9.5} & set(levels(unknown))
    assert not any("reliab" in text for text in texts(unknown))


def test_courses_without_an_end_score_have_a_cross_each_beyond_the_line_of_no_change():
    data = cases.CASES["caseload, thirty"]
    page = caseload_change.draw(data)
    (row,) = [line for line in page.axes[0].get_lines() if line.get_marker() == "x"]
    (zero,) = [
        s
        for line in page.axes[0].findobj(LineCollection)
        for s in line.get_segments()
        if s[0][1] == s[1][1] == 0 and line.get_linewidth()[0] > 0.5
    ]

    assert len(row.get_xdata()) == data.unknown
    assert min(row.get_xdata()) > zero[1][0]
    assert "6 without: outcome unknown" in texts(page)


def test_two_thousand_courses_are_areas_whose_steps_hold_every_change():
    data = cases.CASES["caseload, two thousand"]
    page = caseload_change.draw(data)
    (areas,) = page.axes[0].findobj(PolyCollection)[1:]
    blocks = [p for p in page.axes[0].findobj(Rectangle) if p.get_ec()[3] and p.get_width() == 300]

    wide = {}
    for path in areas.get_paths():
        for (x0, y0), (x1, y1) in pairwise(path.vertices[1:-2]):
            if y0 == y1:
                wide[y0] = wide.get(y0, 0) + x1 - x0
    assert wide == {c: data.changes.count(c) for c in set(data.changes)}
    assert marks(page, "o") == []
    assert len(blocks) == 1


@pytest.mark.parametrize("name", ["caseload, thirty", "caseload, two thousand"])
def test_the_counts_beside_it_are_of_everyone_who_started(name):
    data = cases.CASES[name]
    better = sum(change <= -10 for change in data.changes)

    said = texts(caseload_change.draw(data))
    assert f"{better:,} of {data.started:,}" in said
    assert f"{data.unknown:,} of {data.started:,}" in said
    assert f"{better} reliably better, by 10 or more" in export.alt(data)


def test_a_change_beyond_the_axis_given_makes_it_longer():
    data = cases.CASES["caseload, beyond the axis given"]

    assert caseload_change.draw(data).axes[0].get_ylim() == (min(data.changes), max(data.changes))


def test_a_hover_title_says_the_change_and_its_class_and_nothing_else():
    said = re.findall(r"<title>(.*?)</title>", export.svg(cases.caseload(1, 0)).decode())

    assert said == ["change −42, reliably better, by 10 or more"]

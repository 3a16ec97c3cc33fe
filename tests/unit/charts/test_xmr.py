"""The XmR chart: limits and signals as they are given, where they may be drawn."""

from dataclasses import replace

import pytest
from matplotlib.collections import LineCollection

from ipt_tracker.charts import export, xmr
from tests.unit.charts import rating_cases as cases
from tests.unit.charts.rating_pictures import levels, texts


def test_limits_are_drawn_where_they_are_given():
    page = xmr.draw(cases.xmr(14, cases.INSIDE))

    assert {1.5, 3.0, 4.5} <= set(levels(page))
    assert {"upper limit 4.50", "mean 3.00", "lower limit 1.50", "limit 1.84"} <= set(texts(page))


def test_a_limit_off_the_scale_is_drawn_at_its_edge_and_printed_as_it_is():
    page = xmr.draw(cases.xmr(14, cases.OUTSIDE))
    said = " ".join(texts(page))

    assert max(levels(page)) == 5
    assert min(levels(page)) == 1
    assert "8.30, off" in said
    assert "−2.30, off" in said
    assert max(levels(page, 1)) == 4
    assert "limit 6.50, off the" in said


def test_without_limits_there_are_none_and_the_picture_says_why():
    page = xmr.draw(cases.xmr(5))

    assert levels(page) == [1, 2, 3, 4, 5]
    assert "Limits need six points; the points stand alone until then." in texts(page)
    assert not any("limit " in text for text in texts(page))


@pytest.mark.parametrize(("count", "firm"), [(11, False), (12, True)])
def test_limits_that_rest_on_few_points_are_dotted_and_said_to_move(count, firm):
    page = xmr.draw(cases.xmr(count, cases.INSIDE))
    at = [
        line.get_linestyles()[0]
        for line in page.axes[0].findobj(LineCollection)
        for s in line.get_segments()
        if s[0][1] == 4.5
    ]

    assert [style == (0, None) or style[1] is None for style in at] == [firm]
    assert any("will still move" in text for text in texts(page)) is not firm


def diamonds(page):
    return [
        at
        for line in page.axes[0].get_lines()
        if line.get_marker() == "D"
        for at in zip(line.get_xdata(), line.get_ydata(), strict=True)
    ]


def test_every_signal_has_a_diamond_and_its_reason():
    found = (xmr.Signal(2, "beyond a limit"), xmr.Signal(9, "part of a run of eight"))
    data = cases.xmr(14, cases.INSIDE, found)
    page = xmr.draw(data)

    assert diamonds(page) == [(3, data.points[2].value), (10, data.points[9].value)]
    assert "20 Jan, session 3: 2.20, beyond a limit" in texts(page)
    assert "10 Mar, session 10: 4.20, part of a run of eight" in texts(page)
    assert "20 Jan, session 3: 2.20, beyond a limit</title>" in export.svg(data).decode()


def test_neighbours_with_one_reason_are_named_together():
    page = xmr.draw(cases.CASES["xmr, a run in forty"])

    assert len(diamonds(page)) == 12
    said = " ".join(texts(page))
    assert "10 Mar, session 10 to 26 May, session 7: part of a run of eight" in said


def test_signals_without_room_are_counted():
    page = xmr.draw(cases.CASES["xmr, more signals than are named"])

    assert len(diamonds(page)) == 20
    assert "8 more signals are not named here." in texts(page)


@pytest.mark.parametrize(("count", "drawn"), [(5, False), (6, True)])
def test_limits_and_signals_are_left_out_under_six_points_even_where_they_are_given(count, drawn):
    data = cases.xmr(count, cases.INSIDE, (xmr.Signal(0, "beyond a limit"),))
    page = xmr.draw(data)

    assert (4.5 in levels(page)) is drawn
    assert bool(diamonds(page)) is drawn
    assert ("4.50" in export.alt(data)) is drawn


def test_diamonds_of_neighbours_at_one_height_do_not_touch():
    data = cases.CASES["xmr, one value throughout"]
    signals = tuple(xmr.Signal(i, "part of a run of eight") for i in range(40))
    page = xmr.draw(replace(data, signals=signals))

    (row,) = [line for line in page.axes[0].get_lines() if line.get_marker() == "D"]
    apart = 334 / (page.axes[0].get_xlim()[1] - page.axes[0].get_xlim()[0])
    assert row.get_markersize() * 2**0.5 < apart


def test_the_moving_range_is_that_of_neighbours():
    data = cases.xmr(14, cases.INSIDE)
    (line,) = [each for each in xmr.draw(data).axes[1].get_lines() if each.get_linestyle() == "-"]
    values = [point.value for point in data.points]

    assert list(line.get_ydata()) == [abs(values[i] - values[i - 1]) for i in range(1, len(values))]

"""The XmR chart: its lines, its two rules, and when it says nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipt_tracker.clinical.fidelity.control_chart import LimitStatus, control
from tests.factories.slow_figures import slow_xmr

QUALITY = st.integers(4, 20).map(lambda quarters: quarters / 4)
STEADY = [3.0, 4.0] * 6


def test_the_lines_worked_by_hand():
    found = control([3.0, 4.0, 3.0, 4.0, 3.0, 4.0])

    assert (found.points, found.centre, found.mean_moving_range) == (6, 3.5, 1.0)
    assert (found.low, found.high, found.range_high) == pytest.approx((0.84, 6.16, 3.267))
    assert (found.outside, found.runs) == ((), ())


@pytest.mark.parametrize("values", [[], [3.0], [3.0, 4.0], [1.0, 5.0, 1.0, 5.0, 1.0]])
def test_under_six_points_there_are_no_limits_and_no_signals(values):
    found = control(values)

    assert found.points == len(values)
    assert (found.low, found.high, found.range_high) == (None, None, None)
    assert (found.outside, found.runs) == ((), ())
    assert found.status == "too few points for limits"


def test_of_few_points_mean_and_moving_range_are_still_known():
    assert (control([]).centre, control([]).mean_moving_range) == (None, None)
    assert (control([3.0]).centre, control([3.0]).mean_moving_range) == (3.0, None)
    assert (control([3.0, 5.0]).centre, control([3.0, 5.0]).mean_moving_range) == (4.0, 2.0)


def test_limits_are_weak_under_twelve_points():
    assert control(STEADY[:6]).status is LimitStatus.WEAK
    assert control(STEADY[:11]).status is LimitStatus.WEAK
    assert control(STEADY).status is LimitStatus.FIRM


def test_a_point_beyond_a_limit_is_outside():
    found = control([4.0] * 9 + [1.0])  # mean 3.7, moving range 3 / 9, low limit 2.813

    assert found.low == pytest.approx(3.7 - 2.66 / 3)
    assert found.outside == (9,)


def test_a_point_beyond_the_upper_limit_is_outside_too():
    assert control([2.0] * 9 + [5.0]).outside == (9,)


@pytest.mark.parametrize("value", [3.3, 0.1, 11 / 3, 4.0])
@pytest.mark.parametrize("count", [6, 7, 13, 29])
def test_values_that_are_all_the_same_are_on_the_line_and_give_no_signal(value, count):
    found = control([value] * count)

    assert found.low == found.high == pytest.approx(value)
    assert (found.outside, found.runs) == ((), ())


def test_eight_in_a_row_on_one_side_are_a_run_and_seven_are_not():
    eight = control([4.0, 4.2] * 4 + [3.0, 2.8] * 3)
    seven = control([4.0, 4.2, 4.0, 4.2, 4.0, 4.2, 4.0] + [3.0, 2.8] * 3 + [3.0])

    assert eight.runs == tuple(range(8))
    assert seven.runs == ()


def test_a_long_run_is_given_whole_and_one_on_each_side_as_two():
    found = control([2.0, 2.2] * 5 + [4.0, 4.2] * 4)

    assert found.runs == tuple(range(18))


def test_a_value_on_the_centre_line_ends_a_run():
    values = [4.0] * 5 + [3.0] + [4.0] * 4 + [2.0] * 9  # mean 3.0

    found = control(values)

    assert found.centre == pytest.approx(3.0)
    assert found.runs == tuple(range(10, 19))


@given(st.lists(QUALITY, min_size=6, max_size=40))
def test_lines_and_signals_are_those_of_a_slow_second_version(values):
    found, slow = control(values), slow_xmr(values)

    assert found.centre == pytest.approx(slow["centre"])
    assert found.mean_moving_range == pytest.approx(slow["mean_moving_range"])
    assert [found.low, found.high] == pytest.approx(slow["limits"])
    assert list(found.outside) == slow["outside"]

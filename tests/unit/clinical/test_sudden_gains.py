"""Sudden gains by the three criteria, at their bounds, by hand and beside another program."""

from datetime import date, timedelta
from math import inf, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t, ttest_ind

from ipt_tracker.clinical.outcome.series import Administration, Status
from ipt_tracker.clinical.outcome.sudden_gains import (
    CRITICAL_T,
    Lasted,
    sudden_gains,
    two_sample_t,
)
from ipt_tracker.clinical.outcome.thresholds import threshold_set

PCL5 = threshold_set("PCL-5")
START = date(2026, 1, 5)
WEEK = 7


def form(total, days, session=""):
    status = Status.COMPLETE if total is not None else Status.INCOMPLETE
    day = START + timedelta(days=days)
    return Administration("pcl5_week", day, total, status, session_label=str(session))


def weekly(*totals):
    return [form(each, WEEK * place, place + 1) for place, each in enumerate(totals)]


def gains(*totals):
    return sudden_gains(weekly(*totals), PCL5, WEEK)


def test_a_large_drop_between_steady_scores_is_a_sudden_gain():
    (found,) = gains(52, 50, 51, 30, 29, 28)

    # By hand: means 51 and 29, variances 1 and 1, t = 22 / sqrt(1 * 2 / 3) = 26.94.
    assert found.lasted is Lasted.YES
    assert found.t == pytest.approx(22 / sqrt(2 / 3))
    assert (found.first, found.last, found.points) == (51, 30, -21)
    assert (found.before.session_label, found.after.session_label) == ("3", "4")
    assert found.told_on == START + timedelta(weeks=5)
    assert found.lost is None


def test_the_critical_value_is_that_of_four_degrees_of_freedom():
    assert round(t.ppf(0.975, 4), 3) == CRITICAL_T


@pytest.mark.parametrize(("after", "drops"), [(36, 0), (35, 1)])
def test_the_drop_must_be_the_reliable_change_of_the_named_set(after, drops):
    assert PCL5.reliable_points == 15

    assert len(gains(50, 50, 50, after, after, after)) == drops


@pytest.mark.parametrize(("before", "drops"), [(60, 1), (61, 0)])
def test_the_drop_must_be_a_quarter_of_the_score_before(before, drops):
    assert len(gains(before, before, before, before - 15, 40, 40)) == drops


@pytest.mark.parametrize(
    ("totals", "t_by_hand", "lasted"),
    [
        # Means 50 and 30, variances 100 and 100: t = 20 / sqrt(100 * 2 / 3) = 2.449.
        ((40, 60, 50, 30, 20, 40), 2.449, Lasted.NO),
        # Means 50 and 30, variances 49 and 49: t = 20 / sqrt(49 * 2 / 3) = 3.499.
        ((43, 57, 50, 30, 23, 37), 3.499, Lasted.YES),
    ],
)
def test_scores_that_vary_too_much_are_no_sudden_gain(totals, t_by_hand, lasted):
    found = {each.before.session_label: each for each in gains(*totals)}["3"]

    assert found.t == pytest.approx(t_by_hand, abs=0.001)
    assert found.lasted is lasted


@pytest.mark.parametrize(
    ("totals", "why"),
    [
        ((50, 50, 30, 30, 30), "fewer than 3 scores before it"),
        ((50, 50, 50, 30, 30), "fewer than 3 scores after it so far"),
        ((50, None, 50, 30, 30, 30), "has no total"),
        ((50, 50, 50, 30, None, 30), "has no total"),
    ],
)
def test_with_fewer_than_three_and_three_it_cannot_be_told(totals, why):
    (found,) = gains(*totals)

    assert found.lasted is Lasted.UNKNOWN
    assert why in found.why
    assert found.t is None
    assert found.told_on == found.after.taken_on


def test_a_drop_across_an_incomplete_form_is_not_between_two_successive_scores():
    assert gains(50, 50, 50, None, 30, 30, 30) == ()


@pytest.mark.parametrize(("days", "drops"), [(10, 1), (11, 0)])
def test_two_scores_further_apart_than_one_and_a_half_intervals_are_not_successive(days, drops):
    forms = [*weekly(50, 50, 50), *(form(30, 14 + days + WEEK * n) for n in range(3))]

    assert len(sudden_gains(forms, PCL5, WEEK)) == drops
    assert len(sudden_gains(forms, PCL5, 2 * WEEK)) == 1


def test_a_gap_among_the_scores_around_the_drop_leaves_it_open():
    later = (form(each, 20 + WEEK * n) for n, each in enumerate((50, 50, 30, 30, 30)))
    forms = [form(50, 0), *later]

    (found,) = sudden_gains(forms, PCL5, WEEK)

    assert found.lasted is Lasted.UNKNOWN
    assert "not of successive sessions" in found.why


def test_where_no_score_varies_the_difference_counts():
    (found,) = gains(50, 50, 50, 30, 30, 30)

    assert found.t == inf
    assert found.lasted is Lasted.YES
    assert (two_sample_t([3, 3, 3], [5, 5, 5]), two_sample_t([3, 3, 3], [3, 3, 3])) == (-inf, 0)


@pytest.mark.parametrize(("later", "lost"), [(39, None), (40, 40)])
def test_half_of_the_gain_can_be_lost_again(later, lost):
    (found,) = gains(50, 50, 50, 30, 30, 30, later, 30)

    assert (found.lost and found.lost.total) == lost


def test_of_two_forms_of_one_day_the_later_complete_one_counts():
    again = [form(80, 14), form(50, 14), form(None, 14)]

    (found,) = sudden_gains([*weekly(50, 50), *again, *weekly(0, 0, 0, 30, 30, 30)[3:]], PCL5, WEEK)

    assert found.first == 50


def test_without_a_published_set_nothing_is_told():
    assert sudden_gains(weekly(50, 50, 50, 10, 10, 10), None, WEEK) == ()


SCORES = st.lists(st.integers(0, 80), min_size=3, max_size=3)


@pytest.mark.filterwarnings("ignore:Precision loss:RuntimeWarning")
@given(SCORES, SCORES)
def test_the_t_is_that_of_scipy(before, after):
    mine = two_sample_t(before, after)

    if len(set(before)) == len(set(after)) == 1:
        assert abs(mine) in {0, inf}
    else:
        assert mine == pytest.approx(ttest_ind(before, after).statistic, rel=1e-9, abs=1e-12)

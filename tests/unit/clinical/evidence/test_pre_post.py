"""Change inside one group: the formulas against published sizes, numpy and a simulation."""

from math import sqrt

import numpy as np
import pytest
from scipy.stats import nct, ttest_1samp

from ipt_tracker.clinical.evidence.caseload_benchmark import Columns, Judging, group_of
from ipt_tracker.clinical.evidence.pre_post import correction, exceeds, pre_post
from ipt_tracker.clinical.evidence.rates import wilson
from ipt_tracker.clinical.outcome.thresholds import threshold_set

# From the notes on evidence, 4.5: the least d that shows more than 1.2 - 0.2, and than 0.4 + 0.2.
LEAST = [(10, 1.93, 1.36), (20, 1.57, 1.08), (30, 1.44, 0.97), (50, 1.32, 0.88)]
FIRST = np.array([52, 61, 47, 38, 66, 55, 49, 58, 43, 60, 51, 57], dtype=float)
LAST = np.array([30, 44, 41, 39, 25, 31, 20, 47, 30, 12, 55, 28], dtype=float)


def columns(first, last, **more):
    return Columns(first=np.array(first, dtype=float), last=np.array(last, dtype=float), **more)


def judging(family="PCL-5", correlation=0.5):
    return Judging(family, threshold_set(family), correlation)


@pytest.mark.parametrize(("n", "ipt", "waiting"), LEAST)
def test_the_least_d_that_shows_something_is_as_published(n, ipt, waiting):
    assert exceeds(ipt + 0.01, n, 1.2, -0.2).p < 0.05 < exceeds(ipt - 0.01, n, 1.2, -0.2).p
    assert exceeds(waiting + 0.01, n, 0.4, 0.2).p < 0.05 < exceeds(waiting - 0.01, n, 0.4, 0.2).p


def test_mean_change_and_its_interval_are_those_of_a_paired_t_test():
    found = pre_post(FIRST, LAST)

    interval = ttest_1samp(LAST - FIRST, 0).confidence_interval(0.95)
    assert found.mean_change == pytest.approx(np.mean(LAST - FIRST))
    assert found.mean_change_ci95 == pytest.approx(tuple(interval))


def test_d_is_becker_corrected_for_a_small_sample_and_positive_for_improvement():
    found = pre_post(FIRST, LAST)

    n = len(FIRST)
    expected = (1 - 3 / (4 * (n - 1) - 1)) * (FIRST.mean() - LAST.mean()) / FIRST.std(ddof=1)
    assert found.d == pytest.approx(expected)
    assert found.d > 0
    assert found.d_se == pytest.approx(sqrt(1 / n + expected**2 / (2 * n)))
    assert found.d_interval == pytest.approx(
        (expected - 1.959964 * found.d_se, expected + 1.959964 * found.d_se)
    )


def test_a_higher_correlation_narrows_d_and_moves_the_test():
    loose, tight = (pre_post(FIRST, LAST, r) for r in (0.3, 0.8))

    assert loose.d == tight.d
    assert loose.d_se > tight.d_se
    found = exceeds(1.5, 20, 1.3, -0.2, 0.8)
    scale = sqrt(20 / 0.4)
    assert found.t == pytest.approx(1.5 * scale)
    assert found.p == pytest.approx(1 - nct.cdf(1.5 * scale, 19, 1.1 * scale))
    assert (found.benchmark, found.margin) == (1.3, 0.2)


@pytest.mark.parametrize("correlation", [1, 1.2, -1.1])
def test_a_correlation_out_of_range_is_refused(correlation):
    with pytest.raises(ValueError, match="correlation"):
        pre_post(FIRST, LAST, correlation)
    with pytest.raises(ValueError, match="correlation"):
        exceeds(1, 10, 1, 0.2, correlation)


def test_the_correction_is_that_of_hedges():
    assert correction(9) == pytest.approx(1 - 3 / 35)


@pytest.mark.parametrize(
    ("first", "last", "mean", "has_interval", "has_d"),
    [
        ([], [], None, False, False),
        ([50], [30], -20, False, False),
        ([50, 50, 50], [30, 40, 20], -20, True, False),
    ],
)
def test_what_cannot_be_worked_out_is_none_and_never_zero(first, last, mean, has_interval, has_d):
    found = group_of(columns(first, last), judging())

    assert found.n == len(first)
    assert found.mean_change == mean
    assert (found.mean_change_ci95 is not None) == has_interval
    assert (found.d is not None, found.d_se is not None) == (has_d, has_d)
    assert found.versus_waitlist is found.versus_ipt is None
    assert found.reason


def test_equal_first_scores_give_no_d_and_say_why_at_any_size():
    found = group_of(columns([50] * 12, range(12)), judging())

    assert found.d is None
    assert "same first score" in found.reason


def test_ten_courses_are_tested_and_nine_are_not():
    nine, ten = (group_of(columns(FIRST[:n], LAST[:n]), judging()) for n in (9, 10))

    assert (nine.is_small, ten.is_small) == (True, False)
    assert nine.versus_waitlist is nine.versus_ipt is None
    assert "Fewer than 10" in nine.reason
    assert ten.reason == ""
    assert (ten.versus_waitlist.benchmark, ten.versus_ipt.benchmark) == (0.40, 1.30)


def test_the_points_are_the_single_changes_the_best_first():
    assert group_of(columns([50, 40, 60], [55, 20, 50]), judging()).points == (-20, -10, 5)


@pytest.mark.parametrize(("family", "benchmark"), [("CAPS-IV", 1.23), ("CAPS-5", 1.30)])
def test_the_caps_iv_is_tested_against_its_own_arms(family, benchmark):
    found = group_of(columns(FIRST, LAST), judging(family))

    assert found.versus_ipt.benchmark == benchmark


@pytest.mark.parametrize("family", ["PHQ-9", "HAM-D17", "PCL-IV"])
def test_without_a_basis_nothing_is_tested_and_the_reason_is_said(family):
    found = group_of(columns(FIRST, LAST), judging(family))

    assert found.d is not None
    assert found.versus_waitlist is found.versus_ipt is None
    assert family.split("-")[0] in found.reason


def test_a_fall_of_exactly_thirty_percent_is_no_response_and_of_exactly_half_is_one():
    found = group_of(columns([50, 50, 50, 0], [35, 34, 25, 0]), judging()).rates

    assert (found["response_30"].events, found["response_30"].n) == (2, 3)
    assert (found["response_50"].events, found["response_50"].n) == (1, 3)


def test_reliable_change_counts_from_its_own_number_of_points():
    found = group_of(columns([50, 50, 50, 50], [35, 36, 64, 65]), judging()).rates

    assert found["reliable_improvement"].events == 1
    assert found["reliable_deterioration"].events == 1
    assert "15 points" in found["reliable_improvement"].definition


def test_remission_stands_only_where_a_definition_is_published():
    scores = columns([60, 60, 60], [20, 21, 4])

    events = {
        family: group_of(scores, judging(family)).rates["remission"]
        for family in ("CAPS-IV", "CAPS-5", "PCL-5", "PHQ-9", "HAM-D17", "PCL-IV")
    }
    assert {k: r.events for k, r in events.items() if r} == {
        "CAPS-IV": 2,
        "PHQ-9": 1,
        "HAM-D17": 1,
    }


def test_who_left_is_counted_of_those_that_ended_and_of_no_completers():
    scores = columns(FIRST, LAST, ended=15, left=3)

    rate = group_of(scores, judging()).rates["drop_out"]
    assert (rate.events, rate.n, rate.proportion) == (3, 15, 0.2)
    assert "15 %" in rate.trials
    assert group_of(columns(FIRST, LAST), judging()).rates["drop_out"] is None


def test_every_rate_says_its_definition_its_source_and_what_the_trials_print():
    found = group_of(columns(FIRST, LAST, ended=15), judging("CAPS-IV")).rates

    assert all(r.definition and r.source and r.trials for r in found.values())
    assert "63 %" in found["response_30"].trials
    assert "36 %" in found["remission"].trials


def test_the_interval_of_a_rate_is_wilsons():
    # Newcombe 1998, Stat Med 17:857, table I, method 3.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0, 0.1611), abs=5e-5)
    assert wilson(29, 29) == pytest.approx((0.8830, 1), abs=5e-5)
    assert wilson(0, 0) is None

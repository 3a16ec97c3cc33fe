"""Agreement of raters: published check values, other people's programs, a slow second version."""

import math
import warnings

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa, to_table

from ipt_tracker.clinical.fidelity.agreement import (
    BlandAltman,
    bland_altman,
    icc,
    kappa_interval,
    weighted_kappa,
)
from tests.factories.slow_figures import slow_icc, slow_kappa, slow_limits

LABELS = [1, 2, 3, 4, 5]
SHROUT_FLEISS = [
    (9, 2, 5, 8),
    (6, 1, 3, 2),
    (8, 4, 6, 8),
    (7, 1, 2, 6),
    (10, 5, 6, 9),
    (6, 2, 4, 7),
]
QUALITY = st.integers(4, 20).map(lambda quarters: quarters / 4)
GLOBAL = st.integers(1, 5)
PAIRS = st.lists(st.tuples(GLOBAL, GLOBAL), min_size=1, max_size=30)


def tables(raters):
    return st.lists(
        st.lists(QUALITY, min_size=raters, max_size=raters), min_size=3, max_size=12
    ).filter(differs_everywhere)


def differs_everywhere(rows):
    """Keep tables in which sessions, raters and the rest all differ: others have cases below."""
    table = np.array(rows)
    rest = table - table.mean(1, keepdims=True) - table.mean(0) + table.mean()
    return min(np.ptp(table.mean(1)), np.ptp(table.mean(0)), np.ptp(rest)) > 1e-6


# ------------------------------------------------------------------------ intraclass correlations


def test_the_table_of_shrout_and_fleiss_gives_their_figures():
    found = icc(SHROUT_FLEISS)

    assert (found.n, found.raters) == (6, 4)
    assert (found.one_way, found.absolute, found.consistency) == pytest.approx(
        (0.1657, 0.2898, 0.7148), abs=5e-5
    )
    assert found.absolute_ci == pytest.approx((0.019, 0.761), abs=5e-4)


def test_the_order_of_raters_and_of_sessions_says_nothing():
    turned = [tuple(reversed(row)) for row in reversed(SHROUT_FLEISS)]

    first, second = icc(SHROUT_FLEISS), icc(turned)

    assert first.absolute == pytest.approx(second.absolute)
    assert first.absolute_ci == pytest.approx(second.absolute_ci)


@pytest.mark.parametrize("rows", [[], [()], [(3, 4)], [(3,), (4,), (5,)], [(3, 4, 5)]])
def test_under_two_sessions_or_two_raters_there_is_no_correlation(rows):
    assert icc(rows) is None


@pytest.mark.parametrize("raters", [2, 3])
@pytest.mark.parametrize("sessions", [4, 7, 13])
@pytest.mark.parametrize("value", [3, 3.3, 0.1, 11 / 3])
def test_where_every_number_is_the_same_no_correlation_can_be_had(value, sessions, raters):
    found = icc([(value,) * raters] * sessions)

    assert (found.n, found.raters) == (sessions, raters)
    assert (found.one_way, found.absolute, found.consistency) == (None, None, None)
    assert (found.one_way_ci, found.absolute_ci, found.consistency_ci) == (None, None, None)


@pytest.mark.parametrize("raters", [2, 3])
def test_raters_who_say_the_same_agree_fully_and_nothing_says_how_surely(raters):
    found = icc([(v,) * raters for v in (3.1, 3.3, 4.7, 11 / 3, 0.1)])

    assert (found.one_way, found.absolute, found.consistency) == (1.0, 1.0, 1.0)
    assert (found.one_way_ci, found.absolute_ci, found.consistency_ci) == (None, None, None)


def test_a_rater_who_is_stricter_throughout_is_consistent_and_does_not_agree():
    found = icc([(2.0, 3.0), (3.0, 4.0), (4.0, 5.0)])

    assert found.consistency == pytest.approx(1.0)
    assert found.absolute == pytest.approx(2 / 3)  # 2 / (2 + 2 x 1.5 / 3)
    assert found.absolute_ci[0] < 2 / 3 < found.absolute_ci[1]
    assert found.consistency_ci is None


def test_a_rater_who_gives_one_number_throughout_agrees_with_nobody():
    found = icc([(3.0, 2.0), (3.0, 3.0), (3.0, 4.0)])

    assert found.consistency == pytest.approx(0.0)
    assert found.absolute == pytest.approx(0.0)
    assert all(math.isfinite(bound) for bound in found.absolute_ci)


def test_two_sessions_seen_the_other_way_round_give_figures_or_none_and_never_an_error():
    found = icc([(1.0, 5.0), (5.0, 1.0)])

    assert found.absolute is None or found.absolute < 0
    for interval in (found.one_way_ci, found.absolute_ci, found.consistency_ci):
        assert interval is None or all(math.isfinite(bound) for bound in interval)


@given(
    st.integers(2, 4).flatmap(
        lambda k: st.lists(st.lists(QUALITY, min_size=k, max_size=k), max_size=8)
    )
)
def test_no_honest_table_gives_an_error_or_a_number_that_is_none(rows):
    found = icc(rows)

    if found is not None:
        for value in (found.one_way, found.absolute, found.consistency):
            assert value is None or math.isfinite(value)
        for interval in (found.one_way_ci, found.absolute_ci, found.consistency_ci):
            assert interval is None or all(math.isfinite(bound) for bound in interval)


@given(st.integers(2, 4).flatmap(tables))
def test_the_correlations_are_those_of_pingouin(rows):
    found = icc(rows)

    frame = pd.DataFrame(
        [(n, k, value) for n, row in enumerate(rows) for k, value in enumerate(row)],
        columns=["session", "rater", "quality"],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pingouin's own, on tables of few numbers
        theirs = pingouin.intraclass_corr(
            frame, targets="session", raters="rater", ratings="quality"
        ).set_index("Type")
    for row, value, interval in (
        ("ICC(1,1)", found.one_way, found.one_way_ci),
        ("ICC(A,1)", found.absolute, found.absolute_ci),
        ("ICC(C,1)", found.consistency, found.consistency_ci),
    ):
        assert value == pytest.approx(theirs.loc[row, "ICC"], abs=1e-9)
        ci = theirs.loc[row, "CI95" if "CI95" in theirs.columns else "CI95%"]
        if interval is not None and np.isfinite(ci).all():
            assert interval == pytest.approx(tuple(ci), abs=0.006)


@given(st.integers(2, 4).flatmap(tables))
def test_the_correlations_are_those_of_a_slow_second_version(rows):
    found, slow = icc(rows), slow_icc(rows)

    assert (found.one_way, found.absolute, found.consistency) == pytest.approx(
        (slow["icc_1_1"], slow["icc_a1"], slow["icc_c1"]), abs=1e-9
    )
    if found.absolute_ci is not None:
        assert found.absolute_ci == pytest.approx(slow["icc_a1_ci95"], abs=1e-7)


# ---------------------------------------------------------------------------------- weighted kappa


def test_kappa_worked_by_hand():
    pairs = [(1, 1), (2, 3), (3, 3), (5, 4)]

    # Distances: observed 2 of 4 pairs by one point; expected 26 / 16 and, squared, 72 / 16.
    assert weighted_kappa(pairs, LABELS, "linear") == pytest.approx(1 - (2 / 4) / (24 / 16))
    assert weighted_kappa(pairs, LABELS, "quadratic") == pytest.approx(1 - (2 / 4) / (54 / 16))


@pytest.mark.parametrize("weights", ["quadratic", "linear"])
def test_without_pairs_or_with_one_point_alone_there_is_no_kappa(weights):
    assert weighted_kappa([], LABELS, weights) is None
    assert weighted_kappa([(3, 3)], LABELS, weights) is None
    assert weighted_kappa([(4, 4)] * 6, LABELS, weights) is None
    assert kappa_interval([], LABELS, weights) is None
    assert kappa_interval([(4, 4)] * 6, LABELS, weights) is None


@pytest.mark.parametrize("weights", ["quadratic", "linear"])
def test_a_rater_who_gives_one_point_throughout_agrees_as_chance_would(weights):
    pairs = [(3, 2), (3, 3), (3, 5)]

    assert weighted_kappa(pairs, LABELS, weights) == pytest.approx(0.0)
    assert weighted_kappa([(3, 4)] * 5, LABELS, weights) == pytest.approx(0.0)
    assert kappa_interval(pairs, LABELS, weights) is None


@pytest.mark.parametrize("weights", ["quadratic", "linear"])
def test_two_raters_who_say_the_same_have_a_kappa_of_one(weights):
    pairs = [(n, n) for n in (2, 3, 3, 5)]

    assert weighted_kappa(pairs, LABELS, weights) == 1.0
    assert kappa_interval(pairs, LABELS, weights) is None


@pytest.mark.parametrize("weights", ["quadratic", "linear"])
@given(pairs=PAIRS)
def test_kappa_is_that_of_scikit_learn_on_the_whole_scale(weights, pairs):
    found = weighted_kappa(pairs, LABELS, weights)

    first, second = zip(*pairs, strict=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a division by zero where there is no kappa
        theirs = cohen_kappa_score(first, second, weights=weights, labels=LABELS)
    assert (found is None) == bool(np.isnan(theirs))
    if found is not None:
        assert found == pytest.approx(theirs, abs=1e-9)
        assert found == pytest.approx(slow_kappa(pairs, 2 if weights == "quadratic" else 1))


@pytest.mark.parametrize(("weights", "name"), [("quadratic", "quadratic"), ("linear", "linear")])
@given(pairs=PAIRS)
def test_the_interval_of_kappa_is_that_of_statsmodels_cut_at_one(weights, name, pairs):
    found = kappa_interval(pairs, LABELS, weights)

    if weighted_kappa(pairs, LABELS, weights) is None:
        assert found is None
        return
    table, _ = to_table(np.array(pairs) - 1, bins=np.arange(6) - 0.5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # their z value, of a spread of zero
        theirs = cohens_kappa(table, wt=name)
        spread = float(np.nan_to_num(theirs.std_kappa))
    if found is None:
        assert spread < 1e-6
    else:
        theirs_cut = max(-1, theirs.kappa_low), min(1, theirs.kappa_upp)
        assert found == pytest.approx(theirs_cut, abs=1e-6)


# ------------------------------------------------------------------------------ Bland and Altman


def test_bias_and_limits_worked_by_hand():
    found = bland_altman([0.0, 0.5, 1.0])

    assert (found.n, found.bias, found.sd) == (3, 0.5, 0.5)
    assert (found.low, found.high) == pytest.approx((-0.48, 1.48))
    # t(0.975; 2) = 4.302653; x 0.5 / sqrt(3); x 0.5 x sqrt(1 / 3 + 1.96^2 / 4) = 0.5 x 1.137424
    assert found.bias_ci == pytest.approx((-0.742069, 1.742069), abs=1e-6)
    assert found.low_ci == pytest.approx((-0.48 - 2.446970, -0.48 + 2.446970), abs=1e-5)
    assert found.high_ci == pytest.approx((1.48 - 2.446970, 1.48 + 2.446970), abs=1e-5)


def test_of_no_pair_there_is_no_bias_and_of_one_no_limits():
    nothing = (None,) * 6

    assert bland_altman([]) == BlandAltman(0, None, *nothing)
    assert bland_altman([0.5]) == BlandAltman(1, 0.5, *nothing)


def test_differences_that_are_all_the_same_have_limits_of_no_width():
    found = bland_altman([0.3] * 6)

    assert found.sd == pytest.approx(0.0)
    assert (found.low, found.high) == pytest.approx((0.3, 0.3))


@given(st.lists(st.integers(-40, 40).map(lambda n: n / 10), min_size=2, max_size=30))
def test_bias_and_limits_are_those_of_scipy_and_of_a_slow_second_version(differences):
    found, slow = bland_altman(differences), slow_limits(differences)

    assert (found.bias, found.sd) == pytest.approx((slow["bias"], slow["sd"]))
    assert [found.low, found.high] == pytest.approx(slow["loa"])
    assert found.bias == pytest.approx(np.mean(differences))
    if found.sd > 1e-9:
        theirs = stats.t.interval(
            0.95, len(differences) - 1, loc=np.mean(differences), scale=stats.sem(differences)
        )
        assert found.bias_ci == pytest.approx(theirs)

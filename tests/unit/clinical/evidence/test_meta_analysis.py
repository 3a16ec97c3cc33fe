"""Pooling against printed results and at its edges."""

import json
from math import inf, isfinite, nan, sqrt
from pathlib import Path

import pytest
from scipy.stats import norm

from ipt_tracker.clinical.evidence.arm_data import ArmData, hedges_g
from ipt_tracker.clinical.evidence.meta_analysis import (
    StudyEffect,
    leave_one_out,
    pool,
)
from ipt_tracker.clinical.rules import RuleBroken
from tests.factories import effects as trials
from tests.factories.effects import effects

CASES = json.loads(
    (Path(__file__).parents[3] / "data" / "poolings.json").read_text(encoding="utf-8")
)
BCG = (
    *((-0.8893, 0.3256), (-1.5854, 0.1946), (-1.3481, 0.4154), (-1.4416, 0.0200)),
    *((-0.2175, 0.0512), (-0.7861, 0.0069), (-1.6209, 0.2230), (0.0120, 0.0040)),
    *((-0.4694, 0.0564), (-1.3713, 0.0730), (-0.3394, 0.0124), (0.4459, 0.5325)),
    (-0.0173, 0.0714),
)
TEXTBOOK = (
    *((94, 22, 60, 92, 20, 60), (98, 21, 65, 92, 22, 65), (98, 28, 40, 88, 26, 40)),
    *((94, 19, 200, 82, 17, 200), (98, 21, 50, 88, 22, 45), (96, 21, 85, 92, 22, 85)),
)


def by_variance(pairs):
    return effects(*((g, sqrt(variance)) for g, variance in pairs))


def as_in_the_textbook(arms):
    """Give g with the variance of that book, J^2 (1/n1 + 1/n2 + d^2 / (2 N)), which is not ours."""
    j = 1 - 3 / (4 * arms.people - 9)
    g = hedges_g(arms).g
    variance = 1 / arms.n_ipt + 1 / arms.n_control + (g / j) ** 2 / (2 * arms.people)
    return StudyEffect("A", g, j * sqrt(variance))


def assert_is(pooled, case):
    assert pooled.k == case["k"]
    assert pooled.smd == pytest.approx(case["smd"], abs=0.0015)
    assert (pooled.low, pooled.high) == pytest.approx(case["ci"], abs=0.0015)
    assert pooled.p == pytest.approx(case["p"], rel=0.07)
    assert pooled.q == pytest.approx(case["Q"], abs=0.05)
    assert pooled.tau2 == pytest.approx(case["tau2"], abs=0.0006)
    assert pooled.i2 == pytest.approx(case["I2"], abs=0.1)
    assert pooled.prediction == pytest.approx(case["pi95"], abs=0.0065)
    assert pooled.hksj == pytest.approx(case["hksj_ci"], abs=0.0015)


@pytest.mark.parametrize(
    ("number", "rows"), list(enumerate([trials.S1, trials.S2, trials.S3, trials.S4]))
)
def test_the_sets_of_trials_that_can_be_rebuilt_come_out_as_on_record(number, rows):
    assert_is(pool(rows), CASES["poolings"][number])


def test_leaving_each_trial_out_in_turn_comes_out_as_on_record():
    found = {f"S3 without {name}": pooled for name, pooled in leave_one_out(trials.S3)}

    assert len(found) == 10
    for case in CASES["leave_one_out_S3"]:
        assert_is(found[case["label"]], case)


def test_the_trials_of_the_tuberculosis_vaccine_give_the_printed_result():
    """Colditz 1994 as in the manual of metafor, method DL."""
    pooled = pool(by_variance(BCG))

    assert pooled.smd == pytest.approx(-0.7141, abs=5e-4)
    assert pooled.se == pytest.approx(0.1787, abs=5e-4)
    assert (pooled.low, pooled.high) == pytest.approx((-1.0644, -0.3638), abs=1e-3)
    assert pooled.tau2 == pytest.approx(0.3088, abs=1e-3)
    assert pooled.q == pytest.approx(152.233, abs=0.5)
    assert pooled.i2 == pytest.approx(92.12, abs=0.05)


def test_the_six_studies_of_a_textbook_give_the_printed_result():
    """Borenstein, Hedges, Higgins & Rothstein 2009, chapters 14 and 16 to 18."""
    pooled = pool([as_in_the_textbook(ArmData("A", *arms)) for arms in TEXTBOOK])

    assert pooled.smd == pytest.approx(0.3582, abs=5e-4)
    assert (pooled.low, pooled.high) == pytest.approx((0.152, 0.565), abs=1e-3)
    assert pooled.q == pytest.approx(12.0033, abs=5e-4)
    assert pooled.q_p == pytest.approx(0.035, abs=5e-4)
    assert pooled.tau2 == pytest.approx(0.037, abs=5e-4)
    assert pooled.i2 == pytest.approx(58.34, abs=0.01)


def test_one_study_is_its_own_result():
    pooled = pool(effects((-0.5, 0.25)))

    assert (pooled.k, pooled.smd, pooled.se, pooled.weights) == (1, -0.5, 0.25, (1.0,))
    assert (pooled.low, pooled.high) == pytest.approx((-0.9899910, -0.0100090), abs=1e-7)
    assert pooled.p == pytest.approx(2 * norm.sf(2))
    assert (pooled.tau2, pooled.q, pooled.i2) == (0, 0, 0)
    assert (pooled.q_p, pooled.hksj, pooled.prediction, pooled.egger_p) == (None,) * 4
    assert not pooled.hksj_is_narrower


@pytest.mark.parametrize(("g", "se"), [(1.625, 1.625), (-0.1, 0.3), (0.7, 0.1)])
def test_one_study_has_no_heterogeneity_by_rounding(g, se):
    pooled = pool(effects((g, se)))

    assert (pooled.smd, pooled.q, pooled.i2) == (g, 0, 0)


def test_two_studies_have_a_hartung_knapp_interval_and_no_prediction():
    """By hand: weights 4 and 4, Q = 2, tau2 = (2 - 1) / (8 - 32 / 8) = 1/4."""
    pooled = pool(effects((-1.0, 0.5), (0.0, 0.5)))

    assert (pooled.smd, pooled.q, pooled.tau2, pooled.i2) == pytest.approx((-0.5, 2, 0.25, 50))
    assert pooled.se == pytest.approx(0.5)
    half = 12.706204736 * 0.5  # t with 1 df; here its standard error happens to be Wald's
    assert pooled.hksj == pytest.approx((-0.5 - half, -0.5 + half))
    assert (pooled.prediction, pooled.egger_p) == (None, None)


def test_three_studies_have_everything():
    pooled = pool(effects((-1.0, 0.5), (0.0, 0.4), (-0.3, 0.3)))

    assert None not in (pooled.hksj, pooled.prediction, pooled.egger_p)


def test_equal_effects_have_no_scatter_and_a_hartung_knapp_interval_of_no_width():
    pooled = pool(effects((-0.4, 0.2), (-0.4, 0.2), (-0.4, 0.2)))

    assert (pooled.tau2, pooled.i2) == (0, 0)
    assert pooled.q == pytest.approx(0, abs=1e-25)
    assert pooled.hksj == pytest.approx((-0.4, -0.4))
    assert pooled.hksj_is_narrower
    assert pooled.egger_p is None


def test_near_equal_effects_have_a_tau2_of_zero_and_never_below():
    pooled = pool(effects((-0.40, 0.2), (-0.41, 0.22), (-0.39, 0.18), (-0.42, 0.25), (-0.4, 0.2)))

    assert (pooled.tau2, pooled.i2) == (0, 0)
    assert pooled.hksj_is_narrower
    assert pooled.se == pytest.approx(sum(se**-2 for se in (0.2, 0.22, 0.18, 0.25, 0.2)) ** -0.5)


@pytest.mark.parametrize(
    "pairs",
    [
        [(-0.4, 1e-9), (0.3, 0.2), (0.1, 0.4)],
        [(-0.4, 1e-9), (0.3, 1e6)],
        [(-1e6, 1e-9), (1e6, 1e-9), (0.0, 1e6)],
        [(5.0, 0.001), (-5.0, 0.001), (0.2, 0.001), (9.0, 0.3)],
        [(0.0, 0.2), (0.0, 0.3), (0.0, 0.4)],
    ],
)
def test_extreme_studies_give_numbers_and_no_warning(pairs):
    pooled = pool(effects(*pairs))

    numbers = (pooled.smd, pooled.se, pooled.low, pooled.high, pooled.p, pooled.tau2, pooled.q)
    assert all(map(isfinite, (*numbers, *pooled.weights, *(pooled.hksj or ()))))
    assert pooled.tau2 >= 0
    assert 0 <= pooled.i2 <= 100
    assert 0 <= pooled.p <= 1


def test_one_very_exact_study_beside_a_vague_one_leaves_tau2_to_its_formula():
    """By hand: the weights' divisor is 2 w1 w2 / (w1 + w2), which plain subtraction would lose."""
    pooled = pool(effects((0.0, 1e-9), (10.0, 1.0)))

    assert pooled.tau2 == pytest.approx((100 - 1) / 2)


def test_no_study_cannot_be_pooled():
    with pytest.raises(RuleBroken, match="no study"):
        pool([])


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ((" ", 0.1, 0.2), "study"),
        (("A", nan, 0.2), "g"),
        (("A", inf, 0.2), "g"),
        (("A", 2e6, 0.2), "g"),
        (("A", 0.1, 0.0), "se"),
        (("A", 0.1, -0.2), "se"),
        (("A", 0.1, nan), "se"),
        (("A", 0.1, inf), "se"),
        (("A", 0.1, 1e-10), "se"),
    ],
)
def test_a_study_that_cannot_be_is_refused_with_its_field(values, field):
    with pytest.raises(RuleBroken) as refused:
        StudyEffect(*values)

    assert refused.value.field == field

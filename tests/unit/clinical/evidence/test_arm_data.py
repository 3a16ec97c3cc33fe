"""Hedges' g from arms, and trials with three arms."""

from dataclasses import replace
from math import inf, nan, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.meta_analysis import effectsize_smd

from ipt_tracker.clinical.evidence.arm_data import ArmData, effects_of, hedges_g
from ipt_tracker.clinical.rules import RuleBroken

KRUPNICK = ArmData("Krupnick 2008", -24.54, 16.92, 20, -5.78, 12.23, 7)
PROENCA = ArmData("Proenca 2022", 29.1, 15.5, 39, 27.1, 15.9, 35)
ARM = st.tuples(st.floats(-100, 100), st.floats(0.1, 50), st.integers(2, 400))


def test_krupnicks_changes_give_the_effect_of_the_trial_database():
    found = hedges_g(KRUPNICK)

    assert (round(found.g, 3), round(found.se, 2)) == (-1.143, 0.47)


def test_proencas_final_scores_give_the_effect_on_record():
    found = hedges_g(PROENCA)

    assert (round(found.g, 3), round(found.se, 3)) == (0.126, 0.233)


def test_a_small_trial_by_hand():
    """N = 10: J = 1 - 3/31; SD pooled = 2; g = -J; SE^2 = 10/25 + J^2 / (2 x 6.06)."""
    found = hedges_g(ArmData("A", 4, 2, 5, 6, 2, 5))

    j = 28 / 31
    assert found.g == pytest.approx(-j)
    assert found.se == pytest.approx(sqrt(0.4 + j**2 / 12.12))


@given(ARM, ARM)
def test_the_effect_is_that_of_statsmodels(ipt, control):
    g, variance = effectsize_smd(*ipt, *control)

    found = hedges_g(ArmData("A", *ipt, *control))

    assert found.g == pytest.approx(g, rel=1e-9, abs=1e-12)
    assert found.se == pytest.approx(sqrt(variance), rel=1e-9)


def test_the_smallest_trial_that_can_be_has_a_finite_error():
    found = hedges_g(ArmData("A", 1, 1, 2, 2, 1, 2))

    assert found.se == pytest.approx(sqrt(1 + found.g**2 / (2 * 0.06)))


def test_the_people_of_a_shared_arm_count_once():
    one = ArmData("Markowitz", 30, 20, 40, 25, 20, 38, "active", shares="Markowitz 2015")
    other = replace(one, n_control=32, mean_control=40)
    alone = replace(one, study="Else", shares="")

    found = effects_of([one, alone, other])

    halved = [hedges_g(replace(row, n_ipt=20)) for row in (one, other)]
    assert found == (halved[0], hedges_g(alone), halved[1])


def test_an_odd_arm_is_divided_without_losing_anybody():
    row = ArmData("A", 30, 20, 41, 25, 20, 38, shares="x")

    found, _ = effects_of([row, row])

    n = 20.5 + 38
    assert found.se == pytest.approx(sqrt(n / (20.5 * 38) + found.g**2 / (2 * (n - 3.94))))


def test_rows_that_share_an_arm_must_give_it_the_same_numbers():
    row = ArmData("A", 30, 20, 41, 25, 20, 38, shares="x")

    with pytest.raises(RuleBroken, match="other numbers") as refused:
        effects_of([row, replace(row, shares="y"), replace(row, sd_ipt=21)])

    assert (refused.value.field, refused.value.place) == ("shares", 2)


def test_an_arm_of_three_people_cannot_serve_two_comparisons():
    row = ArmData("A", 30, 20, 3, 25, 20, 38, shares="x")

    with pytest.raises(RuleBroken, match="too few") as refused:
        effects_of([row, row])

    assert refused.value.field == "n_ipt"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("study", ""), ("mean_ipt", nan), ("mean_control", inf), ("mean_ipt", -2e9)),
        *(("sd_ipt", 0), ("sd_control", -1), ("sd_ipt", nan), ("sd_control", inf)),
        *(("sd_ipt", 1e-12), ("n_ipt", 1), ("n_control", 0), ("n_ipt", 1e12)),
    ],
)
def test_arms_that_cannot_be_are_refused_with_their_field(field, value):
    with pytest.raises(RuleBroken) as refused:
        replace(KRUPNICK, **{field: value})

    assert refused.value.field == field


def test_means_that_are_too_many_sds_apart_are_refused():
    with pytest.raises(RuleBroken, match="SDs apart"):
        ArmData("A", 1e6, 1e-3, 20, 0, 1e-3, 20)

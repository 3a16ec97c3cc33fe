"""Subgroups, the test of their difference, and the result without each study in turn."""

import pytest

from ipt_tracker.clinical.evidence.meta_analysis import StudyEffect, leave_one_out, pool_grouped
from ipt_tracker.clinical.rules import RuleBroken
from tests.factories.effects import effects


def grouped(*rows):
    return pool_grouped([StudyEffect("A", g, se, name) for g, se, name in rows])


def test_subgroups_are_pooled_each_by_itself_and_their_difference_is_tested():
    """By hand for groups of one: Q = (0.5 + 0.1)^2 / (0.2^2 + 0.3^2)."""
    found = grouped((-0.5, 0.2, "passive"), (0.1, 0.3, "active"))

    assert list(found.subgroups) == ["passive", "active"]
    assert found.subgroups["active"].smd == 0.1
    assert found.difference.q == pytest.approx(0.36 / 0.13)
    assert (found.difference.df, found.difference.p) == (1, pytest.approx(0.0961, abs=1e-4))


def test_the_difference_rests_on_each_subgroups_own_tau2():
    rows = [(-1.5, 0.2, "a"), (0.3, 0.2, "a"), (-0.4, 0.2, "b"), (-0.41, 0.2, "b")]

    found = grouped(*rows)

    one, other = found.subgroups.values()
    assert one.tau2 > 1
    assert other.tau2 == 0
    assert found.difference.q == pytest.approx(
        (one.smd - other.smd) ** 2 / (one.se**2 + other.se**2)
    )


def test_one_subgroup_has_nothing_to_differ_from():
    found = grouped((-0.5, 0.2, "all"), (0.1, 0.3, "all"))

    assert (found.difference.q, found.difference.df, found.difference.p) == (0, 0, None)


def test_without_subgroups_there_is_no_test():
    found = grouped((-0.5, 0.2, ""), (0.1, 0.3, ""))

    assert (found.subgroups, found.difference) == ({}, None)


def test_a_study_without_subgroup_among_others_with_one_is_refused():
    with pytest.raises(RuleBroken) as refused:
        grouped((-0.5, 0.2, "x"), (0.1, 0.3, ""))

    assert refused.value.field == "subgroup"


def test_leaving_out_the_only_study_leaves_nothing():
    assert leave_one_out(effects((-0.5, 0.2))) == ()

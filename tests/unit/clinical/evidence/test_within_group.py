"""The trials' own groups: none without source, population, uncertainty and, for a rate, words."""

from dataclasses import asdict, replace
from math import sqrt

import pytest

from ipt_tracker.clinical.evidence.library import UnsourcedError
from ipt_tracker.clinical.evidence.within_group import (
    arm_rates,
    benchmarks_for,
    rates_of_arms,
    why_no_benchmark,
    within_groups,
)
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS

EVERY = [*within_groups().values(), *arm_rates().values()]


@pytest.mark.parametrize("each", EVERY, ids=lambda each: each.key)
def test_every_entry_has_source_population_and_an_interval_or_a_reason(each):
    assert each.source
    assert each.population
    assert (each.low is not None) != bool(each.why_no_interval)


@pytest.mark.parametrize("field", ["source", "population"])
def test_an_entry_without_one_of_them_is_refused(field):
    with pytest.raises(UnsourcedError):
        replace(within_groups()["waiting_lists"], **{field: " "})


def test_a_rate_without_a_definition_is_refused():
    with pytest.raises(UnsourcedError, match="defined"):
        replace(arm_rates()["markowitz_2015_response"], definition="")


def test_the_pooled_arms_follow_from_the_single_ones():
    keys = ("krupnick_2008", "campanini_2010", "bleiberg_2005", "proenca_2022")
    arms = [within_groups()[key] for key in keys]

    for pooled, some in (("ipt_pooled", arms), ("ipt_pooled_caps4", arms[:3])):
        found = within_groups()[pooled]
        weights = [1 / (1 / arm.people + arm.estimate**2 / (2 * arm.people)) for arm in some]
        mean = sum(w * arm.estimate for w, arm in zip(weights, some, strict=True)) / sum(weights)
        half = 1.96 / sqrt(sum(weights))
        assert (found.arms, found.people) == (len(some), sum(arm.people for arm in some))
        assert found.estimate == pytest.approx(mean, abs=0.025)
        assert (found.low, found.high) == pytest.approx((mean - half, mean + half), abs=0.03)


def test_positive_is_improvement_throughout():
    estimates = [each.estimate for each in within_groups().values()]

    assert all(each > 0 for each in estimates if each is not None)


def test_only_three_instruments_have_benchmarks_and_two_say_that_they_are_carried_over():
    families = {each.family for each in INSTRUMENTS.values()}
    found = {family: benchmarks_for(family) for family in families}

    assert {k for k, each in found.items() if each} == {"CAPS-IV", "CAPS-5", "PCL-5"}
    assert {k for k, each in found.items() if each and "carried over" in each.words} == {
        "CAPS-5",
        "PCL-5",
    }
    assert all(why_no_benchmark(k) for k, each in found.items() if each is None)
    assert "Other" in why_no_benchmark("Other")


def test_a_rate_speaks_with_its_interval_its_number_and_its_definition():
    assert [each.words for each in rates_of_arms("response_30")] == [
        "Markowitz 2015, individual IPT: 63 % (47 to 76 %) of 40; CAPS-IV fell by more than 30 %."
    ]
    assert rates_of_arms("nothing") == ()


def test_a_printed_percentage_is_its_count():
    for each in arm_rates().values():
        values = asdict(each)
        assert values["events"] is not None
        share = 100 * values["events"] / values["people"]
        assert values["estimate"] == pytest.approx(share, abs=0.6)

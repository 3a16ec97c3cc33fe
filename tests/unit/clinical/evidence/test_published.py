"""What follows from the printed effects, and that no entry of the evidence stands unsourced."""

from dataclasses import fields, replace
from importlib.resources import files

import pytest

from ipt_tracker.clinical.evidence import library
from ipt_tracker.clinical.evidence.arm_distribution import change_spreads, meaningful_differences
from ipt_tracker.clinical.evidence.context import other_treatments, repoolings, study_facts
from ipt_tracker.clinical.evidence.inconsistencies import Severity, inconsistencies
from ipt_tracker.clinical.evidence.library import Published, Status, UnsourcedError
from ipt_tracker.clinical.evidence.meta_analysis import StudyEffect, pool
from ipt_tracker.clinical.evidence.published import (
    GROUPS,
    PAIRS,
    difference,
    plain_words,
    published_rows,
    recomputed,
)
from ipt_tracker.clinical.evidence.trials import Place, pooled_trials, trials, with_effect
from ipt_tracker.clinical.evidence.within_group import arm_rates, within_groups

# Althobaiti et al. 2020, J Affect Disord 264:286-294. SE and p follow from the printed 95 %
# intervals (Wald); the SD is that which makes the printed CAPS points of the printed effect.
IMPLIED = {
    "overall": (0.1276, 0.000562, 27.27),
    "control_passive": (0.1786, 0.000517, 27.42),
    "control_active": (0.1811, 0.168, None),
    "sessions_le12": (0.2347, 0.0966, None),
    "sessions_gt12": (0.1735, 0.00566, 23.75),
    "dx_ptsd": (0.2755, 0.0459, None),
    "dx_mdd": (0.1071, 0.00039, None),
    "event_interpersonal": (0.1454, 0.00897, None),
    "event_disaster_violence": (0.4873, 0.151, 28.57),
}
# Difference, SE, z and two-sided p between the two subgroups of each group.
BETWEEN = {
    "sessions": (-0.09, 0.2919, -0.308, 0.758),
    "diagnosis": (-0.17, 0.2956, -0.575, 0.565),
    "event": (-0.32, 0.5085, -0.629, 0.529),
    "control": (-0.37, 0.2544, -1.455, 0.146),
}
LOADERS = {
    "effects.json": library.effects,
    "waiting_lists.json": library.waiting_lists,
    "trial_arms.json": library.trial_arms,
    "sds.json": library.sd_options,
    "trials.json": trials,
    "inconsistencies.json": inconsistencies,
    "study_facts.json": study_facts,
    "other_treatments.json": other_treatments,
    "repoolings.json": repoolings,
    "within_group.json": within_groups,
    "within_rates.json": arm_rates,
    "change_spreads.json": change_spreads,
    "meaningful_differences.json": meaningful_differences,
}
WITHOUT_NUMBERS = {"bases.json", "without_basis.json", "caveats.json"}
"""What is compared on what, and sentences: they hold no estimate."""
EVERY = [
    pytest.param(entry, id=f"{name}, {entry.key}")
    for name, loader in LOADERS.items()
    for entry in loader().values()
]
ONE_OF_EACH = [pytest.param(next(iter(load().values())), id=name) for name, load in LOADERS.items()]
ESTIMATES = [each for each in ONE_OF_EACH if isinstance(each.values[0], Published)]


def test_every_file_of_evidence_is_walked_here():
    folder = files(library.__package__).joinpath("data")

    assert {each.name for each in folder.iterdir()} == set(LOADERS) | WITHOUT_NUMBERS


@pytest.mark.parametrize("entry", EVERY)
def test_an_entry_says_where_it_is_from_whom_it_is_about_and_how_sure_it_is(entry):
    assert entry.source.strip()
    assert entry.population.strip()
    if isinstance(entry, Published):
        has_interval = entry.low is not None and entry.high is not None
        assert has_interval or entry.why_no_interval.strip()
    names = {field.name for field in fields(entry)}
    assert "certainty" not in names or isinstance(entry.certainty, Status)
    assert "certainty" in names or entry.check.strip()


@pytest.mark.parametrize("missing", ["source", "population"])
@pytest.mark.parametrize("entry", ONE_OF_EACH)
def test_an_entry_of_any_kind_without_its_origin_is_refused(entry, missing):
    with pytest.raises(UnsourcedError, match=entry.key):
        replace(entry, **{missing: " "})


@pytest.mark.parametrize("entry", ESTIMATES)
def test_an_estimate_of_any_kind_without_interval_and_reason_is_refused(entry):
    with pytest.raises(UnsourcedError, match="no interval and no reason"):
        replace(entry, low=None, high=None, why_no_interval="")


@pytest.mark.parametrize("entry", ESTIMATES)
def test_half_an_interval_is_refused(entry):
    with pytest.raises(UnsourcedError, match="half an interval"):
        replace(entry, low=-1.0, high=None)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"se": None}, "an effect without its standard error"),
        ({"estimate": None, "low": None, "high": None, "why_no_interval": "?"}, "without its stan"),
        ({"how": " "}, "does not say how its effect was obtained"),
    ],
)
def test_a_trial_with_an_effect_gives_its_error_and_how_it_was_obtained(changes, complaint):
    with pytest.raises(UnsourcedError, match=complaint):
        replace(trials()["krupnick_2008"], **changes)


def test_a_pooling_made_here_cannot_pass_as_printed():
    with pytest.raises(UnsourcedError, match="must say so"):
        replace(repoolings()["s2"], certainty="printed")


@pytest.mark.parametrize("key", IMPLIED)
def test_se_p_and_sd_follow_from_what_is_printed(key):
    se, p, sd = IMPLIED[key]
    found = recomputed(library.effects()[key])

    assert found.se == pytest.approx(se, abs=0.00006)
    assert found.p == pytest.approx(p, rel=0.005)
    assert found.implied_sd == (None if sd is None else pytest.approx(sd, abs=0.006))


def test_the_points_at_an_sd_are_those_of_the_reference():
    overall = recomputed(library.effects()["overall"])

    for sd, points in (
        (17.4, (-12.0, -7.7, -3.3)),
        (24.1, (-16.6, -10.6, -4.6)),
        (28.0, (-19.3, -12.3, -5.3)),
    ):
        assert overall.points(sd) == pytest.approx(points, abs=0.051)


def test_nothing_is_made_of_what_is_not_printed():
    perinatal = recomputed(library.effects()["event_perinatal"])

    assert (perinatal.se, perinatal.p, perinatal.implied_sd) == (None, None, None)
    assert perinatal.points(28) is None


@pytest.mark.parametrize("group", BETWEEN)
def test_the_subgroups_are_tested_against_each_other(group):
    found = difference(group)

    whole = (found.difference, found.se, found.z, found.p)
    assert whole == pytest.approx(BETWEEN[group], abs=0.0006)
    assert {library.effects()[key].group for key in PAIRS[group]} == {group}
    for key in PAIRS[group]:
        assert library.effects()[key].difference_p == pytest.approx(found.p, abs=0.0006)


def test_what_has_no_two_subgroups_is_not_tested():
    assert difference("overall") is None


def test_the_rows_are_all_published_effects_by_group_and_no_scenario():
    rows = [row.effect for row in published_rows()]

    assert {each.key for each in rows} == set(IMPLIED) | {"event_perinatal"}
    assert [group for group in GROUPS for each in rows if each.group == group] == [
        each.group for each in rows
    ]


def test_the_plain_words_are_those_of_the_reference():
    words = plain_words(-0.44)

    assert words.better == pytest.approx(0.622, abs=0.0006)
    assert words.below_mean == pytest.approx(0.67, abs=0.0006)
    assert words.overlap == pytest.approx(0.826, abs=0.0006)
    nothing = plain_words(0)
    assert (nothing.better, nothing.below_mean, nothing.overlap) == (0.5, 0.5, 1)


def test_there_are_ten_comparisons_of_nine_trials_and_two_have_no_effect():
    ten = pooled_trials()

    assert (len(ten), len({each.study for each in ten}), len(with_effect())) == (10, 9, 8)
    assert {each.study for each in ten if each.estimate is None} == {"Schaal 2009", "Zlotnick 2011"}
    assert {each.study for each in trials().values() if each.place is Place.LATER} == {
        *("Proenca 2022", "Shea 2023", "Pickover 2021"),
    }


def test_fidelity_was_not_assessed_in_four_of_the_ten_trials_reviewed():
    review = [each for each in trials().values() if each.place is not Place.LATER]

    assert {each.study for each in review if each.fidelity.value == "no"} == {
        *("Krupnick 2008", "Meffert 2014", "Schaal 2009", "Zlotnick 2011"),
    }


def test_all_points_that_do_not_add_up_are_held():
    held = inconsistencies().values()

    assert len(held) == 27
    assert {each.severity for each in held} == set(Severity)


def obtained():
    return [StudyEffect(each.label, each.estimate, each.se) for each in with_effect()]


def named(*studies):
    wanted = [each for each in with_effect() if each.study in studies]
    return [StudyEffect(each.label, each.estimate, each.se) for each in wanted]


# The standard error of two arms when g is 0: the square root of N / (n1 x n2).
NULLS = [
    StudyEffect("Schaal 2009, set to 0", 0.0, (26 / (14 * 12)) ** 0.5),
    StudyEffect("Zlotnick 2011, set to 0", 0.0, (54 / (28 * 26)) ** 0.5),
]
REBUILT = {
    "s1": named("Krupnick 2008", "Talbot 2011", "Grote 2015", "Duberstein 2018"),
    "s2": obtained(),
    "s3": [*obtained(), *NULLS],
}


@pytest.mark.parametrize("key", REBUILT)
def test_a_pooling_on_record_is_what_its_trials_give(key):
    held, found = repoolings()[key], pool(REBUILT[key])

    assert (held.k, held.hk_low, held.hk_high) == (
        found.k,
        *(pytest.approx(end, abs=0.005) for end in found.hksj),
    )
    assert (held.estimate, held.low, held.high, held.tau2) == pytest.approx(
        (found.smd, found.low, found.high, found.tau2), abs=0.005
    )
    assert held.i2 == pytest.approx(found.i2, abs=0.5)


def test_no_pooling_on_record_has_a_hartung_knapp_interval_that_is_the_narrower():
    for each in repoolings().values():
        assert each.hk_high - each.hk_low > each.high - each.low

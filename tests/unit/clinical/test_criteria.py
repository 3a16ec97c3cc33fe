"""Criteria are chosen by name and version, and a released one never changes its meaning."""

import json
from hashlib import sha256
from itertools import product
from pathlib import Path

import pytest

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS, KEYS, instrument
from ipt_tracker.clinical.instruments.instrument import ClusterRule
from ipt_tracker.clinical.instruments.judging import Criteria, band_set_at, cut_at, rule_at
from ipt_tracker.clinical.outcome.criteria import default_criteria, options
from ipt_tracker.clinical.outcome.thresholds import THRESHOLD_SETS, threshold_set_at

RELEASED = Path(__file__).parents[2] / "data" / "criteria.json"
EVERY = pytest.mark.parametrize("one", INSTRUMENTS.values(), ids=KEYS)


def meaning_of_rule(rule):
    if isinstance(rule, ClusterRule):
        return {
            "present_from": rule.present_from,
            "needed": dict(rule.needed),
            "parts_from": dict(rule.parts_from),
            "beside": list(rule.beside),
            "subtype": list(rule.subtype),
        }
    said = [str(rule.decide(answers)) for answers in product((0, 1, 2), repeat=9)]
    return {"answers_to_0_1_2": sha256(" ".join(said).encode()).hexdigest()}


def meaning_of_thresholds(used):
    return {
        "family": used.instrument_family,
        "reliable_points": used.reliable_points,
        "end_range_at_most": used.end_range_at_most,
        "meaningful_points": used.meaningful_points,
    }


def meaning_of_bands(bands):
    return {band.key: band.low for band in bands.bands}


def present():
    """What every criterion of this version means, by kind and by key and version."""
    every = INSTRUMENTS.values()
    rules = [rule for one in every for rule in (one.rule, one.algorithm) if rule]
    return {
        "rules": {rule.ref: meaning_of_rule(rule) for rule in rules},
        "cuts": {cut.ref: {"at": cut.at} for one in every for cut in one.cuts},
        "band_sets": {b.ref: meaning_of_bands(b) for one in every for b in one.band_sets},
        "threshold_sets": {s.ref: meaning_of_thresholds(s) for s in THRESHOLD_SETS.values()},
    }


@pytest.mark.parametrize("kind", ["rules", "cuts", "band_sets", "threshold_sets"])
def test_released_criteria_keep_their_meaning_and_new_ones_are_written_down(kind):
    """A change needs a new version beside the old one, which stays; add it to criteria.json."""
    released = json.loads(RELEASED.read_text(encoding="utf-8"))

    assert released[kind] == present()[kind], f"{RELEASED.name}: {json.dumps(present()[kind])}"


def test_a_reference_stands_for_one_thing_only():
    every = INSTRUMENTS.values()
    kinds = (
        [rule for one in every for rule in (one.rule, one.algorithm) if rule],
        [cut for one in every for cut in one.cuts],
        [bands for one in every for bands in one.band_sets],
    )

    for kind in kinds:
        assert len({each.ref for each in kind}) == len(set(kind))


def test_every_reference_leads_back_to_what_it_names():
    every = INSTRUMENTS.values()

    assert all(rule_at(one.rule.ref) == one.rule for one in every if one.rule)
    assert all(cut_at(cut.ref) is cut for one in every for cut in one.cuts)
    assert all(band_set_at(bands.ref) is bands for one in every for bands in one.band_sets)
    assert all(threshold_set_at(used.ref) is used for used in THRESHOLD_SETS.values())
    assert rule_at("phq9_algorithm@1") is instrument("phq9").algorithm


@pytest.mark.parametrize("find", [rule_at, cut_at, band_set_at, threshold_set_at])
@pytest.mark.parametrize(
    "ref", ["cut_33@99", "common@2", "f1i2", "item_severity4@1", "nhs_phq9@2", ""]
)
def test_a_reference_that_is_not_known_here_finds_nothing(find, ref):
    assert find(ref) is None


@pytest.mark.parametrize(
    ("key", "criteria"),
    [
        ("caps5_month", Criteria("caps5_dsm5@1", None, None, "marx2022_s1_caps5@1")),
        ("caps5_week", Criteria(None, None, None, "marx2022_s1_caps5@1")),
        ("caps4", Criteria("f1i2@1", None, None, "weathers2001_caps4@1")),
        ("pcl5_month", Criteria("pcl5_provisional@1", "cut_33@1", None, "marx2022_s1_pcl5@1")),
        ("pcl5_week", Criteria("pcl5_provisional@1", "cut_33@1", None, "marx2022_s1_pcl5@1")),
        ("pcl4", Criteria("pcl4_provisional@1", "cut_44@1", None, "computed_pcl4@1")),
        ("phq9", Criteria("phq9_algorithm@1", "cut_10@1", "kroenke2001@1", "nhs_phq9@1")),
        ("hamd17", Criteria(None, None, "common@1", "computed_hamd17@1")),
    ],
)
def test_each_form_has_its_default_criteria(key, criteria):
    assert default_criteria(instrument(key)) == criteria


@EVERY
def test_what_can_be_chosen_begins_with_the_default_and_stays_within_the_family(one):
    choice, default = options(one), default_criteria(one)

    assert [each.ref for each in choice.cuts[:1]] == ([default.cut] if default.cut else [])
    assert [each.ref for each in choice.band_sets[:1]] == (
        [default.band_set] if default.band_set else []
    )
    assert choice.threshold_sets[0].ref == default.threshold_set
    assert {each.instrument_family for each in choice.threshold_sets} == {one.family}

"""A form as it was filled in: its score, what the named criteria say of it, what is asked about."""

import pytest

from ipt_tracker.clinical.instruments.caps5 import CAPS5_MONTH
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS, KEYS, instrument
from ipt_tracker.clinical.instruments.finding import Finding
from ipt_tracker.clinical.instruments.instrument import Item, score, score_partial, score_total
from ipt_tracker.clinical.instruments.judging import (
    Criteria,
    Entered,
    check_beside,
    doubts,
    findings,
    score_entered,
    subtype,
    with_event,
)
from ipt_tracker.clinical.outcome.criteria import default_criteria
from ipt_tracker.clinical.rules import RuleBroken

MET, NOT_MET, CANNOT_TELL = Finding.MET, Finding.NOT_MET, Finding.CANNOT_TELL
EVERY = pytest.mark.parametrize("one", INSTRUMENTS.values(), ids=KEYS)
CAPS5, CAPS4, PCL5, PCL4, PHQ9, HAMD = (
    instrument(key) for key in ("caps5_month", "caps4", "pcl5_week", "pcl4", "phq9", "hamd17")
)
LEAST = (2, 0, 0, 0, 0, 2, 0, 2, 2, 0, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0)  # 1 B, 1 C, 2 D, 2 E


def entered(one, answers, **beside):
    """A form with its answers in form order."""
    return Entered(one, dict(zip(one.answer_keys, answers, strict=True)), beside)


def caps5(answers=LEAST, **beside):
    return entered(CAPS5, answers, **({"over_a_month": True, "impaired": True} | beside))


def caps4(changed=None, **beside):
    """Six items at frequency 1, intensity 2: the least that F1/I2 calls PTSD."""
    present = {1, 6, 7, 8, 13, 14}
    halves = [half for n in range(1, 18) for half in ((1, 2) if n in present else (0, 0))]
    given = dict(zip(CAPS4.answer_keys, halves, strict=True)) | (changed or {})
    return Entered(CAPS4, given, {"over_a_month": True, "impaired": True} | beside)


def judged(form, criteria=None):
    criteria = criteria or default_criteria(form.instrument)
    return findings(form.instrument, score_entered(form), criteria, form)


@EVERY
def test_an_entered_form_without_halves_scores_as_its_answers_do(one):
    if one.parts:
        return
    answers = [item.low for item in one.items]

    assert score_entered(entered(one, answers)) == score(one, answers)


@EVERY
def test_an_empty_form_has_its_whole_range_and_no_answer(one):
    scored = score_entered(Entered(one, {}))

    assert (scored.total, scored.answered) == (None, 0)
    assert (scored.lowest, scored.highest) == one.axis


def test_the_halves_of_an_item_add_up_and_clusters_keep_their_sums():
    scored = score_entered(caps4())

    assert (scored.total, scored.answered, scored.asked) == (18, 17, 17)
    assert {cluster.key: cluster.total for cluster in scored.clusters} == {"B": 3, "C": 9, "D": 6}


def test_an_item_with_one_half_rated_is_not_answered_and_keeps_its_range():
    scored = score_entered(caps4({"nightmares.intensity": None, "nightmares.frequency": 3}))

    assert (scored.total, scored.answered) == (None, 16)
    assert (scored.lowest, scored.highest) == (21, 25)


def test_a_weight_that_was_not_assessed_is_an_answer_of_no_points():
    answers = dict.fromkeys(HAMD.answer_keys, 1) | {"weight": 3}

    scored = score_entered(Entered(HAMD, answers))

    assert (scored.total, scored.answered) == (16, 17)


@pytest.mark.parametrize(
    ("one", "key", "answer", "message"),
    [
        (PCL5, "sleep", 5, "Item 20, sleep: 5 is not on the form, which goes from 0 to 4."),
        (PCL5, "sleep", True, "Item 20, sleep: True is not on the form, which goes from 0 to 4."),
        (
            CAPS4,
            "nightmares.frequency",
            5,
            "Item 2, nightmares, frequency: 5 is not on the form, which goes from 0 to 4.",
        ),
        (CAPS4, "nightmares", 5, "The CAPS for DSM-IV does not ask for nightmares."),
        (PHQ9, "difficulty", 1, "The PHQ-9 does not ask for difficulty."),
    ],
)
def test_an_answer_that_is_not_on_the_form_is_refused_at_its_key(one, key, answer, message):
    with pytest.raises(RuleBroken) as refused:
        score_entered(Entered(one, {key: answer}))

    assert (refused.value.field, refused.value.message) == (key, message)


@pytest.mark.parametrize(
    ("one", "key", "answer", "message"),
    [
        (CAPS5, "distress", 5, "distress: 5 is not on the form, which goes from 0 to 4."),
        (CAPS5, "distress", True, "distress: True is not on the form, which goes from 0 to 4."),
        (CAPS5, "impaired", 1, "distress or impairment: 1 is not on the form, which asks for yes"),
        (CAPS4, "distress", 1, "The CAPS for DSM-IV does not ask for distress."),
        (instrument("caps5_week"), "impaired", True, "The CAPS-5 does not ask for impaired."),
    ],
)
def test_a_rating_beside_the_total_that_is_not_on_the_form_is_refused(one, key, answer, message):
    with pytest.raises(RuleBroken) as refused:
        check_beside(Entered(one, {}, {key: answer}))

    assert refused.value.field == key
    assert refused.value.message.startswith(message)


def test_ratings_beside_the_total_may_be_blank_and_never_enter_it():
    form = caps5(distress=4, social_impairment=None, depersonalisation=4, impaired=False)

    check_beside(form)

    assert score_entered(form).total == 12


@pytest.mark.parametrize(
    ("beside", "rule"),
    [
        ({}, MET),
        ({"over_a_month": False}, NOT_MET),
        ({"over_a_month": None}, CANNOT_TELL),
        ({"impaired": False}, NOT_MET),
        ({"impaired": None}, CANNOT_TELL),
        ({"impaired": None, "distress": 4, "social_impairment": 4}, CANNOT_TELL),
        ({"impaired": True, "distress": 0, "social_impairment": 0}, MET),
        ({"impaired": None, "over_a_month": False}, NOT_MET),
    ],
)
def test_the_caps5_needs_a_yes_to_duration_and_to_impairment_itself(beside, rule):
    assert judged(caps5(**beside))["rule"] == rule


def test_nothing_beside_the_total_is_taken_as_met_because_it_is_absent():
    assert judged(entered(CAPS5, LEAST))["rule"] == CANNOT_TELL
    assert judged(Entered(CAPS4, caps4().answers))["rule"] == CANNOT_TELL


@pytest.mark.parametrize("place", [0, 5, 7, 8, 14, 15])
def test_the_caps5_rule_turns_at_each_symptom_it_needs(place):
    fewer = tuple(1 if at == place else answer for at, answer in enumerate(LEAST))
    blank = tuple(None if at == place else answer for at, answer in enumerate(LEAST))

    assert judged(caps5(fewer))["rule"] == NOT_MET
    assert judged(caps5(blank))["rule"] == CANNOT_TELL


@pytest.mark.parametrize(
    ("ratings", "found"),
    [
        ((2, 0), MET),
        ((0, 2), MET),
        ((1, 1), NOT_MET),
        ((None, 1), CANNOT_TELL),
        ((None, 2), MET),
        ((None, None), CANNOT_TELL),
    ],
)
def test_dissociation_counts_from_two_in_either_rating(ratings, found):
    form = caps5(depersonalisation=ratings[0], derealisation=ratings[1])

    assert judged(form)["dissociative"] == found


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({}, MET),
        ({"nightmares.frequency": 4, "nightmares.intensity": 1}, MET),
        ({"intrusive_memories.frequency": 0}, NOT_MET),
        ({"intrusive_memories.intensity": 1}, NOT_MET),
        ({"intrusive_memories.intensity": 1, "intrusive_memories.frequency": 4}, NOT_MET),
        ({"intrusive_memories.intensity": None}, CANNOT_TELL),
        ({"intrusive_memories.intensity": None, "intrusive_memories.frequency": 0}, NOT_MET),
        ({"memory_gap.frequency": 0}, NOT_MET),
        ({"sleep.intensity": 1}, NOT_MET),
        ({"sleep.intensity": 1, "startle.frequency": 1, "startle.intensity": 2}, MET),
    ],
)
def test_the_caps_for_dsm4_counts_frequency_1_with_intensity_2_and_nothing_less(changed, rule):
    assert judged(caps4(changed))["rule"] == rule


@pytest.mark.parametrize("beside", ["over_a_month", "impaired"])
@pytest.mark.parametrize(("answer", "rule"), [(False, NOT_MET), (None, CANNOT_TELL)])
def test_the_caps_for_dsm4_needs_duration_and_impairment(beside, answer, rule):
    assert judged(caps4(**{beside: answer}))["rule"] == rule


@pytest.mark.parametrize(
    ("total", "at_33", "at_31"),
    [(30, NOT_MET, NOT_MET), (31, NOT_MET, MET), (32, NOT_MET, MET), (33, MET, MET)],
)
def test_the_cut_that_was_chosen_is_the_one_that_judges(total, at_33, at_31):
    scored = score_total(PCL5, total)

    for ref, found in (("cut_33@1", at_33), ("cut_31@1", at_31)):
        assert findings(PCL5, scored, Criteria(None, ref, None, None), None) == {"cut": found}


@pytest.mark.parametrize(("total", "found"), [(43, NOT_MET), (44, MET)])
def test_the_default_cut_of_the_pcl4_counts_from_its_own_number(total, found):
    assert findings(PCL4, score_total(PCL4, total), default_criteria(PCL4), None)["cut"] == found


@pytest.mark.parametrize(
    ("ref", "band"), [("common@1", "moderate"), ("zimmerman2013@1", "mild"), ("own@1", None)]
)
def test_the_band_set_that_was_chosen_is_the_one_that_names_the_band(ref, band):
    found = findings(HAMD, score_total(HAMD, 16), Criteria(None, None, ref, None), None)

    assert found.get("band") == band


@EVERY
def test_from_a_total_alone_only_a_cut_and_a_band_follow(one):
    found = findings(one, score_total(one, one.lowest), default_criteria(one), None)

    assert set(found) == {name for name, has in (("cut", one.cuts), ("band", one.band_sets)) if has}


def test_a_sum_of_some_items_is_judged_by_the_range_it_leaves():
    scored = score_partial(PHQ9, answered_sum=9, missing=1)

    found = findings(PHQ9, scored, default_criteria(PHQ9), None)

    assert found == {"cut": "indeterminate", "band": "indeterminate"}


@EVERY
def test_without_criteria_nothing_is_judged(one):
    form = Entered(one, {})

    assert judged(form, Criteria(None, None, None, None)) == {}


@EVERY
def test_criteria_of_another_version_judge_nothing(one):
    later = Criteria("caps5_dsm5@2", "cut_33@2", "common@2", "nhs_phq9@2")

    assert judged(Entered(one, {}), later) == {}


def test_the_past_week_caps5_is_never_judged_by_a_rule():
    week = instrument("caps5_week")

    assert judged(entered(week, (4,) * 20)) == {}
    assert judged(entered(week, (4,) * 20), default_criteria(CAPS5)) == {}


@pytest.mark.parametrize(
    ("answers", "algorithm", "cut", "band"),
    [
        ((2, 2, 2, 2, 0, 0, 0, 0, 1), "major", "not_met", "mild"),
        ((2, 2, 2, 2, 0, 0, 0, 0, 2), "major", "met", "moderate"),
        ((0, 2, 2, 0, 0, 0, 0, 0, 0), "other", "not_met", "minimal"),
        ((1, 1, 3, 3, 3, 3, 3, 3, 3), "none", "met", "severe"),
        ((2, 2, 2, 2, 0, 0, 0, 0, None), "indeterminate", "indeterminate", "indeterminate"),
    ],
)
def test_the_phq9_is_judged_by_algorithm_cut_and_band_without_filling_blanks(
    answers, algorithm, cut, band
):
    assert judged(entered(PHQ9, answers)) == {"algorithm": algorithm, "cut": cut, "band": band}


def test_findings_are_plain_text_that_can_be_stored():
    found = judged(caps5()) | judged(entered(PHQ9, (2,) * 9))

    assert {type(value) for value in found.values()} == {str}


@pytest.mark.parametrize(
    ("rule", "event", "ptsd"),
    [
        (MET, True, MET),
        (MET, None, CANNOT_TELL),
        (MET, False, NOT_MET),
        (NOT_MET, None, NOT_MET),
        (NOT_MET, True, NOT_MET),
        (CANNOT_TELL, True, CANNOT_TELL),
        (CANNOT_TELL, False, NOT_MET),
    ],
)
def test_without_a_recorded_event_a_form_that_meets_the_rule_cannot_tell(rule, event, ptsd):
    assert with_event(rule, event) is ptsd


@pytest.mark.parametrize(
    ("ptsd", "dissociative", "found"),
    [
        (MET, MET, MET),
        (MET, NOT_MET, NOT_MET),
        (NOT_MET, MET, NOT_MET),
        (CANNOT_TELL, MET, CANNOT_TELL),
        (CANNOT_TELL, NOT_MET, NOT_MET),
    ],
)
def test_the_subtype_needs_ptsd_and_dissociation(ptsd, dissociative, found):
    assert subtype(ptsd, dissociative) is found


def test_halves_that_contradict_each_other_are_asked_about_in_one_doubt():
    form = caps4(
        {
            "nightmares.frequency": 0,
            "nightmares.intensity": 3,
            "startle.frequency": 2,
            "startle.intensity": 0,
        }
    )

    (doubt,) = doubts(form)

    assert (doubt.key, doubt.field) == ("pairs", "nightmares.frequency")
    assert doubt.message == (
        "Frequency or intensity is 0 and the other is not: item 2 (nightmares), 17 (startle)."
    )


@pytest.mark.parametrize("halves", [(0, 0), (1, 1), (0, None), (None, 3), (None, None)])
def test_halves_that_agree_or_are_not_both_rated_raise_no_doubt(halves):
    changed = {"nightmares.frequency": halves[0], "nightmares.intensity": halves[1]}

    assert doubts(caps4(changed)) == ()


def test_a_form_without_halves_raises_no_doubt():
    assert doubts(entered(PCL5, (0, 4) * 10)) == ()


@pytest.mark.parametrize(
    ("key", "rating"),
    [
        (each.key, wrong)
        for each in CAPS5_MONTH.beside
        if isinstance(each, Item)
        for wrong in (each.low - 1, each.high + 1)
    ],
)
def test_a_rating_beside_the_total_that_the_form_does_not_have_is_refused(key, rating):
    with pytest.raises(RuleBroken, match="not on the form, which goes from 0 to 4") as refused:
        check_beside(Entered(CAPS5_MONTH, {}, {key: rating}))

    assert refused.value.field == key

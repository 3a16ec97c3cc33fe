"""The rules of each instrument at their boundaries, against values worked out by hand."""

import pytest

from ipt_tracker.clinical.instruments import caps4, caps5, hamd17, phq9
from ipt_tracker.clinical.instruments.caps4 import CapsIvCriteria, Rating
from ipt_tracker.clinical.instruments.caps5 import Caps5Criteria
from ipt_tracker.clinical.instruments.finding import Finding
from ipt_tracker.clinical.instruments.hamd17 import HAMD17
from ipt_tracker.clinical.instruments.instrument import score
from ipt_tracker.clinical.instruments.pcl4 import PCL4
from ipt_tracker.clinical.instruments.pcl5 import CUT_31, CUT_33, PCL5_WEEK
from ipt_tracker.clinical.instruments.phq9 import PHQ9, Depression
from ipt_tracker.clinical.instruments.symptom_counts import enough, symptom_counts
from ipt_tracker.clinical.rules import RuleBroken

MET, NOT_MET, CANNOT_TELL = Finding.MET, Finding.NOT_MET, Finding.CANNOT_TELL

# The least that meets 1 B, 1 C, 2 D, 2 E: six items at 2, total 12.
LEAST = (2, 0, 0, 0, 0, 2, 0, 2, 2, 0, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0)
ALL_MET = Caps5Criteria(event=True, over_a_month=True, impairment=(2, 0, 0), dissociation=(0, 0))
IV_MET = CapsIvCriteria(event=True, over_a_month=True, impairment=True)


def without(answers, number, value):
    return (*answers[: number - 1], value, *answers[number:])


def test_a_blank_is_never_counted_as_zero():
    scored = score(PCL5_WEEK, without((1,) * 20, 3, None))

    assert (scored.total, scored.answered, scored.asked) == (None, 19, 20)
    assert (scored.lowest, scored.highest) == (19, 23)


def test_a_cluster_with_a_blank_has_a_range_and_the_others_keep_their_sums():
    scored = score(PCL5_WEEK, without((1,) * 20, 6, None))

    assert [(c.key, c.total, c.lowest, c.highest) for c in scored.clusters] == [
        ("B", 5, 5, 5),
        ("C", None, 1, 5),
        ("D", 7, 7, 7),
        ("E", 6, 6, 6),
    ]


@pytest.mark.parametrize("wrong", [-1, 5, True])
def test_an_answer_that_the_form_does_not_have_is_refused_at_its_item(wrong):
    with pytest.raises(RuleBroken) as refused:
        score(PCL5_WEEK, without((1,) * 20, 20, wrong))

    assert refused.value.field == "sleep"
    assert refused.value.message == (
        f"Item 20, sleep: {wrong} is not on the form, which goes from 0 to 4."
    )


@pytest.mark.parametrize("count", [17, 19, 21])
def test_a_form_of_another_length_is_refused(count):
    with pytest.raises(RuleBroken, match="20 items"):
        score(PCL5_WEEK, (1,) * count)


@pytest.mark.parametrize(
    ("total", "at_31", "at_33"), [(30, NOT_MET, NOT_MET), (31, MET, NOT_MET), (33, MET, MET)]
)
def test_a_cut_counts_from_its_own_number(total, at_31, at_33):
    assert (CUT_31.judge(total, total), CUT_33.judge(total, total)) == (at_31, at_33)


@pytest.mark.parametrize(
    ("lowest", "highest", "found"), [(29, 32, NOT_MET), (32, 33, CANNOT_TELL), (33, 37, MET)]
)
def test_a_cut_cannot_tell_only_where_the_range_straddles_it(lowest, highest, found):
    assert CUT_33.judge(lowest, highest) is found


@pytest.mark.parametrize(
    ("answers", "ptsd"),
    [
        (LEAST, MET),
        (without(LEAST, 1, 1), NOT_MET),
        (without(LEAST, 6, 1), NOT_MET),
        (without(LEAST, 8, 1), NOT_MET),
        (without(LEAST, 15, 1), NOT_MET),
        (without(LEAST, 15, None), CANNOT_TELL),
        (without(without(LEAST, 15, None), 17, 2), MET),
        (without(without(LEAST, 15, None), 1, 1), NOT_MET),
    ],
)
def test_the_caps5_rule_needs_every_cluster_and_only_that(answers, ptsd):
    assert caps5.diagnose(answers, ALL_MET).ptsd is ptsd


@pytest.mark.parametrize(
    ("criteria", "ptsd"),
    [
        (Caps5Criteria(), CANNOT_TELL),
        (Caps5Criteria(event=False), NOT_MET),
        (Caps5Criteria(over_a_month=False), NOT_MET),
        (Caps5Criteria(impairment=(1, 1, 1)), NOT_MET),
        (Caps5Criteria(event=True, over_a_month=True, impairment=(1, 1, None)), CANNOT_TELL),
        (Caps5Criteria(event=True, over_a_month=True, impairment=(None, None, 2)), MET),
        (Caps5Criteria(event=True, over_a_month=None, impairment=(2, 0, 0)), CANNOT_TELL),
        (Caps5Criteria(event=None, over_a_month=True, impairment=(2, 0, 0)), CANNOT_TELL),
    ],
)
def test_no_caps5_criterion_is_taken_as_met_by_default(criteria, ptsd):
    assert caps5.diagnose(LEAST, criteria).ptsd is ptsd


@pytest.mark.parametrize(
    ("answers", "dissociation", "subtype"),
    [
        (LEAST, (2, 0), MET),
        (LEAST, (0, 2), MET),
        (LEAST, (1, 1), NOT_MET),
        (LEAST, (None, 1), CANNOT_TELL),
        (without(LEAST, 6, 0), (4, 4), NOT_MET),
        (without(LEAST, 6, None), (4, 4), CANNOT_TELL),
        (without(LEAST, 6, None), (0, 0), NOT_MET),
    ],
)
def test_the_dissociative_subtype_needs_ptsd_and_one_of_its_two_ratings(
    answers, dissociation, subtype
):
    criteria = Caps5Criteria(
        event=True, over_a_month=True, impairment=(2, 0, 0), dissociation=dissociation
    )

    assert caps5.diagnose(answers, criteria).dissociative is subtype


def test_a_criterion_rating_outside_the_form_is_refused_at_its_item():
    with pytest.raises(RuleBroken) as refused:
        Caps5Criteria(dissociation=(0, 5))

    assert refused.value.field == "derealisation"


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ((3, 1, 1, 1, 1, 3, 3, 3, 1, 1, 1, 1, 3, 3, 1, 1, 1), MET),
        ((2, 1, 1, 1, 1, 3, 3, 3, 1, 1, 1, 1, 3, 3, 1, 1, 1), NOT_MET),
        ((3, 1, 1, 1, 1, 3, 3, 2, 1, 1, 1, 1, 3, 3, 1, 1, 1), NOT_MET),
        ((3, 1, 1, 1, 1, 3, 3, 3, 1, 1, 1, 1, 3, 2, 1, 1, 1), NOT_MET),
        ((3, 1, 1, 1, 1, 3, 3, None, 1, 1, 1, 1, 3, 3, 1, 1, 1), CANNOT_TELL),
    ],
)
def test_the_pcl4_rule_counts_from_three_and_needs_three_c_symptoms(answers, found):
    assert enough(PCL4.rule.needed, symptom_counts(PCL4, answers)) is found


@pytest.mark.parametrize(
    ("rating", "f1i2", "severity4"),
    [
        (Rating(1, 2), MET, NOT_MET),
        (Rating(0, 4), NOT_MET, MET),
        (Rating(4, 1), NOT_MET, MET),
        (Rating(1, 3), MET, MET),
        (Rating(2, 1), NOT_MET, NOT_MET),
        (Rating(0, None), NOT_MET, CANNOT_TELL),
        (Rating(None, 1), NOT_MET, CANNOT_TELL),
        (Rating(1, None), CANNOT_TELL, CANNOT_TELL),
        (Rating(None, 2), CANNOT_TELL, CANNOT_TELL),
        (Rating(4, None), CANNOT_TELL, MET),
        (Rating(None, None), CANNOT_TELL, CANNOT_TELL),
    ],
)
def test_the_two_caps4_rules_count_different_symptoms(rating, f1i2, severity4):
    assert caps4.F1I2.present(rating) is f1i2
    assert caps4.ITEM_SEVERITY_4.present(rating) is severity4


def caps4_form(**changed):
    """Six items at frequency 1, intensity 2: the least that F1/I2 calls PTSD."""
    present = {1, 6, 7, 8, 13, 14}
    form = [Rating(1, 2) if n in present else Rating(0, 0) for n in range(1, 18)]
    for place, rating in changed.items():
        form[int(place.removeprefix("item")) - 1] = rating
    return tuple(form)


def test_the_least_caps4_form_is_ptsd_by_one_rule_and_not_by_the_other():
    assert caps4.score_ratings(caps4_form()).total == 18
    assert caps4.diagnose(caps4_form(), IV_MET, caps4.F1I2) is MET
    assert caps4.diagnose(caps4_form(), IV_MET, caps4.ITEM_SEVERITY_4) is NOT_MET


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        (CapsIvCriteria(), CANNOT_TELL),
        (CapsIvCriteria(event=False), NOT_MET),
        (CapsIvCriteria(over_a_month=False), NOT_MET),
        (CapsIvCriteria(impairment=False), NOT_MET),
        (CapsIvCriteria(event=True, over_a_month=True), CANNOT_TELL),
    ],
)
def test_no_caps4_criterion_is_taken_as_met_by_default(criteria, found):
    assert caps4.diagnose(caps4_form(), criteria, caps4.F1I2) is found


def test_a_half_rated_caps4_item_leaves_its_other_half_open():
    scored = caps4.score_ratings(caps4_form(item1=Rating(1, None)))

    assert (scored.total, scored.answered) == (None, 16)
    assert (scored.lowest, scored.highest) == (16, 20)


def test_no_caps4_symptom_is_counted_from_sums_without_their_halves():
    assert symptom_counts(caps4.CAPS4, (8,) * 17) == ()


def test_contradicting_caps4_ratings_are_found_in_both_directions():
    form = caps4_form(item2=Rating(0, 3), item17=Rating(2, 0), item3=Rating(0, None))

    assert caps4.inconsistent_items(form) == (2, 17)


@pytest.mark.parametrize("wrong", [Rating(5, 0), Rating(0, -1)])
def test_a_caps4_half_outside_the_form_is_refused_at_its_item(wrong):
    with pytest.raises(RuleBroken) as refused:
        caps4.score_ratings(caps4_form(item13=wrong))

    assert refused.value.field == "sleep"


def test_a_caps4_form_of_another_length_is_refused():
    with pytest.raises(RuleBroken, match="17 items"):
        caps4.score_ratings(caps4_form()[:16])


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ((2, 0, 2, 2, 2, 2, 0, 0, 0), Depression.MAJOR),
        ((2, 0, 2, 2, 2, 0, 0, 0, 0), Depression.OTHER),
        ((2, 0, 2, 2, 2, 0, 0, 0, 1), Depression.MAJOR),
        ((0, 2, 2, 0, 0, 0, 0, 0, 0), Depression.OTHER),
        ((2, 0, 0, 0, 0, 0, 0, 0, 0), Depression.NONE),
        ((1, 1, 3, 3, 3, 3, 3, 3, 3), Depression.NONE),
        ((1, None, 3, 3, 3, 3, 3, 3, 3), Depression.CANNOT_TELL),
        ((2, 2, 2, 2, 2, None, None, None, None), Depression.MAJOR),
        ((2, 2, 0, 0, None, None, 0, 0, 0), Depression.OTHER),
        ((2, 2, 0, 0, None, None, None, 0, 0), Depression.CANNOT_TELL),
        ((0, 0, None, None, None, None, None, None, None), Depression.NONE),
    ],
)
def test_the_phq9_algorithm_needs_a_core_symptom_and_counts_item_9_from_one(answers, found):
    assert phq9.algorithm(answers) is found


@pytest.mark.parametrize(("answer", "found"), [(0, NOT_MET), (1, MET), (None, CANNOT_TELL)])
def test_a_blank_item_9_is_a_question_and_not_a_zero(answer, found):
    assert phq9.self_harm((0, 0, 0, 0, 0, 0, 0, 0, answer)) is found


@pytest.mark.parametrize(
    ("answers", "raw", "total", "filled"),
    [
        ((1, 1, 1, 1, 1, 1, 1, 1, 1), 9.0, 9, 0),
        ((2, 2, None, 0, 0, 0, 0, 0, 0), 4.5, 5, 1),  # 4 x 9 / 8, half up
        ((2, 2, 2, 2, 2, 2, None, 0, 0), 13.5, 14, 1),  # 12 x 9 / 8
        ((3, 3, 3, 1, 0, 0, None, None, 0), 12.857142857, 13, 2),  # 10 x 9 / 7
        ((1, 0, 0, 0, 0, 0, None, None, 0), 1.285714286, 1, 2),
    ],
)
def test_prorating_fills_at_most_two_blanks_with_the_mean_and_rounds_half_up(
    answers, raw, total, filled
):
    estimate = phq9.prorate(answers)

    assert estimate.raw == pytest.approx(raw)
    assert (estimate.total, estimate.filled) == (total, filled)
    assert estimate.source.text


@pytest.mark.parametrize(
    "answers",
    [(1, 1, 1, 1, 1, 1, 1, 1, None), (None, None, None, 1, 1, 1, 1, 1, 0)],
)
def test_prorating_is_refused_for_a_blank_item_9_and_for_three_blanks(answers):
    assert phq9.prorate(answers) is None


def test_prorating_never_changes_the_score_itself():
    answers = (2, 2, None, 0, 0, 0, 0, 0, 0)

    assert phq9.prorate(answers) is not None
    assert score(PHQ9, answers).total is None


def hamd(**changed):
    answers = dict.fromkeys((item.key for item in HAMD17.items), 0) | changed
    return tuple(answers.values())


def test_a_weight_that_was_not_assessed_counts_as_answered_and_adds_nothing():
    scored = score(HAMD17, hamd(mood=3, weight=3))

    assert (scored.total, scored.lowest, scored.highest, scored.answered) == (3, 3, 3, 17)


@pytest.mark.parametrize(("answer", "assessed"), [(0, True), (2, True), (3, False), (None, None)])
def test_whether_weight_was_assessed_is_told_apart_from_a_blank(answer, assessed):
    assert hamd17.weight_assessed(hamd(weight=answer)) is assessed


@pytest.mark.parametrize(("item", "highest"), [("agitation", 4), ("insomnia_late", 2)])
def test_a_hamd_item_keeps_its_own_maximum(item, highest):
    assert score(HAMD17, hamd(**{item: highest})).total == highest
    with pytest.raises(RuleBroken):
        score(HAMD17, hamd(**{item: highest + 1}))


def test_the_weight_code_for_not_assessed_is_allowed_at_no_other_item():
    with pytest.raises(RuleBroken):
        score(HAMD17, hamd(insight=3))


@pytest.mark.parametrize("answer", [0, 1, 4, None])
def test_the_hamd_suicide_item_is_given_as_rated_or_as_unknown(answer):
    assert hamd17.suicide_level(hamd(suicide=answer)) == answer


def test_the_words_of_a_finding_are_plain():
    assert [f.words for f in (MET, NOT_MET, CANNOT_TELL)] == ["met", "not met", "cannot tell"]

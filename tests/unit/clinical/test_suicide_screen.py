"""The screener: bands and never a sum, held against a second, slower reading of its rules."""

from itertools import product

import pytest

from ipt_tracker.clinical.course.records import RiskBand
from ipt_tracker.clinical.suicide_screen import (
    Question,
    at_least,
    band_words,
    derive_band,
    is_urgent,
    kept_answers,
    missing,
)

ALL = [str(question) for question in Question]
EVERY = [dict(zip(ALL, row, strict=True)) for row in product((True, False, None), repeat=len(ALL))]
ORDER = [RiskBand.NONE, RiskBand.LOW, RiskBand.MODERATE, RiskBand.SEVERE]
NO = dict.fromkeys(ALL, False)


def on_paper(answers):
    """Go through the questions as a person with the form does, and note the worst that came up."""
    worst, blank = 0, False
    steps = [("q1", 1), ("q2", 1)]
    if answers.get("q2") is True:
        steps += [("q3", 2), ("q4", 3), ("q5", 3)]
    steps.append(("q6_lifetime", 2))
    if answers.get("q6_lifetime") is True:
        steps.append(("q6_3_months", 3))
    for key, level in steps:
        if answers.get(key) is None:
            blank = True
        elif answers[key]:
            worst = max(worst, level)
    for key, level in (("q3", 2), ("q4", 3), ("q5", 3), ("q6_3_months", 3)):
        if answers.get(key) is True:  # answered although it was not to be asked
            worst = max(worst, level)
    if worst == 3:
        return "severe"
    return "cannot_tell" if blank else ["none", "low", "moderate"][worst]


def test_every_set_of_answers_has_the_band_of_the_slow_reading():
    wrong = [each for each in EVERY if derive_band(each) != on_paper(each)]

    assert len(EVERY) == 3**7
    assert wrong == []


def test_a_yes_instead_of_a_no_never_lowers_the_band():
    for answers in EVERY:
        for key in ALL:
            if answers[key] is False:
                with_yes = at_least(answers | {key: True})
                assert ORDER.index(with_yes) >= ORDER.index(at_least(answers))


def test_a_severe_answer_is_severe_whatever_is_missing():
    for answers in EVERY:
        if answers["q4"] or answers["q5"] or answers["q6_3_months"]:
            assert derive_band(answers) is RiskBand.SEVERE


def test_nothing_missing_is_hidden_behind_a_low_band():
    for answers in EVERY:
        if missing(answers):
            assert derive_band(answers) in {RiskBand.CANNOT_TELL, RiskBand.SEVERE}


@pytest.mark.parametrize(
    ("yes", "band"),
    [
        ((), "none"),
        (("q1",), "low"),
        (("q2",), "low"),
        (("q1", "q2"), "low"),  # two yeses are no more than one: nothing is added up
        (("q2", "q3"), "moderate"),
        (("q6_lifetime",), "moderate"),
        (("q2", "q4"), "severe"),
        (("q2", "q5"), "severe"),
        (("q6_lifetime", "q6_3_months"), "severe"),
    ],
)
def test_the_bands_of_the_reference(yes, band):
    assert derive_band(NO | dict.fromkeys(yes, True)) == band


def test_what_need_not_be_asked_is_not_missing():
    assert missing({"q1": False, "q2": False, "q6_lifetime": False}) == ()
    assert missing({"q1": False, "q2": True, "q6_lifetime": True}) == (
        "q3",
        "q4",
        "q5",
        "q6_3_months",
    )


def test_a_needed_blank_is_kept_as_a_blank_and_an_unused_screener_not_at_all():
    assert kept_answers({"q1": False, "q2": False}) == {
        "q1": False,
        "q2": False,
        "q6_lifetime": None,
    }
    assert kept_answers(dict.fromkeys(ALL)) is None


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (NO, "None"),
        ({"q1": True, "q2": False}, "Cannot tell: 1 answer is missing; at least low"),
        ({"q6_lifetime": False}, "Cannot tell: 2 answers are missing"),
        ({"q5": True}, "Severe"),
    ],
)
def test_the_words_say_what_is_missing(answers, words):
    assert band_words(answers) == words


@pytest.mark.parametrize(
    ("answers", "urgent"),
    [({"q1": True}, False), ({"q3": True}, True), ({"q6_3_months": True}, True), ({}, False)],
)
def test_a_moderate_answer_is_urgent_although_others_are_missing(answers, urgent):
    assert is_urgent(answers) is urgent

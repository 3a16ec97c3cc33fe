"""What an entry makes us ask: a positive answer and a blank both, and nothing is ever inferred."""

import pytest

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS, KEYS, instrument
from ipt_tracker.clinical.safety import NO_ITEM_WORDS, Reason, has_item, prompt_for

ASKING = pytest.mark.parametrize(("key", "item"), [("phq9", "self_harm"), ("hamd17", "suicide")])


@ASKING
@pytest.mark.parametrize("answer", [1, 2, 3])
def test_an_answer_of_one_or_more_raises_a_prompt(key, item, answer):
    prompt = prompt_for(instrument(key), {item: answer}, not_done=False)

    assert (prompt.instrument_key, prompt.item_key) == (key, item)
    assert (prompt.reason, prompt.answer) == (Reason.POSITIVE, answer)


@ASKING
@pytest.mark.parametrize("blank", [{}, None, "given"])
def test_a_blank_or_a_total_alone_means_ask(key, item, blank):
    answers = {item: None} if blank == "given" else blank

    prompt = prompt_for(instrument(key), answers, not_done=False)

    assert (prompt.reason, prompt.answer) == (Reason.BLANK, None)


@ASKING
def test_a_zero_raises_no_prompt_and_says_nothing(key, item):
    assert prompt_for(instrument(key), {item: 0}, not_done=False) is None


@ASKING
@pytest.mark.parametrize("answers", [None, {}, {"self_harm": 3, "suicide": 3}])
def test_a_form_that_was_not_done_raises_no_prompt(key, item, answers):
    assert prompt_for(instrument(key), answers, not_done=True) is None


@pytest.mark.parametrize("key", sorted(set(KEYS) - {"phq9", "hamd17"}))
@pytest.mark.parametrize("answers", [None, {}])
def test_a_form_without_such_an_item_raises_no_prompt(key, answers):
    assert prompt_for(instrument(key), answers, not_done=False) is None


def every_word():
    prompts = [
        prompt_for(one, answers, not_done=False)
        for one in INSTRUMENTS.values()
        if one.suicidality_item
        for answers in (None, {one.suicidality_item: 1}, {one.suicidality_item: 3})
    ]
    return [NO_ITEM_WORDS, *(word for each in prompts for word in (each.title, each.text))]


@pytest.mark.parametrize("words", every_word())
def test_the_words_prompt_a_question_and_never_state_a_risk(words):
    assert "ask" in words.lower()
    for wrong in ("risk", "low", "high", "safe", "no sign", "unlikely", "reassur", "denie"):
        assert wrong not in words.lower()


@pytest.mark.parametrize(
    ("key", "answers", "words"),
    [
        ("phq9", {"self_harm": 1}, "Item 9 of the PHQ-9 (death or self-harm) stands at 1."),
        ("hamd17", {"suicide": 4}, "Item 3 of the HAM-D 17 (suicide) stands at 4."),
        ("phq9", None, "Item 9 of the PHQ-9 (death or self-harm) has no answer here."),
    ],
)
def test_the_text_says_which_item_and_what_it_holds(key, answers, words):
    prompt = prompt_for(instrument(key), answers, not_done=False)

    assert prompt.text.startswith(words)
    assert prompt.text.endswith("note what was asked and what was done.")


@pytest.mark.parametrize(
    ("keys", "asks"),
    [
        (("pcl5_week", "phq9"), True),
        (("hamd17",), True),
        (("caps5_month", "caps4", "pcl5_week", "pcl4"), False),
        ((), False),
        (("unknown_form",), False),
    ],
)
def test_a_course_knows_whether_any_of_its_measures_asks(keys, asks):
    assert has_item(keys) is asks

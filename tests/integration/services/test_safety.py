"""An answer on suicide raises a prompt that stands until somebody says what was done."""

from datetime import date

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.persistence.models import SafetyPrompt
from ipt_tracker.services.corrections import (
    correct_measure,
    restore_measure,
    withdraw_measure,
)
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.measures import find_measure
from ipt_tracker.services.moving import move_measure
from ipt_tracker.services.safety import acknowledge, find_prompt, open_prompts, still_to_ask
from tests.factories.clinic import FIRST_DAY
from tests.factories.courses import add_course, add_measure, measure
from tests.factories.stores import on_every_engine
from tests.factories.tables import audit_rows, contents

DAY = date(2026, 3, 10)
ITEM = {"phq9": "self_harm", "hamd17": "suicide"}


def opened(work, clinic):
    return open_course(work, clinic.course.id, Permission.RECORD_MEASURE)


def entry(answer, key="phq9", **more):
    answers = dict.fromkeys(INSTRUMENTS[key].answer_keys, 1) | {ITEM[key]: answer}
    return measure(key, DAY, answers=answers, **more)


def record(clinic, entered):
    with clinic.writing(clinic.therapist) as work:
        return add_measure(work, opened(work, clinic), entered).id


def change(clinic, measure_id, service, *values, **more):
    with clinic.writing(clinic.therapist) as work:
        course = opened(work, clinic)
        service(work, course, find_measure(work, course, measure_id), *values, **more)


def corrected(clinic, measure_id, answer, **more):
    change(clinic, measure_id, correct_measure, entry(answer, **more), reason="read again")


def standing(clinic):
    """Give the answers of the prompts that nobody has acknowledged."""
    with clinic.writing(clinic.therapist) as work:
        return [prompt.answer for prompt in open_prompts(work, opened(work, clinic))]


def every(clinic):
    with clinic.reading() as work:
        found = work.session.scalars(select(SafetyPrompt).order_by(SafetyPrompt.raised_at))
        return list(found)


def say(clinic, done="asked", action="asked at the door, no plan", prompt_id=None):
    with clinic.writing(clinic.therapist) as work:
        course = opened(work, clinic)
        prompt = find_prompt(work, course, prompt_id or every(clinic)[-1].id)
        acknowledge(work, course, prompt, done, action)


@on_every_engine
@pytest.mark.parametrize("key", ITEM)
@pytest.mark.parametrize(("answer", "reason"), [(1, "positive"), (3, "positive"), (None, "blank")])
def test_an_answer_or_a_blank_raises_a_prompt_at_the_moment_of_entry(clinic, key, answer, reason):
    found = record(clinic, entry(answer, key))

    (prompt,) = every(clinic)
    assert (prompt.measure_id, prompt.course_id) == (found, clinic.course.id)
    assert (prompt.item, prompt.reason, prompt.answer) == (ITEM[key], reason, answer)
    assert (prompt.raised_at, prompt.acknowledged_at) == (clinic.now, None)
    assert [row.event for row in audit_rows(clinic.database)][-1] == "safety.prompted"


def test_a_total_alone_leaves_the_question_open(clinic):
    record(clinic, measure("phq9", DAY, 4))

    assert [(p.reason, p.answer) for p in every(clinic)] == [("blank", None)]


@pytest.mark.parametrize(
    "entered",
    [entry(0), measure("phq9", DAY, not_done="declined"), measure("pcl5_week", DAY, 40)],
)
def test_nothing_is_raised_by_a_zero_a_form_not_done_or_one_that_does_not_ask(clinic, entered):
    record(clinic, entered)

    assert every(clinic) == []


@on_every_engine
def test_it_is_acknowledged_with_who_when_and_what_was_done(clinic):
    record(clinic, entry(2))

    say(clinic, "handed_on", "told Dr Berg, who sees her at 16:00")

    (prompt,) = every(clinic)
    assert standing(clinic) == []
    assert (prompt.acknowledged_by, prompt.acknowledged_at) == (clinic.therapist.id, clinic.now)
    assert (prompt.done, prompt.action) == ("handed_on", "told Dr Berg, who sees her at 16:00")
    row = audit_rows(clinic.database)[-1]
    assert (row.event, row.details) == ("safety.acknowledged", {"done": "handed_on"})


@pytest.mark.parametrize(
    ("done", "action", "field"),
    [
        ("", "asked", "risk_done"),
        ("low risk", "asked", "risk_done"),
        ("corrected", "asked", "risk_done"),
        ("asked", None, "risk_note"),
        ("asked", "", "risk_note"),
    ],
)
def test_it_stands_until_it_is_said_what_was_done(clinic, done, action, field):
    record(clinic, entry(2))
    before = contents(clinic.database)

    with pytest.raises(RuleBroken) as refused:
        say(clinic, done, action)

    assert refused.value.field == field
    assert contents(clinic.database) == before
    assert standing(clinic) == [2]


def test_what_was_done_is_not_written_over(clinic):
    record(clinic, entry(2))
    say(clinic)

    with pytest.raises(RuleBroken, match="already"):
        say(clinic, action="something else")

    assert every(clinic)[0].action == "asked at the door, no plan"


def test_what_was_done_can_be_said_with_the_entry(clinic):
    record(clinic, entry(2, risk_done="asked", risk_note="asked, passive thoughts, plan made"))

    assert standing(clinic) == []
    assert every(clinic)[0].action == "asked, passive thoughts, plan made"


def test_an_answer_corrected_to_zero_closes_the_prompt_with_the_reason_and_asked_nobody(clinic):
    found = record(clinic, entry(2))

    corrected(clinic, found, 0)

    (prompt,) = every(clinic)
    assert (prompt.done, prompt.action, prompt.acknowledged_by) == (
        "corrected",
        "read again",
        clinic.therapist.id,
    )


def test_an_answer_corrected_to_another_one_is_asked_about_anew(clinic):
    found = record(clinic, entry(1))
    say(clinic)

    corrected(clinic, found, 3)

    assert standing(clinic) == [3]
    assert [p.done for p in every(clinic) if p.answer == 1] == ["asked"]


def test_an_answer_corrected_there_and_back_is_asked_about_after_all(clinic):
    found = record(clinic, entry(2))
    corrected(clinic, found, 0)

    corrected(clinic, found, 2)

    assert standing(clinic) == [2]


def test_a_correction_elsewhere_on_the_form_raises_nothing_twice(clinic):
    found = record(clinic, entry(2))
    answers = entry(2).answers | {"mood": 3}

    change(
        clinic, found, correct_measure, measure("phq9", DAY, answers=answers), reason="read again"
    )

    assert standing(clinic) == [2]
    assert len(every(clinic)) == 1


def test_a_correction_can_say_what_was_done(clinic):
    found = record(clinic, entry(0))

    corrected(clinic, found, 1, risk_done="asked", risk_note="asked on the phone")

    assert [(p.answer, p.action) for p in every(clinic)] == [(1, "asked on the phone")]


def test_a_withdrawn_form_closes_its_prompt_and_put_back_it_asks_again(clinic):
    found = record(clinic, entry(2))
    change(clinic, found, withdraw_measure, "of another patient")
    assert (standing(clinic), every(clinic)[0].done) == ([], "withdrawn")

    change(clinic, found, restore_measure, "it was hers after all")

    assert standing(clinic) == [2]


def test_put_back_it_does_not_ask_again_what_somebody_has_asked(clinic):
    found = record(clinic, entry(2))
    say(clinic)

    change(clinic, found, withdraw_measure, "of another patient")
    change(clinic, found, restore_measure, "it was hers after all")

    assert standing(clinic) == []
    assert len(every(clinic)) == 1


def test_a_moved_form_takes_its_question_along(clinic):
    with clinic.writing(clinic.therapist) as work:
        other = add_course(work, FIRST_DAY, code="T-303").id
    found = record(clinic, entry(2))

    sure = frozenset({"target"})
    change(clinic, found, move_measure, "T-303", "two folders open", confirmed=sure)

    assert standing(clinic) == []
    with clinic.writing(clinic.therapist) as work:
        there = open_course(work, other, Permission.RECORD_MEASURE)
        assert [each.measure_id for each in still_to_ask(work, there)] == [found]


def test_the_words_ask_and_state_no_level_of_risk(clinic):
    record(clinic, entry(1))

    with clinic.writing(clinic.therapist) as work:
        (asked,) = still_to_ask(work, opened(work, clinic))
    said = f"{asked.words.title} {asked.words.text}".lower()
    assert "ask" in said
    assert not {"low", "high", "moderate", "safe", "no risk"} & set(said.replace(".", "").split())


def test_a_prompt_of_another_course_is_not_reached(clinic):
    record(clinic, entry(1))
    mine = every(clinic)[0].id

    with clinic.writing(clinic.therapist2) as work:
        own = open_course(work, clinic.course2.id, Permission.RECORD_MEASURE)
        with pytest.raises(AccessDenied):
            find_prompt(work, own, mine)


def test_no_audit_row_holds_what_was_said(clinic):
    words = "quartz pelican"
    found = record(clinic, entry(1))
    say(clinic, action=words)
    change(clinic, found, correct_measure, entry(2), reason=words)
    change(clinic, found, withdraw_measure, words)
    change(clinic, found, restore_measure, words)

    assert [r.event for r in audit_rows(clinic.database) if words in str(vars(r))] == []

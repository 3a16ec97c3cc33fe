"""The same form keyed twice: the two are compared, and neither is changed."""

from datetime import date

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import Measure, SecondKeying
from ipt_tracker.services.corrections import correct_measure, restore_measure, withdraw_measure
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.measures import find_measure
from ipt_tracker.services.safety import acknowledge, prompts_of
from ipt_tracker.services.second_keying import key_again, keyed_twice, keyings_of
from tests.factories.courses import add_measure, measure
from tests.factories.stores import on_every_engine
from tests.factories.tables import audit_rows, contents

DAY = date(2026, 3, 10)
TWENTY = dict.fromkeys(INSTRUMENTS["caps5_month"].answer_keys, 2)
RATED = {"over_a_month": True, "impaired": False, "distress": 3}


def opened(work, clinic):
    return open_course(work, clinic.course.id, Permission.RECORD_MEASURE)


@pytest.fixture
def first(clinic):
    """Give the id of an interview that was entered by its items."""
    with clinic.writing(clinic.therapist) as work:
        entry = measure("caps5_month", DAY, answers=TWENTY, beside=RATED)
        return add_measure(work, opened(work, clinic), entry).id


def again(clinic, measure_id, answers=TWENTY, beside=RATED):
    with clinic.writing(clinic.therapist) as work:
        course = opened(work, clinic)
        return key_again(work, course, find_measure(work, course, measure_id), answers, beside)


def marks(clinic):
    with clinic.writing(clinic.therapist) as work:
        return keyed_twice(work, opened(work, clinic))


@on_every_engine
def test_two_keyings_that_agree(clinic, first):
    again(clinic, first, beside={**RATED, "social_impairment": None})

    with clinic.reading() as work:
        (second,) = work.session.scalars(select(SecondKeying))
    assert (second.differing, second.answers["sleep"]) == ([], 2)
    assert (second.keyed_by, second.keyed_at) == (clinic.therapist.id, clinic.now)
    assert marks(clinic) == {first: 0}
    row = audit_rows(clinic.database)[-1]
    assert (row.event, row.subject_id, row.details) == (
        "measure.keyed_again",
        str(first),
        {"differing": 0},
    )


@pytest.mark.parametrize(
    ("answers", "beside", "differing"),
    [
        ({"sleep": 3}, {}, ["sleep"]),
        ({"sleep": None}, {}, ["sleep"]),
        ({"nightmares": 0, "sleep": 1}, {}, ["nightmares", "sleep"]),
        ({}, {"impaired": True}, ["impaired"]),
        ({}, {"impaired": None}, ["impaired"]),
        ({}, {"derealisation": 0}, ["derealisation"]),
    ],
)
def test_what_differs_is_named_and_nothing_is_changed(clinic, first, answers, beside, differing):
    with clinic.reading() as work:
        before = vars(work.session.get(Measure, first)).copy()

    assert again(clinic, first, TWENTY | answers, RATED | beside).differing == differing

    with clinic.reading() as work:
        after = vars(work.session.get(Measure, first))
    assert {k: v for k, v in after.items() if k[0] != "_"} == {
        k: v for k, v in before.items() if k[0] != "_"
    }
    assert marks(clinic) == {first: len(differing)}


def test_a_correction_settles_what_differed(clinic, first):
    again(clinic, first, TWENTY | {"sleep": 3})
    with clinic.writing(clinic.therapist) as work:
        course = opened(work, clinic)
        entry = measure("caps5_month", DAY, answers=TWENTY | {"sleep": 3}, beside=RATED)
        correct_measure(work, course, find_measure(work, course, first), entry, reason="misread")

    assert marks(clinic) == {first: 0}


def test_the_newest_keying_counts_and_the_others_are_kept(clinic, first):
    again(clinic, first, TWENTY | {"sleep": 3})
    with clinic.writing() as work:
        row = work.session.scalars(select(SecondKeying)).one()
        row.keyed_at = row.keyed_at.replace(hour=8)
    again(clinic, first)

    assert marks(clinic) == {first: 0}
    with clinic.writing(clinic.therapist) as work:
        assert [len(k.differing) for k in keyings_of(work, first)] == [0, 1]


@pytest.mark.parametrize(
    ("answers", "beside", "said"),
    [
        ({}, {}, "Nothing was keyed"),
        (dict.fromkeys(TWENTY), {}, "Nothing was keyed"),
        (TWENTY | {"sleep": 5}, {}, "not on the form"),
        (TWENTY | {"dragons": 1}, {}, "dragons"),
        (TWENTY, {"impaired": 2}, "not on the form"),
    ],
)
def test_what_the_form_does_not_have_is_refused(clinic, first, answers, beside, said):
    before = contents(clinic.database)

    with pytest.raises(RuleBroken, match=said):
        again(clinic, first, answers, beside)

    assert contents(clinic.database) == before


def test_a_total_alone_or_a_withdrawn_form_cannot_be_compared(clinic, first):
    with pytest.raises(RuleBroken, match="no answers by item"):
        again(clinic, clinic.course.measures[0])
    with clinic.writing(clinic.therapist) as work:
        course = opened(work, clinic)
        withdraw_measure(work, course, find_measure(work, course, first), "entered twice")

    with pytest.raises(RuleBroken, match="no answers by item"):
        again(clinic, first)


# -- an answer on suicide that the second keying has


ASKING = {"phq9": "self_harm", "hamd17": "suicide"}


def form_with(key, answer):
    return dict.fromkeys(INSTRUMENTS[key].answer_keys, 1) | {ASKING[key]: answer}


@pytest.fixture
def put(clinic):
    """Give what records a form that asks about suicide, by the answer it has there."""

    def recorded(key, answer):
        with clinic.writing(clinic.therapist) as work:
            entry = measure(key, DAY, answers=form_with(key, answer))
            return add_measure(work, opened(work, clinic), entry).id

    return recorded


def on(clinic, found, service, *values, **more):
    with clinic.writing(clinic.therapist) as work:
        course = opened(work, clinic)
        service(work, course, find_measure(work, course, found), *values, **more)


def prompts(clinic, found):
    """Give answer and closing of every prompt of a measure."""
    with clinic.reading() as work:
        return [(p.answer, p.done) for p in prompts_of(work, found)]


@on_every_engine
@pytest.mark.parametrize("key", ASKING)
@pytest.mark.parametrize("answer", [1, 2, 3])
def test_an_answer_on_suicide_in_the_second_keying_raises_a_prompt(clinic, put, key, answer):
    found = put(key, 0)

    again(clinic, found, form_with(key, answer), {})

    assert prompts(clinic, found) == [(answer, None)]


@pytest.mark.parametrize("answer", [0, None])
def test_a_zero_or_a_blank_in_the_second_keying_raises_and_closes_nothing(clinic, put, answer):
    found = put("phq9", 2)

    again(clinic, found, form_with("phq9", answer), {})

    assert prompts(clinic, found) == [(2, None)]


def test_the_same_answer_keyed_again_is_not_asked_about_twice(clinic, put):
    found = put("phq9", 2)
    again(clinic, found, form_with("phq9", 2), {})
    assert prompts(clinic, found) == [(2, None)]
    with clinic.writing(clinic.therapist) as work:
        (prompt,) = prompts_of(work, found)
        acknowledge(work, opened(work, clinic), prompt, "asked", "asked, no plan")

    again(clinic, found, form_with("phq9", 2), {})
    again(clinic, found, form_with("phq9", 3), {})

    assert set(prompts(clinic, found)) == {(2, "asked"), (3, None)}


def test_what_was_closed_without_asking_is_asked_about_when_it_is_keyed_again(clinic, put):
    found = put("phq9", 2)
    right = measure("phq9", DAY, answers=form_with("phq9", 0))
    on(clinic, found, correct_measure, right, reason="misread")

    again(clinic, found, form_with("phq9", 2), {})

    assert set(prompts(clinic, found)) == {(2, "corrected"), (2, None)}


def test_it_stands_until_the_answer_itself_is_corrected(clinic, put):
    found = put("phq9", 0)
    again(clinic, found, form_with("phq9", 2), {})

    other = measure("phq9", DAY, answers=form_with("phq9", 0) | {"mood": 3})
    on(clinic, found, correct_measure, other, reason="mood misread")
    assert prompts(clinic, found) == [(2, None)]
    right = measure("phq9", DAY, answers=form_with("phq9", 1) | {"mood": 3})
    on(clinic, found, correct_measure, right, reason="the paper says 1")

    assert set(prompts(clinic, found)) == {(1, None), (2, "corrected")}


def test_put_back_the_form_asks_again_what_its_second_keying_asked(clinic, put):
    found = put("phq9", 0)
    again(clinic, found, form_with("phq9", 2), {})
    on(clinic, found, withdraw_measure, "entered twice")

    on(clinic, found, restore_measure, "it was right")

    assert set(prompts(clinic, found)) == {(2, "withdrawn"), (2, None)}

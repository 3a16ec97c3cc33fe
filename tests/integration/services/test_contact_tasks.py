"""A visit missed by somebody at risk lately asks for contact, until somebody says how it ended."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.persistence.models import ContactAttempt, ContactTask
from ipt_tracker.services.contact_tasks import (
    AttemptEntry,
    find_contact,
    read_contact,
    record_contact,
)
from ipt_tracker.services.doors import open_course, open_session
from ipt_tracker.services.risk_tasks import TaskKind, open_tasks
from ipt_tracker.services.session_questions import EVERY_QUESTION
from ipt_tracker.services.sessions import Attached, RiskEntry, change_session
from tests.factories.audit import broken_audit
from tests.factories.courses import SESSION, add_measure, add_session, measure
from tests.factories.stores import on_every_engine
from tests.factories.tables import audit_rows, contents

PRESENT = RiskEntry("asked_present", "thoughts at night, no plan")
AWAY = {"number": None, "duration_minutes": None, "mood": None, "risk": None}
NO_SESSION = {"number": None, "duration_minutes": None, "mood": None}
CALL = AttemptEntry("phone", reached=False, what="no answer, left a message")
TALKED = AttemptEntry("phone", reached=True, what="forgot the day, safe, comes on Friday")


def opened(work, clinic):
    return open_course(work, clinic.course.id, Permission.RECORD_SESSION)


def log(clinic, days_ago=0, **differs):
    with clinic.writing(clinic.therapist) as work:
        day = clinic.today - timedelta(days=days_ago)
        differs = {"number": None, "held_on": day, **differs}
        return add_session(work, opened(work, clinic), **differs).slot


def miss(clinic, days_ago=0, attendance="no_show", **differs):
    return log(clinic, days_ago, attendance=attendance, **{**AWAY, **differs})


def tasks(clinic):
    with clinic.reading() as work:
        return list(work.session.scalars(select(ContactTask)))


def attempts(clinic):
    with clinic.reading() as work:
        return list(work.session.scalars(select(ContactAttempt)))


def keep(clinic, attempt=None, outcome=None, seen=None):
    with clinic.writing(clinic.therapist) as work:
        course = opened(work, clinic)
        task = find_contact(work, course, tasks(clinic)[0].id)
        record_contact(work, course, task, attempt, outcome, seen=seen)


@pytest.fixture
def missed(clinic):
    """Miss a visit a week after risk was found."""
    log(clinic, 7, risk=PRESENT)
    miss(clinic)
    return clinic


@on_every_engine
@pytest.mark.parametrize("attendance", ["no_show", "late_cancellation", "cancelled_by_patient"])
def test_staying_away_after_a_finding_asks_for_contact(clinic, attendance):
    log(clinic, 7, risk=PRESENT)
    before = audit_rows(clinic.database)

    miss(clinic, attendance=attendance)

    (task,) = tasks(clinic)
    assert task.because == "Risk was present when asked on 4 Mar 2026."
    assert [row.event for row in audit_rows(clinic.database)[len(before) :]][-2:] == [
        "session.logged",
        "safety.contact_asked",
    ]


@pytest.mark.parametrize(
    "attendance", ["cancelled_by_therapist", "rescheduled", "entered_in_error"]
)
def test_what_is_no_absence_of_the_patient_asks_for_nothing(clinic, attendance):
    log(clinic, 7, risk=PRESENT)
    miss(clinic, attendance=attendance)

    assert tasks(clinic) == []


def test_a_missed_visit_without_a_finding_asks_for_nothing(clinic):
    miss(clinic)

    assert tasks(clinic) == []


def test_who_was_seen_since_the_missed_visit_need_not_be_looked_for(clinic):
    log(clinic, 14, risk=PRESENT)
    log(clinic, 1)
    miss(clinic, 3)

    assert tasks(clinic) == []


def test_who_was_seen_earlier_that_day_is_looked_for(clinic):
    log(clinic, risk=PRESENT)
    miss(clinic)

    assert len(tasks(clinic)) == 1


def test_who_was_seen_later_that_day_need_not_be_looked_for(clinic):
    log(clinic, 7, risk=PRESENT)
    away = log(clinic, attendance="cancelled_by_therapist", **AWAY)
    log(clinic)
    with clinic.writing(clinic.therapist) as work:
        course, record = open_session(work, clinic.course.id, away, Permission.RECORD_SESSION)
        entry = replace(SESSION, held_on=clinic.today, attendance="no_show", **NO_SESSION)
        change_session(work, course, record, entry, Attached(confirmed=EVERY_QUESTION))

    assert tasks(clinic) == []


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"q1": True, "q2": False, "q6_lifetime": False}, "of 4 Mar 2026 said: low."),
        ({"q1": True}, "of 4 Mar 2026 said: cannot tell."),
    ],
)
def test_a_positive_screen_is_a_finding_also_where_it_cannot_tell(clinic, answers, words):
    log(clinic, 7, risk=replace(PRESENT, answers=answers))
    miss(clinic)

    assert tasks(clinic)[0].because.endswith(words)


def test_a_screen_that_was_set_to_none_by_hand_is_still_a_finding(clinic):
    answers = {"q1": True, "q2": False, "q6_lifetime": False}
    mild = RiskEntry("asked_none", answers=answers, override_band="none", override_reason="years")
    log(clinic, 7, risk=mild)
    miss(clinic)

    assert len(tasks(clinic)) == 1


def test_an_answer_on_a_form_is_a_finding_asked_about_or_not(clinic):
    answers = dict.fromkeys(INSTRUMENTS["phq9"].answer_keys, 1)
    with clinic.writing(clinic.therapist) as work:
        add_measure(work, opened(work, clinic), measure("phq9", clinic.today, answers=answers))
    miss(clinic)

    assert tasks(clinic)[0].because == (
        "Item 9 of the PHQ-9 of 11 Mar 2026 stands at 1. "
        "Nobody has asked yet about the answer on the PHQ-9 of 11 Mar 2026."
    )


def test_a_session_that_turns_out_to_have_been_missed_asks_for_contact_once(clinic):
    log(clinic, 7, risk=PRESENT)
    slot = log(clinic)
    away = replace(
        SESSION,
        number=None,
        held_on=clinic.today,
        attendance="no_show",
        duration_minutes=None,
        mood=None,
    )
    for entry in (away, replace(away, attendance="late_cancellation")):
        with clinic.writing(clinic.therapist) as work:
            course, record = open_session(work, clinic.course.id, slot, Permission.RECORD_SESSION)
            change_session(work, course, record, entry, Attached(confirmed=EVERY_QUESTION))

    assert len(tasks(clinic)) == 1


def test_a_slot_entered_in_error_closes_nothing_and_says_so(missed):
    slot = tasks(missed)[0]
    with missed.writing(missed.therapist) as work:
        found = read_contact(work, opened(work, missed), slot.id)
        course, record = open_session(work, missed.course.id, found.slot, Permission.RECORD_SESSION)
        entry = replace(
            SESSION,
            number=None,
            held_on=missed.today,
            attendance="entered_in_error",
            duration_minutes=None,
            mood=None,
        )
        change_session(work, course, record, entry, Attached())
    with missed.reading() as work:
        (task,) = open_tasks(work, [missed.course.id])[missed.course.id]

    assert "now says “Entered in error”" in task.text


def test_an_audit_that_fails_leaves_neither_slot_nor_request(clinic):
    log(clinic, 7, risk=PRESENT)
    before = contents(clinic.database)

    with broken_audit(clinic.database), pytest.raises(DBAPIError):
        miss(clinic)

    assert contents(clinic.database) == before


def test_what_waits_is_given_for_every_course_with_its_words(missed):
    with missed.reading() as work:
        found = open_tasks(work, [missed.course.id, missed.people.course2.id])

    assert found[missed.people.course2.id] == ()
    (task,) = found[missed.course.id]
    assert (task.kind, task.title) == (TaskKind.CONTACT, "Same-day contact")
    assert task.text.startswith("No-show. Risk was present")


@on_every_engine
def test_an_attempt_is_kept_with_who_and_when_and_the_request_stays_open(missed):
    keep(missed, CALL, seen=0)

    (row,) = attempts(missed)
    assert (row.way, row.reached, row.tried_by) == ("phone", False, missed.therapist.id)
    assert tasks(missed)[0].closed_at is None
    assert audit_rows(missed.database)[-1].event == "safety.contact_tried"


def test_an_attempt_and_its_end_go_together(missed):
    keep(missed, TALKED, "reached_safe")

    (task,) = tasks(missed)
    assert (task.outcome, task.closed_by) == ("reached_safe", missed.therapist.id)
    assert [row.event for row in audit_rows(missed.database)][-2:] == [
        "safety.contact_tried",
        "safety.contact_closed",
    ]
    with missed.reading() as work:
        assert open_tasks(work, [missed.course.id])[missed.course.id] == ()


@pytest.mark.parametrize(
    ("attempt", "outcome", "field", "words"),
    [
        (None, None, "way", "Write down an attempt"),
        (CALL, "reached_safe", "outcome", "No attempt says that somebody was reached"),
        (None, "handed_to_supervisor", "outcome", "at least one attempt"),
        (CALL, "forgotten", "outcome", "Choose one of the list"),
        (replace(CALL, way="pigeon"), None, "way", "how contact was sought"),
        (replace(CALL, what=""), None, "what", "what happened"),
    ],
)
def test_what_was_not_tried_is_not_kept(missed, attempt, outcome, field, words):
    before = contents(missed.database)

    with pytest.raises(RuleBroken, match=words) as refused:
        keep(missed, attempt, outcome)

    assert refused.value.field == field
    assert contents(missed.database) == before


def test_a_moved_appointment_ends_without_an_attempt(missed):
    keep(missed, None, "moved")

    assert tasks(missed)[0].outcome == "moved"


def test_the_same_attempt_is_not_written_down_twice(missed):
    keep(missed, CALL, seen=0)

    with pytest.raises(RuleBroken, match="Another attempt was written down"):
        keep(missed, CALL, seen=0)

    assert len(attempts(missed)) == 1


def test_what_is_closed_stays_as_it_is(missed):
    keep(missed, None, "moved")

    with pytest.raises(RuleBroken, match="closed already"):
        keep(missed, CALL)


def test_a_request_of_another_course_is_not_found(missed):
    with missed.writing(missed.therapist2) as work:
        course = open_course(work, missed.people.course2.id, Permission.RECORD_SESSION)
        with pytest.raises(AccessDenied):
            find_contact(work, course, tasks(missed)[0].id)

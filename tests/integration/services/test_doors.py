"""Who reaches which course on which day: the door and every list agree, and opening is audited."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.persistence.models import Course, Supervision
from ipt_tracker.persistence.visibility import visible_to
from ipt_tracker.services.doors import open_course, open_session
from ipt_tracker.services.handovers import transfer
from ipt_tracker.services.identity.recognition import recognise
from ipt_tracker.services.identity.sign_ins import sign_in
from ipt_tracker.services.unit_of_work import reading, writing
from tests.factories.audit import broken_audit
from tests.factories.clinic import NOW
from tests.factories.people import PASSWORD, add_supervision
from tests.factories.stores import on_every_engine
from tests.factories.tables import audit_rows

pytestmark = on_every_engine
TODAY = NOW.date()
DAY = timedelta(days=1)


def actor_on(clinic, person, day):
    """Give the person as signing in makes them on that day."""
    token = sign_in(clinic.database, person.email, PASSWORD, NOW).token
    return recognise(clinic.database, token, NOW, day).actor


def seen_on(clinic, person, day):
    """Give the names of the courses that a person sees on a day; list and door must agree."""
    actor = actor_on(clinic, person, day)
    with reading(clinic.database, actor, NOW, day) as work:
        listed = set(work.session.scalars(select(Course.id).where(visible_to(actor, day))))
        opened = {ref.id for ref in (clinic.course, clinic.course2) if opens(work, ref)}
    assert listed == opened, "the list and the door disagree"
    return {ref.code for ref in (clinic.course, clinic.course2) if ref.id in listed}


def opens(work, ref):
    try:
        open_course(work, ref.id, Permission.OPEN_COURSE)
    except AccessDenied:
        return False
    return True


def test_each_person_sees_their_own_courses_and_a_supervisor_those_of_the_supervisees(clinic):
    assert seen_on(clinic, clinic.therapist, TODAY) == {"T-101"}
    assert seen_on(clinic, clinic.therapist2, TODAY) == {"T-202"}
    assert seen_on(clinic, clinic.supervisor, TODAY) == {"T-101"}
    assert seen_on(clinic, clinic.admin, TODAY) == set()


def test_a_supervision_holds_from_its_first_day_until_the_day_before_its_end(clinic):
    start, end = TODAY + 10 * DAY, TODAY + 20 * DAY
    with clinic.writing() as work:
        add_supervision(work, clinic.supervisor, clinic.therapist2, start, end)

    seen = {
        d: "T-202" in seen_on(clinic, clinic.supervisor, TODAY + d * DAY)
        for d in (0, 9, 10, 19, 20, 21)
    }

    assert seen == {0: False, 9: False, 10: True, 19: True, 20: False, 21: False}


def test_a_supervision_that_was_ended_today_shows_nothing_from_now_on(clinic):
    with clinic.writing() as work:
        work.session.scalars(select(Supervision)).one().ended_on = TODAY

    assert seen_on(clinic, clinic.supervisor, TODAY) == set()
    assert seen_on(clinic, clinic.supervisor, TODAY - DAY) == {"T-101"}


def test_a_transfer_takes_effect_on_its_day_for_both_therapists_and_the_supervisor(clinic):
    day = TODAY + 7 * DAY
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.TRANSFER_COURSE)
        transfer(work, course, clinic.therapist2.id, day, "maternity leave")

    before = {p.name: seen_on(clinic, p, day - DAY) for p in people(clinic)}
    from_then = {p.name: seen_on(clinic, p, day) for p in people(clinic)}

    assert before == {"R. Calder": {"T-101"}, "A. Okafor": {"T-202"}, "I. Marlowe": {"T-101"}}
    assert from_then == {"R. Calder": set(), "A. Okafor": {"T-101", "T-202"}, "I. Marlowe": set()}


def people(clinic):
    return clinic.therapist, clinic.therapist2, clinic.supervisor


def test_a_transfer_today_ends_the_first_therapists_access_at_once(clinic):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.TRANSFER_COURSE)
        transfer(work, course, clinic.therapist2.id, TODAY, "moved away")

    assert seen_on(clinic, clinic.therapist, TODAY) == set()
    assert seen_on(clinic, clinic.therapist2, TODAY) == {"T-101", "T-202"}


def test_the_supervisor_may_look_but_neither_log_nor_correct(clinic):
    for permission in (
        Permission.RECORD_SESSION,
        Permission.RECORD_MEASURE,
        Permission.EDIT_PATIENT,
        Permission.EDIT_COURSE,
    ):
        with clinic.writing(clinic.supervisor) as work, pytest.raises(AccessDenied):
            open_course(work, clinic.course.id, permission)


def test_opening_a_course_for_reading_commits_an_audit_row_first(clinic):
    with clinic.reading(clinic.supervisor) as work:
        open_course(work, clinic.course.id, Permission.OPEN_COURSE)
        row = audit_rows(clinic.database)[-1]  # seen from outside, while the page is being made

    assert (row.event, row.actor_id) == ("course.opened", clinic.supervisor.id)
    assert (row.subject_id, row.patient_id) == (str(clinic.course.id), clinic.course.patient_id)


def test_without_its_audit_row_a_course_is_not_handed_over(clinic):
    with (
        broken_audit(clinic.database),
        clinic.reading(clinic.therapist) as work,
        pytest.raises(DBAPIError),
    ):
        open_course(work, clinic.course.id, Permission.OPEN_COURSE)


def test_what_does_not_exist_is_refused_like_what_one_may_not_see(clinic):
    with clinic.reading(clinic.therapist) as work:
        with pytest.raises(AccessDenied) as foreign:
            open_course(work, clinic.course2.id, Permission.OPEN_COURSE)
        with pytest.raises(AccessDenied) as missing:
            open_course(work, uuid4(), Permission.OPEN_COURSE)

    assert str(foreign.value) == str(missing.value)


def test_a_slot_is_reached_through_its_own_course_only(clinic):
    with clinic.reading(clinic.therapist2) as work:
        _, record = open_session(work, clinic.course2.id, 1, Permission.OPEN_COURSE)
        assert record.course_id == clinic.course2.id
        with pytest.raises(AccessDenied):
            open_session(work, clinic.course2.id, 5, Permission.OPEN_COURSE)
        with pytest.raises(AccessDenied):
            open_session(work, clinic.course.id, 5, Permission.OPEN_COURSE)


def test_an_actor_signed_in_yesterday_is_given_todays_supervisees(clinic):
    token = sign_in(clinic.database, clinic.supervisor.email, PASSWORD, NOW).token

    on = {day: recognise(clinic.database, token, NOW, day).actor for day in DAYS}

    assert on[date(2025, 8, 31)].supervisees == frozenset()
    assert on[date(2025, 9, 1)].supervisees == {clinic.therapist.id}


DAYS = (date(2025, 8, 31), date(2025, 9, 1))


def test_a_change_through_the_door_is_refused_once_the_course_is_handed_over(clinic):
    with writing(clinic.database, clinic.therapist.actor(), NOW, TODAY) as work:
        course = open_course(work, clinic.course.id, Permission.TRANSFER_COURSE)
        transfer(work, course, clinic.therapist2.id, TODAY, "moved away")

    with clinic.writing(clinic.therapist) as work, pytest.raises(AccessDenied):
        open_course(work, clinic.course.id, Permission.RECORD_SESSION)

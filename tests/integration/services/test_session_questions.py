"""What seldom is right about a slot is asked first, and kept once somebody says that it is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ipt_tracker.clinical.rules import AskFirst, RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.appointments import AppointmentEntry, book, next_of
from ipt_tracker.services.doors import open_course, open_session
from ipt_tracker.services.endings import EndEntry, end_course
from ipt_tracker.services.sessions import Attached, RiskEntry, change_session, log_session
from tests.factories.courses import SESSION
from tests.factories.stores import on_every_engine

ASKED = RiskEntry("asked_none")
WEEK = timedelta(weeks=1)
ALL = ["out_of_order"]
AWAY = {"attendance": "no_show", "duration_minutes": None, "mood": None}


def log(clinic, confirmed=(), following=None, **differs):
    entry = replace(SESSION, **{"number": None, "held_on": clinic.today, **differs})
    attached = Attached(ASKED, following=following, confirmed=frozenset(confirmed))
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_SESSION)
        return log_session(work, course, entry, attached)


def ended(clinic, day):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.EDIT_COURSE)
        end_course(work, course, EndEntry(day, "completed", "ended", None))


def question(clinic, **differs):
    with pytest.raises(AskFirst) as asked:
        log(clinic, **differs)
    return asked.value


def test_a_routine_session_raises_no_question(clinic):
    assert log(clinic).number == 7


@pytest.mark.parametrize("differs", [{}, AWAY])
def test_a_day_before_a_logged_one_is_asked_about(clinic, differs):
    day = clinic.today - 4 * WEEK + timedelta(days=1)

    asked = question(clinic, held_on=day, **differs)

    assert (asked.key, asked.field) == ("out_of_order", "held_on")
    assert "18 Feb 2026 is logged already, later" in asked.message
    assert log(clinic, ["out_of_order"], held_on=day, **differs).held_on == day


def test_a_second_session_on_one_day_is_asked_about(clinic):
    log(clinic)

    assert question(clinic).key == "second_that_day"
    assert log(clinic, ["second_that_day"]).number == 8


def test_a_visit_missed_on_the_day_of_a_session_is_asked_about(clinic):
    log(clinic)

    asked = question(clinic, **AWAY)

    assert (asked.key, asked.field) == ("second_that_day", "held_on")
    assert asked.message.endswith("Is this a second appointment that day?")
    assert log(clinic, ["second_that_day"], **AWAY).number is None


@pytest.mark.parametrize("minutes", [1, 90])
def test_a_session_that_starts_later_today_is_asked_about(clinic, minutes):
    start = (clinic.now.astimezone() + timedelta(minutes=minutes)).time()

    asked = question(clinic, starts_at=start)

    assert (asked.key, asked.field) == ("still_to_come", "starts_at")
    assert f"starts later today, at {start:%H:%M}. Has it taken place?" in asked.message
    assert log(clinic, ["still_to_come"], starts_at=start).starts_at == start


def test_what_has_started_or_was_missed_is_not_asked_about(clinic):
    now = clinic.now.astimezone()
    later = (now + timedelta(hours=1)).time()

    assert log(clinic, starts_at=later, **AWAY).number is None
    assert log(clinic, starts_at=later, held_on=clinic.today - timedelta(days=1), confirmed=ALL)
    assert log(clinic, starts_at=now.time()).number == 8


def test_a_session_after_the_end_of_the_course_is_asked_about(clinic):
    ended(clinic, clinic.today - timedelta(days=1))

    assert question(clinic).key == "after_the_end"
    assert log(clinic, ["after_the_end"]).number == 7


def test_a_session_past_the_contract_is_asked_about_once(clinic):
    asked = question(clinic, number=15)
    assert (asked.key, asked.field) == ("past_the_plan", "number")
    assert asked.message.startswith("This is session 15 of 14 agreed.")

    slot = log(clinic, ["past_the_plan"], number=15).slot

    with clinic.writing(clinic.therapist) as work:
        course, record = open_session(work, clinic.course.id, slot, Permission.RECORD_SESSION)
        entry = replace(SESSION, number=15, held_on=clinic.today, phase="extension", mood=7)
        change_session(work, course, record, entry, Attached())


def test_a_date_that_is_mended_is_asked_about_again(clinic):
    slot = log(clinic).slot
    entry = replace(SESSION, number=7, held_on=clinic.today - 4 * WEEK + timedelta(days=1))

    with clinic.writing(clinic.therapist) as work:
        course, record = open_session(work, clinic.course.id, slot, Permission.RECORD_SESSION)
        with pytest.raises(AskFirst) as asked:
            change_session(work, course, record, entry, Attached())

    assert asked.value.key == "out_of_order"


def test_a_slot_of_nobody_raises_no_question(clinic):
    away = AWAY | {"attendance": "entered_in_error"}

    assert log(clinic, held_on=clinic.today - 3 * WEEK, **away).number is None


def test_a_whole_group_is_cancelled_only_where_there_is_a_group(clinic):
    with pytest.raises(RuleBroken) as refused:
        log(clinic, **(AWAY | {"attendance": "group_cancelled"}))

    assert refused.value.field == "attendance"


# -- appointments


@on_every_engine
def test_the_next_appointment_is_booked_with_the_session_and_not_doubled(clinic):
    following = AppointmentEntry(clinic.today + WEEK)

    log(clinic, following=following)
    log(clinic, ["second_that_day"], following=following)

    with clinic.reading() as work:
        found = next_of(work, [clinic.course.id])[clinic.course.id]
    assert found.planned_on == clinic.today + WEEK


def test_a_session_settles_what_was_booked_for_its_day(clinic):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_SESSION)
        book(work, course, AppointmentEntry(clinic.today))

    log(clinic)

    with clinic.reading() as work:
        assert next_of(work, [clinic.course.id]) == {}


def test_an_appointment_in_the_past_is_refused_beside_its_field(clinic):
    with pytest.raises(RuleBroken) as refused:
        log(clinic, following=AppointmentEntry(clinic.today - WEEK))

    assert refused.value.field == "next_on"

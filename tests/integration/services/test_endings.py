"""Ending a course, letting it go on, and taking back an arranged hand-over."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.course.protocols import custom_phase_map
from ipt_tracker.clinical.rules import AskFirst, RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import Amendment, Assignment, Course
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.endings import EndEntry, end_course, reopen_course
from ipt_tracker.services.handovers import take_back, transfer
from tests.factories.courses import add_course, add_session, measure
from tests.factories.tables import audit_rows

DAY = date(2026, 3, 11)
ENDED = EndEntry(DAY, "completed", "ended", "goals reached")


def opened(work, clinic):
    return open_course(work, clinic.course.id, Permission.EDIT_COURSE)


def ended(clinic, entry=ENDED):
    with clinic.writing(clinic.therapist) as work:
        end_course(work, opened(work, clinic), entry)


def test_a_course_that_ended_goes_on_with_its_focus_and_says_how_it_had_ended(clinic):
    ended(clinic)

    with clinic.writing(clinic.therapist) as work:
        reopen_course(work, opened(work, clinic), "came back")

    with clinic.reading(clinic.therapist) as work:
        course = opened(work, clinic)
        assert (course.status, course.ended_on, course.disposition) == ("active", None, None)
        assert [(s.area, s.ended_on, s.end_reason) for s in course.focal_areas] == [
            ("role_transition", None, None)
        ]
        kept = work.session.scalars(select(Amendment).where(Amendment.reason == "came back"))
        assert {a.field: a.old for a in kept} == {
            "ended_on": "2026-03-11",
            "status": "completed",
            "disposition": "ended",
            "outcome_reason": "goals reached",
        }
    assert audit_rows(clinic.database)[-2].event == "course.reopened"


@pytest.mark.parametrize(("reason", "message"), [(None, "Say why"), ("", "Say why")])
def test_a_course_does_not_go_on_without_a_reason(clinic, reason, message):
    ended(clinic)

    with pytest.raises(RuleBroken, match=message), clinic.writing(clinic.therapist) as work:
        reopen_course(work, opened(work, clinic), reason)


def test_a_course_that_goes_on_is_not_reopened(clinic):
    with pytest.raises(RuleBroken, match="goes on"), clinic.writing(clinic.therapist) as work:
        reopen_course(work, opened(work, clinic), "why not")


def test_a_course_without_a_session_is_asked_about_before_it_is_called_completed(clinic):
    with clinic.writing(clinic.therapist) as work:
        course = add_course(work, DAY, code="T-900")
        with pytest.raises(AskFirst) as asked:
            end_course(work, course, ENDED)

        confirmed = EndEntry(
            DAY, "completed", "ended", None, confirmed=frozenset({asked.value.key})
        )
        end_course(work, course, confirmed)

        assert (asked.value.field, course.status) == ("status", "completed")


def test_a_course_without_a_session_that_was_dropped_is_not_asked_about(clinic):
    with clinic.writing(clinic.therapist) as work:
        course = add_course(work, DAY, code="T-900")
        end_course(work, course, EndEntry(DAY, "dropped_out", "closed_by_service", None))

        assert course.status == "dropped_out"


def test_a_decision_for_another_treatment_names_it(clinic):
    entry = EndEntry(DAY, "completed", "sequenced_to_other_treatment", None)
    with pytest.raises(RuleBroken) as broken:
        ended(clinic, entry)

    assert broken.value.field == "destination"
    ended(clinic, EndEntry(DAY, "completed", "sequenced_to_other_treatment", None, "EMDR"))
    with clinic.reading(clinic.therapist) as work:
        assert work.session.get(Course, clinic.course.id).outcome_destination == "EMDR"


def test_an_arranged_hand_over_is_taken_back_and_never_held(clinic):
    later = DAY + timedelta(days=7)
    with clinic.writing(clinic.therapist) as work:
        transfer(work, opened(work, clinic), clinic.therapist2.id, later, "leave")
    with clinic.writing(clinic.therapist) as work:
        take_back(work, opened(work, clinic), "leave was moved")

    with clinic.reading() as work:
        wanted = select(Assignment).where(Assignment.course_id == clinic.course.id)
        own, arranged = sorted(work.session.scalars(wanted), key=lambda a: a.started_on)
        assert own.ended_on is None
        assert (arranged.started_on, arranged.ended_on) == (later, later)
        assert arranged.reason == "leave; taken back: leave was moved"
    with clinic.writing(clinic.therapist) as work:
        transfer(work, opened(work, clinic), clinic.therapist2.id, later, "leave after all")


@pytest.mark.parametrize(("arrange", "reason"), [(False, "why"), (True, None)])
def test_nothing_is_taken_back_without_a_hand_over_or_a_reason(clinic, arrange, reason):
    if arrange:
        with clinic.writing(clinic.therapist) as work:
            day = DAY + timedelta(days=7)
            transfer(work, opened(work, clinic), clinic.therapist2.id, day, "leave")

    with pytest.raises(RuleBroken), clinic.writing(clinic.therapist) as work:
        take_back(work, opened(work, clinic), reason)


def near_the_end(work, totals=(58, 57, 56)):
    """Start a course of three sessions that are all held, with these scores."""
    course = add_course(work, DAY - timedelta(weeks=3), code="T-901")
    course.planned_sessions, course.phase_map = 3, custom_phase_map(3).as_json()
    for number, total in enumerate(totals, 1):
        day = DAY - timedelta(weeks=4 - number)
        add_session(work, course, measure("pcl5_week", day, total), held_on=day, number=number)
    return course


def test_a_course_that_fell_short_says_why_it_ends_or_how_it_goes_on(clinic):
    with clinic.writing(clinic.therapist) as work:
        course = near_the_end(work)
        with pytest.raises(RuleBroken) as broken:
            end_course(work, course, EndEntry(DAY, "completed", "ended", None))

        assert broken.value.field == "reason"
        assert "no reliable improvement" in broken.value.message
        end_course(work, course, EndEntry(DAY, "completed", "ended", "wishes to stop here"))
        assert course.status == "completed"


@pytest.mark.parametrize(
    ("totals", "status", "disposition", "to"),
    [
        ((58, 40, 20), "completed", "ended", None),
        ((58, 57, 56), "dropped_out", "closed_by_service", None),
        ((58, 57, 56), "completed", "sequenced_to_other_treatment", "EMDR"),
        ((58,), "completed", "ended", None),
    ],
)
def test_a_reason_is_asked_for_only_when_a_completed_course_fell_short(
    clinic, totals, status, disposition, to
):
    with clinic.writing(clinic.therapist) as work:
        course = near_the_end(work, totals)
        end_course(work, course, EndEntry(DAY, status, disposition, None, to))

        assert course.status == status

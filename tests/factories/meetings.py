"""Supervision meetings, recorded through the services as a supervisor would."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.governance.access import Role
from ipt_tracker.persistence.models import MeetingAction
from ipt_tracker.services.supervision.entries import (
    ActionEntry,
    AttendeeEntry,
    CaseEntry,
    MeetingEntry,
)
from ipt_tracker.services.supervision.meetings import record_meeting
from ipt_tracker.services.unit_of_work import UnitOfWork, writing
from tests.factories.clinic import Clinic
from tests.factories.courses import CourseRef
from tests.factories.people import Person, add_person, add_supervision

FEEDBACK = "Name the time limit each session"
ACTION = "bring a recording of a communication analysis"


def person(therapist: Person, *courses: UUID, **more: Any) -> AttendeeEntry:
    """Give what is written about one supervisee: feedback, a case with minutes, an action."""
    usual = {
        "feedback": FEEDBACK,
        "cases": tuple(CaseEntry(each, 20, "how the ending is put") for each in courses),
        "actions": (ActionEntry(ACTION),),
    }
    return AttendeeEntry(therapist.id, **usual | more)


def meeting_of(clinic: Clinic, *people: AttendeeEntry, **differs: Any) -> MeetingEntry:
    """Give a meeting of a week ago with these people, the clinic's therapist unless said."""
    who = people or (person(clinic.therapist, clinic.course.id),)
    usual: dict[str, Any] = {
        "held_on": clinic.today - timedelta(weeks=1),
        "minutes": 50,
        "form": "individual" if len(who) == 1 else "group",
        "modality": "in_person",
        "remark": None,
        "people": who,
    }
    return MeetingEntry(**usual | differs)


def add_supervision_meeting(
    work: UnitOfWork, clinic: Clinic, *people: AttendeeEntry, **differs: Any
) -> UUID:
    """Record a meeting that the actor held."""
    return record_meeting(work, meeting_of(clinic, *people, **differs)).id


def supervise_both(clinic: Clinic) -> None:
    """Let the clinic's supervisor supervise the second therapist too."""
    with clinic.writing() as work:
        start = clinic.today - timedelta(weeks=20)
        add_supervision(work, clinic.supervisor, clinic.therapist2, start)


def supervised(clinic: Clinic, course: CourseRef) -> dict[str, UUID]:
    """Give a meeting about a course and its action; the second therapist has a chief of their own.

    It is recorded when it is first asked for.
    """
    first = course is clinic.course
    therapist = clinic.therapist if first else clinic.therapist2
    with clinic.writing() as work:
        action = select(MeetingAction).where(MeetingAction.therapist_id == therapist.id)
        found = work.session.scalars(action).first()
        if found is not None:
            return {"meeting_id": found.meeting_id, "action_id": found.id}
        chief = clinic.supervisor if first else _chief_of(work, therapist)
    entry = meeting_of(clinic, person(therapist, course.id), remark="How endings are prepared")
    with writing(clinic.database, chief.actor(therapist), clinic.now, clinic.today) as work:
        made = record_meeting(work, entry)
        return {"meeting_id": made.id, "action_id": made.actions[0].id}


def _chief_of(work: UnitOfWork, therapist: Person) -> Person:
    chief = add_person(work, "chief2@clinic.example", "K. Weiss", Role.SUPERVISOR)
    add_supervision(work, chief, therapist, work.today - timedelta(weeks=20))
    return chief

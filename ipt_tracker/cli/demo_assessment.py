"""What a blinded assessor of the demo was asked: one interview of one running course."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from ipt_tracker.clinical.instruments.caps5 import CAPS5_MONTH
from ipt_tracker.governance.access import Actor, Role
from ipt_tracker.persistence.models import Account, Course, Patient
from ipt_tracker.services.assessments.requests import RequestEntry, ask_assessment, assessors
from ipt_tracker.services.doors import holds_on
from ipt_tracker.services.unit_of_work import UnitOfWork

DUE_IN = timedelta(days=7)


def ask_assessor(work: UnitOfWork) -> None:
    """Let the therapist of the first running course ask the demo's assessor for an interview."""
    running = select(Course).join(Patient).where(Course.ended_on.is_(None)).order_by(Patient.code)
    course, people = work.session.scalars(running).first(), assessors(work)
    if course is None or not people:
        return
    therapist = next(a.therapist for a in course.assignments if holds_on(a, work))
    entry = RequestEntry(
        people[0][0], CAPS5_MONTH.key, work.today + DUE_IN, "Room 4, second floor. Any weekday."
    )
    ask_assessment(_as(work, therapist), course, entry)


def _as(work: UnitOfWork, therapist: Account) -> UnitOfWork:
    return replace(work, actor=Actor(therapist.id, Role.THERAPIST, therapist.display_name))

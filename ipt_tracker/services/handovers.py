"""How a course goes from one therapist to another, and how an arranged hand-over is taken back."""

from datetime import date
from uuid import UUID

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Role
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Account, Assignment, Course
from ipt_tracker.services.courses import assigned
from ipt_tracker.services.doors import course_subject, holds_on
from ipt_tracker.services.unit_of_work import UnitOfWork


def transfer(
    work: UnitOfWork, course: Course, therapist_id: UUID | None, day: date, reason: str | None
) -> Assignment:
    """Hand a course to another therapist from a day on, today or later; give the new tie."""
    if not reason:
        raise RuleBroken("Say why the course is handed over.", "reason")
    if day < work.today:
        raise RuleBroken("The day is past. A course is handed over today or later.", "day")
    therapist = work.session.get(Account, therapist_id) if therapist_id else None
    if therapist is None or therapist.role != Role.THERAPIST or not therapist.enabled:
        raise RuleBroken("Choose a therapist.", "therapist")
    held = [a for a in course.assignments if holds_on(a, work)]
    if therapist.id in {a.therapist_id for a in held}:
        raise RuleBroken("The course is with this therapist already.", "therapist")
    if arranged(work, course) is not None:
        raise RuleBroken("A hand-over is arranged already. Take it back first.", "day")
    for assignment in held:
        assignment.ended_on = day
    handed_over = assigned(work, course, therapist.id, day)
    handed_over.reason = reason
    work.session.add(handed_over)
    work.session.flush()
    work.audit(Event.COURSE_TRANSFERRED, course_subject(course), to=str(therapist.id))
    return handed_over


def others(
    work: UnitOfWork, course: Course, people: tuple[tuple[UUID, str], ...]
) -> tuple[tuple[UUID, str], ...]:
    """Leave out of some therapists the one who has the course today."""
    held = {a.therapist_id for a in course.assignments if holds_on(a, work)}
    return tuple((account_id, name) for account_id, name in people if account_id not in held)


def arranged(work: UnitOfWork, course: Course) -> Assignment | None:
    """Give the hand-over that is arranged and has not taken place yet, or None."""
    coming = (a for a in course.assignments if a.started_on > work.today and a.ended_on is None)
    return next(coming, None)


def take_back(work: UnitOfWork, course: Course, reason: str | None) -> None:
    """Take back a hand-over that has not taken place: the course stays where it is.

    The arranged tie stays readable as one that never held: it ends on the day it begins.
    """
    coming = arranged(work, course)
    if coming is None:
        raise RuleBroken("No hand-over is arranged.")
    if not reason:
        raise RuleBroken("Say why the hand-over is taken back.", "reason")
    for held in course.assignments:
        if held is not coming and held.ended_on == coming.started_on:
            held.ended_on = None
    coming.ended_on = coming.started_on
    coming.reason = f"{coming.reason}; taken back: {reason}" if coming.reason else reason
    work.audit(Event.TRANSFER_TAKEN_BACK, course_subject(course), to=str(coming.therapist_id))

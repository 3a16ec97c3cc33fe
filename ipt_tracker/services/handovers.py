"""How a course leaves its therapist: handed over to another one, or ended."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from ipt_tracker.clinical.course.attendance import TOOK_PLACE
from ipt_tracker.clinical.course.records import CourseStatus, Disposition
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Role
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Account, Course, SessionRecord
from ipt_tracker.services.courses import assigned
from ipt_tracker.services.doors import course_subject, holds_on
from ipt_tracker.services.schedules import replan
from ipt_tracker.services.unit_of_work import UnitOfWork


def transfer(
    work: UnitOfWork, course: Course, therapist_id: UUID | None, day: date, reason: str | None
) -> None:
    """Hand a course to another therapist from a day on, today or later."""
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
    if any(a.started_on > work.today for a in course.assignments):
        raise RuleBroken("A hand-over is arranged already.", "day")
    for assignment in held:
        assignment.ended_on = day
    handed_over = assigned(work, course, therapist.id, day)
    handed_over.reason = reason
    work.session.add(handed_over)
    work.audit(Event.COURSE_TRANSFERRED, course_subject(course), to=str(therapist.id))


def others(
    work: UnitOfWork, course: Course, people: tuple[tuple[UUID, str], ...]
) -> tuple[tuple[UUID, str], ...]:
    """Leave out of some therapists the one who has the course today."""
    held = {a.therapist_id for a in course.assignments if holds_on(a, work)}
    return tuple((account_id, name) for account_id, name in people if account_id not in held)


AFTER_COMPLETION = frozenset(
    {
        Disposition.ENDED,
        Disposition.ENDED_WITH_BOOSTER_OFFER,
        Disposition.ENDED_AFTER_MAINTENANCE,
        Disposition.MAINTENANCE,
    }
)
"""Decisions that only somebody who stayed to the end can have taken part in."""


@dataclass(frozen=True, slots=True)
class EndEntry:
    """How a course ended."""

    ended_on: date
    status: str
    disposition: str
    reason: str | None


def end_course(work: UnitOfWork, course: Course, entry: EndEntry) -> None:
    """Close a course. Open focal areas close with it; a drop-out's outcome stays unknown."""
    if course.ended_on is not None:
        raise RuleBroken("This course has ended already.")
    if not course.started_on <= entry.ended_on <= work.today:
        raise RuleBroken("The day must lie between the start and today.", "ended_on")
    _check_last_session(work, course, entry.ended_on)
    if entry.status == CourseStatus.DROPPED_OUT and entry.disposition in AFTER_COMPLETION:
        raise RuleBroken(
            "A patient who left did not complete. Choose another decision.", "disposition"
        )
    for spell in course.focal_areas:
        if spell.ended_on is None:
            spell.ended_on, spell.open_place = max(entry.ended_on, spell.started_on), None
    course.ended_on, course.status = entry.ended_on, entry.status
    course.disposition, course.outcome_reason = entry.disposition, entry.reason
    replan(work, course)
    work.audit(Event.COURSE_ENDED, course_subject(course), status=entry.status)


def _check_last_session(work: UnitOfWork, course: Course, day: date) -> None:
    last = work.session.scalar(
        select(func.max(SessionRecord.held_on)).where(
            SessionRecord.course_id == course.id, SessionRecord.attendance.in_(sorted(TOOK_PLACE))
        )
    )
    if last is not None and last > day:
        raise RuleBroken(
            f"The last session was later, on {last.day} {last:%b %Y}. Choose that day or a later.",
            "ended_on",
        )

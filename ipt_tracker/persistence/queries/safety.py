"""What waits about risk: answers on suicide that nobody acknowledged, and requests for contact."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ipt_tracker.persistence.models import ContactTask, Measure, SafetyPrompt, SessionRecord


def open_prompts_of(
    session: Session, course_ids: Iterable[UUID]
) -> dict[UUID, tuple[SafetyPrompt, ...]]:
    """Give the open prompts of each course, oldest first, in one statement."""
    wanted = (
        select(SafetyPrompt)
        .where(SafetyPrompt.course_id.in_(list(course_ids)), SafetyPrompt.acknowledged_at.is_(None))
        .order_by(SafetyPrompt.raised_at, SafetyPrompt.id)
    )
    found: dict[UUID, list[SafetyPrompt]] = defaultdict(list)
    for prompt in session.scalars(wanted):
        found[prompt.course_id].append(prompt)
    return {course_id: tuple(each) for course_id, each in found.items()}


@dataclass(frozen=True, slots=True)
class PromptRow:
    """An open prompt with the key and the day of its form, and the slot where it was given."""

    prompt: SafetyPrompt
    instrument: str
    taken_on: date
    session_id: UUID | None


def open_prompts_with_forms(session: Session, course_ids: Iterable[UUID]) -> tuple[PromptRow, ...]:
    """Give the open prompts of some courses with the form of each, oldest first."""
    rows = session.execute(
        select(SafetyPrompt, Measure.instrument, Measure.taken_on, Measure.session_id)
        .join(Measure, Measure.id == SafetyPrompt.measure_id)
        .where(SafetyPrompt.course_id.in_(list(course_ids)), SafetyPrompt.acknowledged_at.is_(None))
        .order_by(SafetyPrompt.raised_at, SafetyPrompt.id)
    )
    return tuple(PromptRow(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class ContactRow:
    """An open request for contact with the day of the missed visit and what became of it."""

    task: ContactTask
    held_on: date
    attendance: str


def open_contacts_of(session: Session, course_ids: Iterable[UUID]) -> tuple[ContactRow, ...]:
    """Give the open requests for contact of some courses, oldest first."""
    rows = session.execute(
        select(ContactTask, SessionRecord.held_on, SessionRecord.attendance)
        .join(SessionRecord, SessionRecord.id == ContactTask.session_id)
        .where(ContactTask.course_id.in_(list(course_ids)), ContactTask.closed_at.is_(None))
        .order_by(ContactTask.raised_at, ContactTask.id)
    )
    return tuple(ContactRow(*row) for row in rows)


def prompts_of_course(session: Session, course_id: UUID) -> tuple[SafetyPrompt, ...]:
    """Give every prompt of a course, open or not, oldest first, in one statement."""
    wanted = select(SafetyPrompt).where(SafetyPrompt.course_id == course_id)
    return tuple(session.scalars(wanted.order_by(SafetyPrompt.raised_at, SafetyPrompt.id)))

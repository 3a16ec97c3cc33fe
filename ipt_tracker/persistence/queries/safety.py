"""Answers on suicide: those that nobody has acknowledged yet, and all of one course."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ipt_tracker.persistence.models import Measure, SafetyPrompt


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


def open_prompts_with_forms(
    session: Session, course_id: UUID
) -> tuple[tuple[SafetyPrompt, str, date], ...]:
    """Give the open prompts of a course with the instrument and the day of each, oldest first."""
    rows = session.execute(
        select(SafetyPrompt, Measure.instrument, Measure.taken_on)
        .join(Measure, Measure.id == SafetyPrompt.measure_id)
        .where(SafetyPrompt.course_id == course_id, SafetyPrompt.acknowledged_at.is_(None))
        .order_by(SafetyPrompt.raised_at, SafetyPrompt.id)
    )
    return tuple((prompt, instrument, taken_on) for prompt, instrument, taken_on in rows)


def prompts_of_course(session: Session, course_id: UUID) -> tuple[SafetyPrompt, ...]:
    """Give every prompt of a course, open or not, oldest first, in one statement."""
    wanted = select(SafetyPrompt).where(SafetyPrompt.course_id == course_id)
    return tuple(session.scalars(wanted.order_by(SafetyPrompt.raised_at, SafetyPrompt.id)))

"""Whole sessions with their risk checks, for the pages that show or continue them."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ipt_tracker.persistence.models import Measure, SessionRecord


def newest_sessions(
    session: Session, course_id: UUID, limit: int, *, offset: int = 0, before: int | None = None
) -> tuple[SessionRecord, ...]:
    """Give some sessions of a course with their risk checks, newest first."""
    query = select(SessionRecord).where(SessionRecord.course_id == course_id)
    if before is not None:
        query = query.where(SessionRecord.slot < before)
    newest_first = query.order_by(SessionRecord.slot.desc()).limit(limit).offset(offset)
    return tuple(session.scalars(newest_first.options(joinedload(SessionRecord.risk))))


def tasks_of(session: Session, course_id: UUID) -> tuple[tuple[UUID, list[str]], ...]:
    """Give the tasks that were ticked at each slot of a course, in order of the slots."""
    rows = session.execute(
        select(SessionRecord.id, SessionRecord.tasks)
        .where(SessionRecord.course_id == course_id)
        .order_by(SessionRecord.slot)
    )
    return tuple((row.id, row.tasks) for row in rows)


def measures_at(session: Session, session_id: UUID) -> tuple[Measure, ...]:
    """Give the measures that were filed under one session, with their answers."""
    return tuple(
        session.scalars(
            select(Measure)
            .where(Measure.session_id == session_id)
            .order_by(Measure.instrument, Measure.recorded_at)
        )
    )

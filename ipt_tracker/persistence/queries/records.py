"""What a course is made of, read in few columns: pages draw lines and tables from these rows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ipt_tracker.persistence.models import Amendment, Measure, SessionRecord


@dataclass(frozen=True, slots=True)
class SlotRow:
    """One slot: enough for the course line, the position and the numbering."""

    course_id: UUID
    id: UUID
    slot: int
    number: int | None
    kind: str
    phase: str
    held_on: date
    attendance: str
    focal_area: str | None
    dispute_stage: str | None


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One administration as pages show it.

    `cut` and `threshold_set` say by what it was judged; `item9` is the one answer that an imported
    file gave beside a total, a number or text by the database's own ways. Without `recorded_by`
    it came out of a file.
    """

    course_id: UUID
    id: UUID
    session_id: UUID | None
    instrument: str
    taken_on: date
    status: str
    total: int | None
    answered: int | None
    lowest: int | None
    highest: int | None
    point: str | None
    due_on: date | None
    blind: bool | None
    unblinding: str | None
    reason: str | None
    recorded_at: datetime
    recorded_by: UUID | None
    cut: str | None
    threshold_set: str | None
    findings: dict[str, Any] | None
    withdrawn_at: datetime | None
    item9: object
    assessor: str | None


_SLOT = (
    SessionRecord.course_id,
    SessionRecord.id,
    SessionRecord.slot,
    SessionRecord.number,
    SessionRecord.kind,
    SessionRecord.phase,
    SessionRecord.held_on,
    SessionRecord.attendance,
    SessionRecord.focal_area,
    SessionRecord.dispute_stage,
)
_MEASURE = (
    Measure.course_id,
    Measure.id,
    Measure.session_id,
    Measure.instrument,
    Measure.taken_on,
    Measure.status,
    Measure.total,
    Measure.answered,
    Measure.lowest,
    Measure.highest,
    Measure.point,
    Measure.due_on,
    Measure.blind,
    Measure.unblinding,
    Measure.reason,
    Measure.recorded_at,
    Measure.recorded_by,
    Measure.cut,
    Measure.threshold_set,
    Measure.findings,
    Measure.withdrawn_at,
    Measure.extra["item9"].as_string(),
    Measure.assessor,
)


def slots_of(session: Session, course_ids: Iterable[UUID]) -> dict[UUID, tuple[SlotRow, ...]]:
    """Give the slots of each course, in order. One statement for any number of courses."""
    rows: Iterable[Any] = session.execute(
        select(*_SLOT)
        .where(SessionRecord.course_id.in_(list(course_ids)))
        .order_by(SessionRecord.course_id, SessionRecord.slot)
    )
    return _by_course(SlotRow(*values) for values in rows)


def measures_of(session: Session, course_ids: Iterable[UUID]) -> dict[UUID, tuple[MeasureRow, ...]]:
    """Give the measures of each course by day, in one statement."""
    rows: Iterable[Any] = session.execute(
        select(*_MEASURE)
        .where(Measure.course_id.in_(list(course_ids)))
        .order_by(Measure.course_id, Measure.taken_on, Measure.recorded_at, Measure.id)
    )
    return _by_course(MeasureRow(*values) for values in rows)


def measures_at_sessions(
    session: Session, session_ids: Iterable[UUID]
) -> dict[UUID, tuple[MeasureRow, ...]]:
    """Give the measures filed under each of these sessions, in one statement."""
    rows: Iterable[Any] = session.execute(
        select(*_MEASURE)
        .where(Measure.session_id.in_(list(session_ids)))
        .order_by(Measure.taken_on, Measure.recorded_at, Measure.id)
    )
    grouped: dict[UUID, list[MeasureRow]] = defaultdict(list)
    for row in (MeasureRow(*values) for values in rows):
        if row.session_id is not None:
            grouped[row.session_id].append(row)
    return {session_id: tuple(found) for session_id, found in grouped.items()}


def _by_course(rows: Iterable[Any]) -> dict[UUID, tuple[Any, ...]]:
    grouped: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.course_id].append(row)
    return {course_id: tuple(found) for course_id, found in grouped.items()}


def amendments_of(session: Session, course_id: UUID) -> tuple[Amendment, ...]:
    """Give the corrections made in a course, oldest first."""
    return tuple(
        session.scalars(
            select(Amendment)
            .where(Amendment.course_id == course_id)
            .order_by(Amendment.amended_on, Amendment.recorded_at)
        )
    )

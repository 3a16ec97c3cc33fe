"""What it takes to say what is due in many courses: three statements, however many there are.

Of long courses only the newest sessions are read, and the measures since: older ones make nothing
due.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Executable, Subquery, func, or_, select
from sqlalchemy.orm import Session

from ipt_tracker.clinical.course.attendance import TOOK_PLACE
from ipt_tracker.clinical.course.due import PLANNED
from ipt_tracker.governance.access import Actor
from ipt_tracker.persistence.models import (
    Account,
    Assignment,
    Course,
    Measure,
    Patient,
    SessionRecord,
)
from ipt_tracker.persistence.visibility import holds, visible_to

NEWEST = 4
"""Sessions of a course that are read: as many as a form in use is looked for at."""


@dataclass(frozen=True, slots=True)
class CourseFact:
    """A course in which something can be due, with its patient and the therapists of today."""

    id: UUID
    schedule: dict[str, Any] | None
    ended_on: date | None
    code: str
    name: str | None
    therapist: str


@dataclass(frozen=True, slots=True)
class SlotFact:
    """One appointment at which the patient was seen."""

    course_id: UUID
    id: UUID
    slot: int
    number: int | None
    kind: str
    held_on: date
    attendance: str


@dataclass(frozen=True, slots=True)
class MeasureFact:
    """One measure: whether it is there and what it belongs to, not what it says."""

    course_id: UUID
    id: UUID
    session_id: UUID | None
    instrument: str
    taken_on: date
    status: str
    point: str | None
    due_on: date | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class DueFacts:
    """Courses with their newest sessions and the measures that matter, by the course's id."""

    courses: tuple[CourseFact, ...]
    slots: dict[UUID, tuple[SlotFact, ...]]
    measures: dict[UUID, tuple[MeasureFact, ...]]


Fact = TypeVar("Fact", SlotFact, MeasureFact)


def due_facts(session: Session, actor: Actor, today: date, until: date) -> DueFacts:
    """Read what can be due until a day in the courses that the actor may see."""
    courses = _courses(session, actor, today, until)
    under_way = [course.id for course in courses if course.ended_on is None]
    held = _held(under_way)
    slots: Iterable[Any] = session.execute(_slots(held))
    measures: Iterable[Any] = session.execute(_measures([c.id for c in courses], held, until))
    return DueFacts(
        courses,
        _by_course(SlotFact(*row) for row in slots),
        _by_course(MeasureFact(*row) for row in measures),
    )


def _planned(until: date) -> Subquery:
    """Select which forms are planned in which courses until a day."""
    return (
        select(Measure.course_id, Measure.instrument)
        .where(Measure.status == PLANNED, Measure.due_on <= until, Measure.withdrawn_at.is_(None))
        .distinct()
        .subquery()
    )


def _courses(session: Session, actor: Actor, today: date, until: date) -> tuple[CourseFact, ...]:
    """Give open courses, and ended ones with an assessment still planned."""
    can_wait = Course.ended_on.is_(None) | Course.id.in_(select(_planned(until).c.course_id))
    query = (
        select(
            Course.id,
            Course.schedule,
            Course.ended_on,
            Patient.code,
            Patient.name,
            Account.display_name,
        )
        .join(Course.patient)
        .join(Assignment, (Assignment.course_id == Course.id) & holds(Assignment, today))
        .join(Account, Account.id == Assignment.therapist_id)
        .where(visible_to(actor, today), can_wait)
        .order_by(Account.display_name, Patient.code, Course.id)
    )
    once: dict[UUID, CourseFact] = {}
    for row in session.execute(query):
        once.setdefault(row.id, CourseFact(*row))
    return tuple(once.values())


def _held(course_ids: list[UUID]) -> Subquery:
    """Number the appointments at which patients were seen, the newest of each course first.

    Everything in it stands in one index: the notes beside are not read.
    """
    place = func.row_number().over(
        partition_by=SessionRecord.course_id,
        order_by=(SessionRecord.held_on.desc(), SessionRecord.slot.desc()),
    )
    return (
        select(
            SessionRecord.course_id,
            SessionRecord.slot,
            SessionRecord.held_on,
            place.label("place"),
        )
        .where(
            SessionRecord.course_id.in_(course_ids),
            SessionRecord.attendance.in_(sorted(TOOK_PLACE)),
        )
        .subquery()
    )


def _slots(held: Subquery) -> Executable:
    same = (SessionRecord.course_id == held.c.course_id) & (SessionRecord.slot == held.c.slot)
    return (
        select(
            SessionRecord.course_id,
            SessionRecord.id,
            SessionRecord.slot,
            SessionRecord.number,
            SessionRecord.kind,
            SessionRecord.held_on,
            SessionRecord.attendance,
        )
        .join(held, same)
        .where(held.c.place <= NEWEST)
    )


def _measures(course_ids: list[UUID], held: Subquery, until: date) -> Executable:
    """Select the measures since the oldest of the newest sessions, and all of what is planned.

    What is planned is settled by another measure of the same form, however long ago.
    """
    since = select(held.c.course_id, held.c.held_on).where(held.c.place == NEWEST).subquery()
    planned = _planned(until)
    same = (planned.c.course_id == Measure.course_id) & (planned.c.instrument == Measure.instrument)
    return (
        select(
            Measure.course_id,
            Measure.id,
            Measure.session_id,
            Measure.instrument,
            Measure.taken_on,
            Measure.status,
            Measure.point,
            Measure.due_on,
            Measure.withdrawn_at,
        )
        .outerjoin(since, since.c.course_id == Measure.course_id)
        .outerjoin(planned, same)
        .where(
            Measure.course_id.in_(course_ids),
            Measure.withdrawn_at.is_(None),
            or_(
                since.c.held_on.is_(None),
                Measure.taken_on >= since.c.held_on,
                planned.c.course_id.is_not(None),
            ),
        )
    )


def _by_course(rows: Iterable[Fact]) -> dict[UUID, tuple[Fact, ...]]:
    grouped: dict[UUID, list[Fact]] = defaultdict(list)
    for row in rows:
        grouped[row.course_id].append(row)
    return {course_id: tuple(found) for course_id, found in grouped.items()}

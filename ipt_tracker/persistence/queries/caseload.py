"""Which courses an actor may see, counted, put in order and cut into pages by the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, case, func, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.governance.access import Actor
from ipt_tracker.persistence.models import (
    Account,
    Assignment,
    Course,
    FocalAreaSpell,
    Patient,
    RiskCheck,
    SessionRecord,
)
from ipt_tracker.persistence.queries.caseload_filters import (
    Filters,
    is_unbooked,
    last_held,
    next_booked,
)
from ipt_tracker.persistence.queries.day import has_open_task
from ipt_tracker.persistence.queries.risk_found import was_asked, was_found
from ipt_tracker.persistence.visibility import holds, visible_to

QUIET_DAYS = 21
"""Days without a session after which an open course is listed as quiet."""


class Show(StrEnum):
    """The quick lists of the caseload."""

    OPEN = "open"
    SAFETY = "safety"
    ENDING = "ending"
    QUIET = "quiet"
    UNBOOKED = "unbooked"
    CLOSED = "closed"


class Sort(StrEnum):
    """The orders that a caseload can be put into."""

    PATIENT = "patient"
    STARTED = "started"
    SEEN = "seen"
    BOOKED = "booked"
    THERAPIST = "therapist"


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of which list: the list, its order, and the rows from `offset` on."""

    show: Show
    sort: Sort
    limit: int
    offset: int
    filters: Filters


@dataclass(frozen=True, slots=True)
class Named:
    """A course by the names under which its patient can be looked for."""

    course_id: UUID
    code: str
    name: str | None


def counts(session: Session, actor: Actor, today: date, filters: Filters) -> dict[Show, int]:
    """Count the courses of every quick list that the filters leave, in one statement."""
    row = session.execute(
        select(*(func.count().filter(_is(show, today)) for show in Show)).where(
            visible_to(actor, today), *filters.conditions(today)
        )
    ).one()
    return dict(zip(Show, row, strict=True))


def courses(session: Session, actor: Actor, today: date, part: Part) -> tuple[Course, ...]:
    """Give one page of a list: courses with patient and therapists.

    The whole list is put in order by its ids, out of indexes; only the page is read in full.
    """
    listed = (
        select(Course.id)
        .join(Course.patient)
        .where(visible_to(actor, today), _is(part.show, today))
        .where(*part.filters.conditions(today))
        .order_by(*_order(part.sort, today))
        .limit(part.limit)
        .offset(part.offset)
    )
    ids = session.scalars(listed).all()
    found = session.scalars(_with_people(Course.id.in_(ids)))
    return tuple(sorted(found, key=lambda course: ids.index(course.id)))


def named(session: Session, actor: Actor, today: date) -> tuple[Named, ...]:
    """Give every visible course by code and name alone, to be searched."""
    rows = session.execute(
        select(Course.id, Patient.code, Patient.name).join(Patient).where(visible_to(actor, today))
    )
    return tuple(Named(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class SpellFact:
    """One focal area of a course, for now or once."""

    course_id: UUID
    area: str
    is_open: bool


def spells(session: Session, actor: Actor, today: date) -> tuple[SpellFact, ...]:
    """Give the focal areas of every visible course; where one is open, that comes last."""
    is_open = FocalAreaSpell.ended_on.is_(None)
    query = (
        select(FocalAreaSpell.course_id, FocalAreaSpell.area, is_open)
        .join(Course, Course.id == FocalAreaSpell.course_id)
        .join(Patient, Patient.id == Course.patient_id)
        .where(visible_to(actor, today))
        .order_by(Patient.code, FocalAreaSpell.course_id, is_open)
    )
    return tuple(SpellFact(*row) for row in session.execute(query))


def some_courses(
    session: Session, actor: Actor, today: date, ids: Iterable[UUID]
) -> tuple[Course, ...]:
    """Give these courses with patient and therapists, as far as they are visible."""
    query = _with_people(visible_to(actor, today)).where(Course.id.in_(list(ids)))
    return tuple(session.scalars(query.order_by(*_order(Sort.PATIENT, today))))


def _with_people(visible: ColumnElement[bool]) -> Select[Course]:
    therapists = selectinload(Course.assignments).joinedload(Assignment.therapist)
    loaded = (contains_eager(Course.patient), therapists, selectinload(Course.focal_areas))
    return select(Course).join(Course.patient).options(*loaded).where(visible)


def _is(show: Show, today: date) -> ColumnElement[bool]:
    """Select the courses of one quick list."""
    is_open = Course.ended_on.is_(None)
    if show is Show.SAFETY:
        return has_open_task() | (is_open & _has_risk())
    if show is Show.OPEN:
        return is_open
    if show is Show.UNBOOKED:
        return is_open & is_unbooked(today)
    if show is Show.CLOSED:
        return Course.ended_on.is_not(None)
    if show is Show.ENDING:
        return is_open & (last_held(SessionRecord.phase) == Phase.TERMINATION)
    seen = func.coalesce(last_held(SessionRecord.held_on), Course.started_on)
    phase = func.coalesce(last_held(SessionRecord.phase), "")
    monthly = phase == Phase.MAINTENANCE  # three weeks without a visit are the plan there
    return is_open & ~monthly & (seen <= today - timedelta(days=QUIET_DAYS))


def _has_risk() -> ColumnElement[bool]:
    """Select courses in which the last answer on risk was another than none."""
    newest = (
        select(_found_risk())
        .join(SessionRecord, SessionRecord.id == RiskCheck.session_id)
        .where(SessionRecord.course_id == Course.id, was_asked())
        .order_by(SessionRecord.held_on.desc(), SessionRecord.slot.desc())
        .limit(1)
        .correlate(Course)
        .scalar_subquery()
    )
    return func.coalesce(newest, 0) == 1


def _found_risk() -> ColumnElement[int]:
    """Tell whether a check found risk: 1, else 0."""
    return case((was_found(), 1), else_=0)


@dataclass(frozen=True, slots=True)
class RiskFact:
    """The last answer on risk in a course."""

    course_id: UUID
    held_on: date
    slot: int


def last_risks(session: Session, course_ids: Iterable[UUID]) -> dict[UUID, RiskFact]:
    """Give the last answer on risk of each course where it was another than none."""
    place = func.row_number().over(
        partition_by=SessionRecord.course_id,
        order_by=(SessionRecord.held_on.desc(), SessionRecord.slot.desc()),
    )
    asked = (
        select(
            SessionRecord.course_id,
            SessionRecord.held_on,
            SessionRecord.slot,
            _found_risk().label("found"),
            place.label("place"),
        )
        .join(RiskCheck, RiskCheck.session_id == SessionRecord.id)
        .where(SessionRecord.course_id.in_(list(course_ids)), was_asked())
        .subquery()
    )
    rows: Iterable[Any] = session.execute(
        select(asked.c.course_id, asked.c.held_on, asked.c.slot).where(
            asked.c.place == 1, asked.c.found == 1
        )
    )
    return {row.course_id: RiskFact(*row) for row in rows}


def _order(sort: Sort, today: date) -> tuple[ColumnElement[Any], ...]:
    """Put by patient, with what was asked for before it; the id last, so that pages never mix."""
    by_patient = (
        func.lower(func.coalesce(Patient.name, Patient.code)).asc(),
        Course.started_on.desc(),
        Course.id.asc(),
    )
    if sort is Sort.STARTED:
        return (Course.started_on.desc(), *by_patient)
    if sort is Sort.SEEN:
        return (last_held(SessionRecord.held_on).asc().nulls_first(), *by_patient)
    if sort is Sort.BOOKED:
        return (next_booked(today).asc().nulls_last(), *by_patient)
    if sort is Sort.THERAPIST:
        return (func.lower(_therapist(today)).asc(), *by_patient)
    return by_patient


def _therapist(today: date) -> ScalarSelect[Any]:
    return (
        select(func.min(Account.display_name))
        .join(Assignment, Assignment.therapist_id == Account.id)
        .where(Assignment.course_id == Course.id, holds(Assignment, today))
        .correlate(Course)
        .scalar_subquery()
    )

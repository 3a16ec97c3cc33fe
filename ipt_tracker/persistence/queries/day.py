"""What a therapist's day is made of, in a fixed number of statements whatever the caseload."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, union
from sqlalchemy.orm import Session

from ipt_tracker.clinical.course.attendance import NOT_SLOTS, TOOK_PLACE
from ipt_tracker.clinical.course.due import PLANNED
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.governance.access import Actor
from ipt_tracker.persistence.models import (
    Account,
    Appointment,
    Assignment,
    ContactTask,
    Course,
    GroupMember,
    GroupSession,
    Measure,
    Patient,
    SafetyPrompt,
    SessionRecord,
    TherapyGroup,
)
from ipt_tracker.persistence.queries.appointments import in_order, waiting
from ipt_tracker.persistence.visibility import holds, visible_groups, visible_to

COUNTED = (Phase.BEGINNING, Phase.MIDDLE, Phase.TERMINATION)
"""Phases of the sessions that the contract counts."""


@dataclass(frozen=True, slots=True)
class BookedRow:
    """One appointment of a course or a group, with the slot that it became."""

    id: UUID
    course_id: UUID | None
    group_id: UUID | None
    planned_on: date
    starts_at: time | None
    minutes: int | None
    modality: str | None
    remark: str | None
    logged: UUID | None
    code: str
    name: str | None


@dataclass(frozen=True, slots=True)
class LoggedRow:
    """One slot of a day, as far as the day's page says what became of it."""

    id: UUID
    course_id: UUID
    slot: int
    number: int | None
    kind: str
    starts_at: time | None
    attendance: str
    note_state: str | None
    in_group: UUID | None


@dataclass(frozen=True, slots=True)
class OpenCourse:
    """One course under way: its agreement, how far it came, and when its last slot was."""

    id: UUID
    code: str
    name: str | None
    planned_sessions: int
    maintenance_sessions: int
    spacing: str | None
    format: str
    started_on: date
    last_on: date | None
    held: int
    diagnosis: str
    therapist: str | None


@dataclass(frozen=True, slots=True)
class LastTime:
    """What stays of the last session for the next one."""

    course_id: UUID
    held_on: date
    plan: str | None
    linked_event: str | None


def booked(
    session: Session, actor: Actor, today: date, first: date, last: date
) -> tuple[BookedRow, ...]:
    """Give the appointments of the actor's courses between two days: one statement."""
    days = (Appointment.planned_on.between(first, last), Appointment.taken_back_at.is_(None))
    query = (
        select(*_APPOINTMENT, Appointment.session_id, Patient.code, Patient.name)
        .join(Course, Course.id == Appointment.course_id)
        .join(Patient, Patient.id == Course.patient_id)
        .where(visible_to(actor, today), *days)
        .order_by(*in_order())
    )
    return tuple(BookedRow(*row) for row in session.execute(query))


def booked_groups(
    session: Session, actor: Actor, today: date, first: date, last: date
) -> tuple[BookedRow, ...]:
    """Give the appointments of the groups that the actor leads, or that supervisees lead."""
    query = (
        select(
            *_APPOINTMENT, Appointment.group_session_id, TherapyGroup.code, literal(None).label("n")
        )
        .join(TherapyGroup, TherapyGroup.id == Appointment.group_id)
        .where(visible_groups(actor, today), Appointment.taken_back_at.is_(None))
        .where(Appointment.planned_on.between(first, last))
        .order_by(*in_order())
    )
    return tuple(BookedRow(*row) for row in session.execute(query))


_APPOINTMENT = (
    Appointment.id,
    Appointment.course_id,
    Appointment.group_id,
    Appointment.planned_on,
    Appointment.starts_at,
    Appointment.minutes,
    Appointment.modality,
    Appointment.remark,
)


def logged_on(session: Session, actor: Actor, today: date) -> tuple[LoggedRow, ...]:
    """Give the slots of today in the actor's courses, in the order of the clock."""
    query = (
        select(
            SessionRecord.id,
            SessionRecord.course_id,
            SessionRecord.slot,
            SessionRecord.number,
            SessionRecord.kind,
            SessionRecord.starts_at,
            SessionRecord.attendance,
            SessionRecord.note_state,
            SessionRecord.group_session_id,
        )
        .join(Course, Course.id == SessionRecord.course_id)
        .where(visible_to(actor, today), SessionRecord.held_on == today)
        .where(or_(Course.ended_on.is_(None), Course.ended_on >= today))
        .where(SessionRecord.attendance.not_in(sorted(NOT_SLOTS)))
        .order_by(SessionRecord.starts_at.asc().nulls_first(), SessionRecord.slot)
    )
    return tuple(LoggedRow(*row) for row in session.execute(query))


def groups_met_on(session: Session, group_session_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Say which of these meetings of groups took place: the others were cancelled."""
    wanted = select(GroupSession.id).where(
        GroupSession.id.in_(list(group_session_ids)), GroupSession.cancelled.is_(False)
    )
    return frozenset(session.scalars(wanted))


def open_courses(session: Session, actor: Actor, today: date) -> tuple[OpenCourse, ...]:
    """Give every course of the actor that is under way: one statement, out of indexes."""
    is_slot = SessionRecord.attendance.not_in(sorted(NOT_SLOTS))
    took_place = SessionRecord.attendance.in_(sorted(TOOK_PLACE))
    so_far = (
        select(
            SessionRecord.course_id,
            func.max(SessionRecord.held_on).filter(is_slot).label("last_on"),
            func.count().filter(took_place & SessionRecord.phase.in_(COUNTED)).label("held"),
        )
        .where(SessionRecord.course_id.in_(_open_ids(actor, today)))
        .group_by(SessionRecord.course_id)
        .subquery()
    )
    therapist = (
        select(func.min(Account.display_name))
        .join(Assignment, Assignment.therapist_id == Account.id)
        .where(Assignment.course_id == Course.id, holds(Assignment, today))
        .correlate(Course)
        .scalar_subquery()
    )
    query = (
        select(
            Course.id,
            Patient.code,
            Patient.name,
            Course.planned_sessions,
            Course.maintenance_sessions,
            Course.spacing,
            Course.format,
            Course.started_on,
            so_far.c.last_on,
            func.coalesce(so_far.c.held, 0),
            Patient.primary_diagnosis,
            therapist,
        )
        .join(Patient, Patient.id == Course.patient_id)
        .outerjoin(so_far, so_far.c.course_id == Course.id)
        .where(visible_to(actor, today), Course.ended_on.is_(None))
        .order_by(Patient.code, Course.id)
    )
    return tuple(OpenCourse(*row) for row in session.execute(query))


def _open_ids(actor: Actor, today: date) -> Select[UUID]:
    return select(Course.id).where(visible_to(actor, today), Course.ended_on.is_(None))


def booked_ahead(session: Session, actor: Actor, today: date) -> frozenset[UUID]:
    """Say which courses have an appointment from today on, of their own or as a member."""
    ahead = (Appointment.planned_on >= today, waiting())
    own = select(Appointment.course_id).where(
        Appointment.course_id.in_(_open_ids(actor, today)), *ahead
    )
    groups = (
        select(GroupMember.course_id)
        .join(Appointment, Appointment.group_id == GroupMember.group_id)
        .where(GroupMember.course_id.in_(_open_ids(actor, today)), *ahead)
    )
    return frozenset(session.scalars(union(own, groups)))


def members_of_groups(session: Session, actor: Actor, today: date) -> frozenset[UUID]:
    """Say which courses are booked as a group."""
    still = or_(GroupMember.left_on.is_(None), GroupMember.left_on > today)
    wanted = GroupMember.course_id.in_(_open_ids(actor, today))
    return frozenset(session.scalars(select(GroupMember.course_id).where(wanted, still)))


def asking(session: Session, actor: Actor, today: date) -> tuple[tuple[UUID, str, str | None], ...]:
    """Give id, code and name of the courses in which something about risk is open, ended or not."""
    query = (
        select(Course.id, Patient.code, Patient.name)
        .join(Patient, Patient.id == Course.patient_id)
        .where(visible_to(actor, today), has_open_task())
        .order_by(Patient.code)
    )
    return tuple((i, code, name) for i, code, name in session.execute(query))


def has_open_task() -> ColumnElement[bool]:
    """Select courses with a question on suicide or a contact that nobody has closed."""
    prompts = select(SafetyPrompt.course_id).where(SafetyPrompt.acknowledged_at.is_(None))
    contacts = select(ContactTask.course_id).where(ContactTask.closed_at.is_(None))
    return Course.id.in_(prompts.union(contacts))


def last_times(session: Session, course_ids: Iterable[UUID]) -> dict[UUID, LastTime]:
    """Give what stays of the newest session of each course: one statement."""
    place = func.row_number().over(
        partition_by=SessionRecord.course_id,
        order_by=(SessionRecord.held_on.desc(), SessionRecord.slot.desc()),
    )
    held = (
        select(SessionRecord.course_id, SessionRecord.slot, place.label("place"))
        .where(
            SessionRecord.course_id.in_(list(course_ids)),
            SessionRecord.attendance.in_(sorted(TOOK_PLACE)),
        )
        .subquery()
    )
    same = (SessionRecord.course_id == held.c.course_id) & (SessionRecord.slot == held.c.slot)
    rows: Iterable[Any] = session.execute(
        select(
            SessionRecord.course_id,
            SessionRecord.held_on,
            SessionRecord.plan,
            SessionRecord.linked_event,
        )
        .join(held, same)
        .where(held.c.place == 1)
    )
    return {row.course_id: LastTime(*row) for row in rows}


@dataclass(frozen=True, slots=True)
class TotalRow:
    """One administration of an open course, in as few columns as a change can be judged by.

    The last three are of the session that it was given at, where it was given at one.
    """

    course_id: UUID
    instrument: str
    taken_on: date
    total: int | None
    threshold_set: str | None
    point: str | None
    kind: str | None
    number: int | None
    attendance: str | None


def totals(session: Session, actor: Actor, today: date) -> tuple[TotalRow, ...]:
    """Give what was administered in every open course, oldest first: one statement."""
    query = (
        select(
            Measure.course_id,
            Measure.instrument,
            Measure.taken_on,
            Measure.total,
            Measure.threshold_set,
            Measure.point,
            SessionRecord.kind,
            SessionRecord.number,
            SessionRecord.attendance,
        )
        .outerjoin(SessionRecord, SessionRecord.id == Measure.session_id)
        .where(
            Measure.course_id.in_(_open_ids(actor, today)),
            Measure.status != PLANNED,
            Measure.withdrawn_at.is_(None),
        )
        .order_by(Measure.taken_on, Measure.recorded_at, Measure.id)
    )
    return tuple(TotalRow(*row) for row in session.execute(query))

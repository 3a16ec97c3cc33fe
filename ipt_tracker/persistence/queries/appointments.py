"""Appointments that stand in the book: not taken back, and not logged yet unless asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from ipt_tracker.persistence.models import Appointment, GroupMember, SessionRecord


@dataclass(frozen=True, slots=True)
class Held:
    """The time of one slot that is logged: what the next appointment is proposed from."""

    slot: int
    held_on: date
    starts_at: time | None
    duration_minutes: int | None
    modality: str | None
    attendance: str


def waiting() -> ColumnElement[bool]:
    """Select appointments that are booked and not logged yet."""
    return (
        Appointment.taken_back_at.is_(None)
        & Appointment.session_id.is_(None)
        & Appointment.group_session_id.is_(None)
    )


def in_order() -> tuple[Any, ...]:
    """Put appointments by day and time; one without a time comes first on its day."""
    return Appointment.planned_on, Appointment.starts_at.asc().nulls_first(), Appointment.id


def of_course(session: Session, course_id: UUID, since: date) -> tuple[Appointment, ...]:
    """Give what is booked for a course itself from a day on."""
    wanted = (Appointment.course_id == course_id, Appointment.planned_on >= since, waiting())
    return tuple(session.scalars(select(Appointment).where(*wanted).order_by(*in_order())))


def taken_back(session: Session, course_id: UUID, since: date) -> tuple[Appointment, ...]:
    """Give what was taken back of a course and would still lie ahead, the newest first.

    Not what was moved, which was booked anew in the same moment, and not what is booked again.
    """
    other = aliased(Appointment)
    same_time = (other.planned_on == Appointment.planned_on) & (
        func.coalesce(other.starts_at, time.min) == func.coalesce(Appointment.starts_at, time.min)
    )
    booked_anew = exists().where(
        other.course_id == course_id,
        other.id != Appointment.id,
        (other.booked_at == Appointment.taken_back_at)
        | (other.taken_back_at.is_(None) & same_time),
    )
    wanted = (
        Appointment.course_id == course_id,
        Appointment.planned_on >= since,
        Appointment.taken_back_at.is_not(None),
        ~booked_anew,
    )
    query = select(Appointment).where(*wanted).order_by(Appointment.taken_back_at.desc()).limit(3)
    return tuple(session.scalars(query))


def on_day(session: Session, course_id: UUID, day: date) -> tuple[Appointment, ...]:
    """Give what is booked for a course itself on one day."""
    wanted = (Appointment.course_id == course_id, Appointment.planned_on == day, waiting())
    return tuple(session.scalars(select(Appointment).where(*wanted).order_by(*in_order())))


def group_on_day(session: Session, group_id: UUID, day: date) -> tuple[Appointment, ...]:
    """Give what is booked for a whole group on one day."""
    wanted = (Appointment.group_id == group_id, Appointment.planned_on == day, waiting())
    return tuple(session.scalars(select(Appointment).where(*wanted).order_by(*in_order())))


def of_group(session: Session, group_id: UUID, since: date) -> tuple[Appointment, ...]:
    """Give what is booked for a whole group from a day on."""
    wanted = (Appointment.group_id == group_id, Appointment.planned_on >= since, waiting())
    return tuple(session.scalars(select(Appointment).where(*wanted).order_by(*in_order())))


def next_of_courses(
    session: Session, course_ids: Iterable[UUID], today: date
) -> dict[UUID, Appointment]:
    """Give the next appointment of each course, its own or its group's, in one statement."""
    ids = list(course_ids)
    ahead = Appointment.planned_on >= today
    own = select(Appointment.course_id, Appointment.id, *_time()).where(
        Appointment.course_id.in_(ids), ahead, waiting()
    )
    groups = (
        select(GroupMember.course_id, Appointment.id, *_time())
        .join(GroupMember, _of_members())
        .where(GroupMember.course_id.in_(ids), ahead, waiting())
    )
    every = union_all(own, groups).subquery()
    place = func.row_number().over(
        partition_by=every.c.course_id,
        order_by=(every.c.planned_on, every.c.starts_at.asc().nulls_first(), every.c.id),
    )
    ranked = select(every.c.course_id, every.c.id, place.label("place")).subquery()
    rows = session.execute(
        select(ranked.c.course_id, Appointment)
        .join(Appointment, Appointment.id == ranked.c.id)
        .where(ranked.c.place == 1)
    )
    return {course_id: appointment for course_id, appointment in rows}  # noqa: C416 -- rows are no pairs to mypy


def _of_members() -> ColumnElement[bool]:
    """Tie a group's appointment to those who are members on its day."""
    left = GroupMember.left_on
    on_the_day = GroupMember.joined_on <= Appointment.planned_on
    still = or_(left.is_(None), left > Appointment.planned_on)
    return (GroupMember.group_id == Appointment.group_id) & on_the_day & still


def _time() -> tuple[Any, ...]:
    return Appointment.planned_on, Appointment.starts_at


def newest_times(session: Session, course_id: UUID, limit: int) -> tuple[Held, ...]:
    """Give the times of the newest slots of a course, newest first."""
    rows = session.execute(
        select(
            SessionRecord.slot,
            SessionRecord.held_on,
            SessionRecord.starts_at,
            SessionRecord.duration_minutes,
            SessionRecord.modality,
            SessionRecord.attendance,
        )
        .where(SessionRecord.course_id == course_id)
        .order_by(SessionRecord.held_on.desc(), SessionRecord.slot.desc())
        .limit(limit)
    )
    return tuple(Held(*row) for row in rows)

"""The filters of a caseload: each a choice from a fixed list, each a condition of the database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, or_, select
from sqlalchemy.orm import Session

from ipt_tracker.clinical.course.attendance import TOOK_PLACE
from ipt_tracker.clinical.course.protocols import Format
from ipt_tracker.governance.access import Actor
from ipt_tracker.persistence.models import (
    Account,
    Appointment,
    Assignment,
    Course,
    FocalAreaSpell,
    GroupMember,
    SessionRecord,
)
from ipt_tracker.persistence.queries.appointments import waiting
from ipt_tracker.persistence.visibility import holds


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed down to; None narrows nothing. No patient's words stand in it."""

    area: str | None = None
    phase: str | None = None
    note: str | None = None
    therapist: UUID | None = None

    @property
    def any(self) -> bool:
        """Whether anything is narrowed down."""
        return any((self.area, self.phase, self.note, self.therapist))

    def conditions(self, today: date) -> Iterator[ColumnElement[bool]]:
        """Give what a course must be to be listed."""
        if self.area:
            yield Course.id.in_(
                select(FocalAreaSpell.course_id).where(
                    FocalAreaSpell.area == self.area, FocalAreaSpell.ended_on.is_(None)
                )
            )
        if self.phase:
            yield last_held(SessionRecord.phase) == self.phase
        if self.note:
            yield Course.id.in_(
                select(SessionRecord.course_id).where(SessionRecord.note_state == self.note)
            )
        if self.therapist:
            yield Course.id.in_(
                select(Assignment.course_id).where(
                    Assignment.therapist_id == self.therapist, holds(Assignment, today)
                )
            )


def last_held(column: Any) -> ScalarSelect[Any]:  # noqa: ANN401 -- a column of any type
    """Give a column of a course's last slot at which the patient was seen."""
    return (
        select(column)
        .where(
            SessionRecord.course_id == Course.id,
            SessionRecord.attendance.in_(sorted(TOOK_PLACE)),
        )
        .order_by(SessionRecord.slot.desc())
        .limit(1)
        .correlate(Course)
        .scalar_subquery()
    )


def is_unbooked(today: date) -> ColumnElement[bool]:
    """Select courses that nothing is booked for. Members of a group are booked with the group."""
    ahead = (Appointment.planned_on >= today, waiting())
    own = select(Appointment.course_id).where(Appointment.course_id.is_not(None), *ahead)
    still = or_(GroupMember.left_on.is_(None), GroupMember.left_on > today)
    members = select(GroupMember.course_id).where(still)
    met = (
        select(GroupMember.course_id)
        .join(Appointment, Appointment.group_id == GroupMember.group_id)
        .where(*ahead)
    )
    in_group = (Course.format == Format.GROUP) & Course.id.in_(members)
    return ~Course.id.in_(own) & ~Course.id.in_(met) & ~in_group


def next_booked(today: date) -> ScalarSelect[Any]:
    """Give the day of a course's own next appointment."""
    return (
        select(Appointment.planned_on)
        .where(Appointment.course_id == Course.id, Appointment.planned_on >= today, waiting())
        .order_by(Appointment.planned_on)
        .limit(1)
        .correlate(Course)
        .scalar_subquery()
    )


def therapists(session: Session, actor: Actor) -> tuple[tuple[UUID, str], ...]:
    """Give the people whose courses a supervisor sees, by name."""
    if not actor.supervisees:
        return ()
    query = select(Account.id, Account.display_name).where(Account.id.in_(actor.supervisees))
    rows = session.execute(query.order_by(Account.display_name))
    return tuple((row[0], row[1]) for row in rows)

"""Supervision meetings: who can have been there, what was recorded, and how long it took."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, selectinload

from ipt_tracker.governance.access import Actor, Role
from ipt_tracker.persistence.models import (
    Account,
    Assignment,
    Course,
    MeetingAction,
    MeetingAttendee,
    MeetingCase,
    Patient,
    Supervision,
    SupervisionMeeting,
)
from ipt_tracker.persistence.visibility import holds, visible_to

LATELY = timedelta(days=90)
"""How long after its end a course is still offered as one that was talked about."""


@dataclass(frozen=True, slots=True)
class TalkedOf:
    """One course that can be talked about on a day, and whose it was."""

    id: UUID
    therapist_id: UUID
    code: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Attended:
    """One person's part in one meeting that counts: its form and length, and own cases' minutes."""

    therapist_id: UUID
    form: str
    minutes: int
    of_own_cases: int


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action that is not done, with its meeting and whose it is."""

    id: UUID
    meeting_id: UUID
    held_on: date
    therapist_id: UUID
    therapist: str
    text: str
    due_on: date | None
    acknowledged_at: datetime | None


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """Select the meetings that a supervisor held, or that a therapist was at."""
    if actor.role is Role.SUPERVISOR:
        return SupervisionMeeting.supervisor_id == actor.id
    there = select(MeetingAttendee.meeting_id).where(MeetingAttendee.therapist_id == actor.id)
    return SupervisionMeeting.id.in_(there)


def supervised_on(session: Session, supervisor_id: UUID, day: date) -> dict[UUID, str]:
    """Give whom somebody supervised on a day, by name."""
    rows = session.execute(
        select(Account.id, Account.display_name)
        .join(Supervision, Supervision.supervisee_id == Account.id)
        .where(
            Supervision.supervisor_id == supervisor_id,
            holds(Supervision, day),
            Account.role == Role.THERAPIST,
        )
        .order_by(Account.display_name, Account.id)
    )
    return {row.id: row.display_name for row in rows}


def courses_of(session: Session, people: Collection[UUID], day: date) -> tuple[TalkedOf, ...]:
    """Give the courses that belonged to these people on a day and had not ended long before."""
    rows = session.execute(
        select(Course.id, Assignment.therapist_id, Patient.code, Patient.name)
        .join(Assignment, Assignment.course_id == Course.id)
        .join(Patient, Patient.id == Course.patient_id)
        .where(
            Assignment.therapist_id.in_(people),
            holds(Assignment, day),
            or_(Course.ended_on.is_(None), Course.ended_on >= day - LATELY),
        )
        .order_by(Patient.code, Course.id)
    )
    return tuple(TalkedOf(*row) for row in rows)


def codes_of(session: Session, course_ids: Collection[UUID]) -> dict[UUID, str]:
    """Give the codes of the patients of courses."""
    rows = session.execute(
        select(Course.id, Patient.code)
        .join(Patient, Patient.id == Course.patient_id)
        .where(Course.id.in_(course_ids))
    )
    return {row.id: row.code for row in rows}


def open_to(
    session: Session, actor: Actor, today: date, course_ids: Collection[UUID]
) -> frozenset[UUID]:
    """Say which of these courses the actor may open today."""
    wanted = select(Course.id).where(Course.id.in_(course_ids), visible_to(actor, today))
    return frozenset(session.scalars(wanted))


def has_another(session: Session, supervisor_id: UUID, day: date, people: Collection[UUID]) -> bool:
    """Say whether a meeting with one of these people is recorded for the day already."""
    there = select(MeetingAttendee.meeting_id).where(MeetingAttendee.therapist_id.in_(people))
    found = select(SupervisionMeeting.id).where(
        SupervisionMeeting.supervisor_id == supervisor_id,
        SupervisionMeeting.held_on == day,
        SupervisionMeeting.struck_at.is_(None),
        SupervisionMeeting.id.in_(there),
    )
    return session.scalars(found.limit(1)).first() is not None


def count_meetings(session: Session, actor: Actor, first: date, last: date) -> int:
    """Count the meetings of the actor between two days, struck ones among them."""
    wanted = select(func.count()).select_from(SupervisionMeeting)
    held = SupervisionMeeting.held_on.between(first, last)
    return session.scalars(wanted.where(seen_by(actor), held)).one()


def meetings(  # noqa: PLR0913 -- whose, when, and which page of them
    session: Session, actor: Actor, first: date, last: date, *, skip: int = 0, most: int
) -> tuple[SupervisionMeeting, ...]:
    """Give meetings of the actor between two days, the newest first: four statements."""
    query = (
        select(SupervisionMeeting)
        .where(seen_by(actor), SupervisionMeeting.held_on.between(first, last))
        .options(
            selectinload(SupervisionMeeting.attendees).joinedload(MeetingAttendee.therapist),
            selectinload(SupervisionMeeting.cases),
            selectinload(SupervisionMeeting.actions),
        )
        .order_by(
            SupervisionMeeting.held_on.desc(),
            SupervisionMeeting.recorded_at.desc(),
            SupervisionMeeting.id,
        )
        .offset(skip)
        .limit(most)
    )
    return tuple(session.scalars(query))


def attended(
    session: Session, people: ColumnElement[bool], first: date, last: date
) -> tuple[Attended, ...]:
    """Give each part in each meeting between two days that counts: one statement.

    `people` selects attendees; struck meetings are left out.
    """
    own = (
        select(func.coalesce(func.sum(MeetingCase.minutes), 0))
        .where(
            MeetingCase.meeting_id == MeetingAttendee.meeting_id,
            MeetingCase.therapist_id == MeetingAttendee.therapist_id,
        )
        .correlate(MeetingAttendee)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            MeetingAttendee.therapist_id, SupervisionMeeting.form, SupervisionMeeting.minutes, own
        )
        .join(SupervisionMeeting, SupervisionMeeting.id == MeetingAttendee.meeting_id)
        .where(
            people,
            SupervisionMeeting.struck_at.is_(None),
            SupervisionMeeting.held_on.between(first, last),
        )
    )
    return tuple(Attended(*row) for row in rows)


def open_actions(session: Session, actor: Actor) -> tuple[ActionRow, ...]:
    """Give the actions that are not done: of meetings one held, or one's own; the oldest first."""
    supervises = actor.role is Role.SUPERVISOR
    mine = seen_by(actor) if supervises else MeetingAction.therapist_id == actor.id
    rows = session.execute(
        select(
            MeetingAction.id,
            MeetingAction.meeting_id,
            SupervisionMeeting.held_on,
            MeetingAction.therapist_id,
            Account.display_name,
            MeetingAction.text,
            MeetingAction.due_on,
            MeetingAction.acknowledged_at,
        )
        .join(SupervisionMeeting, SupervisionMeeting.id == MeetingAction.meeting_id)
        .join(Account, Account.id == MeetingAction.therapist_id)
        .where(mine, SupervisionMeeting.struck_at.is_(None), MeetingAction.done_at.is_(None))
        .order_by(
            MeetingAction.due_on.is_(None),
            MeetingAction.due_on,
            SupervisionMeeting.held_on,
            MeetingAction.place,
            MeetingAction.id,
        )
    )
    return tuple(ActionRow(*row) for row in rows)


def not_read(session: Session, therapist_id: UUID) -> tuple[tuple[UUID, date], ...]:
    """Give the meetings whose record somebody who was there has not read, the oldest first."""
    rows = session.execute(
        select(SupervisionMeeting.id, SupervisionMeeting.held_on)
        .join(MeetingAttendee, MeetingAttendee.meeting_id == SupervisionMeeting.id)
        .where(
            MeetingAttendee.therapist_id == therapist_id,
            MeetingAttendee.acknowledged_at.is_(None),
            SupervisionMeeting.struck_at.is_(None),
        )
        .order_by(SupervisionMeeting.held_on, SupervisionMeeting.id)
    )
    return tuple((row.id, row.held_on) for row in rows)


def earlier_edition(
    session: Session, meeting: SupervisionMeeting, changed: str
) -> SupervisionMeeting | None:
    """Give the record that this one took the place of; the reason of such begins with `changed`.

    A changed meeting is struck and recorded anew in one transaction, so both bear one moment.
    """
    wanted = select(SupervisionMeeting).where(
        SupervisionMeeting.supervisor_id == meeting.supervisor_id,
        SupervisionMeeting.id != meeting.id,
        SupervisionMeeting.struck_at == meeting.recorded_at,
        SupervisionMeeting.struck_reason.startswith(changed),
    )
    return session.scalars(wanted).first()


def later_edition(session: Session, meeting: SupervisionMeeting) -> SupervisionMeeting | None:
    """Give the record that took the place of one that was changed."""
    wanted = select(SupervisionMeeting).where(
        SupervisionMeeting.supervisor_id == meeting.supervisor_id,
        SupervisionMeeting.id != meeting.id,
        SupervisionMeeting.recorded_at == meeting.struck_at,
    )
    return session.scalars(wanted).first()

"""Reading groups: lists start from what the actor may see; a group's own parts from the group."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from ipt_tracker.clinical.course.protocols import Format
from ipt_tracker.governance.access import Actor
from ipt_tracker.persistence.models import (
    Appointment,
    Course,
    GroupLeader,
    GroupMember,
    GroupSession,
    NoteStep,
    Patient,
    SessionRecord,
    TherapyGroup,
)
from ipt_tracker.persistence.visibility import visible_groups, visible_to


@dataclass(frozen=True, slots=True)
class MemberSlot:
    """What became of one member at one meeting of the group."""

    group_session_id: UUID
    course_id: UUID
    slot: int
    attendance: str
    note_state: str | None


@dataclass(frozen=True, slots=True)
class Meeting:
    """One individual slot of a member's own course."""

    course_id: UUID
    kind: str
    attendance: str


def groups_of(session: Session, actor: Actor, today: date) -> tuple[TherapyGroup, ...]:
    """Give the groups that the actor may see, those under way first, with leaders and members."""
    found = session.scalars(
        select(TherapyGroup)
        .where(visible_groups(actor, today))
        .options(
            selectinload(TherapyGroup.leaders).joinedload(GroupLeader.account),
            selectinload(TherapyGroup.members),
        )
        .order_by(TherapyGroup.ended_on.is_not(None), TherapyGroup.started_on, TherapyGroup.id)
    )
    return tuple(found)


def meetings_of(
    session: Session, group_ids: Collection[UUID]
) -> dict[UUID, tuple[GroupSession, ...]]:
    """Give the meetings of each group in order, in one statement."""
    rows = session.scalars(
        select(GroupSession)
        .where(GroupSession.group_id.in_(list(group_ids)))
        .order_by(GroupSession.group_id, GroupSession.slot)
    )
    found: dict[UUID, list[GroupSession]] = defaultdict(list)
    for row in rows:
        found[row.group_id].append(row)
    return {group_id: tuple(each) for group_id, each in found.items()}


def member_slots(session: Session, group_id: UUID) -> tuple[MemberSlot, ...]:
    """Give what became of every member at every meeting of a group, in one statement."""
    rows = session.execute(
        select(
            GroupSession.id,
            SessionRecord.course_id,
            GroupSession.slot,
            SessionRecord.attendance,
            SessionRecord.note_state,
        )
        .join(SessionRecord, SessionRecord.group_session_id == GroupSession.id)
        .where(GroupSession.group_id == group_id)
        .order_by(GroupSession.slot)
    )
    return tuple(MemberSlot(*row) for row in rows)


def records_at(session: Session, meeting_id: UUID) -> dict[UUID, SessionRecord]:
    """Give the members' records of one meeting with their risk checks, by course."""
    rows = session.scalars(
        select(SessionRecord)
        .where(SessionRecord.group_session_id == meeting_id)
        .options(joinedload(SessionRecord.risk))
    )
    return {row.course_id: row for row in rows}


def booked_for(session: Session, meeting_id: UUID) -> tuple[Appointment, ...]:
    """Give the appointments that were settled by a meeting."""
    return tuple(
        session.scalars(select(Appointment).where(Appointment.group_session_id == meeting_id))
    )


def steps_at(session: Session, meeting_id: UUID) -> tuple[NoteStep, ...]:
    """Give what was done with the record of one meeting, oldest first."""
    wanted = select(NoteStep).where(NoteStep.group_session_id == meeting_id)
    return tuple(session.scalars(wanted.order_by(NoteStep.taken_at, NoteStep.step)))


def individual_meetings(
    session: Session, course_ids: Iterable[UUID], kinds: Iterable[str]
) -> tuple[Meeting, ...]:
    """Give the slots of these kinds in the members' own courses."""
    rows = session.execute(
        select(SessionRecord.course_id, SessionRecord.kind, SessionRecord.attendance).where(
            SessionRecord.course_id.in_(list(course_ids)), SessionRecord.kind.in_(list(kinds))
        )
    )
    return tuple(Meeting(*row) for row in rows)


def open_to(session: Session, actor: Actor, today: date, ids: Iterable[UUID]) -> frozenset[UUID]:
    """Give those of these courses that the actor may open."""
    wanted = select(Course.id).where(Course.id.in_(list(ids)), visible_to(actor, today))
    return frozenset(session.scalars(wanted))


def without_a_group(session: Session, actor: Actor, today: date) -> tuple[Course, ...]:
    """Give the actor's own running courses of group format that belong to no group."""
    taken = select(GroupMember.course_id).where(
        GroupMember.left_on.is_(None) | (GroupMember.left_on > today)
    )
    found = session.scalars(
        select(Course)
        .join(Patient)
        .where(
            visible_to(actor, today),
            Course.format == Format.GROUP,
            Course.ended_on.is_(None),
            Course.id.not_in(taken),
        )
        .options(joinedload(Course.patient))
        .order_by(Patient.code)
    )
    return tuple(found)


def group_of(session: Session, course_id: UUID, day: date) -> TherapyGroup | None:
    """Give the group that a course belongs to on a day, with its leaders."""
    found = session.scalars(
        select(TherapyGroup)
        .join(GroupMember)
        .where(
            GroupMember.course_id == course_id,
            GroupMember.left_on.is_(None) | (GroupMember.left_on > day),
        )
        .options(selectinload(TherapyGroup.leaders))
    )
    return found.first()


def group_at(session: Session, meeting_id: UUID) -> tuple[TherapyGroup, GroupSession]:
    """Give one meeting with its group, for the record of a member who was due there."""
    row = session.execute(
        select(TherapyGroup, GroupSession)
        .join(GroupSession)
        .where(GroupSession.id == meeting_id)
        .options(selectinload(TherapyGroup.leaders))
    ).one()
    return row[0], row[1]


def others_of(
    session: Session, group_id: UUID, course_id: UUID
) -> tuple[tuple[str, str | None], ...]:
    """Give code and name of everybody who ever belonged to a group, but for one course."""
    rows = session.execute(
        select(Patient.code, Patient.name)
        .join(Course)
        .join(GroupMember)
        .where(GroupMember.group_id == group_id, Course.id != course_id)
        .order_by(Patient.code)
    )
    return tuple((row.code, row.name) for row in rows)


def has_code(session: Session, code: str) -> bool:
    """Say whether a group has this code, in whatever case it is written."""
    wanted = select(TherapyGroup.id).where(func.lower(TherapyGroup.code) == code.lower())
    return session.scalars(wanted).first() is not None

"""Sessions that took place and their ratings, in few columns and a fixed number of statements."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select, true
from sqlalchemy.orm import Session

from ipt_tracker.persistence.models import (
    Account,
    Assignment,
    Course,
    FidelityRating,
    GroupLeader,
    GroupSession,
    Patient,
    RatingAmendment,
    RatingWaiver,
    SessionRecord,
    StaffCode,
    TherapyGroup,
)


@dataclass(frozen=True, slots=True)
class SlotFound:
    """One slot of a course, or one meeting of a group; `owner` is the course or the group."""

    id: UUID
    owner: UUID
    code: str
    case_id: str | None
    slot: int
    number: int | None
    kind: str
    phase: str
    held_on: date
    attendance: str


@dataclass(frozen=True, slots=True)
class RatingFound:
    """One rating as it stands, with its rater's name; `of` is the session or the meeting."""

    id: UUID
    of: UUID
    role: str
    rater: str
    rater_id: UUID | None
    rater_name: str | None
    item_set: str
    basis: str | None
    selection: str | None
    rated_on: date | None
    submitted_at: datetime | None
    items: dict[str, Any]
    proscribed: dict[str, Any]
    global_competence: int | None
    alliance: int | None


@dataclass(frozen=True, slots=True)
class Held:
    """Who had a course from a day on, and who supervised it."""

    course_id: UUID
    therapist_id: UUID
    supervisor_id: UUID | None
    started_on: date


_SLOT = (
    SessionRecord.id,
    SessionRecord.course_id,
    Patient.code,
    Course.case_id,
    SessionRecord.slot,
    SessionRecord.number,
    SessionRecord.kind,
    SessionRecord.phase,
    SessionRecord.held_on,
    SessionRecord.attendance,
)
_MEETING = (
    GroupSession.id,
    GroupSession.group_id,
    TherapyGroup.code,
    GroupSession.slot,
    GroupSession.number,
    GroupSession.phase,
    GroupSession.held_on,
)
_RATING = (
    FidelityRating.role,
    FidelityRating.rater,
    FidelityRating.rater_id,
    Account.display_name,
    FidelityRating.item_set,
    FidelityRating.basis,
    FidelityRating.selection,
    FidelityRating.rated_on,
    FidelityRating.submitted_at,
    FidelityRating.items,
    FidelityRating.proscribed,
    FidelityRating.global_competence,
    FidelityRating.alliance,
)


def courses_of(therapists: Collection[UUID] | None) -> ColumnElement[bool]:
    """Select the courses that these people were ever assigned to; None selects every course."""
    if therapists is None:
        return true()
    ever = select(Assignment.course_id).where(Assignment.therapist_id.in_(therapists))
    return Course.id.in_(ever)


def groups_of(therapists: Collection[UUID] | None) -> ColumnElement[bool]:
    """Select the groups that these people ever led; None selects every group."""
    if therapists is None:
        return true()
    ever = select(GroupLeader.group_id).where(GroupLeader.account_id.in_(therapists))
    return TherapyGroup.id.in_(ever)


def slots_rated_by(roles: Collection[str]) -> ColumnElement[bool]:
    """Select the slots that somebody rated in one of these roles."""
    by_them = select(FidelityRating.session_id).where(FidelityRating.role.in_(roles))
    return SessionRecord.id.in_(by_them.where(FidelityRating.session_id.is_not(None)))


def meetings_rated_by(roles: Collection[str]) -> ColumnElement[bool]:
    """Select the meetings of groups that somebody rated in one of these roles."""
    here = FidelityRating.group_session_id == GroupSession.id
    return exists().where(here, FidelityRating.role.in_(roles)).correlate(GroupSession)


def slots(session: Session, courses: ColumnElement[bool], since: date) -> tuple[SlotFound, ...]:
    """Give the slots of courses, without members' records of a group's session.

    `courses` may also narrow down which of their slots.
    """
    rows: Iterable[Any] = session.execute(
        select(*_SLOT)
        .join(Course, Course.id == SessionRecord.course_id)
        .join(Patient, Patient.id == Course.patient_id)
        .where(courses, SessionRecord.group_session_id.is_(None), SessionRecord.held_on >= since)
    )
    return tuple(SlotFound(*row) for row in rows)


def meetings(session: Session, groups: ColumnElement[bool], since: date) -> tuple[SlotFound, ...]:
    """Give the meetings of groups that took place."""
    rows = session.execute(
        select(*_MEETING)
        .join(TherapyGroup, TherapyGroup.id == GroupSession.group_id)
        .where(groups, GroupSession.cancelled.is_(False), GroupSession.held_on >= since)
    )
    return tuple(
        SlotFound(id_, owner, code, None, slot, number, "group", phase, held_on, "attended")
        for id_, owner, code, slot, number, phase, held_on in rows
    )


def assignments(session: Session, courses: ColumnElement[bool]) -> tuple[Held, ...]:
    """Give every assignment of courses."""
    rows = session.execute(
        select(
            Assignment.course_id,
            Assignment.therapist_id,
            Assignment.supervisor_id,
            Assignment.started_on,
        )
        .join(Course, Course.id == Assignment.course_id)
        .where(courses)
    )
    return tuple(Held(*row) for row in rows)


def leaders(session: Session, groups: ColumnElement[bool]) -> tuple[GroupLeader, ...]:
    """Give everybody who ever led groups."""
    wanted = select(GroupLeader).join(TherapyGroup, TherapyGroup.id == GroupLeader.group_id)
    return tuple(session.scalars(wanted.where(groups)))


def ratings_of_slots(
    session: Session, courses: ColumnElement[bool], roles: Collection[str], since: date
) -> tuple[RatingFound, ...]:
    """Give the ratings of sessions with one patient, or of one member of an imported group."""
    rows = session.execute(
        select(FidelityRating.id, FidelityRating.session_id, *_RATING)
        .join(SessionRecord, SessionRecord.id == FidelityRating.session_id)
        .join(Course, Course.id == SessionRecord.course_id)
        .outerjoin(Account, Account.id == FidelityRating.rater_id)
        .where(courses, FidelityRating.role.in_(roles), SessionRecord.held_on >= since)
    )
    return tuple(RatingFound(*row) for row in rows)


def ratings_of_meetings(
    session: Session, groups: ColumnElement[bool], roles: Collection[str], since: date
) -> tuple[RatingFound, ...]:
    """Give the ratings of whole group sessions."""
    rows = session.execute(
        select(FidelityRating.id, FidelityRating.group_session_id, *_RATING)
        .join(GroupSession, GroupSession.id == FidelityRating.group_session_id)
        .join(TherapyGroup, TherapyGroup.id == GroupSession.group_id)
        .outerjoin(Account, Account.id == FidelityRating.rater_id)
        .where(groups, FidelityRating.role.in_(roles), GroupSession.held_on >= since)
    )
    return tuple(RatingFound(*row) for row in rows)


def amendments(
    session: Session, courses: ColumnElement[bool], groups: ColumnElement[bool]
) -> tuple[RatingAmendment, ...]:
    """Give the amendments of the ratings of courses and groups, each rating's in their order."""
    wanted = (
        select(RatingAmendment)
        .join(FidelityRating, FidelityRating.id == RatingAmendment.rating_id)
        .outerjoin(SessionRecord, SessionRecord.id == FidelityRating.session_id)
        .outerjoin(Course, Course.id == SessionRecord.course_id)
        .outerjoin(GroupSession, GroupSession.id == FidelityRating.group_session_id)
        .outerjoin(TherapyGroup, TherapyGroup.id == GroupSession.group_id)
        .where((Course.id.is_not(None) & courses) | (TherapyGroup.id.is_not(None) & groups))
        .order_by(RatingAmendment.place)
    )
    return tuple(session.scalars(wanted))


def given_up(session: Session, account_id: UUID) -> frozenset[UUID]:
    """Give the sessions and meetings that somebody waived rating."""
    rows = session.execute(
        select(RatingWaiver.session_id, RatingWaiver.group_session_id).where(
            RatingWaiver.account_id == account_id
        )
    )
    return frozenset(id_ for row in rows for id_ in row if id_)


def rated_by(session: Session, account_id: UUID) -> frozenset[UUID]:
    """Give the sessions and meetings that somebody rated, in whatever role."""
    rows = session.execute(
        select(FidelityRating.session_id, FidelityRating.group_session_id).where(
            FidelityRating.rater_id == account_id
        )
    )
    return frozenset(id_ for row in rows for id_ in row if id_)


def staff_codes(session: Session) -> dict[UUID, str]:
    """Give the code by which files and reports name each person, the first by name of several."""
    rows = session.scalars(select(StaffCode).order_by(StaffCode.code.desc()))
    return {row.account_id: row.code for row in rows}

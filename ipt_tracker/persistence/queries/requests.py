"""Who can be asked to rate, and what one person was asked, has begun and has handed in."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from ipt_tracker.governance.access import Role
from ipt_tracker.persistence.models import (
    Account,
    Assignment,
    Course,
    Draft,
    FidelityRating,
    GroupLeader,
    GroupSession,
    Patient,
    RatingRequest,
    RatingWaiver,
    SessionRecord,
    Supervision,
    TherapyGroup,
)
from ipt_tracker.persistence.visibility import holds

RATERS = (Role.THERAPIST.value, Role.SUPERVISOR.value)


@dataclass(frozen=True, slots=True)
class NamedSession:
    """One session by what any rater of it may know: code, number, day and phase."""

    id: UUID
    owner: UUID
    code: str
    slot: int
    number: int | None
    kind: str
    phase: str
    held_on: date
    attendance: str
    is_group: bool


@dataclass(frozen=True, slots=True)
class RequestFound:
    """One request that waits for its rater; `of` is the session or the meeting."""

    id: UUID
    of: UUID
    role: str
    selection: str
    reason: str | None
    due_on: date | None
    asked_by: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One rating that somebody submitted here; nothing of what it says."""

    id: UUID
    of: UUID
    role: str
    submitted_at: datetime


def waiting_requests(session: Session, rater_id: UUID) -> tuple[RequestFound, ...]:
    """Give the requests that one rater has neither answered nor given up, the first due first."""
    wanted = (
        select(
            RatingRequest.id,
            RatingRequest.session_id,
            RatingRequest.group_session_id,
            RatingRequest.role,
            RatingRequest.selection,
            RatingRequest.reason,
            RatingRequest.due_on,
            Account.display_name,
            RatingRequest.asked_at,
        )
        .join(Account, Account.id == RatingRequest.asked_by)
        .where(RatingRequest.rater_id == rater_id, is_waiting())
        .order_by(RatingRequest.due_on.is_(None), RatingRequest.due_on, RatingRequest.asked_at)
    )
    rows: Iterable[Any] = session.execute(wanted)
    return tuple(RequestFound(id_, one or whole, *more) for id_, one, whole, *more in rows)


def is_waiting() -> ColumnElement[bool]:
    """Select requests that are not withdrawn and whose rater has not rated or waived."""
    rated = exists().where(
        FidelityRating.rater_id == RatingRequest.rater_id,
        FidelityRating.role != "consensus",
        _same(FidelityRating),
    )
    waived = exists().where(RatingWaiver.account_id == RatingRequest.rater_id, _same(RatingWaiver))
    return RatingRequest.withdrawn_at.is_(None) & ~rated & ~waived


def _same(table: type[FidelityRating | RatingWaiver]) -> ColumnElement[bool]:
    return or_(
        table.session_id == RatingRequest.session_id,
        table.group_session_id == RatingRequest.group_session_id,
    )


def named_sessions(session: Session, ids: Collection[UUID]) -> dict[UUID, NamedSession]:
    """Give these sessions and meetings by id, in two statements."""
    wanted = list(ids)
    one: Iterable[Any] = session.execute(
        select(
            SessionRecord.id,
            SessionRecord.course_id.label("owner"),
            Patient.code,
            SessionRecord.slot,
            SessionRecord.number,
            SessionRecord.kind,
            SessionRecord.phase,
            SessionRecord.held_on,
            SessionRecord.attendance,
        )
        .join(Course, Course.id == SessionRecord.course_id)
        .join(Patient, Patient.id == Course.patient_id)
        .where(SessionRecord.id.in_(wanted), SessionRecord.group_session_id.is_(None))
    ).mappings()
    whole: Iterable[Any] = session.execute(
        select(
            GroupSession.id,
            GroupSession.group_id,
            TherapyGroup.code,
            GroupSession.slot,
            GroupSession.number,
            GroupSession.phase,
            GroupSession.held_on,
        )
        .join(TherapyGroup, TherapyGroup.id == GroupSession.group_id)
        .where(GroupSession.id.in_(wanted), GroupSession.cancelled.is_(False))
    )
    found: list[NamedSession] = [NamedSession(**row, is_group=False) for row in one]
    found += [
        NamedSession(id_, owner, code, slot, number, "group", phase, day, "attended", is_group=True)
        for id_, owner, code, slot, number, phase, day in whole
    ]
    return {each.id: each for each in found}


def handed_in(session: Session, rater_id: UUID, most: int) -> tuple[HandedIn, ...]:
    """Give the ratings that somebody submitted here last, the newest first."""
    rows: Iterable[Any] = session.execute(
        select(
            FidelityRating.id,
            FidelityRating.session_id,
            FidelityRating.group_session_id,
            FidelityRating.role,
            FidelityRating.submitted_at,
        )
        .where(FidelityRating.rater_id == rater_id, FidelityRating.submitted_at.is_not(None))
        .order_by(FidelityRating.submitted_at.desc(), FidelityRating.id)
        .limit(most)
    )
    return tuple(HandedIn(id_, one or whole, role, at) for id_, one, whole, role, at in rows)


def drafts_below(session: Session, account_id: UUID, address: str) -> tuple[Draft, ...]:
    """Give somebody's own drafts of forms under an address, the newest first."""
    found = session.scalars(
        select(Draft)
        .where(Draft.account_id == account_id, Draft.address.startswith(address, autoescape=True))
        .order_by(Draft.saved_at.desc(), Draft.address)
    )
    return tuple(found)


def raters(session: Session) -> tuple[tuple[UUID, str, str], ...]:
    """Give everybody who can sign in and rate, by name: id, name, role."""
    rows = session.execute(
        select(Account.id, Account.display_name, Account.role)
        .where(Account.enabled, Account.role.in_(RATERS))
        .order_by(Account.display_name, Account.id)
    )
    return tuple((row.id, row.display_name, row.role) for row in rows)


def supervises(
    session: Session, supervisor_id: UUID, therapists: Collection[UUID], today: date
) -> bool:
    """Say whether somebody supervises one of these people today."""
    found = select(Supervision.id).where(
        Supervision.supervisor_id == supervisor_id,
        Supervision.supervisee_id.in_(list(therapists)),
        holds(Supervision, today),
    )
    return session.scalars(found).first() is not None


def asked_of(session: Session, rater_id: UUID) -> frozenset[UUID]:
    """Give the sessions and meetings that somebody was asked to rate, rated since or not."""
    rows = session.execute(
        select(RatingRequest.session_id, RatingRequest.group_session_id).where(
            RatingRequest.rater_id == rater_id, RatingRequest.withdrawn_at.is_(None)
        )
    )
    return frozenset(id_ for row in rows for id_ in row if id_)


def ties_of(
    session: Session, owners: Collection[UUID]
) -> tuple[dict[UUID, list[Assignment]], dict[UUID, list[GroupLeader]]]:
    """Give the assignments of courses and the leaders of groups, by course and by group."""
    wanted = list(owners)
    assigned: dict[UUID, list[Assignment]] = defaultdict(list)
    for each in session.scalars(select(Assignment).where(Assignment.course_id.in_(wanted))):
        assigned[each.course_id].append(each)
    led: dict[UUID, list[GroupLeader]] = defaultdict(list)
    for leader in session.scalars(select(GroupLeader).where(GroupLeader.group_id.in_(wanted))):
        led[leader.group_id].append(leader)
    return assigned, led

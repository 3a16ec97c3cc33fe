"""Who is told of an emergency access, what they are told, and that they have seen it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select

from ipt_tracker.governance.access import AccessDenied, Permission, Role
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import (
    Account,
    Assignment,
    AuditEntry,
    Course,
    EmergencyAccess,
    EmergencyNoticeSeen,
    Patient,
    Supervision,
)
from ipt_tracker.persistence.visibility import holds, visible_to
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

SHOWN = 100
"""The newest of a clinic; older ones stand in the audit."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Who has seen a notice, and when."""

    by: UUID
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """One access. Name and reason are there for the patient's supervisors alone.

    `is_for` says whether the actor is one of those who have to see it.
    """

    id: UUID
    who: str
    role: str
    code: str
    name: str | None
    reason: str | None
    started_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    pages: int
    seen: tuple[Seen, ...]
    is_for: bool
    is_unseen: bool


@dataclass(frozen=True, slots=True)
class PageRead:
    """One page that was read under the access."""

    at: datetime
    page: str


@dataclass(frozen=True, slots=True)
class Fact:
    """What the pages of a course say of an access: who and when."""

    who: str
    started_at: datetime
    ended_at: datetime


def list_notices(work: UnitOfWork) -> tuple[Notice, ...]:
    """Give the newest accesses of which the actor may know, and write down that they looked."""
    work.require(Permission.SEE_EMERGENCIES)
    work.audit(Event.EMERGENCIES_LISTED, Subject("emergency", "list"))
    return _notices(work, _known(work))


def read_notice(work: UnitOfWork, emergency_id: UUID) -> tuple[Notice, tuple[PageRead, ...]]:
    """Give one access with the pages that were read under it, or raise AccessDenied."""
    found = _one(work, emergency_id)
    access = work.session.get(EmergencyAccess, emergency_id)
    patient = access.patient_id if access else None
    work.audit(Event.EMERGENCIES_LISTED, Subject("emergency", emergency_id, patient))
    rows = work.session.execute(
        select(AuditEntry.at, AuditEntry.details)
        .where(AuditEntry.patient_id == patient, AuditEntry.emergency_id == emergency_id)
        .order_by(AuditEntry.id)
    )
    pages = (PageRead(row.at, str((row.details or {}).get("page", ""))) for row in rows)
    return found, tuple(each for each in pages if each.page)


def mark_seen(work: UnitOfWork, emergency_id: UUID) -> None:
    """Write down that the actor, who has to see this, has seen it. Once is enough."""
    found = _one(work, emergency_id)
    if not found.is_for:
        raise AccessDenied(Permission.SEE_EMERGENCIES)
    if not found.is_unseen:
        return
    work.session.add(
        EmergencyNoticeSeen(emergency_id=emergency_id, seen_by=work.person.id, seen_at=work.now)
    )
    access = work.session.get(EmergencyAccess, emergency_id)
    subject = Subject("emergency", emergency_id, access.patient_id if access else None)
    work.audit(Event.EMERGENCY_SEEN, subject)


def unseen(work: UnitOfWork) -> int:
    """Count what the actor has to see and has not seen, in one statement."""
    seen = exists().where(
        EmergencyNoticeSeen.emergency_id == EmergencyAccess.id,
        EmergencyNoticeSeen.seen_by == work.person.id,
    )
    wanted = select(func.count()).select_from(EmergencyAccess).where(_is_for(work), ~seen)
    return work.session.scalar(wanted) or 0


def facts_of(work: UnitOfWork, course: Course) -> tuple[Fact, ...]:
    """Give every access to the record of a course's patient, the newest first."""
    rows = work.session.execute(
        select(EmergencyAccess, Account.display_name)
        .join(Account, Account.id == EmergencyAccess.account_id)
        .where(EmergencyAccess.patient_id == course.patient_id)
        .order_by(EmergencyAccess.started_at.desc())
    )
    return tuple(
        Fact(row.display_name, row[0].started_at, row[0].ended_at or row[0].ends_at) for row in rows
    )


def _known(work: UnitOfWork) -> ColumnElement[bool]:
    """Select what the actor may know of: a supervisor of those supervised, the others of all."""
    if work.person.role is Role.SUPERVISOR:
        return _is_for(work)
    return EmergencyAccess.id.is_not(None)


def _is_for(work: UnitOfWork) -> ColumnElement[bool]:
    """Select what the actor has to see.

    A supervisor: what others read of the patients of those whom they supervise. An administrator:
    what no supervisor has to see, because there is none but the one who read. Nobody else.
    """
    person, not_own = work.person, EmergencyAccess.account_id != work.person.id
    if person.role is Role.SUPERVISOR:
        patients = select(Course.patient_id).where(visible_to(person, work.today))
        return not_own & EmergencyAccess.patient_id.in_(patients)
    if person.role is Role.ADMINISTRATOR:
        return ~_has_another_supervisor(work)
    return EmergencyAccess.id.is_(None)


def _has_another_supervisor(work: UnitOfWork) -> ColumnElement[bool]:
    return (
        exists()
        .where(
            Course.patient_id == EmergencyAccess.patient_id,
            Assignment.course_id == Course.id,
            holds(Assignment, work.today),
            Supervision.supervisee_id == Assignment.therapist_id,
            holds(Supervision, work.today),
            Supervision.supervisor_id != EmergencyAccess.account_id,
        )
        .correlate(EmergencyAccess)
    )


def _one(work: UnitOfWork, emergency_id: UUID) -> Notice:
    work.require(Permission.SEE_EMERGENCIES)
    found = _notices(work, _known(work) & (EmergencyAccess.id == emergency_id))
    if not found:
        raise AccessDenied(Permission.SEE_EMERGENCIES)
    return found[0]


def _notices(work: UnitOfWork, which: ColumnElement[bool]) -> tuple[Notice, ...]:
    rows = work.session.execute(_wanted(work, which)).all()
    seen = _seen(work, [row[0].id for row in rows])
    told = work.person.role is Role.SUPERVISOR
    return tuple(
        Notice(
            id=access.id,
            who=who,
            role=role,
            code=patient.code,
            name=patient.name if told else None,
            reason=access.reason if told else None,
            started_at=access.started_at,
            ends_at=access.ends_at,
            ended_at=access.ended_at,
            pages=pages,
            seen=seen.get(access.id, ()),
            is_for=bool(is_for),
            is_unseen=bool(is_for)
            and all(each.by != work.person.id for each in seen.get(access.id, ())),
        )
        for access, who, role, patient, pages, is_for in rows
    )


def _wanted(
    work: UnitOfWork, which: ColumnElement[bool]
) -> Select[EmergencyAccess, str, str, Patient, int, bool]:
    """Ask for accesses with who, whose, and how many pages were read under each."""
    pages = (
        select(func.count())
        .where(
            AuditEntry.patient_id == EmergencyAccess.patient_id,
            AuditEntry.emergency_id == EmergencyAccess.id,
            AuditEntry.event == Event.COURSE_OPENED,
        )
        .correlate(EmergencyAccess)
        .scalar_subquery()
    )
    return (
        select(
            EmergencyAccess,
            Account.display_name,
            Account.role,
            Patient,
            pages,
            _is_for(work).label("is_for"),
        )
        .join(Account, Account.id == EmergencyAccess.account_id)
        .join(Patient, Patient.id == EmergencyAccess.patient_id)
        .where(which)
        .order_by(EmergencyAccess.started_at.desc(), EmergencyAccess.id)
        .limit(SHOWN)
    )


def _seen(work: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, tuple[Seen, ...]]:
    rows = work.session.execute(
        select(EmergencyNoticeSeen, Account.display_name)
        .join(Account, Account.id == EmergencyNoticeSeen.seen_by)
        .where(EmergencyNoticeSeen.emergency_id.in_(list(ids)))
        .order_by(EmergencyNoticeSeen.seen_at)
    )
    found: dict[UUID, tuple[Seen, ...]] = {}
    for row, name in rows:
        own = Seen(row.seen_by, name, row.seen_at)
        found[row.emergency_id] = (*found.get(row.emergency_id, ()), own)
    return found

"""The emergency access that somebody has now: whose record it opens, and for how long."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Course, EmergencyAccess, Patient
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

LASTS = timedelta(minutes=60)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Banner:
    """What every page of the patient says while the access runs."""

    id: UUID
    code: str
    minutes_left: int
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Running:
    """One access that runs, with the courses that it opens, newest first."""

    banner: Banner
    reason: str
    courses: tuple[UUID, ...]


def emergencies_of(session: Session, account_id: UUID, now: datetime) -> Mapping[UUID, UUID]:
    """Give the patients whose records are open to somebody now, each with the access."""
    rows = session.execute(
        select(EmergencyAccess.patient_id, EmergencyAccess.id).where(
            EmergencyAccess.account_id == account_id,
            EmergencyAccess.ends_at > now,
            EmergencyAccess.ended_at.is_(None),
        )
    )
    return {row.patient_id: row.id for row in rows}


def banner_of(work: UnitOfWork, patient_id: UUID) -> Banner | None:
    """Give what the pages of a patient say; None without a question to the database, mostly."""
    found = work.person.emergencies.get(patient_id)
    access = work.session.get(EmergencyAccess, found) if found else None
    patient = work.session.get(Patient, patient_id) if access else None
    return _banner(work, access, patient.code) if access and patient else None


def running(work: UnitOfWork) -> tuple[Running, ...]:
    """Give every access of the actor that runs, the newest first."""
    work.require(Permission.BREAK_GLASS)
    now = emergencies_of(work.session, work.person.id, work.now)
    rows = work.session.execute(
        select(EmergencyAccess, Patient.code)
        .join(Patient, Patient.id == EmergencyAccess.patient_id)
        .where(EmergencyAccess.id.in_(list(now.values())))
        .order_by(EmergencyAccess.started_at.desc())
    )
    return tuple(
        Running(_banner(work, row[0], row.code), row[0].reason, courses_of(work, row[0].patient_id))
        for row in rows
    )


def courses_of(work: UnitOfWork, patient_id: UUID) -> tuple[UUID, ...]:
    """Give the courses of a patient, the newest first."""
    wanted = select(Course.id).where(Course.patient_id == patient_id)
    return tuple(work.session.scalars(wanted.order_by(Course.started_on.desc(), Course.id)))


def _banner(work: UnitOfWork, access: EmergencyAccess, code: str) -> Banner:
    """Round up: the last minute is one minute, not none."""
    left = -((work.now - access.ends_at) // MINUTE)
    return Banner(access.id, code, left, access.ends_at)


def end_emergency(work: UnitOfWork, emergency_id: UUID) -> None:
    """End one's own access before its time. AccessDenied for one that is not, or does not run."""
    work.require(Permission.BREAK_GLASS)
    access = work.session.get(EmergencyAccess, emergency_id)
    if (
        access is None
        or access.account_id != work.person.id
        or access.ended_at is not None
        or access.ends_at <= work.now
    ):
        raise AccessDenied(Permission.BREAK_GLASS)
    access.ended_at = work.now
    work.audit(Event.EMERGENCY_ENDED, Subject("emergency", access.id, access.patient_id))

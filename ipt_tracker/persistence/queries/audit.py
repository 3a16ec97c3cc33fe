"""Reading the audit. Who may is asked before: an audit row belongs to the clinic."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from ipt_tracker.persistence.models import Account, AuditEntry, Patient

Found = Row[AuditEntry, str, str]
"""A row, the name of who did it and the patient's code; outer joins may leave both empty."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What a list of the audit is cut down to; what is empty cuts nothing."""

    actor: UUID | None = None
    patient: UUID | None = None
    events: Collection[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    emergencies: bool = False
    below: int | None = None


def rows(session: Session, sought: Sought, limit: int | None) -> Sequence[Found]:
    """Give audit rows, the newest first, each with who did it and the patient's clinic code."""
    wanted: Select[AuditEntry, str, str] = (
        select(AuditEntry, Account.display_name, Patient.code)
        .outerjoin(Account, Account.id == AuditEntry.actor_id)
        .outerjoin(Patient, Patient.id == AuditEntry.patient_id)
        .where(*_conditions(sought))
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return session.execute(wanted).all()


def _conditions(sought: Sought) -> Iterable[Any]:
    if sought.actor is not None:
        own = AuditEntry.subject_kind == "account", AuditEntry.subject_id == str(sought.actor)
        not_yet = AuditEntry.actor_id.is_(None)  # signing in: nobody is signed in yet
        yield or_(AuditEntry.actor_id == sought.actor, and_(not_yet, *own))
    if sought.patient is not None:
        yield AuditEntry.patient_id == sought.patient
    if sought.events:
        yield AuditEntry.event.in_(sorted(sought.events))
    if sought.since is not None:
        yield AuditEntry.at >= sought.since
    if sought.until is not None:
        yield AuditEntry.at < sought.until
    if sought.emergencies:
        yield AuditEntry.emergency_id.is_not(None)
    if sought.below is not None:
        yield AuditEntry.id < sought.below


def people(session: Session) -> Sequence[tuple[UUID, str]]:
    """Give everybody with an account, by name."""
    found = select(Account.id, Account.display_name).order_by(Account.display_name, Account.id)
    return [(row.id, row.display_name) for row in session.execute(found)]


def patient_of_code(session: Session, code: str) -> UUID | None:
    """Find a patient by the clinic code."""
    return session.scalar(select(Patient.id).where(Patient.code == code))


def code_of(session: Session, patient_id: UUID) -> str | None:
    """Give the clinic code of a patient."""
    return session.scalar(select(Patient.code).where(Patient.id == patient_id))

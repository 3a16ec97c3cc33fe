"""Dated events of a course beside its sessions: medication, risk found, contract changes."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ipt_tracker.persistence.models import (
    ContractChange,
    MedicationChange,
    RiskCheck,
    SessionRecord,
)


@dataclass(frozen=True, slots=True)
class SlotEvent:
    """What a slot's risk check or medication change says."""

    held_on: date
    drug: str | None
    change: str | None
    dose: str | None
    changed_on: date | None
    risk_result: str | None
    risk_band: str | None


def slot_events(session: Session, course_id: UUID) -> tuple[SlotEvent, ...]:
    """Give the slots of a course at which medication changed or risk was found."""
    found = RiskCheck.result.is_not(None) & (RiskCheck.result != "none")
    rows = session.execute(
        select(
            SessionRecord.held_on,
            MedicationChange.drug,
            MedicationChange.change,
            MedicationChange.dose,
            MedicationChange.changed_on,
            RiskCheck.result.label("risk_result"),
            RiskCheck.band.label("risk_band"),
        )
        .outerjoin(MedicationChange, MedicationChange.session_id == SessionRecord.id)
        .outerjoin(RiskCheck, RiskCheck.session_id == SessionRecord.id)
        .where(
            SessionRecord.course_id == course_id,
            or_(MedicationChange.id.is_not(None), RiskCheck.band.is_not(None), found),
        )
        .order_by(SessionRecord.slot)
    )
    return tuple(SlotEvent(**row) for row in rows.mappings())


def contract_changes_of(session: Session, course_id: UUID) -> tuple[ContractChange, ...]:
    """Give the changes of a course's contract, oldest first."""
    return tuple(
        session.scalars(
            select(ContractChange)
            .where(ContractChange.course_id == course_id)
            .order_by(ContractChange.changed_on)
        )
    )

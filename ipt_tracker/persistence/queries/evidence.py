"""Evidence sets of the clinic: the list, and what was done to one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from ipt_tracker.persistence.models import Account, EvidenceChange, EvidenceSet, EvidenceTrial


@dataclass(frozen=True, slots=True)
class SetRow:
    """One set in the list, with how many trials count and how many were withdrawn."""

    id: UUID
    name: str
    measured: str
    searched_on: date
    made_by: str
    trials: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One thing that was done to a set, by whom and when."""

    trial_id: UUID | None
    act: str
    field: str | None
    old: str | None
    new: str | None
    reason: str | None
    by: str
    at: datetime


def list_sets(session: Session) -> list[SetRow]:
    """List every set, by name."""
    out = func.sum(case((EvidenceTrial.withdrawn, 1), else_=0))
    found = session.execute(
        select(EvidenceSet, Account.display_name, func.count(EvidenceTrial.id), out)
        .join(Account, Account.id == EvidenceSet.made_by)
        .outerjoin(EvidenceTrial, EvidenceTrial.set_id == EvidenceSet.id)
        .group_by(EvidenceSet.id, Account.display_name)
        .order_by(EvidenceSet.name)
    )
    return [
        SetRow(e.id, e.name, e.measured, e.searched_on, by, trials - (gone or 0), gone or 0)
        for e, by, trials, gone in found
    ]


def trials_of(session: Session, set_id: UUID) -> Sequence[EvidenceTrial]:
    """Give the trials of a set in the order in which they were added, withdrawn ones too."""
    wanted = select(EvidenceTrial).where(EvidenceTrial.set_id == set_id)
    return session.scalars(wanted.order_by(EvidenceTrial.place)).all()


def changes_of(session: Session, set_id: UUID) -> list[ChangeRow]:
    """Give what was done to a set, the oldest first."""
    found = session.execute(
        select(EvidenceChange, Account.display_name)
        .join(Account, Account.id == EvidenceChange.done_by)
        .where(EvidenceChange.set_id == set_id)
        .order_by(EvidenceChange.place)
    )
    return [
        ChangeRow(c.trial_id, c.act, c.field, c.old, c.new, c.reason, by, c.done_at)
        for c, by in found
    ]


def last_place(session: Session, model: type[EvidenceTrial | EvidenceChange], set_id: UUID) -> int:
    """Give the last place that is taken among the trials or the changes of a set; 0 for none."""
    found = session.scalar(select(func.max(model.place)).where(model.set_id == set_id))
    return found or 0


def is_taken(session: Session, name: str, besides: UUID | None = None) -> bool:
    """Say whether another set has this name."""
    wanted = select(EvidenceSet.id).where(EvidenceSet.name == name)
    return session.scalars(wanted).first() not in {None, besides}

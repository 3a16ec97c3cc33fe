"""Emergency access: one person, one patient, a reason and an end."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ipt_tracker.persistence.base import Base, HasId


class EmergencyAccess(HasId, Base):
    """Reading a record that is not one's own, for a stated reason and a limited time."""

    __tablename__ = "emergency_access"
    __table_args__ = (
        CheckConstraint("length(reason) >= 20", name="reason_is_stated"),
        CheckConstraint("ends_at > started_at", name="ends_later"),
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="ended_after_start"),
        Index("ix_emergency_access_account_id_ends_at", "account_id", "ends_at"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    reason: Mapped[str]
    started_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """When the person ended it themselves, before its time."""


class EmergencyNoticeSeen(HasId, Base):
    """That somebody who had to be told of an emergency access has seen the notice."""

    __tablename__ = "emergency_notice_seen"
    __table_args__ = (UniqueConstraint("emergency_id", "seen_by"),)

    emergency_id: Mapped[UUID] = mapped_column(ForeignKey("emergency_access.id"))
    seen_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    seen_at: Mapped[datetime]

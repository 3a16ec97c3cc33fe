"""Who did what, when. Rows are added and never changed; triggers hold that, not manners."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from ipt_tracker.persistence.base import CODE, Base


class AuditEntry(Base):
    """One act. It names its subjects by id and has no foreign keys, so that it outlives them."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_patient_id_at", "patient_id", "at"),
        Index("ix_audit_entry_actor_id_at", "actor_id", "at"),
    )

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    event: Mapped[str] = mapped_column(CODE)
    subject_kind: Mapped[str | None] = mapped_column(String(40))
    subject_id: Mapped[str | None] = mapped_column(String(60))
    patient_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any] | None]
    emergency_id: Mapped[UUID | None]
    """The emergency access under which it was done."""
    seal: Mapped[str | None] = mapped_column(String(64))
    """Keyed digest of this row and of the seal before it, in hexadecimal digits."""

"""Legal hold: records that must not be removed, whatever their age."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from ipt_tracker.persistence.base import Base, HasId


class LegalHold(HasId, Base):
    """From its moment until it is lifted, the records of one patient cannot be removed."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifted_has_who_and_when"
        ),
        CheckConstraint("(lifted_at IS NULL) = (lifted_why IS NULL)", name="lifted_has_a_reason"),
    )

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    reason: Mapped[str]
    set_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    set_at: Mapped[datetime]
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    lifted_at: Mapped[datetime | None]
    lifted_why: Mapped[str | None]

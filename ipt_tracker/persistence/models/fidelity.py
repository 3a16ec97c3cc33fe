"""Ratings of how a session was done: records about the therapist, not the patient."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ipt_tracker.persistence.base import CODE, Base, HasId


class FidelityRating(HasId, Base):
    """One rater's rating of one session, on one basis."""

    __tablename__ = "fidelity_rating"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("session_record.id"), index=True)
    rater: Mapped[str] = mapped_column(String(60))
    """Self, or the staff code of the rater."""
    rater_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    basis: Mapped[str | None] = mapped_column(CODE)
    scope: Mapped[str | None] = mapped_column(CODE)
    rated_on: Mapped[date | None]
    items: Mapped[dict[str, Any]]
    proscribed: Mapped[dict[str, Any]]
    global_competence: Mapped[int | None]
    extra: Mapped[dict[str, Any] | None]

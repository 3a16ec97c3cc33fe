"""The sheets of a course: suitability, formulation, midpoint, ending, safety plan and others."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ipt_tracker.persistence.base import CODE, Base, HasId


class Worksheet(HasId, Base):
    """One edition of one sheet. A change is a new edition; the earlier ones stay as they are."""

    __tablename__ = "worksheet"
    __table_args__ = (
        UniqueConstraint("course_id", "kind", "edition"),
        CheckConstraint("edition > 0", name="editions_are_counted"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    kind: Mapped[str] = mapped_column(CODE)
    edition: Mapped[int]
    content: Mapped[dict[str, Any]]
    """Answers by the key of their field."""
    reason: Mapped[str | None]
    """Why there is another edition; empty for the first."""
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]

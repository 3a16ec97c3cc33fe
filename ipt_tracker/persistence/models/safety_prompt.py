"""What a measure obliges somebody to ask next, until somebody says what was done about it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ipt_tracker.persistence.base import CODE, Base, HasId


class SafetyPrompt(HasId, Base):
    """One answer on suicide that calls for a question, or a blank that does. Never a risk level."""

    __tablename__ = "safety_prompt"
    __table_args__ = (
        CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)",
            name="acknowledged_has_who_and_when",
        ),
        CheckConstraint(
            "(acknowledged_at IS NULL) = (action IS NULL)", name="acknowledged_says_what_was_done"
        ),
        Index("ix_safety_prompt_course_id_acknowledged_at", "course_id", "acknowledged_at"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    measure_id: Mapped[UUID] = mapped_column(ForeignKey("measure.id"), index=True)
    item: Mapped[str] = mapped_column(CODE)
    reason: Mapped[str] = mapped_column(CODE)
    answer: Mapped[int | None]
    raised_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    done: Mapped[str | None] = mapped_column(CODE)
    action: Mapped[str | None]

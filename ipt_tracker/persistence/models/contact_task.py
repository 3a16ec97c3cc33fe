"""A visit missed by somebody who was at risk lately: contact on the same day, and how it went."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ipt_tracker.persistence.base import CODE, Base, HasId


class ContactTask(HasId, Base):
    """One request for contact, open until somebody says how it ended."""

    __tablename__ = "contact_task"
    __table_args__ = (
        CheckConstraint(
            "(closed_at IS NULL) = (closed_by IS NULL)", name="closed_has_who_and_when"
        ),
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed_says_how_it_ended"),
        Index("ix_contact_task_course_id_closed_at", "course_id", "closed_at"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    session_id: Mapped[UUID] = mapped_column(ForeignKey("session_record.id"), unique=True)
    """The slot that was missed."""
    because: Mapped[str]
    """What was positive and when, in words that were true when the visit was missed."""
    raised_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    outcome: Mapped[str | None] = mapped_column(CODE)


class ContactAttempt(HasId, Base):
    """One attempt to reach the patient, or somebody for them."""

    __tablename__ = "contact_attempt"

    task_id: Mapped[UUID] = mapped_column(ForeignKey("contact_task.id"), index=True)
    way: Mapped[str] = mapped_column(CODE)
    reached: Mapped[bool]
    what: Mapped[str]
    tried_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    tried_at: Mapped[datetime]

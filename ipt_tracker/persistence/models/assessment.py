"""Assessments asked of somebody who knows nothing of the treatment: a blinded assessor."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ipt_tracker.persistence.base import CODE, Base, HasId


class AssessmentRequest(HasId, Base):
    """One form of one course, asked of one assessor: open, done, declined or withdrawn."""

    __tablename__ = "assessment_request"
    __table_args__ = (
        CheckConstraint("(done_at IS NULL) = (measure_id IS NULL)", name="done_has_its_measure"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_has_who_and_when"
        ),
        CheckConstraint("done_at IS NULL OR withdrawn_at IS NULL", name="done_or_withdrawn"),
        CheckConstraint(
            "withdrawn_at IS NULL OR withdrawn_why IS NOT NULL", name="withdrawn_has_a_reason"
        ),
        Index("ix_assessment_request_assessor_id_done_at", "assessor_id", "done_at"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), index=True)
    assessor_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    instrument: Mapped[str] = mapped_column(CODE)
    due_on: Mapped[date | None]
    note: Mapped[str | None]
    """What the assessor needs to know, such as where; never anything of the treatment."""
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    measure_id: Mapped[UUID | None] = mapped_column(ForeignKey("measure.id"), unique=True)
    done_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    """Who took it back: the one who asked, or the assessor, who then declined."""
    withdrawn_at: Mapped[datetime | None]
    withdrawn_why: Mapped[str | None]

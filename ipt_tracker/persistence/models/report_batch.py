"""Reports of many courses in one file: asked for, made one by one, taken away, removed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ipt_tracker.persistence.base import Base, HasId


class ReportBatch(HasId, Base):
    """Reports that somebody asked for. It ends by being finished or cancelled, never by both."""

    __tablename__ = "report_batch"
    __table_args__ = (
        CheckConstraint("kind IN ('progress', 'letter')", name="kind_is_known"),
        CheckConstraint("finished_at IS NULL OR cancelled_at IS NULL", name="one_end"),
        CheckConstraint("taken_at IS NULL OR finished_at IS NOT NULL", name="taken_when_finished"),
        CheckConstraint("length(reason) > 0", name="reason_is_stated"),
    )

    asked_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    asked_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(20))
    disguised: Mapped[bool]
    """Whether names and codes are left out and dates are shifted."""
    reason: Mapped[str]
    finished_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form


class ReportBatchPart(HasId, Base):
    """One course of a batch: awaited, made, or left out for a reason."""

    __tablename__ = "report_batch_part"
    __table_args__ = (
        UniqueConstraint("batch_id", "place"),
        CheckConstraint("content IS NULL OR left_out IS NULL", name="made_or_left_out"),
        CheckConstraint("content IS NULL OR made_at IS NOT NULL", name="made_has_its_moment"),
    )

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("report_batch.id"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), index=True)
    place: Mapped[int]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """The report; None before it is made, and again once the batch was taken or has expired."""
    made_at: Mapped[datetime | None]
    left_out: Mapped[str | None]
    """Why there is no report of this course."""

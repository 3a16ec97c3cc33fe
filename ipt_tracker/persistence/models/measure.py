"""One administration of one instrument: the answers as given and the score they earned that day."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ipt_tracker.persistence.base import CODE, Base, HasId


class Measure(HasId, Base):
    """A form that was completed, or one that was due and was not. Missing is never zero."""

    __tablename__ = "measure"
    __table_args__ = (
        CheckConstraint("(status = 'complete') = (total IS NOT NULL)", name="total_when_complete"),
        CheckConstraint("total >= 0", name="total_is_not_negative"),
        CheckConstraint("lowest <= highest", name="range_is_ordered"),
        Index("ix_measure_course_id_instrument_taken_on", "course_id", "instrument", "taken_on"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("session_record.id"), index=True)
    instrument: Mapped[str] = mapped_column(CODE)
    """Key of the instrument with its lookback, such as pcl5_week; another text was imported."""
    taken_on: Mapped[date]
    """Done on that day; for a form that was not done, the day it was due."""
    status: Mapped[str] = mapped_column(CODE)
    total: Mapped[int | None]
    answers: Mapped[dict[str, Any] | None]
    """Item key to answer; an item that was left blank is there with null."""
    answered: Mapped[int | None]
    lowest: Mapped[int | None]
    highest: Mapped[int | None]
    """The range in which the total must lie, given the answers there are."""
    point: Mapped[str | None] = mapped_column(CODE)
    due_on: Mapped[date | None]
    assessor: Mapped[str | None] = mapped_column(String(120))
    blind: Mapped[bool | None]
    unblinding: Mapped[str | None]
    reason: Mapped[str | None]
    extra: Mapped[dict[str, Any] | None]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]

"""One administration of one instrument: the answers as given, the score they earned, by what."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ipt_tracker.persistence.base import CODE, Base, HasId

THAT_COUNT = "total IS NOT NULL AND withdrawn_at IS NULL"


class Measure(HasId, Base):
    """A form that was completed, or one that was due and was not. Missing is never zero."""

    __tablename__ = "measure"
    __table_args__ = (
        CheckConstraint("(status = 'complete') = (total IS NOT NULL)", name="total_when_complete"),
        CheckConstraint("total >= 0", name="total_is_not_negative"),
        CheckConstraint("lowest <= highest", name="range_is_ordered"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_has_who_and_when"
        ),
        Index("ix_measure_course_id_instrument_taken_on", "course_id", "instrument", "taken_on"),
        # What is planned and due, found among all measures of a clinic.
        Index("ix_measure_status_due_on", "status", "due_on"),
        # The totals that count, in the order of a course: first and last of a whole clinic.
        Index(
            "ix_measure_totals",
            *("instrument", "course_id", "taken_on", "recorded_at", "id", "total", "point"),
            sqlite_where=text(THAT_COUNT),
            postgresql_where=text(THAT_COUNT),
        ),
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
    """Answer key to answer; one that was left blank is there with null."""
    beside: Mapped[dict[str, Any] | None]
    """What was rated with the form outside its total, by key."""
    answered: Mapped[int | None]
    lowest: Mapped[int | None]
    highest: Mapped[int | None]
    """The range in which the total must lie, given the answers there are."""
    rule: Mapped[str | None] = mapped_column(CODE)
    cut: Mapped[str | None] = mapped_column(CODE)
    band_set: Mapped[str | None] = mapped_column(CODE)
    threshold_set: Mapped[str | None] = mapped_column(CODE)
    """By what it was judged, each "key@version": a later choice of another never changes it."""
    findings: Mapped[dict[str, Any] | None]
    """What these said when it was entered: "rule", "cut", "band" and more, to finding."""
    point: Mapped[str | None] = mapped_column(CODE)
    due_on: Mapped[date | None]
    assessor: Mapped[str | None] = mapped_column(String(120))
    blind: Mapped[bool | None]
    unblinding: Mapped[str | None]
    reason: Mapped[str | None]
    extra: Mapped[dict[str, Any] | None]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    """Entered in error: it stays readable and counts for nothing. Why stands in its amendment."""
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form


class SecondKeying(HasId, Base):
    """The same paper form keyed a second time, without sight of the first, to compare the two."""

    __tablename__ = "second_keying"

    measure_id: Mapped[UUID] = mapped_column(ForeignKey("measure.id"), index=True)
    answers: Mapped[dict[str, Any]]
    beside: Mapped[dict[str, Any]]
    differing: Mapped[list[str]]
    """The keys of the answers that were not the same; empty when the two agreed."""
    keyed_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    keyed_at: Mapped[datetime]

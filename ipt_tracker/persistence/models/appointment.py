"""Appointments that are booked: what stands on a day's page before a session is logged."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ipt_tracker.persistence.base import CODE, Base, HasId


class Appointment(HasId, Base):
    """One booked time of a course or of a group, until it is logged as a slot or taken back."""

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("(course_id IS NULL) <> (group_id IS NULL)", name="of_one_or_the_other"),
        CheckConstraint("minutes BETWEEN 1 AND 600", name="length_is_possible"),
        CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL)",
            name="taken_back_has_who_and_when",
        ),
        Index("ix_appointment_course_id_planned_on", "course_id", "planned_on"),
        Index("ix_appointment_group_id_planned_on", "group_id", "planned_on"),
    )

    course_id: Mapped[UUID | None] = mapped_column(ForeignKey("course.id"))
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey("therapy_group.id"))
    planned_on: Mapped[date]
    starts_at: Mapped[time | None]
    minutes: Mapped[int | None]
    modality: Mapped[str | None] = mapped_column(CODE)
    remark: Mapped[str | None] = mapped_column(String(300))
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("session_record.id"), unique=True)
    """The slot that it became."""
    group_session_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("group_session.id"), unique=True
    )
    booked_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    booked_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form

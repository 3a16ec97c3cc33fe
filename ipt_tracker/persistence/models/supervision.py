"""Supervision: which sessions are to be seen, what was talked about, and what it adds up to."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ipt_tracker.persistence.base import CODE, Base, HasId
from ipt_tracker.persistence.models.people import Account


class SamplingPlan(HasId, Base):
    """How much of a therapist's work is to be seen: one edition, until a later one."""

    __tablename__ = "sampling_plan"
    __table_args__ = (
        UniqueConstraint("therapist_id", "edition"),
        CheckConstraint("edition > 0", name="editions_are_counted"),
    )

    therapist_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    edition: Mapped[int]
    content: Mapped[dict[str, Any]]
    """Shares by phase and risk, and the fewest per course; see clinical/fidelity/sampling."""
    reason: Mapped[str | None]
    set_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    set_at: Mapped[datetime]


class SampleDraw(HasId, Base):
    """One draw: from which sessions, with which seed, and which came out. It can be repeated."""

    __tablename__ = "sample_draw"
    __table_args__ = (
        CheckConstraint("window_from <= window_to", name="window_has_a_length"),
        Index("ix_sample_draw_therapist_id_drawn_at", "therapist_id", "drawn_at"),
    )

    therapist_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("sampling_plan.id"))
    seed: Mapped[int]
    window_from: Mapped[date]
    window_to: Mapped[date]
    frame: Mapped[list[Any]] = mapped_column(JSON)
    """The sessions that could be drawn, in the order in which they were put to the draw."""
    drawn: Mapped[list[Any]] = mapped_column(JSON)
    drawn_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    drawn_at: Mapped[datetime]


class SupervisionMeeting(HasId, Base):
    """One supervision meeting that took place, with one supervisee or several."""

    __tablename__ = "supervision_meeting"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 1 AND 600", name="length_is_possible"),
        CheckConstraint("form IN ('individual', 'group')", name="form_is_known"),
        CheckConstraint(
            "(struck_at IS NULL) = (struck_reason IS NULL)", name="struck_has_a_reason"
        ),
        Index("ix_supervision_meeting_supervisor_id_held_on", "supervisor_id", "held_on"),
    )

    supervisor_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    held_on: Mapped[date]
    minutes: Mapped[int]
    form: Mapped[str] = mapped_column(CODE)
    modality: Mapped[str | None] = mapped_column(CODE)
    remark: Mapped[str | None]
    """What the supervisor wants to keep for themselves and the supervisees of this meeting."""
    recorded_at: Mapped[datetime]
    struck_at: Mapped[datetime | None]
    struck_reason: Mapped[str | None]
    """Entered in error: it stays readable and counts no more."""
    version: Mapped[int] = mapped_column(default=1)

    attendees: Mapped[list["MeetingAttendee"]] = relationship(
        order_by="MeetingAttendee.therapist_id"
    )
    cases: Mapped[list["MeetingCase"]] = relationship(order_by="MeetingCase.place")
    actions: Mapped[list["MeetingAction"]] = relationship(order_by="MeetingAction.place")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form


class MeetingAttendee(HasId, Base):
    """One supervisee of a meeting: the feedback for them, and that they have read it."""

    __tablename__ = "meeting_attendee"
    __table_args__ = (UniqueConstraint("meeting_id", "therapist_id"),)

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_meeting.id"))
    therapist_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    feedback: Mapped[str | None]
    acknowledged_at: Mapped[datetime | None]

    therapist: Mapped[Account] = relationship()


class MeetingCase(HasId, Base):
    """One course that was talked about."""

    __tablename__ = "meeting_case"
    __table_args__ = (UniqueConstraint("meeting_id", "course_id"),)

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_meeting.id"))
    place: Mapped[int]
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), index=True)
    therapist_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    """Whose course it was at the meeting."""
    minutes: Mapped[int | None]
    remark: Mapped[str | None]


class MeetingAction(HasId, Base):
    """Something that a supervisee is to do. The supervisee acknowledges it and says when done."""

    __tablename__ = "meeting_action"

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_meeting.id"), index=True)
    place: Mapped[int]
    therapist_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    text: Mapped[str]
    due_on: Mapped[date | None]
    acknowledged_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_remark: Mapped[str | None]


class PortfolioText(HasId, Base):
    """The report text of a therapist's portfolio: one edition, until a later one."""

    __tablename__ = "portfolio_text"
    __table_args__ = (
        UniqueConstraint("therapist_id", "edition"),
        CheckConstraint("edition > 0", name="editions_are_counted"),
    )

    therapist_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    edition: Mapped[int]
    body: Mapped[str | None] = mapped_column(String(200))
    """The body that accredits, in the writer's words."""
    text: Mapped[str]
    reason: Mapped[str | None]
    written_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[datetime]

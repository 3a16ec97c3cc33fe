"""What happened at one appointment, and the risk and medication facts that belong to it."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ipt_tracker.persistence.base import CODE, Base, HasId


class SessionRecord(HasId, Base):
    """One slot of a course. A slot that did not take place has no session number."""

    __tablename__ = "session_record"
    __table_args__ = (
        UniqueConstraint("course_id", "slot"),
        UniqueConstraint("course_id", "kind", "number"),
        CheckConstraint("slot >= 0", name="slot_is_counted"),
        # All that a caseload asks of a session, so that it need not read the notes beside it.
        Index("ix_session_record_standing", "course_id", "slot", "attendance", "phase", "held_on"),
        CheckConstraint("mood BETWEEN 0 AND 10", name="mood_is_0_to_10"),
        CheckConstraint("duration_minutes BETWEEN 1 AND 600", name="duration_is_possible"),
        CheckConstraint("minutes_late >= 0", name="late_is_not_negative"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    slot: Mapped[int]
    number: Mapped[int | None]
    kind: Mapped[str] = mapped_column(CODE)
    phase: Mapped[str] = mapped_column(CODE)
    phase_reason: Mapped[str | None]
    """Why the phase differs from the one that the protocol gives; empty when it does not."""
    held_on: Mapped[date]
    """The day of the slot, held or not."""
    starts_at: Mapped[time | None]
    duration_minutes: Mapped[int | None]
    minutes_late: Mapped[int] = mapped_column(default=0)
    modality: Mapped[str | None] = mapped_column(CODE)
    attendance: Mapped[str] = mapped_column(CODE)
    focal_area: Mapped[str | None] = mapped_column(CODE)
    dispute_stage: Mapped[str | None] = mapped_column(CODE)
    mood: Mapped[int | None]
    linked_event: Mapped[str | None]
    tasks: Mapped[list[str]] = mapped_column(default=list)
    techniques: Mapped[list[str]] = mapped_column(default=list)
    homework: Mapped[str | None]
    plan: Mapped[str | None]
    note: Mapped[str | None]
    note_state: Mapped[str | None] = mapped_column(CODE)
    note_signed_on: Mapped[date | None]
    note_service_on: Mapped[date | None]
    note_cosigned_by: Mapped[str | None] = mapped_column(String(60))
    note_cosigned_on: Mapped[date | None]
    extra: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    risk: Mapped["RiskCheck | None"] = relationship(back_populates="session", uselist=False)
    medication: Mapped["MedicationChange | None"] = relationship(
        back_populates="session", uselist=False
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form


class RiskCheck(HasId, Base):
    """Whether risk was asked about at a slot, and what came of it. Not asked differs from none."""

    __tablename__ = "risk_check"
    __table_args__ = (CheckConstraint("asked OR result IS NULL", name="no_result_without_asking"),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("session_record.id"), unique=True)
    asked: Mapped[bool]
    result: Mapped[str | None]
    detail: Mapped[str | None]
    trigger: Mapped[str | None] = mapped_column(String(200))
    instrument: Mapped[str | None] = mapped_column(String(120))
    answers: Mapped[dict[str, Any] | None]
    band: Mapped[str | None] = mapped_column(CODE)
    action: Mapped[str | None]
    supervisor_told_on: Mapped[date | None]
    extra: Mapped[dict[str, Any] | None]

    session: Mapped[SessionRecord] = relationship(back_populates="risk")


class MedicationChange(HasId, Base):
    """A change of medication reported at a slot, made by whoever prescribes."""

    __tablename__ = "medication_change"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("session_record.id"), unique=True)
    drug: Mapped[str | None] = mapped_column(String(200))
    change: Mapped[str | None] = mapped_column(String(120))
    dose: Mapped[str | None] = mapped_column(String(120))
    changed_by: Mapped[str | None] = mapped_column(String(200))
    changed_on: Mapped[date | None]
    extra: Mapped[dict[str, Any] | None]

    session: Mapped[SessionRecord] = relationship(back_populates="medication")

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
        CheckConstraint(
            "(signed_at IS NULL) = (signed_by IS NULL)", name="signed_has_who_and_when"
        ),
        UniqueConstraint("group_session_id", "course_id"),
        Index("ix_session_record_note_state", "note_state", "course_id"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    group_session_id: Mapped[UUID | None] = mapped_column(ForeignKey("group_session.id"))
    """The meeting of the group that this is one member's record of."""
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
    patient_location: Mapped[str | None] = mapped_column(String(200))
    """Where the patient was during a video or telephone session, so that help finds them."""
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
    signed_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    signed_at: Mapped[datetime | None]
    """When it was signed here; a note that arrived signed in a file has its day alone."""
    late_entry: Mapped[bool] = mapped_column(default=False)
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
    __table_args__ = (
        CheckConstraint("asked OR result IS NULL", name="no_result_without_asking"),
        CheckConstraint(
            "(override_band IS NULL) = (override_reason IS NULL)", name="override_has_a_reason"
        ),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("session_record.id"), unique=True)
    asked: Mapped[bool]
    result: Mapped[str | None]
    detail: Mapped[str | None]
    trigger: Mapped[str | None] = mapped_column(String(200))
    instrument: Mapped[str | None] = mapped_column(String(120))
    answers: Mapped[dict[str, Any] | None]
    band: Mapped[str | None] = mapped_column(CODE)
    """The band that follows from the answers."""
    override_band: Mapped[str | None] = mapped_column(CODE)
    override_reason: Mapped[str | None]
    """The clinician's own band where it differs, and why; the derived one stays beside it."""
    action: Mapped[str | None]
    told_who: Mapped[str | None] = mapped_column(String(200))
    told_on: Mapped[date | None]
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

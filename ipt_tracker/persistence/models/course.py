"""A course of IPT: its contract, whom it is assigned to, its focal areas and its changes."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ipt_tracker.persistence.base import CODE, Base, HasId
from ipt_tracker.persistence.models.patient import Patient
from ipt_tracker.persistence.models.people import Account


class Course(HasId, Base):
    """One agreed treatment of one patient, from its first slot to its disposition."""

    __tablename__ = "course"
    __table_args__ = (
        CheckConstraint("planned_sessions > 0", name="sessions_are_planned"),
        CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="ends_after_start"),
        CheckConstraint("(status = 'active') = (ended_on IS NULL)", name="active_has_no_end"),
        # All that a caseload asks of a course before it shows a page of them.
        Index("ix_course_standing", "id", "ended_on", "patient_id", "started_on"),
    )

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    case_id: Mapped[str | None] = mapped_column(String(60), unique=True)
    """The id under which an imported file knows this course."""
    protocol: Mapped[str] = mapped_column(CODE)
    format: Mapped[str] = mapped_column(CODE, default="individual")
    phase_map: Mapped[dict[str, Any]]
    planned_sessions: Mapped[int]
    engagement_sessions: Mapped[int] = mapped_column(default=0)
    maintenance_sessions: Mapped[int] = mapped_column(default=0)
    session_minutes: Mapped[int | None]
    spacing: Mapped[str | None] = mapped_column(String(120))
    contract_agreed: Mapped[bool | None]
    contract_agreed_on: Mapped[date | None]
    contract_ends_on: Mapped[date | None]
    """The day of the last agreed session, as told to the patient."""
    manual: Mapped[str | None] = mapped_column(String(300))
    adaptations: Mapped[str | None]
    recording_consent: Mapped[bool | None]
    criterion_a: Mapped[bool | None]
    """Whether the index event meets criterion A; None until somebody has recorded it."""
    schedule: Mapped[dict[str, Any] | None]
    """Which measure is given when: occasion to keys of instruments; None for an older import."""
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(CODE, default="active")
    disposition: Mapped[str | None] = mapped_column(CODE)
    outcome_reason: Mapped[str | None]
    outcome_destination: Mapped[str | None] = mapped_column(String(300))
    """The treatment or service that goes on, where the disposition names one."""
    label: Mapped[str | None] = mapped_column(String(200))
    therapist_role: Mapped[str | None] = mapped_column(CODE)
    extra: Mapped[dict[str, Any] | None]
    """What an imported file said and no column holds, as text."""
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    patient: Mapped[Patient] = relationship()
    assignments: Mapped[list["Assignment"]] = relationship(
        back_populates="course", order_by="Assignment.started_on"
    )
    focal_areas: Mapped[list["FocalAreaSpell"]] = relationship(
        back_populates="course", order_by="FocalAreaSpell.started_on"
    )
    contract_changes: Mapped[list["ContractChange"]] = relationship(
        back_populates="course", order_by="ContractChange.changed_on"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form


class Assignment(HasId, Base):
    """The therapist a course belongs to and the case supervisor, from a day and until a day."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="ends_after_start"),
        Index("ix_assignment_therapist_id_ended_on", "therapist_id", "ended_on"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), index=True)
    therapist_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    supervisor_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    """The first day on which it no longer holds."""
    reason: Mapped[str | None]

    course: Mapped[Course] = relationship(back_populates="assignments")
    therapist: Mapped[Account] = relationship(foreign_keys=[therapist_id])
    supervisor: Mapped[Account | None] = relationship(foreign_keys=[supervisor_id])


class FocalAreaSpell(HasId, Base):
    """One focal area for part of a course. `open_place` keeps a third from being open."""

    __tablename__ = "focal_area_spell"
    __table_args__ = (
        UniqueConstraint("course_id", "open_place"),
        CheckConstraint("open_place IN (1, 2)", name="two_at_most"),
        CheckConstraint("(ended_on IS NULL) = (open_place IS NOT NULL)", name="open_has_a_place"),
        CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="ends_after_start"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), index=True)
    area: Mapped[str] = mapped_column(CODE)
    detail: Mapped[str | None] = mapped_column(String(300))
    from_session: Mapped[int | None]
    to_session: Mapped[int | None]
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    open_place: Mapped[int | None] = mapped_column(SmallInteger)
    reason: Mapped[str | None]
    """Why it was taken up."""
    end_reason: Mapped[str | None]
    extra: Mapped[dict[str, Any] | None]

    course: Mapped[Course] = relationship(back_populates="focal_areas")


class ContractChange(HasId, Base):
    """One agreed change of the contract. The contract as it was stays readable."""

    __tablename__ = "contract_change"

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), index=True)
    at_session: Mapped[int | None]
    changed_on: Mapped[date]
    kind: Mapped[str] = mapped_column(CODE)
    old: Mapped[str | None]
    new: Mapped[str | None]
    reason: Mapped[str | None]
    reformulated: Mapped[bool | None]
    patient_agreed: Mapped[bool | None]
    supervisor_informed: Mapped[bool | None]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    """None for one that came from a file."""
    extra: Mapped[dict[str, Any] | None]

    course: Mapped[Course] = relationship(back_populates="contract_changes")

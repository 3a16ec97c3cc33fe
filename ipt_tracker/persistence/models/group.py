"""Group IPT: a group, its leaders, its members, and one record for each of its sessions."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ipt_tracker.persistence.base import CODE, Base, HasId
from ipt_tracker.persistence.models.course import Course
from ipt_tracker.persistence.models.people import Account


class TherapyGroup(HasId, Base):
    """One group that meets for one agreed course; each member has a course of their own."""

    __tablename__ = "therapy_group"
    __table_args__ = (
        CheckConstraint("planned_sessions > 0", name="sessions_are_planned"),
        CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="ends_after_start"),
    )

    code: Mapped[str] = mapped_column(String(40), unique=True)
    protocol: Mapped[str] = mapped_column(CODE)
    phase_map: Mapped[dict[str, Any]]
    planned_sessions: Mapped[int]
    session_minutes: Mapped[int | None]
    spacing: Mapped[str | None] = mapped_column(String(120))
    norms: Mapped[str | None]
    """What the members agreed with each other, such as confidentiality."""
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    leaders: Mapped[list["GroupLeader"]] = relationship(order_by="GroupLeader.started_on")
    members: Mapped[list["GroupMember"]] = relationship(order_by="GroupMember.joined_on")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form


class GroupLeader(HasId, Base):
    """One of the leaders of a group, from a day and until a day."""

    __tablename__ = "group_leader"
    __table_args__ = (
        CheckConstraint("role IN ('leader', 'co_leader')", name="role_is_known"),
        CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="ends_after_start"),
        Index("ix_group_leader_account_id_ended_on", "account_id", "ended_on"),
    )

    group_id: Mapped[UUID] = mapped_column(ForeignKey("therapy_group.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str] = mapped_column(CODE)
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    """The first day on which it no longer holds."""

    account: Mapped[Account] = relationship()


class GroupMember(HasId, Base):
    """One member: their own course, from the day they joined until the day they left."""

    __tablename__ = "group_member"
    __table_args__ = (
        UniqueConstraint("group_id", "course_id"),
        CheckConstraint("left_on IS NULL OR left_on >= joined_on", name="leaves_after_joining"),
    )

    group_id: Mapped[UUID] = mapped_column(ForeignKey("therapy_group.id"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), index=True)
    joined_on: Mapped[date]
    left_on: Mapped[date | None]
    """The first day on which they are no longer a member."""
    reason: Mapped[str | None]

    course: Mapped[Course] = relationship()


class GroupSession(HasId, Base):
    """One meeting of the whole group, held or cancelled. What a member did is in their record."""

    __tablename__ = "group_session"
    __table_args__ = (
        UniqueConstraint("group_id", "slot"),
        UniqueConstraint("group_id", "number"),
        CheckConstraint("slot > 0", name="slot_is_counted"),
        CheckConstraint("cancelled = (number IS NULL)", name="held_has_a_number"),
        CheckConstraint("cancelled = (cancel_reason IS NOT NULL)", name="cancelled_has_a_reason"),
        CheckConstraint("duration_minutes BETWEEN 1 AND 600", name="duration_is_possible"),
        CheckConstraint(
            "(signed_at IS NULL) = (signed_by IS NULL)", name="signed_has_who_and_when"
        ),
    )

    group_id: Mapped[UUID] = mapped_column(ForeignKey("therapy_group.id"))
    slot: Mapped[int]
    number: Mapped[int | None]
    phase: Mapped[str] = mapped_column(CODE)
    held_on: Mapped[date]
    starts_at: Mapped[time | None]
    duration_minutes: Mapped[int | None]
    modality: Mapped[str | None] = mapped_column(CODE)
    cancelled: Mapped[bool] = mapped_column(default=False)
    cancel_reason: Mapped[str | None]
    theme: Mapped[str | None] = mapped_column(String(300))
    tasks: Mapped[list[str]] = mapped_column(default=list)
    techniques: Mapped[list[str]] = mapped_column(default=list)
    note: Mapped[str | None]
    """How the group worked, without a member's name."""
    plan: Mapped[str | None]
    signed_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    signed_at: Mapped[datetime | None]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form

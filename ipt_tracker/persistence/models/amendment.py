"""Corrections: the old value, the new one, who, when and why. No overwriting without one."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ipt_tracker.persistence.base import CODE, Base, HasId


class Amendment(HasId, Base):
    """One corrected field of one record of a course."""

    __tablename__ = "amendment"

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), index=True)
    subject_kind: Mapped[str] = mapped_column(CODE)
    subject_id: Mapped[UUID]
    field: Mapped[str] = mapped_column(String(200))
    old: Mapped[Any] = mapped_column(JSON)
    new: Mapped[Any] = mapped_column(JSON)
    reason: Mapped[str | None]
    author: Mapped[str | None] = mapped_column(String(120))
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    amended_on: Mapped[date]
    note_state: Mapped[str | None] = mapped_column(CODE)
    recorded_at: Mapped[datetime]
    extra: Mapped[dict[str, Any] | None]

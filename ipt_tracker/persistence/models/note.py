"""What becomes of a progress note: its steps, its addenda, and the draft of a form being typed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ipt_tracker.persistence.base import CODE, Base, HasId


class NoteStep(HasId, Base):
    """One step of a note: signed, changes requested, cosigned. Steps are only ever added."""

    __tablename__ = "note_step"
    __table_args__ = (
        CheckConstraint("(session_id IS NULL) <> (group_session_id IS NULL)", name="of_one_note"),
    )

    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("session_record.id"), index=True)
    group_session_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("group_session.id"), index=True
    )
    step: Mapped[str] = mapped_column(CODE)
    comment: Mapped[str | None]
    taken_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    taken_at: Mapped[datetime]


class Addendum(HasId, Base):
    """New information added to a signed note; what was signed stays as it is."""

    __tablename__ = "addendum"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("session_record.id"), index=True)
    text: Mapped[str]
    reason: Mapped[str]
    written_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[datetime]


class ProcessNote(HasId, Base):
    """One edition of a psychotherapy (process) note: its writer's own, apart from the record."""

    __tablename__ = "process_note"
    __table_args__ = (
        UniqueConstraint("thread", "edition"),
        CheckConstraint("edition > 0", name="editions_are_counted"),
    )

    thread: Mapped[UUID]
    """What the editions of one note have in common."""
    edition: Mapped[int]
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), index=True)
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("session_record.id"))
    text: Mapped[str]
    """Empty in the last edition of a note that its writer struck out."""
    written_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    written_at: Mapped[datetime]


class Draft(HasId, Base):
    """What somebody typed into a form and has not saved yet. It is theirs alone."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("account_id", "address"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    course_id: Mapped[UUID | None] = mapped_column(ForeignKey("course.id"), index=True)
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey("therapy_group.id"), index=True)
    address: Mapped[str] = mapped_column(String(300))
    """The path of the form; it holds random ids only."""
    fields: Mapped[list[Any]] = mapped_column(JSON)
    """Pairs of field name and text, in the order of the form."""
    saved_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form

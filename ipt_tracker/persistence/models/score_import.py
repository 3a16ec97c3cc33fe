"""Scores taken in from a spreadsheet: what was read, what became of it, and its measures."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ipt_tracker.persistence.base import Base, HasId


class ScoreImport(HasId, Base):
    """One spreadsheet. Its rows are kept here only until they were taken in or dropped."""

    __tablename__ = "score_import"
    __table_args__ = (
        CheckConstraint(
            "status IN ('staged', 'done', 'dropped', 'undone')", name="status_is_known"
        ),
        CheckConstraint("(status = 'staged') = (content IS NOT NULL)", name="rows_while_staged"),
        CheckConstraint(
            "(status IN ('done', 'undone')) = (done_at IS NOT NULL)", name="done_has_its_moment"
        ),
        CheckConstraint(
            "(status = 'undone') = (undone_at IS NOT NULL)", name="undone_has_its_moment"
        ),
        CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL) AND "
            "(undone_at IS NULL) = (undone_why IS NULL)",
            name="undone_has_who_and_why",
        ),
        CheckConstraint("rows >= 0", name="rows_are_counted"),
    )

    made_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    begun_at: Mapped[datetime]
    file_name: Mapped[str] = mapped_column(String(120))
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file, in hex."""
    rows: Mapped[int]
    content: Mapped[str | None]
    """Head and rows as read, as JSON text."""
    matching: Mapped[dict[str, Any] | None]
    """Which column holds what, by field, and what to do with rows that are here already."""
    status: Mapped[str] = mapped_column(String(10), default="staged")
    done_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    undone_why: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form


class ImportedScore(Base):
    """A measure that came from a spreadsheet, and from which of its rows."""

    __tablename__ = "imported_score"

    measure_id: Mapped[UUID] = mapped_column(ForeignKey("measure.id"), primary_key=True)
    import_id: Mapped[UUID] = mapped_column(ForeignKey("score_import.id"), index=True)
    row_number: Mapped[int]
    """As the spreadsheet counts its rows; the head is row 1."""

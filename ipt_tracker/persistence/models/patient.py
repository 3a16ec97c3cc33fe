"""The person in treatment: who they are, not what happens in their course."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ipt_tracker.persistence.base import CODE, Base, HasId


class Patient(HasId, Base):
    """One patient. The clinic code is the name that may appear on charts and files."""

    __tablename__ = "patient"
    __table_args__ = (
        CheckConstraint("length(code) > 0", name="code_is_not_empty"),
        Index("ix_patient_names", "id", "name", "code"),  # to sort and search by, without the rest
    )

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str | None] = mapped_column(String(200))
    birth_date: Mapped[date | None]
    phone: Mapped[str | None] = mapped_column(String(60))
    emergency_contact: Mapped[str | None] = mapped_column(String(300))
    prescriber: Mapped[str | None] = mapped_column(String(200))
    primary_diagnosis: Mapped[str] = mapped_column(CODE, default="not_classified")
    primary_diagnosis_text: Mapped[str | None]
    precipitating_event: Mapped[str] = mapped_column(CODE, default="not_classified")
    precipitating_event_text: Mapped[str | None]
    notes: Mapped[str | None]
    demographics: Mapped[dict[str, Any] | None]
    """Bands from an imported file (age, gender, employment ...), as written there."""
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form

"""What a clinic has chosen for itself, with every earlier choice."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ipt_tracker.persistence.base import CODE, Base, HasId


class ClinicSetting(HasId, Base):
    """One choice, from its moment until a later row of the same name."""

    __tablename__ = "clinic_setting"
    __table_args__ = (Index("ix_clinic_setting_name_set_at", "name", "set_at"),)

    name: Mapped[str] = mapped_column(CODE)
    value: Mapped[Any] = mapped_column(JSON)
    set_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    set_at: Mapped[datetime]

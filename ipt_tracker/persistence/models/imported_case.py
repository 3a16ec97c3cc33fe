"""What an imported file said, word for word, so that the same file is known again."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from ipt_tracker.persistence.base import Base


class ImportedCase(Base):
    """One case of a course bundle as it was read, before its dates were shifted."""

    __tablename__ = "imported_case"

    case_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    content: Mapped[str]
    shifted_days: Mapped[int] = mapped_column(default=0)
    warnings: Mapped[list[str]]
    imported_at: Mapped[datetime]

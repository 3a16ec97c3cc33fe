"""The fidelity ratings of a course, in few columns and in one statement."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ipt_tracker.persistence.models import FidelityRating, SessionRecord


@dataclass(frozen=True, slots=True)
class RatingRow:
    """One rating as it stands now, after whatever was amended in it."""

    session_id: UUID
    role: str
    rater_id: UUID | None
    rated_on: date | None
    items: dict[str, Any]
    proscribed: dict[str, Any]


def ratings_of(session: Session, course_id: UUID) -> tuple[RatingRow, ...]:
    """Give every rating of a course, in the order of its slots."""
    rows = session.execute(
        select(
            FidelityRating.session_id,
            FidelityRating.role,
            FidelityRating.rater_id,
            FidelityRating.rated_on,
            FidelityRating.items,
            FidelityRating.proscribed,
        )
        .join(SessionRecord, SessionRecord.id == FidelityRating.session_id)
        .where(SessionRecord.course_id == course_id)
        .order_by(SessionRecord.slot, FidelityRating.rated_on, FidelityRating.id)
    )
    return tuple(RatingRow(*values) for values in rows)

"""The events on a course's timeline."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ipt_tracker.persistence.models import LifeEvent


def events_of(session: Session, course_id: UUID) -> tuple[LifeEvent, ...]:
    """Give the events of a course by day; also those that were taken off."""
    return tuple(
        session.scalars(
            select(LifeEvent)
            .where(LifeEvent.course_id == course_id)
            .order_by(LifeEvent.happened_on, LifeEvent.recorded_at, LifeEvent.id)
        )
    )

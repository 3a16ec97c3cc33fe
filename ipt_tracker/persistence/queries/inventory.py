"""The people of a course's inventory, and what was changed about them."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ipt_tracker.persistence.models import Amendment, InventoryPerson


def people_of(session: Session, course_id: UUID) -> tuple[InventoryPerson, ...]:
    """Give everybody of an inventory, the closest first; also those who were taken off."""
    return tuple(
        session.scalars(
            select(InventoryPerson)
            .where(InventoryPerson.course_id == course_id)
            .order_by(InventoryPerson.ring, InventoryPerson.recorded_at, InventoryPerson.name)
        )
    )


def changes_of(session: Session, course_id: UUID, kinds: Iterable[str]) -> tuple[Amendment, ...]:
    """Give what was changed in rows of these tables, oldest first."""
    return tuple(
        session.scalars(
            select(Amendment)
            .where(Amendment.course_id == course_id, Amendment.subject_kind.in_(tuple(kinds)))
            .order_by(Amendment.amended_on, Amendment.recorded_at, Amendment.id)
        )
    )

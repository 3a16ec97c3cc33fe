"""Groups under way that nothing is booked for."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ipt_tracker.governance.access import Actor
from ipt_tracker.persistence.models import Appointment, GroupSession, TherapyGroup
from ipt_tracker.persistence.queries.appointments import waiting
from ipt_tracker.persistence.visibility import visible_groups


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """One group: what was agreed, how far it came, and the last day it met or was to meet."""

    id: UUID
    code: str
    planned_sessions: int
    spacing: str | None
    started_on: date
    last_on: date | None
    held: int


def unbooked_groups(session: Session, actor: Actor, today: date) -> tuple[OpenGroup, ...]:
    """Give the groups that the actor, or a supervisee, leads and that nothing is booked for."""
    ahead = select(Appointment.group_id).where(
        Appointment.group_id.is_not(None), Appointment.planned_on >= today, waiting()
    )
    held = func.count(GroupSession.id).filter(GroupSession.cancelled.is_(False))
    query = (
        select(
            TherapyGroup.id,
            TherapyGroup.code,
            TherapyGroup.planned_sessions,
            TherapyGroup.spacing,
            TherapyGroup.started_on,
            func.max(GroupSession.held_on),
            held,
        )
        .outerjoin(GroupSession, GroupSession.group_id == TherapyGroup.id)
        .where(visible_groups(actor, today), TherapyGroup.ended_on.is_(None))
        .where(TherapyGroup.id.not_in(ahead))
        .group_by(TherapyGroup.id)
        .order_by(TherapyGroup.code)
    )
    return tuple(OpenGroup(*row) for row in session.execute(query))

"""What a course has beside its sessions: goals, people, events and the number of its sheets."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ipt_tracker.persistence.models import Goal


@dataclass(frozen=True, slots=True)
class GoalLine:
    """One goal on a page about something else."""

    what: str
    status: str
    set_on: date
    reviewed_on: date | None
    spell_id: UUID | None


def goal_lines(session: Session, course_id: UUID) -> tuple[GoalLine, ...]:
    """Give the goals of a course by the day they were set; those taken off are left out."""
    rows = session.execute(
        select(Goal.what, Goal.status, Goal.set_on, Goal.reviewed_on, Goal.spell_id)
        .where(Goal.course_id == course_id, Goal.removed_at.is_(None))
        .order_by(Goal.set_on, Goal.recorded_at, Goal.id)
    )
    return tuple(GoalLine(*row) for row in rows)

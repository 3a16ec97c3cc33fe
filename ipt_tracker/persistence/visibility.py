"""Where every list of courses or groups starts: what this actor may see today, and nothing else."""

from datetime import date

from sqlalchemy import ColumnElement, false, or_, select

from ipt_tracker.governance.access import CLINICIANS, Actor, Role
from ipt_tracker.persistence.models import (
    Assignment,
    Course,
    GroupLeader,
    Supervision,
    TherapyGroup,
)


def holds(table: type[Assignment | Supervision | GroupLeader], today: date) -> ColumnElement[bool]:
    """Select the dated ties that hold today: begun, and not yet past their first day without."""
    return (table.started_on <= today) & or_(table.ended_on.is_(None), table.ended_on > today)


def visible_to(actor: Actor, today: date) -> ColumnElement[bool]:
    """Select the courses whose therapist today is the actor, or one whom the actor supervises.

    It starts from the people: asked course by course, the time would grow with the whole clinic.
    """
    if actor.role not in CLINICIANS:
        return false()
    people = {actor.id} if actor.role is Role.THERAPIST else actor.supervisees
    return Course.id.in_(
        select(Assignment.course_id).where(
            Assignment.therapist_id.in_(people), holds(Assignment, today)
        )
    )


def visible_groups(actor: Actor, today: date) -> ColumnElement[bool]:
    """Select the groups that the actor leads today, or that one whom the actor supervises leads."""
    if actor.role not in CLINICIANS:
        return false()
    people = {actor.id} if actor.role is Role.THERAPIST else actor.supervisees
    return TherapyGroup.id.in_(
        select(GroupLeader.group_id).where(
            GroupLeader.account_id.in_(people), holds(GroupLeader, today)
        )
    )

"""The only ways to a group: find it, check, write down that it was opened, hand it over."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from ipt_tracker.clinical.course.groups import GroupRole
from ipt_tracker.governance.access import AccessDenied, GroupTies, Permission, allows, require
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import (
    Course,
    GroupLeader,
    GroupMember,
    GroupSession,
    TherapyGroup,
)
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork


def group_subject(group: TherapyGroup) -> Subject:
    """Name a group for the audit."""
    return Subject("group", group.id)


def open_group(work: UnitOfWork, group_id: UUID, permission: Permission) -> TherapyGroup:
    """Hand over a group with its leaders and members, or raise AccessDenied.

    It opens the group's record and the members' group notes, never a member's course. The audit
    row of a reading unit names whose notes could be read.
    """
    group = _find(work, group_id)
    if group is None:
        raise AccessDenied(permission)
    require(work.person, permission, ties_of(work, group))
    if work.reading:
        patients = [str(member.course.patient_id) for member in group.members]
        work.audit(
            Event.GROUP_OPENED, group_subject(group), permission=permission, patients=patients
        )
    return group


def open_group_session(
    work: UnitOfWork, group_id: UUID, slot: int, permission: Permission
) -> tuple[TherapyGroup, GroupSession]:
    """Hand over one meeting of a group, through the door of the group."""
    group = open_group(work, group_id, permission)
    meeting = work.session.scalar(
        select(GroupSession).where(GroupSession.group_id == group.id, GroupSession.slot == slot)
    )
    if meeting is None:
        raise AccessDenied(permission)
    return group, meeting


def require_leader(work: UnitOfWork, group: TherapyGroup) -> None:
    """Raise AccessDenied unless the actor is the leader: co-leaders do not choose each other."""
    own = leading(work, group)
    if own is None or own.role != GroupRole.LEADER:
        raise AccessDenied(Permission.RECORD_GROUP)


def leading(work: UnitOfWork, group: TherapyGroup) -> GroupLeader | None:
    """Give the actor's own part in leading the group today, or None."""
    return next((each for each in leaders_on(work, group) if is_of(work, each)), None)


def is_of(work: UnitOfWork, leader: GroupLeader) -> bool:
    """Say whether this is the actor."""
    return leader.account_id == work.person.id


def leaders_on(work: UnitOfWork, group: TherapyGroup) -> tuple[GroupLeader, ...]:
    """Give who leads the group today, the leader first."""
    held = (each for each in group.leaders if _holds(each, work))
    return tuple(sorted(held, key=lambda each: each.role != GroupRole.LEADER))


def may_open_group(work: UnitOfWork, group: TherapyGroup) -> bool:
    """Say whether the actor could open a group that was read for another page."""
    return allows(work.person, Permission.OPEN_GROUP, ties_of(work, group))


def ties_of(work: UnitOfWork, group: TherapyGroup) -> GroupTies:
    """Give the people who lead a group today."""
    return GroupTies(frozenset(each.account_id for each in leaders_on(work, group)))


def _holds(leader: GroupLeader, work: UnitOfWork) -> bool:
    begun = leader.started_on <= work.today
    return begun and (leader.ended_on is None or leader.ended_on > work.today)


def _find(work: UnitOfWork, group_id: UUID) -> TherapyGroup | None:
    found = work.session.scalars(
        select(TherapyGroup)
        .where(TherapyGroup.id == group_id)
        .options(
            joinedload(TherapyGroup.leaders).joinedload(GroupLeader.account),
            selectinload(TherapyGroup.members)
            .joinedload(GroupMember.course)
            .joinedload(Course.patient),
        )
    )
    return found.unique().one_or_none()

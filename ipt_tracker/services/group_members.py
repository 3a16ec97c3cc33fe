"""Members of a group: taken in from one's own courses, and leaving with their record kept."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.persistence.models import Course, GroupMember, TherapyGroup
from ipt_tracker.persistence.queries import groups as query
from ipt_tracker.services.groups import touched
from ipt_tracker.services.unit_of_work import UnitOfWork


def add_members(
    work: UnitOfWork, group: TherapyGroup, course_ids: Collection[UUID], joined_on: date
) -> tuple[GroupMember, ...]:
    """Take courses of the actor's own into the group, from a day on: all of them or none."""
    if group.ended_on is not None:
        raise RuleBroken("This group has ended.")
    if joined_on < group.started_on:
        raise RuleBroken("The day is before the group's first.", "joined_on")
    if joined_on > max(work.today, group.started_on):
        raise RuleBroken("Choose today at the latest, or the group's first day.", "joined_on")
    own = {
        course.id: course for course in query.without_a_group(work.session, work.person, work.today)
    }
    if not course_ids or not set(course_ids) <= own.keys():
        raise RuleBroken("Choose at least one of the courses listed.", "courses")
    before = {member.course_id for member in group.members}
    for course_id in course_ids:
        _check_new(own[course_id], before, joined_on)
    made = [GroupMember(group_id=group.id, course_id=c, joined_on=joined_on) for c in course_ids]
    work.session.add_all(made)
    for member in made:
        touched(work, group, "members", own[member.course_id].patient_id, joined=1)
    return tuple(made)


def _check_new(course: Course, before: Collection[UUID], joined_on: date) -> None:
    if course.id in before:
        raise RuleBroken(
            f"{course.patient.code} was a member with this course before and left. For a second "
            "time start a course of its own.",
            "courses",
        )
    if joined_on < course.started_on:
        raise RuleBroken(f"The course of {course.patient.code} began later.", "joined_on")


def eligible(work: UnitOfWork) -> tuple[Course, ...]:
    """Give the actor's own running courses of group format that belong to no group."""
    return query.without_a_group(work.session, work.person, work.today)


def find_member(group: TherapyGroup, member_id: UUID) -> GroupMember:
    """Give one member of a group that was opened already, or raise AccessDenied."""
    for member in group.members:
        if member.id == member_id:
            return member
    raise AccessDenied(Permission.RECORD_GROUP)


def leave_group(
    work: UnitOfWork, group: TherapyGroup, member: GroupMember, day: date, reason: str | None
) -> None:
    """Let a member leave: `day` is the first on which they no longer belong. Their record stays."""
    if member.left_on is not None:
        raise RuleBroken("This member has left already.")
    if not reason:
        raise RuleBroken("Say why the member leaves.", "reason")
    if not member.joined_on <= day <= work.today:
        raise RuleBroken("The day must lie between joining and today.", "left_on")
    last = max(_days_of(work, group, member), default=None)
    if last is not None and day <= last:
        said = f"{last.day} {last:%b %Y}"
        raise RuleBroken(f"They have a record of the session of {said}.", "left_on")
    member.left_on, member.reason = day, reason
    touched(work, group, "members", member.course.patient_id, left=1)


def _days_of(work: UnitOfWork, group: TherapyGroup, member: GroupMember) -> Iterable[date]:
    """Give the days of the meetings that the group held and the member has a record of.

    A cancelled meeting on the day somebody leaves keeps nobody.
    """
    held = query.meetings_of(work.session, [group.id]).get(group.id, ())
    days = {each.id: each.held_on for each in held if not each.cancelled}
    slots = query.member_slots(work.session, group.id)
    return (
        days[s.group_session_id]
        for s in slots
        if s.course_id == member.course_id and s.group_session_id in days
    )

"""What nothing is booked for: courses, and groups for those who lead them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.protocols import Format
from ipt_tracker.clinical.course.spacing import Rhythm
from ipt_tracker.persistence.queries import day as query
from ipt_tracker.persistence.queries.day import OpenCourse
from ipt_tracker.persistence.queries.unbooked import OpenGroup, unbooked_groups
from ipt_tracker.services.booking import Expected, expected_of
from ipt_tracker.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Unbooked:
    """A course or a group without an appointment, and when one is to be expected."""

    whose: OpenCourse | OpenGroup
    expected: Expected


def unbooked(work: UnitOfWork, courses: Iterable[OpenCourse]) -> tuple[Unbooked, ...]:
    """List what nothing is booked for, expected first first; for its members stands the group."""
    who = (work.session, work.person, work.today)
    ahead, in_group = query.booked_ahead(*who), query.members_of_groups(*who)
    found = [
        Unbooked(course, expected_of(course))
        for course in courses
        if course.id not in ahead and not (course.format == Format.GROUP and course.id in in_group)
    ]
    found += [Unbooked(group, _expected_meeting(group)) for group in unbooked_groups(*who)]
    return tuple(sorted(found, key=lambda each: (each.expected.on or date.max, each.whose.code)))


def _expected_meeting(group: OpenGroup) -> Expected:
    if group.held >= group.planned_sessions:
        return Expected(None, f"all {group.planned_sessions} sessions agreed took place")
    if group.last_on is None:
        return Expected(group.started_on, "first session, the group has not met yet")
    following = Rhythm(group.spacing, Kind.GROUP).after([group.last_on])
    return Expected(following, group.spacing or "weekly")

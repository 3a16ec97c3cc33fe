"""Groups with members and sessions, entered through the services as their leaders would."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import Course, GroupSession, TherapyGroup
from ipt_tracker.services.courses import start_course
from ipt_tracker.services.group_doors import open_group
from ipt_tracker.services.group_entries import CancelledEntry, MeetingEntry, MemberEntry
from ipt_tracker.services.group_members import add_members
from ipt_tracker.services.group_page import standing
from ipt_tracker.services.group_sessions import cancel_group_session, log_group_session
from ipt_tracker.services.groups import GroupEntry, start_group
from ipt_tracker.services.unit_of_work import UnitOfWork
from tests.factories.courses import COURSE, PATIENT

FIRST_DAY = date(2026, 1, 7)
WEEK = timedelta(weeks=1)
PROTOCOL = "IPT-G-PTSD-16"
GROUP = GroupEntry(
    code="G-1",
    protocol=PROTOCOL,
    planned_sessions=16,
    session_minutes=90,
    spacing="weekly",
    norms="What is said here stays here.",
    started_on=FIRST_DAY,
)
NAMES = (
    "Ylva Brandt",
    "Oskar Lindgren",
    "Petra Novak",
    "Tomas Reiter",
    "Signe Aalto",
    "Bruno Falk",
    "Carla Weiss",
    "Henrik Dahl",
    "Mirja Koski",
)
NOT_ASKED = "not asked in the group, asked at the individual meetings"


@dataclass(frozen=True, slots=True)
class GroupRef:
    """A group in the database, by what a test needs to reach it and to recognise its members."""

    id: UUID
    members: tuple[UUID, ...]
    courses: tuple[UUID, ...]
    codes: tuple[str, ...]
    names: tuple[str, ...]


def add_group_course(work: UnitOfWork, code: str, name: str, start: date = FIRST_DAY) -> Course:
    """Start a course of the actor's own that follows a protocol for groups."""
    entry = replace(COURSE, protocol=PROTOCOL, planned_sessions=16, started_on=start)
    return start_course(work, replace(PATIENT, code=code, name=name), entry)


def add_group(
    work: UnitOfWork, number: int = 3, code: str = "G-1", start: date = FIRST_DAY, **differs: Any
) -> GroupRef:
    """Start a group of the actor's with so many members of their own from the first day."""
    group = start_group(work, replace(GROUP, code=code, started_on=start, **differs))
    names = NAMES[:number]
    codes = tuple(f"{code}-{place}" for place in range(1, number + 1))
    pairs = zip(codes, names, strict=True)
    courses = tuple(add_group_course(work, *pair, start).id for pair in pairs)
    made = add_members(work, opened(work, group.id), courses, start) if courses else ()
    work.session.flush()
    return GroupRef(group.id, tuple(m.id for m in made), courses, codes, names)


def opened(work: UnitOfWork, group_id: UUID) -> TherapyGroup:
    """Go through the door of a group, and read it afresh."""
    work.session.flush()
    work.session.expire_all()
    return open_group(work, group_id, Permission.RECORD_GROUP)


def row(member_id: UUID, attendance: str = "attended", **more: Any) -> MemberEntry:
    """Give what is written down about one member."""
    return MemberEntry(member_id, attendance, **more)


def meeting(day: date, **more: Any) -> MeetingEntry:
    """Give what is written down about the group on a day."""
    usual = {"duration_minutes": 90, "modality": "in_person", "not_asked": NOT_ASKED}
    return MeetingEntry(day, **usual | more)


def add_meeting(
    work: UnitOfWork, ref: GroupRef, day: date, *rows: MemberEntry, **more: Any
) -> GroupSession:
    """Log a session; members without a row of their own attended."""
    group = opened(work, ref.id)
    own = {each.member_id: each for each in rows}
    everybody = [
        own.get(member.id) or row(member.id) for member in standing(work, group).members_on(day)
    ]
    return log_group_session(work, group, meeting(day, **more), everybody)


def add_cancelled(work: UnitOfWork, ref: GroupRef, day: date, reason: str) -> GroupSession:
    """Log that the whole group was cancelled."""
    return cancel_group_session(work, opened(work, ref.id), CancelledEntry(day, None, reason))

"""Groups in few words: the list, the grid of members and sessions, the list of meetings."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from ipt_tracker.clinical.course.attendance import Attendance, AttendanceCounts, took_place
from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.groups import AROUND_A_GROUP, ENTERED_IN_ERROR, MARKS, in_error
from ipt_tracker.clinical.course.protocols import PROTOCOLS
from ipt_tracker.services.group_page import GroupPage, MemberLine, Standing
from ipt_tracker.web.groups.meeting_rows import meeting_title
from ipt_tracker.web.groups.page import leader_words, position_words
from ipt_tracker.web.page import day
from ipt_tracker.web.sessions.rows import phase_label

Row = Any
"""A row of a table: this room works with rows and does not know the tables."""
Fact = tuple[str, str]
CANCELLED, IN_ERROR = "Cancelled", "Entered in error"
NOT_THERE = ("", "not a member")
NOT_LOGGED = ("?", "not logged")


@dataclass(frozen=True, slots=True)
class ListRow:
    """One group of the list."""

    id: Any
    code: str
    protocol: str
    position: str
    leaders: str
    members: int
    last: date | None


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member with a mark for each session: what stands there, and what it means."""

    id: Any
    name: str
    code: str
    since: str
    course_id: Any
    marks: tuple[Fact, ...]
    rate: str
    own_rate: str
    around: tuple[Fact, ...]
    may_leave: bool


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One meeting in the list of a group."""

    slot: int
    title: str
    held_on: date
    phase: str
    theme: str
    came: str
    away: bool
    state: str


def list_row(facts: Standing) -> ListRow:
    """Put one group into its line."""
    group = facts.group
    return ListRow(
        group.id,
        group.code,
        protocol_name(group.protocol),
        position_words(facts),
        leader_words(facts),
        len(facts.members_on(facts.today)),
        facts.counted[-1].held_on if facts.counted else None,
    )


def protocol_name(key: str) -> str:
    """Name a protocol; one that is not known by its key."""
    return PROTOCOLS[key].name if key in PROTOCOLS else key


def member_rows(page: GroupPage) -> tuple[MemberRow, ...]:
    """Put the members into the lines of the grid."""
    leads = page.own is not None
    return tuple(_member_row(page.standing, line, leads) for line in page.lines)


def _member_row(facts: Standing, line: MemberLine, leads: bool) -> MemberRow:  # noqa: FBT001 -- who is looking
    member, counts = line.member, line.counts
    by_name = leads or line.can_open
    return MemberRow(
        id=member.id,
        name=(member.course.patient.name if by_name else None) or member.course.patient.code,
        code=member.course.patient.code,
        since=_since(member),
        course_id=member.course_id if line.can_open else None,
        marks=tuple(_mark(facts, line, each) for each in facts.counted),
        rate=rate_words(counts.attendance_rate, counts.attended, _counted(counts)),
        own_rate=rate_words(
            counts.own_attendance_rate, counts.attended, counts.attended + counts.own_absences
        ),
        around=tuple((k.label, "held" if k in line.around else "not yet") for k in AROUND_A_GROUP),
        may_leave=leads and member.left_on is None,
    )


def _counted(counts: AttendanceCounts) -> int:
    return counts.slots - counts.group_cancelled


def rate_words(rate: float | None, part: int, whole: int) -> str:
    """Write a share with what it is a share of: "86 % (6 of 7)"."""
    return "–" if rate is None else f"{rate:.0%} ({part} of {whole})".replace("%", " %")


def _since(member: Row) -> str:
    if member.left_on is None:
        return f"since {day(member.joined_on)}"
    reason = f": {member.reason}" if member.reason else ""
    return f"{day(member.joined_on)} to {day(member.left_on)}, left{reason}"


def _mark(facts: Standing, line: MemberLine, meeting: Row) -> Fact:
    found = line.slots.get(meeting.slot)
    if found is None:
        here = line.member in facts.members_on(meeting.held_on)
        return NOT_LOGGED if here else NOT_THERE
    return MARKS.get(found.attendance, "·"), label_of(Attendance, found.attendance)


def legend() -> tuple[Fact, ...]:
    """Say what each mark means."""
    known = tuple((mark, label_of(Attendance, code)) for code, mark in MARKS.items())
    return (*known, NOT_LOGGED)


def meeting_rows(page: GroupPage) -> tuple[MeetingRow, ...]:
    """Put the meetings into the lines of their list, newest first."""
    facts = page.standing
    return tuple(_meeting_row(page, each) for each in reversed(facts.meetings))


def _meeting_row(page: GroupPage, meeting: Row) -> MeetingRow:
    wrong = in_error(meeting.cancel_reason)
    given = [line.slots[meeting.slot] for line in page.lines if meeting.slot in line.slots]
    came = sum(took_place(each.attendance) for each in given)
    return MeetingRow(
        slot=meeting.slot,
        title=meeting_title(meeting),
        held_on=meeting.held_on,
        phase=phase_label(meeting.phase),
        theme=_theme(meeting),
        came=IN_ERROR if wrong else CANCELLED if meeting.cancelled else f"{came} of {len(given)}",
        away=meeting.cancelled,
        state="" if wrong else "Signed" if meeting.signed_at else "Not signed",
    )


def _theme(meeting: Row) -> str:
    reason = meeting.cancel_reason or ""
    if in_error(reason):
        return reason.removeprefix(ENTERED_IN_ERROR)
    return reason if meeting.cancelled else meeting.theme or ""

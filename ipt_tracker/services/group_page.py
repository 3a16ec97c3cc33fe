"""Where a group stands, and its members by session: what the pages of groups show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ipt_tracker.clinical.course.attendance import AttendanceCounts, rates, took_place
from ipt_tracker.clinical.course.groups import AROUND_A_GROUP, in_error, is_member
from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.position import Position, next_number, next_slot
from ipt_tracker.clinical.course.records import Modality
from ipt_tracker.clinical.course.spacing import Rhythm
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import (
    Appointment,
    GroupLeader,
    GroupMember,
    GroupSession,
    TherapyGroup,
)
from ipt_tracker.persistence.queries import appointments as booked
from ipt_tracker.persistence.queries import groups as query
from ipt_tracker.persistence.queries.groups import MemberSlot
from ipt_tracker.services.appointments import AppointmentEntry
from ipt_tracker.services.group_doors import leaders_on, leading
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork


@dataclass(frozen=True, slots=True)
class Standing:
    """A group and where it stands."""

    group: TherapyGroup
    meetings: tuple[GroupSession, ...]
    today: date
    leaders: tuple[GroupLeader, ...]

    @property
    def counted(self) -> tuple[GroupSession, ...]:
        """The meetings, held or cancelled, but for those entered in error."""
        return tuple(each for each in self.meetings if not in_error(each.cancel_reason))

    @property
    def held(self) -> tuple[GroupSession, ...]:
        """The meetings that took place."""
        return tuple(each for each in self.meetings if not each.cancelled)

    @property
    def position(self) -> Position:
        """The place of the group as its members' courses say theirs."""
        last = self.held[-1] if self.held else None
        return Position(
            planned=self.group.planned_sessions,
            number=last.number if last else None,
            kind=Kind.GROUP,
            phase=last.phase if last else None,
            held=len(self.held),
            ended_on=self.group.ended_on,
            today=self.today,
        )

    @property
    def next_number(self) -> int:
        """The number of the session that would be logged next."""
        return next_number(each.number for each in self.meetings)

    @property
    def next_slot(self) -> int:
        """The slot that would be filled next, by a session or by a cancellation."""
        return next_slot(each.slot for each in self.meetings)

    def members_on(self, day: date) -> tuple[GroupMember, ...]:
        """Give who belongs to the group on a day, by code."""
        here = (m for m in self.group.members if is_member(m.joined_on, m.left_on, day))
        return in_order(here)


def in_order(members: Iterable[GroupMember]) -> tuple[GroupMember, ...]:
    """Give members by the code of their patient."""
    return tuple(sorted(members, key=lambda m: (m.course.patient.code, str(m.id))))


def standing(work: UnitOfWork, group: TherapyGroup) -> Standing:
    """Read where one group stands."""
    met = query.meetings_of(work.session, [group.id]).get(group.id, ())
    return Standing(group, met, work.today, leaders_on(work, group))


def list_groups(work: UnitOfWork) -> tuple[Standing, ...]:
    """List the groups that the actor may see: a fixed number of statements."""
    work.require(Permission.SEE_CASELOAD)
    work.audit(Event.GROUPS_LISTED, Subject("list", "groups"))
    found = query.groups_of(work.session, work.person, work.today)
    met = query.meetings_of(work.session, [group.id for group in found])
    return tuple(
        Standing(group, met.get(group.id, ()), work.today, leaders_on(work, group))
        for group in found
    )


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One member, what became of them at each meeting, and the meetings around the group.

    `around` holds the kinds of individual meetings that were held. `can_open`: whether the
    actor may open the member's course.
    """

    member: GroupMember
    slots: dict[int, MemberSlot]
    around: frozenset[str]
    can_open: bool

    @property
    def counts(self) -> AttendanceCounts:
        """Attendance at the group's sessions alone."""
        return rates(each.attendance for each in self.slots.values())


@dataclass(frozen=True, slots=True)
class GroupPage:
    """Everything that the page of a group shows."""

    standing: Standing
    lines: tuple[MemberLine, ...]
    appointment: Appointment | None
    own: GroupLeader | None
    """The actor's own part in leading it; None for a supervisor."""


def read_group(work: UnitOfWork, group: TherapyGroup) -> GroupPage:
    """Read a group that was opened: a fixed number of statements, whatever its size."""
    slots = query.member_slots(work.session, group.id)
    ids = [member.course_id for member in group.members]
    around = query.individual_meetings(work.session, ids, AROUND_A_GROUP)
    open_to = query.open_to(work.session, work.person, work.today, ids)
    lines = (
        MemberLine(
            member,
            {s.slot: s for s in slots if s.course_id == member.course_id},
            frozenset(
                m.kind
                for m in around
                if m.course_id == member.course_id and took_place(m.attendance)
            ),
            member.course_id in open_to,
        )
        for member in in_order(group.members)
    )
    ahead = booked.of_group(work.session, group.id, work.today)
    return GroupPage(
        standing(work, group), tuple(lines), ahead[0] if ahead else None, leading(work, group)
    )


def usual_meeting(facts: Standing) -> AppointmentEntry:
    """Give the next day by the spacing, with hour, length and setting as they were last."""
    group, last = facts.group, facts.held[-1] if facts.held else None
    days = [each.held_on for each in facts.counted]
    following = Rhythm(group.spacing, Kind.GROUP).not_before(days, facts.today)
    first = max(group.started_on, facts.today)
    return AppointmentEntry(
        planned_on=following or first,
        starts_at=last.starts_at if last else None,
        minutes=(last.duration_minutes if last else None) or group.session_minutes,
        modality=(last.modality if last else None) or Modality.IN_PERSON,
    )

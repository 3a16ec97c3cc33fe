"""What somebody reads of a meeting: all of it who held it, their own part who was there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ipt_tracker.governance.access import Permission, Role
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import (
    MeetingAction,
    MeetingAttendee,
    SupervisionMeeting,
)
from ipt_tracker.persistence.queries import meetings as query
from ipt_tracker.persistence.queries.meetings import ActionRow, TalkedOf
from ipt_tracker.persistence.queries.people import names_of
from ipt_tracker.services.paging import Page, page_of
from ipt_tracker.services.supervision.hours import Hours, hours_seen
from ipt_tracker.services.supervision.meetings import CHANGED, of_person, was_changed
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

ON_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One course that was talked about; `may_open` says whether the reader may open it today."""

    course_id: UUID
    code: str
    minutes: int | None
    remark: str | None
    may_open: bool


@dataclass(frozen=True, slots=True)
class Part:
    """What of a meeting is one supervisee's alone."""

    therapist_id: UUID
    name: str
    feedback: str | None
    acknowledged_at: datetime | None
    cases: tuple[CaseLine, ...]
    actions: tuple[MeetingAction, ...]


@dataclass(frozen=True, slots=True)
class MeetingFound:
    """One meeting as the actor may read it.

    `people` names everybody who was there; `parts` are the actor's own, or all to who held it.
    """

    meeting: SupervisionMeeting
    supervisor: str
    people: tuple[str, ...]
    parts: tuple[Part, ...]
    is_holder: bool
    earlier: SupervisionMeeting | None
    later: SupervisionMeeting | None


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One meeting in a list, with how many cases and actions of it are the actor's to see.

    `people` are those whom the actor met: the supervisor first, where that is somebody else.
    """

    meeting: SupervisionMeeting
    people: tuple[str, ...]
    cases: int
    actions: tuple[MeetingAction, ...]
    waits: tuple[str, ...]
    """Who has not said yet that they read it."""


@dataclass(frozen=True, slots=True)
class MeetingList:
    """The meetings of a time, how long they took by supervisee, and what is still to be done."""

    lines: tuple[MeetingLine, ...]
    page: Page
    hours: tuple[tuple[str, Hours], ...]
    actions: tuple[ActionRow, ...]
    is_supervisor: bool


def read_meeting(work: UnitOfWork, meeting: SupervisionMeeting) -> MeetingFound:
    """Read a meeting that was opened: nobody is handed another supervisee's part."""
    held = meeting.supervisor_id == work.person.id
    everybody = _by_name(meeting.attendees)
    shown = [e for e in everybody if held or e.therapist_id == work.person.id]
    names = names_of(work.session, [meeting.supervisor_id])
    earlier = query.earlier_edition(work.session, meeting, CHANGED)
    later = query.later_edition(work.session, meeting) if was_changed(meeting) else None
    return MeetingFound(
        meeting=meeting,
        supervisor=names.get(meeting.supervisor_id, ""),
        people=tuple(each.therapist.display_name for each in everybody),
        parts=_parts(work, meeting, shown),
        is_holder=held,
        earlier=_own(work, earlier),
        later=_own(work, later),
    )


def _own(work: UnitOfWork, meeting: SupervisionMeeting | None) -> SupervisionMeeting | None:
    """Leave out an edition at which the actor was not: it would not open."""
    if meeting is None or meeting.supervisor_id == work.person.id:
        return meeting
    there = {each.therapist_id for each in meeting.attendees}
    return meeting if work.person.id in there else None


def _parts(
    work: UnitOfWork, meeting: SupervisionMeeting, people: Iterable[MeetingAttendee]
) -> tuple[Part, ...]:
    shown = list(people)
    ids = {each.therapist_id for each in shown}
    courses = [case.course_id for case in meeting.cases if case.therapist_id in ids]
    codes = query.codes_of(work.session, courses)
    may = query.open_to(work.session, work.person, work.today, courses)
    return tuple(_part(meeting, each, codes, may) for each in shown)


def _part(
    meeting: SupervisionMeeting,
    person: MeetingAttendee,
    codes: Mapping[UUID, str],
    may: frozenset[UUID],
) -> Part:
    cases = of_person(meeting.cases, person.therapist_id)
    return Part(
        therapist_id=person.therapist_id,
        name=person.therapist.display_name,
        feedback=person.feedback,
        acknowledged_at=person.acknowledged_at,
        cases=tuple(
            CaseLine(c.course_id, codes[c.course_id], c.minutes, c.remark, c.course_id in may)
            for c in cases
        ),
        actions=tuple(of_person(meeting.actions, person.therapist_id)),
    )


def read_meetings(work: UnitOfWork, first: date, last: date, number: int = 1) -> MeetingList:
    """List the meetings that the actor held or was at, with hours and open actions."""
    work.require(Permission.RATE_SESSION)
    work.audit(Event.FIDELITY_LISTED, Subject("list", "meetings"))
    total = query.count_meetings(work.session, work.person, first, last)
    page = page_of(total, number, ON_A_PAGE)
    skip = max(page.first - 1, 0)
    rows = query.meetings(work.session, work.person, first, last, skip=skip, most=ON_A_PAGE)
    hours = hours_seen(work, first, last)
    names = names_of(work.session, [*hours, *(row.supervisor_id for row in rows)])
    return MeetingList(
        lines=tuple(line_of(work, row, names.get(row.supervisor_id, "")) for row in rows),
        page=page,
        hours=tuple(sorted((names.get(key, ""), each) for key, each in hours.items())),
        actions=query.open_actions(work.session, work.person),
        is_supervisor=work.person.role is Role.SUPERVISOR,
    )


def line_of(work: UnitOfWork, meeting: SupervisionMeeting, supervisor: str) -> MeetingLine:
    """Put one meeting into a list: to a supervisee only what is theirs is counted."""
    held = meeting.supervisor_id == work.person.id
    own = None if held else work.person.id
    mine = [each for each in meeting.attendees if held or each.therapist_id == own]
    others = [each for each in _by_name(meeting.attendees) if each.therapist_id != own]
    return MeetingLine(
        meeting=meeting,
        people=(*(() if held else (supervisor,)), *(e.therapist.display_name for e in others)),
        cases=sum(own in {None, case.therapist_id} for case in meeting.cases),
        actions=tuple(each for each in meeting.actions if own in {None, each.therapist_id}),
        waits=tuple(
            each.therapist.display_name for each in _by_name(mine) if not each.acknowledged_at
        ),
    )


def _by_name(people: Iterable[MeetingAttendee]) -> list[MeetingAttendee]:
    return sorted(people, key=lambda each: (each.therapist.display_name, str(each.therapist_id)))


@dataclass(frozen=True, slots=True)
class Offered:
    """Who can have been at a meeting of a day, and the courses that can have been talked about."""

    people: Mapping[UUID, str]
    courses: tuple[TalkedOf, ...]


def supervised_on(work: UnitOfWork, day: date) -> Mapping[UUID, str]:
    """Give whom the actor supervised on a day, by name."""
    work.require(Permission.SUPERVISE)
    return query.supervised_on(work.session, work.person.id, day)


def offered(work: UnitOfWork, people: Mapping[UUID, str], day: date) -> Offered:
    """Give the courses of people whom the actor supervised on a day, and write that down."""
    work.require(Permission.SUPERVISE)
    if work.reading:
        work.audit(Event.CASELOAD_LISTED, Subject("list", "supervision_meeting"))
    return Offered(people, query.courses_of(work.session, list(people), day))


def names_in(meeting: SupervisionMeeting) -> dict[UUID, str]:
    """Give who was at a meeting, by name."""
    return {each.therapist_id: each.therapist.display_name for each in _by_name(meeting.attendees)}

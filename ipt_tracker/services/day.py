"""The therapist's day: what must be answered first, who comes today, and what is left to finish."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from ipt_tracker.clinical.course.attendance import took_place
from ipt_tracker.clinical.course.notes import OPEN, OVERDUE_DAYS, NoteState
from ipt_tracker.governance.access import Actor, Permission, Role
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.queries import day as query
from ipt_tracker.persistence.queries.caseload import some_courses
from ipt_tracker.persistence.queries.day import BookedRow, LastTime, LoggedRow, OpenCourse
from ipt_tracker.persistence.queries.open_notes import (
    DraftRow,
    OpenNote,
    asked_by,
    drafts_of,
    open_notes,
)
from ipt_tracker.persistence.queries.risk_found import FoundRisk, found_last
from ipt_tracker.services import due
from ipt_tracker.services.caseload import Line, standing_lines
from ipt_tracker.services.off_track import Fired, fired
from ipt_tracker.services.risk_tasks import RiskTask, open_tasks
from ipt_tracker.services.sudden_gain_list import Gained, recent_gains
from ipt_tracker.services.supervision.waiting import Waiting, waiting
from ipt_tracker.services.unbooked import Unbooked, unbooked
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork
from ipt_tracker.services.watched import watched

WEEK = timedelta(days=7)
LOOKED_BACK = timedelta(days=28)
"""How long an appointment that nobody logged is asked about."""
MOST_WEEKS = 52
DRAWN = 8
"""Courses not on track that are shown with their scores; of the others the rule is named."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One open task about risk and whose it is."""

    task: RiskTask
    code: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of today: what was booked, what was logged of it, and how the course stands."""

    booked: BookedRow | None
    logged: LoggedRow | None
    line: Line | None
    last_time: LastTime | None

    @property
    def waits(self) -> bool:
        """Whether nothing is logged of it yet."""
        return self.logged is None and (self.booked is None or self.booked.logged is None)

    @property
    def held(self) -> bool:
        """Whether it is known to have taken place."""
        return self.logged is not None and took_place(self.logged.attendance)


@dataclass(frozen=True, slots=True)
class Notes:
    """Notes to finish and notes that wait for a co-signature, with who asked for changes."""

    to_finish: tuple[OpenNote, ...]
    to_cosign: tuple[OpenNote, ...]
    asked_by: Mapping[UUID, str]
    drafts: tuple[DraftRow, ...]

    def overdue(self, today: date) -> int:
        """Count those to finish whose session is more than a week past."""
        before = today - timedelta(days=OVERDUE_DAYS)
        return sum(row.held_on < before for row in self.to_finish)


@dataclass(frozen=True, slots=True)
class Day:
    """All that the start page says."""

    tasks: tuple[Asked, ...]
    found_risk: tuple[FoundRisk, ...]
    """Open courses in which the last check found risk."""
    entries: tuple[Entry, ...]
    earlier: tuple[BookedRow, ...]
    ahead: tuple[BookedRow, ...]
    unbooked: tuple[Unbooked, ...]
    notes: Notes
    dues: tuple[due.Line, ...]
    off_track: tuple[Fired, ...]
    gains: tuple[Gained, ...]
    """Large drops of the last weeks from one session's score to the next."""
    lines: Mapping[UUID, Line]
    """Today's courses and the first that are not on track, in full."""
    courses: Mapping[UUID, OpenCourse]
    from_supervision: Waiting
    of_supervisees: bool
    """Whether it is the day of the people whom the actor supervises."""

    @property
    def waiting(self) -> tuple[Entry, ...]:
        """What of today is still to come, or to be logged."""
        return tuple(entry for entry in self.entries if entry.waits)


def read_day(work: UnitOfWork) -> Day:
    """Read the start page of the actor: a fixed number of statements, whatever the caseload."""
    work.require(Permission.SEE_CASELOAD)
    work.audit(Event.DAY_OPENED, Subject("list", "today"))
    booked = _booked(work, work.today - LOOKED_BACK, work.today + WEEK)
    logged = query.logged_on(work.session, work.person, work.today)
    courses = query.open_courses(work.session, work.person, work.today)
    judged = watched(courses, query.totals(work.session, work.person, work.today))
    off = fired(judged)
    today = [row for row in booked if row.planned_on == work.today]
    ids = [*(row.course_id for row in today), *(row.course_id for row in logged)]
    seen = frozenset(each for each in ids if each is not None)
    lines = _lines(work, seen | {each.course.id for each in off[:DRAWN]})
    return Day(
        tasks=open_risk(work),
        found_risk=found_last(*_who(work)),
        entries=_entries(today, logged, lines, query.last_times(work.session, seen)),
        earlier=tuple(r for r in booked if r.planned_on < work.today and r.logged is None),
        ahead=tuple(row for row in booked if row.planned_on > work.today),
        unbooked=unbooked(work, courses),
        notes=_notes(work),
        dues=tuple(each for each in due.every_line(work) if due.Show.WAITING.holds(each.due)),
        off_track=off,
        gains=recent_gains(judged, work.today),
        lines=lines,
        courses={course.id: course for course in courses},
        from_supervision=waiting(work),
        of_supervisees=work.person.role is Role.SUPERVISOR,
    )


def read_week(work: UnitOfWork, weeks_ahead: int) -> tuple[date, tuple[BookedRow, ...]]:
    """Give the first day of a span of seven, from today on, and what is booked in it."""
    work.require(Permission.SEE_CASELOAD)
    work.audit(Event.DAY_OPENED, Subject("list", "week"))
    first = work.today + WEEK * min(max(weeks_ahead, 0), MOST_WEEKS)
    return first, _booked(work, first, first + WEEK - timedelta(days=1))


def _booked(work: UnitOfWork, first: date, last: date) -> tuple[BookedRow, ...]:
    between = (work.session, work.person, work.today, first, last)
    rows = (*query.booked(*between), *query.booked_groups(*between))
    return tuple(sorted(rows, key=_by_clock))


def _by_clock(row: BookedRow) -> tuple[object, ...]:
    return row.planned_on, row.starts_at is None, str(row.starts_at), row.code


def _lines(work: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, Line]:
    courses = some_courses(work.session, work.person, work.today, ids)
    return {line.course.id: line for line in standing_lines(work, courses)}


def _entries(
    today: Iterable[BookedRow],
    logged: Iterable[LoggedRow],
    lines: Mapping[UUID, Line],
    last: Mapping[UUID, LastTime],
) -> tuple[Entry, ...]:
    """Put what was booked and what was logged beside each other, by the clock.

    A member's record of a group session stands under the group's own line.
    """
    by_id = {row.id: row for row in logged}
    found = [_entry(row, by_id.pop(row.logged, None) if row.logged else None) for row in today]
    found += [_entry(None, row) for row in by_id.values() if row.in_group is None]
    full = (
        Entry(e.booked, e.logged, lines.get(_course_of(e)), last.get(_course_of(e))) for e in found
    )
    return tuple(sorted(full, key=_clock_of))


def _entry(booked: BookedRow | None, logged: LoggedRow | None) -> Entry:
    return Entry(booked, logged, None, None)


def _course_of(entry: Entry) -> UUID:
    """Give the course of an entry; that of a group has none, and its own id finds nothing."""
    row = entry.logged or entry.booked
    if row is None:  # pragma: no cover -- an entry is one or the other
        raise ValueError("an entry without anything")
    return row.course_id or row.id


def _clock_of(entry: Entry) -> tuple[object, ...]:
    """Order by the hour: as it was held, else as it was booked; without one last."""
    times = [row.starts_at for row in (entry.logged, entry.booked) if row and row.starts_at]
    return not times, str(times[0]) if times else "", str(_course_of(entry))


def open_risk(work: UnitOfWork) -> tuple[Asked, ...]:
    """Give every open task about risk in the actor's courses, the oldest first."""
    whose = {each: (code, name) for each, code, name in query.asking(*_who(work))}
    tasks = (task for found in open_tasks(work, whose).values() for task in found)
    every = sorted(tasks, key=lambda task: (task.raised_at, task.id))
    return tuple(Asked(task, *whose[task.course_id]) for task in every)


def _notes(work: UnitOfWork) -> Notes:
    states = [*sorted(OPEN)]
    if work.person.role is Role.SUPERVISOR:
        states.append(NoteState.AWAITING_COSIGN)
    rows = open_notes(*_who(work), states)
    asked = NoteState.CHANGES_REQUESTED
    returned = [row for row in rows if row.note_state == asked]
    return Notes(
        (*returned, *(row for row in rows if row.note_state == NoteState.UNSIGNED)),
        tuple(row for row in rows if row.note_state == NoteState.AWAITING_COSIGN),
        asked_by(work.session, [row.id for row in returned], asked),
        drafts_of(work.session, work.person),
    )


def _who(work: UnitOfWork) -> tuple[Session, Actor, date]:
    return work.session, work.person, work.today

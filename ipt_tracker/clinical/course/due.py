"""What is due in a course: from its schedule, its sessions and the measures that are there.

A form that was not returned, declined or not given settles its occasion, as a score does; only a
row that is not there leaves it open.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from ipt_tracker.clinical.course.attendance import took_place
from ipt_tracker.clinical.course.kinds import Kind, kind_of
from ipt_tracker.clinical.course.schedule import Occasion, Schedule
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS

PLANNED = "planned"
SCORED = frozenset({"complete", "incomplete"})
LATE_DAYS = 7
"""More days than this past its due day and a measure is late (the bundle's convention)."""
BEFORE = timedelta(days=3)
"""A form filled in so shortly before a session belongs to it: our own rule."""
PASSED_BY_THE_END = frozenset({str(Occasion.BASELINE), str(Occasion.MID)})
AHEAD = timedelta(days=14)
"""How far ahead an assessment is announced."""
SEEN_LATELY = 4
"""Sessions among which the form in use is looked for where a course has no schedule."""


class Held(Protocol):
    """One appointment of a course."""

    @property
    def id(self) -> UUID:
        """Its id."""

    @property
    def slot(self) -> int:
        """Its place among the appointments."""

    @property
    def kind(self) -> str:
        """What sort of meeting it was."""

    @property
    def held_on(self) -> date:
        """Its day."""

    @property
    def attendance(self) -> str:
        """What became of it."""


class Row(Protocol):
    """One measure of a course: done, not done, or planned."""

    @property
    def id(self) -> UUID:
        """Its id."""

    @property
    def session_id(self) -> UUID | None:
        """The session it was filed with."""

    @property
    def instrument(self) -> str:
        """Key of its instrument."""

    @property
    def taken_on(self) -> date:
        """The day it was made."""

    @property
    def status(self) -> str:
        """Whether it is complete, planned, declined and so on."""

    @property
    def point(self) -> str | None:
        """The point of the course that it belongs to."""

    @property
    def due_on(self) -> date | None:
        """The day it was due."""

    @property
    def withdrawn_at(self) -> datetime | None:
        """When it was taken back; it then counts for nothing."""


class State(StrEnum):
    """How pressing something is, the most pressing first."""

    OVERDUE = "overdue"
    DUE = "due"
    COMING = "coming"


ORDER = tuple(State)


@dataclass(frozen=True, slots=True)
class Due:
    """One measure that waits: at a session (`slot`), or for a point of the course (`measure_id`).

    `expected` is False where no schedule says so, and the form was merely in use so far.
    """

    key: str
    occasion: str
    state: State
    due_on: date
    days: int
    """Since its day; negative when it has not come."""
    slot: int | None = None
    measure_id: UUID | None = None
    expected: bool = True


@dataclass(frozen=True, slots=True)
class Dues:
    """All that waits in a course, the most pressing first, and the gaps before."""

    lines: tuple[Due, ...]
    missing: tuple[tuple[str, int], ...]
    """Key of a form, and how many older sessions have no row of it at all."""

    @property
    def open(self) -> tuple[Due, ...]:
        """What waits today."""
        return tuple(line for line in self.lines if line.state is not State.COMING)


def is_session(slot: Held) -> bool:
    """Whether the forms of every session are given there: seen, and a session of the treatment."""
    kind = kind_of(slot.kind)
    extra = kind in {Kind.MAINTENANCE, Kind.EXTENSION}
    counted = kind is None or kind.counts_against_the_contract or extra
    return counted and took_place(slot.attendance)


def due_of(
    schedule: Schedule | None,
    slots: Iterable[Held],
    rows: Iterable[Row],
    today: date,
    ended_on: date | None = None,
) -> Dues:
    """Say what waits. Only the newest session makes a form due; older gaps are counted.

    Without a schedule the form that was in use at the last sessions is looked for at the newest.
    After the end of a course nothing is due at sessions, only what belongs to its points.
    """
    live = [row for row in rows if row.withdrawn_at is None]
    done = [row for row in live if row.status != PLANNED]
    sessions = _in_order(slots)
    forms = _session_forms(schedule) if schedule else _in_use(sessions, done)
    kept = {form: _kept(sessions, done, form.key) for form in forms}
    waiting = [*_points(live, done, today, ended=ended_on is not None)]
    if sessions and ended_on is None:
        newest = sessions[-1]
        open_forms = [form for form, there in kept.items() if not any(there[-form.every :])]
        waiting += [form.due(newest, today) for form in open_forms]
    counted = {f.key: f.gaps(t if ended_on else t[:-1]) for f, t in kept.items() if schedule}
    return Dues(
        tuple(sorted(waiting, key=lambda d: (ORDER.index(d.state), d.due_on, d.key))),
        tuple((key, gaps) for key, gaps in counted.items() if gaps),
    )


def _in_order(slots: Iterable[Held]) -> list[Held]:
    return sorted((s for s in slots if is_session(s)), key=lambda s: (s.held_on, s.slot))


def _kept(sessions: Sequence[Held], done: Sequence[Row], key: str) -> list[bool]:
    """Say of each session whether a row of this form is there, whatever it says.

    A row belongs to the session it was filed with; one that was filed with none, by its day, from
    three days before a session until the day of the next one. One pass: a course can be long.
    """
    place = {session.id: index for index, session in enumerate(sessions)}
    days = [session.held_on for session in sessions]
    there = [False] * len(sessions)
    for row in (each for each in done if each.instrument == key):
        filed = place.get(row.session_id) if row.session_id is not None else None
        if filed is not None:
            there[filed] = True
            continue
        first = max(bisect_right(days, row.taken_on) - 1, 0)
        for index in range(first, bisect_right(days, row.taken_on + BEFORE)):
            there[index] = True
    return there


@dataclass(frozen=True, slots=True)
class _Form:
    """A form of the sessions: given once in so many of them."""

    key: str
    occasion: Occasion
    expected: bool = True

    @property
    def every(self) -> int:
        return 2 if self.occasion is Occasion.EVERY_SECOND_SESSION else 1

    def due(self, session: Held, today: date) -> Due:
        state, days = _state(session.held_on, today)
        occasion, expected = str(self.occasion), self.expected
        return Due(
            self.key, occasion, state, session.held_on, days, session.slot, expected=expected
        )

    def gaps(self, there: Sequence[bool]) -> int:
        """Count the sessions at which it was due and nobody said a word about it."""
        found, since = 0, self.every - 1
        for kept in there:
            since += 1
            if kept:
                since = 0
            elif since >= self.every:
                found, since = found + 1, 0
        return found


def _session_forms(schedule: Schedule) -> list[_Form]:
    """Give the forms of the sessions; of two rhythms for one form the closer one holds."""
    found = {
        key: _Form(key, occasion)
        for occasion in (Occasion.EVERY_SECOND_SESSION, Occasion.EVERY_SESSION)
        for key in schedule.keys(occasion)
    }
    return list(found.values())


def _in_use(sessions: Sequence[Held], done: Sequence[Row]) -> list[_Form]:
    """Find the form that a course without a schedule was followed with lately."""
    lately = {session.id for session in sessions[-SEEN_LATELY:]}
    own = {key for key, each in INSTRUMENTS.items() if each.self_report}
    given = [row for row in done if row.session_id in lately and row.instrument in own]
    newest = max(given, key=lambda row: (row.taken_on, row.instrument), default=None)
    return [_Form(newest.instrument, Occasion.EVERY_SESSION, expected=False)] if newest else []


def _points(live: Sequence[Row], done: Sequence[Row], today: date, *, ended: bool) -> Iterator[Due]:
    """Give the planned assessments that nothing has settled yet, up to two weeks ahead.

    After the end of a course nobody can make up for its beginning or its middle.
    """
    for row in live:
        if ended and row.point in PASSED_BY_THE_END:
            continue
        if row.status != PLANNED or row.due_on is None or row.due_on > today + AHEAD:
            continue
        if not any(_settles(other, row) for other in done):
            state, days = _state(row.due_on, today)
            yield Due(row.instrument, row.point or "", state, row.due_on, days, measure_id=row.id)


def _settles(done: Row, planned: Row) -> bool:
    """Whether one measure stands for a planned one: the same point, or near it with none named."""
    if done.instrument != planned.instrument or planned.due_on is None:
        return False
    if done.point is not None:
        return done.point == planned.point
    return done.status in SCORED and abs((done.taken_on - planned.due_on).days) <= LATE_DAYS


def _state(due_on: date, today: date) -> tuple[State, int]:
    days = (today - due_on).days
    if days < 0:
        return State.COMING, days
    return (State.OVERDUE if days > LATE_DAYS else State.DUE), days

"""When the appointments of an invented course fall and what becomes of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ipt_tracker.clinical.course.attendance import Attendance, took_place
from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.protocols import Protocol, Spacing

WEEK = timedelta(weeks=1)
WORKING_DAYS = 5
WEEKS_BACK = 78
"""Eighteen months: how far back courses that are over may have begun."""
A_MONTH = 4
CHANCES: dict[Attendance, float] = {
    Attendance.ATTENDED: 0.845,
    Attendance.ATTENDED_LATE: 0.02,
    Attendance.LEFT_EARLY: 0.005,
    Attendance.CANCELLED_BY_PATIENT: 0.05,
    Attendance.LATE_CANCELLATION: 0.01,
    Attendance.NO_SHOW: 0.035,
    Attendance.CANCELLED_BY_THERAPIST: 0.025,
    Attendance.CANCELLED_BY_SERVICE: 0.01,
}


def happens(rng: Random, share: float) -> bool:
    """Decide about something that happens in this share of all cases."""
    return rng.random() < share


@dataclass(frozen=True, slots=True)
class Slot:
    """One appointment, in whole weeks from the first; `number` is None if it did not take place."""

    week: int
    kind: Kind
    number: int | None
    attendance: Attendance


@dataclass(frozen=True, slots=True)
class Fate:
    """How a course goes: still open, or left after session `leaves_after`, or completed.

    An open course is somewhere on its way, unless `all_held` says that only its closing is left.
    """

    is_open: bool
    leaves_after: int | None = None
    all_held: bool = False


def slots_of(rng: Random, protocol: Protocol, leaves_after: int | None) -> list[Slot]:
    """Lay out the appointments of a course until its end, or until the patient stays away."""
    slots: list[Slot] = []
    week = 0
    for kind, count, gap in _parts(protocol):
        number = 1
        while number <= count:
            seen = _attendance(rng, is_first=not slots)
            held = took_place(seen)
            slots.append(Slot(week, kind, number if held else None, seen))
            week += gap if held else 1
            number += held
            if kind is Kind.INDIVIDUAL and leaves_after is not None and number > leaves_after:
                return [*slots, *_stays_away(rng, week)]
    return slots


def place(rng: Random, slots: list[Slot], fate: Fate, today: date) -> tuple[date, list[Slot]]:
    """Choose the first day, a working day, and keep the appointments that lie before today.

    A course that is over lies wholly in the past, with three weeks for closing it.
    """
    weekday = timedelta(days=rng.randrange(WORKING_DAYS))
    this_monday = today - timedelta(days=today.weekday())
    length = slots[-1].week + 1
    if fate.is_open:
        weeks_ago = length if fate.all_held else rng.randint(0, length - 1)
        if this_monday + weekday - weeks_ago * WEEK >= today:
            weeks_ago += 1
    else:
        weeks_ago = rng.randint(length + 3, max(length + 3, WEEKS_BACK))
    first = this_monday + weekday - weeks_ago * WEEK
    return first, [slot for slot in slots if first + slot.week * WEEK < today]


def _parts(protocol: Protocol) -> tuple[tuple[Kind, int, int], ...]:
    return (
        (Kind.ENGAGEMENT, protocol.engagement_sessions, 1),
        (Kind.INDIVIDUAL, protocol.planned_sessions, 1),
        (Kind.MAINTENANCE, protocol.maintenance_planned, _maintenance_gap(protocol)),
    )


def _maintenance_gap(protocol: Protocol) -> int:
    return A_MONTH if protocol.spacing is Spacing.WEEKLY_THEN_MONTHLY else 1


def _attendance(rng: Random, *, is_first: bool) -> Attendance:
    if is_first:
        return Attendance.ATTENDED
    return rng.choices(tuple(CHANCES), tuple(CHANCES.values()))[0]


def _stays_away(rng: Random, week: int) -> Iterator[Slot]:
    for missed in range(rng.randint(1, 3)):
        yield Slot(week + missed, Kind.INDIVIDUAL, None, Attendance.NO_SHOW)

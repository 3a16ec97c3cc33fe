"""Where a course stands, in the words that every page of it shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ipt_tracker.clinical.course.kinds import Kind, kind_of
from ipt_tracker.clinical.course.phases import Phase


@dataclass(frozen=True, slots=True)
class Position:
    """The place of one session, or of the course as a whole.

    `kind` and `number` are those of the session meant: the last one held, or the one being
    logged; both None before the first. `held` counts the contract's own sessions held so far.
    `ended_on` is set once the course is over; `today` decides whether its year is said.
    """

    planned: int
    number: int | None = None
    kind: str = Kind.INDIVIDUAL
    phase: str | None = None
    maintenance_planned: int = 0
    held: int = 0
    ended_on: date | None = None
    today: date | None = None

    @property
    def words(self) -> str:
        """Say the position: "Session 11 of 16, middle phase"."""
        if self.ended_on is not None:
            return f"{self._held_words}, course ended {_day_words(self.ended_on, self.today)}"
        if self.number is None:
            return f"Not started, {_sessions(self.planned)} planned"
        kind = kind_of(self.kind)
        if kind is None or kind.counts_against_the_contract:
            return self._session_words
        if kind is Kind.MAINTENANCE and self.number <= self.maintenance_planned:
            return f"{kind.label} {self.number} of {self.maintenance_planned}"
        return f"{kind.label} {self.number}"

    @property
    def _held_words(self) -> str:
        if self.held > self.planned:
            return f"{_sessions(self.held)} ({self.planned} planned)"
        return f"{self.held} of {_sessions(self.planned)}"

    @property
    def _session_words(self) -> str:
        number = self.number or 0
        if number > self.planned:
            return f"Session {number}, {number - self.planned} past the {self.planned} planned"
        place = f"Session {number} of {self.planned}"
        return f"{place}, {Phase(self.phase).words}" if self.phase in set(Phase) else place


def next_number(numbers: Iterable[int | None]) -> int:
    """Give the number of the next session of a kind from those of that kind so far."""
    return max((number for number in numbers if number is not None), default=0) + 1


def next_slot(slots: Iterable[int]) -> int:
    """Give the next slot of a course from those taken; a slot is never used again."""
    return max(slots, default=0) + 1


def _sessions(number: int) -> str:
    return f"{number} session" if number == 1 else f"{number} sessions"


def _day_words(day: date, today: date | None) -> str:
    words = f"{day.day} {day:%b}"
    return words if today and today.year == day.year else f"{words} {day.year}"

"""Part of a course: which scores, slots and spells lie in the window that was asked for.

A window ends with the newest value drawn, never with today: the same record gives the same file.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol, TypeVar

from ipt_tracker.charts.model import Score, Span
from ipt_tracker.charts.scales import full

MONTHS = 6


class Dated(Protocol):
    """Whatever has a day."""

    @property
    def day(self) -> date: ...


D = TypeVar("D", bound=Dated)


def months_before(day: date, count: int = MONTHS) -> date:
    """The same day so many months earlier, or the last day of a month that is shorter."""
    months = day.year * 12 + day.month - 1 - count
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def since(some: Iterable[D], first: date | None) -> tuple[D, ...]:
    """Those on the first day of the window and later; all of them without a window."""
    return tuple(each for each in some if first is None or each.day >= first)


def spells_since(spans: Iterable[Span], first: date | None) -> tuple[Span, ...]:
    """The spells that reach into the window, beginning with it where they began earlier."""
    if first is None:
        return tuple(spans)
    kept = (span for span in spans if span.stop > first)
    return tuple(replace(span, start=max(span.start, first)) for span in kept)


def base_of(scores: Sequence[Score], first: date | None) -> Score | None:
    """The first total of the course where it lies before the window, which still counts from it."""
    known = [s for s in scores if s.value is not None]
    return known[0] if first is not None and known and known[0].day < first else None


def days_words(first: date, last: date) -> str:
    """Write "7 Oct 2024 to 7 Apr 2025"."""
    return f"{full(first)} to {full(last)}"

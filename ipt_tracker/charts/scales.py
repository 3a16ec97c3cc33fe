"""Where a date or a score falls, and which dates and scores are named beside an axis."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil

from ipt_tracker.charts.style import LEFT, PANEL
from ipt_tracker.charts.typeset import width

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SHORTEST = 42  # days on the axis at least, so that one score does not fill the page
IN_WEEKS = 75  # days up to which every second week is named instead of months
APART = 5.0  # points kept free between two labels of one row
STEPS = (1, 2, 5, 10, 20, 40, 50, 100)


def short(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"


def full(day: date) -> str:
    return f"{short(day)} {day.year}"


@dataclass(frozen=True, slots=True)
class TimeScale:
    """The days shown, as ordinals; every panel of a chart has the same."""

    low: float
    high: float
    first: date | None  # None: nothing has a date yet

    @property
    def per_day(self) -> float:
        return PANEL / (self.high - self.low)

    def across(self, day: date | float) -> float:
        """Points from the page's left edge."""
        at = day.toordinal() if isinstance(day, date) else day
        return LEFT + (at - self.low) * self.per_day


def time_scale(days: Sequence[date]) -> TimeScale:
    if not days:
        return TimeScale(0.0, float(SHORTEST), None)
    first, last = min(days).toordinal(), max(days).toordinal()
    pad = max(3.0, 0.035 * (last - first))
    return TimeScale(first - pad, max(last + pad, first + SHORTEST), min(days))


@dataclass(frozen=True, slots=True)
class Tick:
    day: date
    label: str
    year: str = ""  # printed below, where a year begins to apply


def crowded(spots: Iterable[tuple[float, str]]) -> bool:
    """Whether centred labels at these places come closer than they should."""
    edges = [(x - width(t) / 2, x + width(t) / 2) for x, t in spots]
    return any(b[0] - a[1] < APART for a, b in pairwise(edges))


def _fortnights(time: TimeScale, first: date) -> list[date]:
    return [date.fromordinal(d) for d in range(first.toordinal(), int(time.high), 14)]


def _months(time: TimeScale, first: date, step: int) -> list[date]:
    stop = date.fromordinal(int(time.high))
    begin, end = first.year * 12 + first.month - 1, stop.year * 12 + stop.month - 1
    days = [date(m // 12, m % 12 + 1, 1) for m in range(begin, end + 1) if m % step == 0]
    return [d for d in days if d.toordinal() >= time.low]


def _in_months(time: TimeScale, first: date) -> list[date]:
    for step in (1, 2, 3, 6, 12, 24, 60):
        days = _months(time, first, step)
        if not crowded((time.across(d), MONTHS[d.month - 1]) for d in days):
            break
    return days


def _with_years(time: TimeScale, days: Sequence[date], labels: Sequence[str]) -> list[Tick]:
    """The year below the first tick of each; a year without room gives way to the next one."""
    out: list[Tick] = []
    for i, (day, label) in enumerate(zip(days, labels, strict=True)):
        new = i == 0 or day.year != days[i - 1].year
        ahead = next((d for d in days[i + 1 :] if d.year != day.year), None)
        room = time.across(ahead) - time.across(day) if ahead else PANEL
        shown = new and room > width(f"{day.year}") + APART
        out.append(Tick(day, label, f"{day.year}" if shown else ""))
    return out


def date_ticks(time: TimeScale) -> list[Tick]:
    """Starts of months, as many as can be read; fortnights in a short course."""
    if time.first is None:
        return []
    if time.high - time.first.toordinal() < IN_WEEKS:
        days = _fortnights(time, time.first)
        return _with_years(time, days, [short(d) for d in days])
    days = _in_months(time, time.first)
    return _with_years(time, days, [MONTHS[d.month - 1] for d in days])


def score_ticks(bottom: int, top: int, count: int) -> list[int]:
    """Both ends of the instrument's range, and round numbers between that keep clear of them."""
    aim = (top - bottom) / count
    step = next((s for s in STEPS if s >= aim), ceil(aim))
    first = (bottom // step + 1) * step
    clear = 0.4 * step
    inner = [t for t in range(first, top, step) if t - bottom >= clear and top - t >= clear]
    return [bottom, *inner, top]

"""From one session to the next: the day on which the contract lets the next one be expected."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.protocols import Spacing
from ipt_tracker.clinical.course.schedule import GAP_DAYS, WEEK

SHORT, LONG = 3, 4
"""The two gaps of a week with two sessions, such as Monday to Thursday and Thursday to Monday."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How far apart the sessions of a course are: the contract's spacing, monthly in maintenance.

    A spacing in words of its own counts as weekly, as in the schedule of measures.
    """

    spacing: str | None
    kind: str = Kind.INDIVIDUAL

    def gap(self, days: Iterable[date] = ()) -> int:
        """Give the days from the last of these days to the next session."""
        if self.kind == Kind.MAINTENANCE:
            return int(GAP_DAYS[Spacing.MONTHLY])
        if self.spacing != Spacing.TWICE_WEEKLY:
            return int(GAP_DAYS.get(self.spacing or "", WEEK))
        last = sorted(set(days))[-2:]
        return LONG if len(last) > 1 and (last[1] - last[0]).days == SHORT else SHORT

    def after(self, days: Iterable[date]) -> date | None:
        """Give the day that follows the last of these; None without any."""
        known = sorted(set(days))
        return known[-1] + timedelta(days=self.gap(known)) if known else None

    def not_before(self, days: Iterable[date], today: date) -> date | None:
        """Give the first day that keeps the rhythm and is not past; None without any day."""
        known = sorted(set(days))
        if not known:
            return None
        while (following := known[-1] + timedelta(days=self.gap(known))) < today:
            known.append(following)
        return following

    def some(self, days: Iterable[date], today: date, number: int) -> tuple[date, ...]:
        """Give the next days of the rhythm, so many of them, none of them past."""
        known, found = sorted(set(days)), list[date]()
        while known and len(found) < number:
            following = self.not_before(known, today)
            if following is None:  # pragma: no cover -- there is a day to follow
                break
            known.append(following)
            found.append(following)
        return tuple(found)

"""Sudden gains: a large drop from one session's score to the next. A rule, never a prediction.

The three criteria are those of Tang and DeRubeis (1999, J Consult Clin Psychol 67:894-904), made
for the Beck Depression Inventory. Their fixed 7 points are replaced by the reliable change of the
named set of thresholds; the other two stand as published, the third by its t test.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby, pairwise
from math import inf, sqrt
from statistics import fmean, variance

from ipt_tracker.clinical.outcome.series import Administration
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet

SMALLEST_PERCENT = 25
"""A drop of at least this part of the score before it."""
SIDE = 3
"""Scores on either side of the drop that the t test compares."""
CRITICAL_T = 2.776
"""Of t with 4 degrees of freedom: 2.5 % lie above it."""
LATE = 1.5
"""Two scores further apart than so many planned intervals are not of successive sessions."""


class Lasted(StrEnum):
    """Whether the scores after the drop differ from those before it by more than they vary."""

    YES = "sudden gain"
    NO = "no sudden gain"
    UNKNOWN = "cannot tell"


@dataclass(frozen=True, slots=True)
class SuddenGain:
    """A drop that is large by the first two criteria, and what the third says of it.

    `why` says why the third cannot tell, else nothing. `told_on` is the day of the last score that
    the answer rests on. `lost` is the first later score by which half of the drop was lost again.
    """

    before: Administration
    after: Administration
    lasted: Lasted
    why: str
    t: float | None
    told_on: date
    lost: Administration | None = None

    @property
    def first(self) -> int:
        """The total before the drop."""
        return self.before.total or 0

    @property
    def last(self) -> int:
        """The total after the drop."""
        return self.after.total or 0

    @property
    def points(self) -> int:
        """The change in points; a fall is negative."""
        return self.last - self.first

    @property
    def percent(self) -> float:
        """How much of the score before it fell, in percent."""
        return -100 * self.points / self.first


def sudden_gains(
    given: Iterable[Administration], thresholds: ThresholdSet | None, gap_days: float
) -> tuple[SuddenGain, ...]:
    """Find every large drop in one instrument's scores of the treatment, in order of date.

    `gap_days` is the planned interval of the sessions. Without thresholds nothing can be told.
    """
    if thresholds is None:
        return ()
    line = _one_a_day(given)
    longest = timedelta(days=LATE * gap_days)
    return tuple(
        _judged(line, place, longest)
        for place, (one, other) in enumerate(pairwise(line))
        if _follows(one, other, longest) and _is_large(one, other, thresholds)
    )


def _one_a_day(given: Iterable[Administration]) -> tuple[Administration, ...]:
    """Keep one form of each day: the last that is complete, else the last."""
    in_order = sorted(given, key=lambda each: (each.taken_on, each.total is not None))
    days = groupby(in_order, key=lambda each: each.taken_on)
    return tuple(list(each)[-1] for _, each in days)


def _follows(one: Administration, other: Administration, longest: timedelta) -> bool:
    """Whether both are complete, and close enough to be of successive sessions."""
    both = one.total is not None and other.total is not None
    return both and other.taken_on - one.taken_on <= longest


def _is_large(one: Administration, other: Administration, thresholds: ThresholdSet) -> bool:
    before, drop = one.total or 0, (one.total or 0) - (other.total or 0)
    return drop >= thresholds.reliable_points and 100 * drop >= SMALLEST_PERCENT * before


def _judged(line: Sequence[Administration], place: int, longest: timedelta) -> SuddenGain:
    """Apply the third criterion to the drop between two places of a line."""
    before = line[max(0, place + 1 - SIDE) : place + 1]
    after = line[place + 1 : place + 1 + SIDE]
    why, t = _unknown(before, after, longest), None
    if not why:
        t = two_sample_t([each.total or 0 for each in before], [each.total or 0 for each in after])
    lasted = Lasted.UNKNOWN if t is None else Lasted.YES if t > CRITICAL_T else Lasted.NO
    told = after[0] if t is None else after[-1]
    lost = _lost(line[place], line[place + 1 :])
    return SuddenGain(line[place], line[place + 1], lasted, why, t, told.taken_on, lost)


def _unknown(
    before: Sequence[Administration], after: Sequence[Administration], longest: timedelta
) -> str:
    """Say why the t test cannot be made; nothing where it can."""
    around = (*before, *after)
    if any(each.total is None for each in around):
        return "a form among the three before or the three after it has no total"
    if not all(_follows(one, other, longest) for one, other in pairwise(around)):
        return "the scores around it are not of successive sessions"
    if len(before) < SIDE:
        return f"fewer than {SIDE} scores before it"
    return f"fewer than {SIDE} scores after it so far" if len(after) < SIDE else ""


def two_sample_t(before: Sequence[int], after: Sequence[int]) -> float:
    """Give Student's t of two samples with their variance pooled; positive is a fall.

    Where neither sample varies every difference is beyond chance: infinite, or 0 without one.
    """
    freedom = len(before) + len(after) - 2
    squares = (len(before) - 1) * variance(before) + (len(after) - 1) * variance(after)
    fell = fmean(before) - fmean(after)
    error = sqrt(squares / freedom * (1 / len(before) + 1 / len(after)))
    if error:
        return fell / error
    return inf if fell > 0 else -inf if fell < 0 else 0.0


def _lost(before: Administration, later: Sequence[Administration]) -> Administration | None:
    """Give the first score by which half of the drop was lost again (Tang and DeRubeis 1999)."""
    half = ((before.total or 0) + (later[0].total or 0)) / 2
    found = (each for each in later[1:] if each.total is not None and each.total >= half)
    return next(found, None)

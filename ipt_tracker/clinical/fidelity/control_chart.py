"""Is quality drifting? The XmR chart, whose signals invite a look and judge nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import fsum

from ipt_tracker.clinical.course.codes import Code

LIMIT_FACTOR = 2.66
"""3 / 1.128: from the mean moving range of two neighbours to three sigma."""
RANGE_FACTOR = 3.267
"""From the mean moving range to the upper limit of a moving range."""
RUN = 8
FEWEST_FOR_LIMITS = 6
FEWEST_FOR_FIRM_LIMITS = 12
SLACK = 1e-9
"""A value this near to a line lies on it: sums of fractions are not exact."""


class LimitStatus(Code):
    """How far the limits of a chart can be trusted, by the number of its points."""

    TOO_FEW = "too few points for limits", "Too few points for limits"
    WEAK = "limits of few points", "Limits of few points"
    FIRM = "limits", "Limits"


@dataclass(frozen=True, slots=True)
class Control:
    """The lines of an XmR chart, in the unit of its values, and what stands out of them.

    `centre` is the mean and `mean_moving_range` the mean distance of neighbours (None at 0 points
    and under 2). `low`, `high` and `range_high` (the upper limit of a single moving range) are None
    under 6 points; they can pass the ends of the scale, and then the drawing is cut, not the sum.
    `outside` and `runs` are places from 0 in the order of the values, both empty under 6 points:
    the values outside the limits, and every value of a run of 8 or more on one side of the centre.
    A value on the centre line is on no side and ends a run.
    """

    points: int
    centre: float | None
    mean_moving_range: float | None
    low: float | None
    high: float | None
    range_high: float | None
    outside: tuple[int, ...]
    runs: tuple[int, ...]
    status: LimitStatus


def control(values: Sequence[float]) -> Control:
    """Give the XmR chart of values in order of time.

    Formula: limits = mean -/+ 2.66 x mean moving range; the limit of a moving range = 3.267 x mean
    moving range (Shewhart 1931; Wheeler and Chambers 1992). Rules: a value outside the limits; 8
    in a row on one side of the mean.
    """
    points = len(values)
    centre = fsum(values) / points if values else None
    ranges = [abs(later - earlier) for earlier, later in pairwise(values)]
    moving = fsum(ranges) / len(ranges) if ranges else None
    if centre is None or moving is None or points < FEWEST_FOR_LIMITS:
        return Control(points, centre, moving, None, None, None, (), (), LimitStatus.TOO_FEW)
    low, high = centre - LIMIT_FACTOR * moving, centre + LIMIT_FACTOR * moving
    return Control(
        points=points,
        centre=centre,
        mean_moving_range=moving,
        low=low,
        high=high,
        range_high=RANGE_FACTOR * moving,
        outside=tuple(n for n, v in enumerate(values) if not low - SLACK <= v <= high + SLACK),
        runs=_runs(values, centre),
        status=LimitStatus.WEAK if points < FEWEST_FOR_FIRM_LIMITS else LimitStatus.FIRM,
    )


def _runs(values: Sequence[float], centre: float) -> tuple[int, ...]:
    sides = [0 if abs(v - centre) <= SLACK else 1 if v > centre else -1 for v in values]
    found: list[int] = []
    for side, places in groupby(range(len(values)), key=sides.__getitem__):
        run = tuple(places)
        if side and len(run) >= RUN:
            found += run
    return tuple(found)

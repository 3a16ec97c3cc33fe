"""Do two raters see the same session alike? Always on ratings as they were first submitted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.stats import f, norm

from ipt_tracker.clinical.fidelity.summary import (
    CONFIDENCE,
    standard_deviation,
    summary_of,
    t_quantile,
)

Table: TypeAlias = NDArray[np.float64]
Interval: TypeAlias = tuple[float, float]
Weights: TypeAlias = Literal["quadratic", "linear"]

LIMIT_FACTOR = 1.96
QUANTILE = (1 + CONFIDENCE) / 2
POWERS: dict[Weights, int] = {"linear": 1, "quadratic": 2}
NOTHING = 1e-24
"""A mean square below this part of the squared level of the values is a rounding error."""
NO_SPREAD = 1e-7


@dataclass(frozen=True, slots=True)
class Icc:
    """Intraclass correlations of n sessions, each rated once by the same number of raters.

    All are of a single rating and without unit; 1 is perfect, 0 none, and less than 0 can happen.
    `one_way` is ICC(1,1), for raters that change from session to session; `absolute` is ICC(A,1),
    for the same raters throughout, who should give the same numbers; `consistency` is ICC(C,1),
    which forgives a rater who is stricter throughout. Each with its 95 % interval. A figure is None
    where it cannot be had: every number the same. An interval is None also where raters never
    differ (in what the figure counts), so that nothing says how sure the figure is.
    """

    n: int
    raters: int
    one_way: float | None
    absolute: float | None
    consistency: float | None
    one_way_ci: Interval | None
    absolute_ci: Interval | None
    consistency_ci: Interval | None


@dataclass(frozen=True, slots=True)
class MeanSquares:
    """The two-way table of n sessions by k raters, taken apart."""

    n: int
    k: int
    sessions: float
    raters: float
    error: float
    within: float
    """Within sessions: raters and error together, for the one-way model."""


@dataclass(frozen=True, slots=True)
class BlandAltman:
    """The differences of n pairs, in their unit: bias, spread and limits of agreement.

    About 95 % of differences lie between `low` and `high`. `bias` is None at n 0, all others under
    n 2. `bias_ci`, `low_ci` and `high_ci` are 95 % intervals of the three lines.
    """

    n: int
    bias: float | None
    sd: float | None
    low: float | None
    high: float | None
    bias_ci: Interval | None
    low_ci: Interval | None
    high_ci: Interval | None


def icc(rows: Sequence[Sequence[float]]) -> Icc | None:
    """Give the intraclass correlations of a table: a row for each session, a column for each rater.

    None under two sessions or two raters; every row must be of one length. For the one-way figure
    the order within a row says nothing. Formulas: Shrout and Fleiss 1979 (Psychol Bull 86:420) and
    McGraw and Wong 1996 (Psychol Methods 1:30), intervals included: F quantiles, and for ICC(A,1)
    the degrees of freedom by Satterthwaite.
    """
    table = np.array([list(row) for row in rows], dtype=float)
    if table.ndim != 2 or min(table.shape) < 2:  # noqa: PLR2004 -- two axes, two of each
        return None
    ms = mean_squares(table)
    n, k = ms.n, ms.k
    absolute = _ratio(
        ms.sessions - ms.error,
        ms.sessions + (k - 1) * ms.error + k * (ms.raters - ms.error) / n,
    )
    return Icc(
        n=n,
        raters=k,
        one_way=_ratio(ms.sessions - ms.within, ms.sessions + (k - 1) * ms.within),
        absolute=absolute,
        consistency=_ratio(ms.sessions - ms.error, ms.sessions + (k - 1) * ms.error),
        one_way_ci=_f_interval(ms.sessions, ms.within, k, (n - 1, n * (k - 1))),
        absolute_ci=None if absolute is None else _absolute_interval(ms, absolute),
        consistency_ci=_f_interval(ms.sessions, ms.error, k, (n - 1, (n - 1) * (k - 1))),
    )


def mean_squares(table: Table) -> MeanSquares:
    """Take a table of n sessions by k raters apart, as an analysis of variance does."""
    n, k = table.shape
    by_session, by_rater = table.mean(axis=1, keepdims=True), table.mean(axis=0, keepdims=True)
    grand = table.mean()
    rest = table - by_session - by_rater + grand
    floor = NOTHING * max(1.0, float(grand) ** 2)

    def square(distances: Table, freedom: int) -> float:
        found = float((distances**2).sum()) / freedom
        return found if found > floor else 0.0

    return MeanSquares(
        n=n,
        k=k,
        sessions=square(by_session - grand, n - 1) * k,
        raters=square(by_rater - grand, k - 1) * n,
        error=square(rest, (n - 1) * (k - 1)),
        within=square(table - by_session, n * (k - 1)),
    )


def weighted_kappa(
    pairs: Iterable[tuple[int, int]], labels: Sequence[int], weights: Weights = "quadratic"
) -> float | None:
    """Give the agreement of two raters on an ordered scale, above what chance would give.

    `labels` are all the points of the scale in order, used or not; each of a pair must be one of
    them. Formula: 1 - sum(w x observed) / sum(w x expected), with w the distance of two points
    (linear) or its square (Cohen 1968, Psychol Bull 70:213). 1 is perfect, 0 is chance. None
    without pairs, and where both raters gave one and the same point throughout.
    """
    found = _proportions(pairs, labels)
    return None if found is None else _kappa(found, _distances(len(labels), weights))


def kappa_interval(
    pairs: Iterable[tuple[int, int]], labels: Sequence[int], weights: Weights = "quadratic"
) -> Interval | None:
    """Give the 95 % interval of the weighted kappa, cut at -1 and 1.

    Formula: kappa -/+ 1.96 standard errors for large samples (Fleiss, Cohen and Everitt 1969,
    Psychol Bull 72:323). With few pairs it is rough. None where there is no kappa, and where the
    formula sees no spread at all: full agreement, or a rater who gave one point throughout.
    """
    pairs = list(pairs)
    observed = _proportions(pairs, labels)
    if observed is None:
        return None
    distance = _distances(len(labels), weights)
    kappa = _kappa(observed, distance)
    if kappa is None:
        return None
    error = _standard_error(observed, distance, kappa, len(pairs))
    if error < NO_SPREAD:
        return None
    half = float(norm.ppf(QUANTILE)) * error
    return max(-1.0, kappa - half), min(1.0, kappa + half)


def bland_altman(differences: Iterable[float]) -> BlandAltman:
    """Give bias and limits of agreement of differences between two raters, in their unit.

    Formula: limits = bias -/+ 1.96 x s, with s the standard deviation on n - 1 (Bland and Altman
    1986, Lancet 327:307); the interval of a limit by s x sqrt(1 / n + 1.96^2 / (2 (n - 1))) and t
    on n - 1 (Bland and Altman 1999, Stat Methods Med Res 8:135).
    """
    values = list(differences)
    bias = summary_of(values)
    n, mean = bias.n, bias.mean
    if mean is None or bias.low is None or bias.high is None:
        return BlandAltman(n, mean, None, None, None, None, None, None)
    sd = standard_deviation(values)
    low, high = mean - LIMIT_FACTOR * sd, mean + LIMIT_FACTOR * sd
    half = t_quantile(n - 1) * sd * sqrt(1 / n + LIMIT_FACTOR**2 / (2 * (n - 1)))
    return BlandAltman(
        n=n,
        bias=mean,
        sd=sd,
        low=low,
        high=high,
        bias_ci=(bias.low, bias.high),
        low_ci=(low - half, low + half),
        high_ci=(high - half, high + half),
    )


def _ratio(above: float, below: float) -> float | None:
    return above / below if below else None


def _f_quantile(freedom: float, under: float) -> float:
    return float(f.ppf(QUANTILE, freedom, under))


def _f_interval(sessions: float, error: float, k: int, freedom: tuple[int, int]) -> Interval | None:
    """Give the interval of (MS - ME) / (MS + (k - 1) ME), from that of the ratio of the two."""
    if not error:
        return None
    over, under = freedom
    low_error = error * _f_quantile(over, under)
    high_error = error / _f_quantile(under, over)
    low = _ratio(sessions - low_error, sessions + (k - 1) * low_error)
    high = _ratio(sessions - high_error, sessions + (k - 1) * high_error)
    return None if low is None or high is None else (low, high)


def _absolute_interval(ms: MeanSquares, rho: float) -> Interval | None:
    n, k = ms.n, ms.k
    by_rater = k * rho * ms.raters
    by_error = (n * (1 - rho) + k * rho * (n - 1)) * ms.error
    spread = by_rater**2 / (k - 1) + by_error**2 / ((n - 1) * (k - 1))
    freedom = _ratio((by_rater + by_error) ** 2, spread)
    if not freedom:
        return None
    other = k * ms.raters + (k * n - k - n) * ms.error
    over, under = _f_quantile(n - 1, freedom), _f_quantile(freedom, n - 1)
    low = _ratio(n * (ms.sessions - over * ms.error), over * other + n * ms.sessions)
    high = _ratio(n * (under * ms.sessions - ms.error), other + n * under * ms.sessions)
    if low is None or high is None or not (isfinite(low) and isfinite(high)):
        return None
    return low, high


def _proportions(pairs: Iterable[tuple[int, int]], labels: Sequence[int]) -> Table | None:
    place = {label: n for n, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)))
    for first, second in pairs:
        counts[place[first], place[second]] += 1
    total = counts.sum()
    return counts / total if total else None


def _distances(points: int, weights: Weights) -> Table:
    places = np.arange(points, dtype=float)
    return np.abs(places[:, None] - places[None, :]) ** POWERS[weights]


def _expected(observed: Table) -> Table:
    return np.outer(observed.sum(axis=1), observed.sum(axis=0))


def _kappa(observed: Table, distance: Table) -> float | None:
    by_chance = float((distance * _expected(observed)).sum())
    return 1 - float((distance * observed).sum()) / by_chance if by_chance else None


def _standard_error(observed: Table, distance: Table, kappa: float, n: int) -> float:
    agreement = 1 - distance  # weights on any scale give the same error
    expected = _expected(observed)
    first, second = observed.sum(axis=1), observed.sum(axis=0)
    by_margin = (agreement @ second)[:, None] + (first @ agreement)[None, :]
    by_chance = float((agreement * expected).sum())
    spread = (observed * (agreement - by_margin * (1 - kappa)) ** 2).sum()
    variance = float(spread) - (kappa - by_chance * (1 - kappa)) ** 2
    return sqrt(max(0.0, variance) / n) / (1 - by_chance)

"""Change inside one group from first to last score, and its tests by non-central t."""

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.stats import nct

from ipt_tracker.clinical.evidence.library import Z_95
from ipt_tracker.clinical.fidelity.summary import t_quantile

CORRELATION = 0.5
"""Of first and last scores, unless given: the value used for the benchmarks."""
TWO = 2


@dataclass(frozen=True, slots=True)
class Test:
    """A one-sided test of `d` by non-central t; the margin .2 is unverified."""

    benchmark: float
    margin: float
    t: float
    p: float

    __test__ = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PrePost:
    """Means in points (change is last minus first); `d` in SDs, positive for improvement.

    What cannot be worked out is None: means without anybody, an interval and an SD under two
    people, and `d` where all first scores are the same.
    """

    n: int
    mean_first: float | None = None
    mean_last: float | None = None
    sd_first: float | None = None
    mean_change: float | None = None
    mean_change_ci95: tuple[float, float] | None = None
    d: float | None = None
    d_se: float | None = None

    @property
    def d_interval(self) -> tuple[float, float] | tuple[None, None]:
        """The 95 % interval of `d` by the normal distribution, or two times None."""
        if self.d is None or self.d_se is None:
            return None, None
        return self.d - Z_95 * self.d_se, self.d + Z_95 * self.d_se


def pre_post(
    first: NDArray[np.float64], last: NDArray[np.float64], correlation: float = CORRELATION
) -> PrePost:
    """Work out the change of one group, a first and a last score for each person.

    Formulas: the mean change with t(n - 1); d = J(n - 1) x (mean first - mean last) / SD first,
    J(m) = 1 - 3 / (4m - 1) (Becker 1988); its standard error is the root of
    2(1 - r) / n + d^2 / (2n). At n = 2 the correction J is 0, and so is d.
    ValueError for a correlation that is not from -1 to below 1.
    """
    _check(correlation)
    n = len(first)
    if n == 0:
        return PrePost(n=0)
    changes = last - first
    mean = float(changes.mean())
    means = PrePost(
        n=n, mean_first=float(first.mean()), mean_last=float(last.mean()), mean_change=mean
    )
    if n < TWO:
        return means
    half = t_quantile(n - 1) * float(changes.std(ddof=1)) / sqrt(n)
    sd = float(first.std(ddof=1))
    d = -correction(n - 1) * mean / sd if np.ptp(first) > 0 else None
    return replace(
        means,
        mean_change_ci95=(mean - half, mean + half),
        sd_first=sd,
        d=d,
        d_se=None if d is None else sqrt(2 * (1 - correlation) / n + d * d / (2 * n)),
    )


def correction(freedom: int) -> float:
    """Give Hedges' correction for small samples, J(m) = 1 - 3 / (4m - 1)."""
    return 1 - 3 / (4 * freedom - 1)


def exceeds(
    d: float, n: int, benchmark: float, margin: float, correlation: float = CORRELATION
) -> Test:
    """Test whether `d` of `n` people lies above `benchmark + margin` (a margin may be negative).

    Formula: with k = root of n / (2(1 - r)), t = d x k is set against the non-central t
    distribution with n - 1 degrees of freedom around (benchmark + margin) x k; p is what lies
    above it. After Minami 2008, Quality & Quantity 42:513, whose form this is at r = .5.
    """
    _check(correlation)
    scale = sqrt(n / (2 * (1 - correlation)))
    t = d * scale
    p = float(nct.sf(t, n - 1, (benchmark + margin) * scale))
    return Test(benchmark, abs(margin), t, p)


def _check(correlation: float) -> None:
    if not -1 <= correlation < 1:
        raise ValueError("The correlation must be at least -1 and below 1.")

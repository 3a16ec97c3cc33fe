"""Means of ratings with the interval that says how sure they are, never without their n."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import fsum, sqrt

from scipy.stats import t

CONFIDENCE = 0.95
FEWEST_FOR_INTERVAL = 2
FEWEST_CLUSTERS = 3


@dataclass(frozen=True, slots=True)
class Summary:
    """The mean of n independent values and its 95 % t interval, in the unit of the values.

    `mean` is None at n 0; `low` and `high` are None under n 2. Values that are all the same have an
    interval of no width: that they will stay so is not proved by it.
    """

    n: int
    mean: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Clustered:
    """The mean of n values that sit inside clusters (sessions inside patients), and its interval.

    `mean` is that of all values, each weighing the same, and None at n 0. `low` and `high` are the
    95 % interval that allows for values of one cluster being alike; None under 3 clusters.
    """

    n: int
    clusters: int
    mean: float | None
    low: float | None
    high: float | None


def summary_of(values: Iterable[float | None]) -> Summary:
    """Summarise values of any unit, leaving out those that are None.

    Formula: mean -/+ t(0.975; n - 1) x s / sqrt(n), with s the standard deviation on n - 1
    (Student 1908). It takes the values as independent.
    """
    there = [value for value in values if value is not None]
    n = len(there)
    if n == 0:
        return Summary(0, None, None, None)
    mean = fsum(there) / n
    if n < FEWEST_FOR_INTERVAL:
        return Summary(n, mean, None, None)
    half = t_quantile(n - 1) * standard_deviation(there) / sqrt(n)
    return Summary(n, mean, mean - half, mean + half)


def clustered(values_by_cluster: Mapping[Hashable, Sequence[float]]) -> Clustered:
    """Summarise values by cluster; a cluster without any counts as none.

    Formula: with N values in G clusters and e the distance of a value from the mean of all,
    variance = G / (G - 1) x sum over clusters of (sum of e)^2 / N^2, and mean -/+
    t(0.975; G - 1) x its root (Liang and Zeger 1986, Biometrika 73:13; the correction for few
    clusters as in Cameron and Miller 2015, J Hum Resour 50:317). With few clusters it is still
    rough, and it can come out narrower than the interval that takes all values as independent.
    """
    clusters = [values for values in values_by_cluster.values() if values]
    n, found = sum(map(len, clusters)), len(clusters)
    if n == 0:
        return Clustered(0, 0, None, None, None)
    mean = fsum(value for values in clusters for value in values) / n
    if found < FEWEST_CLUSTERS:
        return Clustered(n, found, mean, None, None)
    squares = fsum(fsum(value - mean for value in values) ** 2 for values in clusters)
    half = t_quantile(found - 1) * sqrt(found / (found - 1) * squares) / n
    return Clustered(n, found, mean, mean - half, mean + half)


def standard_deviation(values: Sequence[float]) -> float:
    """Give the standard deviation on n - 1 of two values or more, in their unit."""
    mean = fsum(values) / len(values)
    return sqrt(fsum((value - mean) ** 2 for value in values) / (len(values) - 1))


@lru_cache(maxsize=512)
def t_quantile(freedom: int) -> float:
    """Give the 97.5 % quantile of Student's t with this many degrees of freedom."""
    return float(t.ppf((1 + CONFIDENCE) / 2, freedom))

"""How often a course ended in one way or another, with intervals and published definitions."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from ipt_tracker.clinical.evidence.library import Z_95
from ipt_tracker.clinical.evidence.within_group import rates_of_arms
from ipt_tracker.clinical.outcome.definitions import HAMD17_REMISSION, PHQ9_REMISSION
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet

Totals = NDArray[np.float64]
Flags = NDArray[np.bool_]
NO_TRIAL = "None of the trials of IPT for PTSD held here prints this rate."
KEYS = (
    "response_30",
    "response_50",
    "remission",
    "reliable_improvement",
    "reliable_deterioration",
    "drop_out",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How often something happened: `events` of `n`, with the Wilson 95 % interval.

    `proportion`, `low` and `high` are None without anybody. `trials` says in words what the
    trials found and by which definition; `source` is of the definition used here.
    """

    key: str
    name: str
    events: int
    n: int
    proportion: float | None
    low: float | None
    high: float | None
    definition: str
    trials: str
    source: str


@dataclass(frozen=True, slots=True)
class _Remitted:
    """The highest total that still is remission, and who says so."""

    at_most: int
    source: str


_REMITTED = {
    "CAPS-IV": _Remitted(20, "Bleiberg & Markowitz 2005, Am J Psychiatry 162:181"),
    "PHQ-9": _Remitted(PHQ9_REMISSION.at - 1, PHQ9_REMISSION.source.text),
    "HAM-D17": _Remitted(HAMD17_REMISSION.at, HAMD17_REMISSION.source.text),
}
"""None is published for the CAPS-5 or the PCL-5, and that of the CAPS-IV does not transfer."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """One rate: its words, and what decides each course of those that can be judged."""

    key: str
    name: str
    definition: str
    source: str
    happened: Callable[[Totals, Totals], Flags]


def wilson(events: int, n: int) -> tuple[float, float] | None:
    """Give the Wilson 95 % interval of a proportion; None without anybody.

    Source: Wilson 1927, J Am Stat Assoc 22:209.
    """
    if n == 0:
        return None
    share, square = events / n, Z_95 * Z_95
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = Z_95 / (1 + square / n) * sqrt(share * (1 - share) / n + square / (4 * n * n))
    return (0.0 if events == 0 else centre - half), (1.0 if events == n else centre + half)


def rates_of(
    family: str, first: Totals, last: Totals, thresholds: ThresholdSet | None
) -> Mapping[str, Rate | None]:
    """Work out the rates of scores; None where no published definition holds for the instrument.

    A first total of 0 cannot fall by any percent, so such a course is not in those two rates.
    """
    found: dict[str, Rate | None] = dict.fromkeys(KEYS)
    above = first > 0
    for rule in _falls():
        found[rule.key] = _rate(rule, rule.happened(first[above], last[above]))
    for rule in (*_remissions(family), *_reliable(thresholds)):
        found[rule.key] = _rate(rule, rule.happened(first, last))
    return MappingProxyType(found)


def drop_out(events: int, n: int) -> Rate:
    """Give the rate of courses that the patient left, of those that have ended."""
    low, high = wilson(events, n) or (None, None)
    return Rate(
        key="drop_out",
        name="Left the treatment",
        events=events,
        n=n,
        proportion=events / n if n else None,
        low=low,
        high=high,
        definition="Ended as dropped out, of the ended courses with at least one score",
        trials=_trials("drop_out"),
        source="the status of the course as its therapist ended it",
    )


def _rate(rule: _Rule, flags: Flags) -> Rate:
    events, n = int(flags.sum()), len(flags)
    low, high = wilson(events, n) or (None, None)
    return Rate(
        key=rule.key,
        name=rule.name,
        events=events,
        n=n,
        proportion=events / n if n else None,
        low=low,
        high=high,
        definition=rule.definition,
        trials=_trials(rule.key),
        source=rule.source,
    )


def _trials(key: str) -> str:
    return " ".join(each.words for each in rates_of_arms(key)) or NO_TRIAL


def _falls() -> Iterator[_Rule]:
    yield _Rule(
        "response_30",
        "Response (30 %)",
        "Last score more than 30 % below the first",
        "Markowitz 2015, Am J Psychiatry 172:430, for the CAPS-IV",
        lambda first, last: 100 * (first - last) > 30 * first,
    )
    yield _Rule(
        "response_50",
        "Response (50 %)",
        "Last score at least 50 % below the first",
        "Bleiberg & Markowitz 2005, Am J Psychiatry 162:181, for the CAPS-IV",
        lambda first, last: 100 * (first - last) >= 50 * first,
    )


def _remissions(family: str) -> Iterator[_Rule]:
    remitted = _REMITTED.get(family)
    if remitted is not None:
        yield _Rule(
            "remission",
            "Remission",
            f"Last {family} score of {remitted.at_most} or less",
            remitted.source,
            lambda _, last: last <= remitted.at_most,
        )


def _reliable(thresholds: ThresholdSet | None) -> Iterator[_Rule]:
    if thresholds is None:
        return
    points, source = thresholds.reliable_points, f"{thresholds.name}: {thresholds.source}"
    yield _Rule(
        "reliable_improvement",
        "Reliable improvement",
        f"Fall of {points} points or more",
        source,
        lambda first, last: first - last >= points,
    )
    yield _Rule(
        "reliable_deterioration",
        "Reliable deterioration",
        f"Rise of {points} points or more",
        source,
        lambda first, last: last - first >= points,
    )

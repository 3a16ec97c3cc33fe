"""What a caseload's change beside the trials is made of; every `d` is positive for improvement.

A change is last minus first, so a negative mean change is an improvement. A change without a
control group is never an effect of treatment: it stands beside the trials' own groups alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from ipt_tracker.clinical.evidence.pre_post import CORRELATION, PrePost, Test, exceeds, pre_post
from ipt_tracker.clinical.evidence.rates import Rate, drop_out, rates_of
from ipt_tracker.clinical.evidence.within_group import (
    Benchmarks,
    benchmarks_for,
    why_no_benchmark,
)
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet

__all__ = [
    "MARGIN",
    "SMALLEST",
    "BenchmarkFilter",
    "Breakdown",
    "CaseloadBenchmark",
    "Columns",
    "Group",
    "Judging",
    "Rate",
    "Test",
    "group_of",
]

MARGIN = 0.2
"""The "good enough" margin. Unverified: the page of Minami 2008 that gives it was not seen."""
SMALLEST = 10
"""Courses below which only the single courses are shown: no mean, no interval, no test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkFilter:
    """Which courses count; what is empty or None leaves them all. The days are of the start.

    `focal_area` is the course's first; `event` and `diagnosis` are the patient's, by code.
    """

    ended_only: bool = False
    since: date | None = None
    until: date | None = None
    protocol: str = ""
    focal_area: str = ""
    event: str = ""
    diagnosis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One group of courses: how its scores changed, and how that stands to the benchmarks.

    `points` are the changes of the single courses, most improved first. A figure is None where
    it cannot be worked out, and `reason` says why a test is missing. A rate is None where its
    definition does not hold for the instrument. Below `SMALLEST` pages show only the points.
    """

    n: int
    mean_change: float | None
    mean_change_ci95: tuple[float, float] | None
    d: float | None
    d_low: float | None
    d_high: float | None
    d_se: float | None
    versus_waitlist: Test | None
    versus_ipt: Test | None
    reason: str
    rates: Mapping[str, Rate | None]
    points: tuple[int, ...]
    mean_first: float | None = None
    mean_last: float | None = None
    sd_first: float | None = None

    @property
    def is_small(self) -> bool:
        """Whether only the single courses may be shown."""
        return self.n < SMALLEST


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The same figures for parts of the caseload: `by` a word, then label and group of each."""

    by: str
    groups: tuple[tuple[str, Group], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseloadBenchmark:
    """A caseload on one instrument family beside the trials.

    `everyone` are all courses with a first and a later total, last observation; `completers`
    those of them whose course was completed. `without_second` counts the courses with one total
    only: their change is unknown and never zero. `never_scored` counts those that the filters keep
    and that have no total of this instrument at all. `under_way` counts the courses of `everyone`
    that are not ended. Their totals are from `first_on` to `last_on`, the newest of them recorded
    at `newest`; None where there are none. `basis_words` say what the benchmarks rest on, or why
    there are none.
    """

    instrument: str
    family: str
    everyone: Group
    completers: Group
    without_second: int
    under_way: int
    breakdowns: tuple[Breakdown, ...]
    basis_words: str
    reliable_points: int | None
    reliable_source: str
    lowest: int
    highest: int
    correlation: float
    never_scored: int = 0
    first_on: date | None = None
    last_on: date | None = None
    newest: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """One entry for each course of a group: `left` of the `ended` courses were dropped out of.

    `ended` and `left` also count the courses with one score only; None gives no such rate.
    """

    first: NDArray[np.float64]
    last: NDArray[np.float64]
    ended: int | None = None
    left: int = 0


@dataclass(frozen=True, slots=True)
class Judging:
    """By what groups on one instrument family are judged."""

    family: str
    thresholds: ThresholdSet | None
    correlation: float = CORRELATION

    @property
    def benchmarks(self) -> Benchmarks | None:
        """What a d is tested against; None where the instrument has no basis."""
        return benchmarks_for(self.family)


def group_of(columns: Columns, judging: Judging) -> Group:
    """Work out everything about one group of courses."""
    found = pre_post(columns.first, columns.last, judging.correlation)
    low, high = found.d_interval
    reason = _reason(found, judging)
    waiting, ipt = (None, None) if reason else _tests(found, judging)
    rates = dict(rates_of(judging.family, columns.first, columns.last, judging.thresholds))
    if columns.ended is not None:
        rates["drop_out"] = drop_out(columns.left, columns.ended)
    return Group(
        n=found.n,
        mean_change=found.mean_change,
        mean_change_ci95=found.mean_change_ci95,
        d=found.d,
        d_low=low,
        d_high=high,
        d_se=found.d_se,
        versus_waitlist=waiting,
        versus_ipt=ipt,
        reason=reason,
        rates=MappingProxyType(rates),
        points=tuple(int(each) for each in np.sort(columns.last - columns.first)),
        mean_first=found.mean_first,
        mean_last=found.mean_last,
        sd_first=found.sd_first,
    )


def _reason(found: PrePost, judging: Judging) -> str:
    """Say why nothing is tested, or nothing."""
    if judging.benchmarks is None:
        return why_no_benchmark(judging.family)
    if found.n < SMALLEST:
        return f"Fewer than {SMALLEST} courses with two scores: nothing is tested."
    if found.d is None:
        return "Every course has the same first score, so there is no SD to measure change by."
    return ""


def _tests(found: PrePost, judging: Judging) -> tuple[Test | None, Test | None]:
    benchmarks = judging.benchmarks
    if benchmarks is None or found.d is None:
        return None, None
    d, n, r = found.d, found.n, judging.correlation
    waiting, ipt = benchmarks.waiting.measured.middle, benchmarks.ipt.measured.middle
    return exceeds(d, n, waiting, MARGIN, r), exceeds(d, n, ipt, -MARGIN, r)

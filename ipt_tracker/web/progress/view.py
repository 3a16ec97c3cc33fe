"""The comparison table as the page draws it: rows with a picture, and the scale under them."""

from dataclasses import dataclass

from ipt_tracker.charts import export
from ipt_tracker.charts.nested_bands import NestedBands
from ipt_tracker.clinical.evidence.comparison import Comparison, NoComparison, Row, RowKind, Unit
from ipt_tracker.clinical.evidence.matching import Match
from ipt_tracker.clinical.evidence.patient_benchmark import axis_limits, summary
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.services.beside_trials import (
    bands_chart,
    beside,
    printed_for,
    where_in_treatment,
)
from ipt_tracker.services.outline import Outline
from ipt_tracker.services.progress import CourseProgress

MARKS = {RowKind.PATIENT: "person", RowKind.MEAN: "group", RowKind.POOLED: "pooled"}


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale that all pictures of the table share, with the grey band of no reliable change."""

    low: int
    high: int
    ticks: tuple[int, ...]
    band: tuple[int, int] | None
    width: int = 300


@dataclass(frozen=True, slots=True)
class Picture:
    """One row's mark and interval."""

    kind: str
    estimate: float | None
    low: float | None
    high: float | None
    spread: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table; rows in percent have no place on a scale in points."""

    row: Row
    picture: Picture | None

    @property
    def between_groups(self) -> bool:
        """Whether it is a difference between groups, which no one person's change can equal."""
        return self.row.kind in {RowKind.POOLED, RowKind.SCENARIO}


@dataclass(frozen=True, slots=True)
class Beside:
    """The panel "Beside the trials": a table, or in words why there is none."""

    words: str
    problem: str = ""
    unfinished: str = ""
    """That the course has not come to its end, where it has not."""
    comparison: Comparison | None = None
    lines: tuple[Line, ...] = ()
    arms: tuple[Row, ...] = ()
    scale: Scale | None = None
    alt: str = ""
    """The picture of the nested bands in words."""
    meaningful: str = ""
    printed: tuple[Match, ...] = ()
    """The printed effects for patients like this one."""


def beside_view(progress: CourseProgress, outline: Outline, sd: str) -> Beside:
    """Give the panel; an SD that cannot be used is said, and the usual one is used."""
    problem = ""
    try:
        found = beside(progress, sd_number(sd))
    except RuleBroken as broken:
        problem, found = broken.message, beside(progress)
    if found is None:
        name = progress.main.name
        return Beside(f"A comparison needs two complete {name} scores of one time window.")
    if isinstance(found, NoComparison):
        return Beside(summary(found))
    scale = _scale(found, progress.band)
    in_points = (Line(r, _picture(r)) for r in found.rows if r.unit is Unit.POINTS)
    # What one person's change can be held against stands before differences between groups.
    lines = tuple(sorted(in_points, key=lambda line: line.between_groups))
    arms = tuple(r for r in found.rows if r.unit is Unit.PERCENT)
    unfinished = where_in_treatment(progress, outline)
    return Beside(
        summary(found),
        problem,
        unfinished,
        found,
        lines,
        arms,
        scale,
        alt=export.alt(bands_chart(progress, found)),
        meaningful=_meaningful(found),
        printed=printed_for(progress),
    )


def _meaningful(comparison: Comparison) -> str:
    least = comparison.meaningful
    if least is None:
        return f"No smallest important difference is held for the {comparison.family}."
    return (
        f"Smallest important difference: {least.words} points; "
        f"{least.reached(comparison.points)}. {least.note}"
    )


def drawn_beside(progress: CourseProgress, sd: str) -> NestedBands | None:
    """Give the picture of the comparison; None where there is none. A wrong SD is not used."""
    try:
        found = beside(progress, sd_number(sd))
    except RuleBroken:
        found = beside(progress)
    return bands_chart(progress, found) if isinstance(found, Comparison) else None


def sd_number(typed: str) -> float | None:
    """Give a typed SD as a number, None where nothing was typed."""
    if not typed:
        return None
    try:
        return float(typed.replace(",", "."))
    except ValueError as error:
        raise RuleBroken(f"“{typed}” is not a number.", "sd") from error


def _scale(comparison: Comparison, band: int | None) -> Scale:
    edges = (1 - band, band - 1) if band else ()
    axis = axis_limits(comparison, *edges)
    return Scale(axis.low, axis.high, axis.ticks, edges or None)


def _picture(row: Row) -> Picture:
    if (
        row.kind in {RowKind.SCENARIO, RowKind.RANGE}
        and row.low is not None
        and row.high is not None
    ):
        return Picture("group", None, None, None, (row.low, row.high))
    return Picture(MARKS.get(row.kind, "group"), row.estimate, row.low, row.high, None)

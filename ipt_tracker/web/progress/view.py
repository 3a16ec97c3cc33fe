"""The comparison table as the page draws it: rows with a picture, and the scale under them."""

from dataclasses import dataclass

from ipt_tracker.clinical.evidence.comparison import Comparison, Row, RowKind, Unit
from ipt_tracker.clinical.evidence.patient_benchmark import axis_limits

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


@dataclass(frozen=True, slots=True)
class Beside:
    """The table "Beside the trials"."""

    comparison: Comparison
    lines: tuple[Line, ...]
    arms: tuple[Row, ...]
    scale: Scale


def beside(comparison: Comparison, band: int | None) -> Beside:
    """Give the table: rows in points with their pictures, the trials' arms in percent apart."""
    edges = (1 - band, band - 1) if band else ()
    axis = axis_limits(comparison, *edges)
    scale = Scale(axis.low, axis.high, axis.ticks, edges or None)
    points = [r for r in comparison.rows if r.unit is Unit.POINTS]
    percent = tuple(r for r in comparison.rows if r.unit is Unit.PERCENT)
    return Beside(comparison, tuple(Line(r, _picture(r)) for r in points), percent, scale)


def _picture(row: Row) -> Picture:
    if row.kind is RowKind.SCENARIO and row.low is not None and row.high is not None:
        return Picture("group", None, None, None, (row.low, row.high))
    return Picture(MARKS.get(row.kind, "group"), row.estimate, row.low, row.high, None)

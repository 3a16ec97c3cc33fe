"""The shape of a comparison with the trials: rows with their uncertainty, and the words for them.

Every change is last minus first, so a negative number is an improvement. Numbers are kept
unrounded; the `words` properties round them for people.
"""

from dataclasses import dataclass
from enum import StrEnum

from ipt_tracker.clinical.evidence.arm_distribution import MeaningfulDifference, Position
from ipt_tracker.clinical.evidence.library import SdOption, Status
from ipt_tracker.clinical.evidence.patient_bands import Bands

_NONE = "–"


class Unit(StrEnum):
    """What a row's numbers count: points of the patient's scale, or percent of a mean at start."""

    POINTS = "points"
    PERCENT = "percent"


class RowKind(StrEnum):
    """One person, a mean of groups, a wider range around it, a pooled effect, or a scenario."""

    PATIENT = "patient"
    MEAN = "mean"
    RANGE = "range"
    POOLED = "pooled"
    SCENARIO = "scenario"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the comparison. `gap` says why an estimate or an interval is absent."""

    key: str
    label: str
    note: str
    kind: RowKind
    unit: Unit
    status: Status
    source: str
    population: str
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    gap: str = ""

    @property
    def estimate_words(self) -> str:
        """The estimate for people: "−22", "−12.6", "−38 %", or a dash."""
        if self.estimate is None:
            return _NONE
        return f"{'+' if self.estimate > 0 else ''}{self._words(self.estimate)}"

    @property
    def interval_words(self) -> str:
        """The 95 % interval for people: "−17.2 to −8.1", or a dash."""
        if self.low is None or self.high is None:
            return _NONE
        return f"{self._words(self.low)} to {self._words(self.high)}"

    def _words(self, value: float) -> str:
        if self.unit is Unit.PERCENT:
            return f"{signed(value, 0)} %"
        return signed(value, 0 if self.kind is RowKind.PATIENT else 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One patient's change beside the trials, in points of the patient's own instrument.

    `percent` is the change as percent of the first score, None where that score is 0. `sd_used`
    turned the standardised effects into points; `sd_words` says where it comes from. `positions`
    are among the patients of arms measured with this instrument, `no_position` says why there are
    none; `bands` are as computed, their rows cut at what the scale allows.
    """

    family: str
    unit_words: str
    first: int
    last: int
    points: int
    percent: float | None
    rows: tuple[Row, ...]
    sd_used: float
    sd_words: str
    sd_options: tuple[SdOption, ...]
    caveats: tuple[str, ...]
    bands: Bands
    positions: tuple[Position, ...]
    no_position: str
    meaningful: MeaningfulDifference | None

    def row(self, key: str) -> Row:
        """The row with this key; KeyError where this family has none."""
        for row in self.rows:
            if row.key == key:
                return row
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class NoComparison:
    """Why a change cannot be set beside the trials."""

    family: str
    reason: str


@dataclass(frozen=True, slots=True)
class Axis:
    """Ends and tick distance of the interval pictures, in points."""

    low: int
    high: int
    step: int

    @property
    def ticks(self) -> tuple[int, ...]:
        """Every tick from the low end to the high end."""
        return tuple(range(self.low, self.high + 1, self.step))


def signed(value: float, digits: int = 1) -> str:
    """A number for people, with a true minus and never a minus zero."""
    rounded = round(value, digits)
    text = f"{abs(rounded):.{digits}f}"
    return f"−{text}" if rounded < 0 else text

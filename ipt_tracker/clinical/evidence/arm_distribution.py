"""Where one patient's change lies among the patients of a trial's arm, as a normal curve."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

from ipt_tracker.clinical.evidence.library import (
    Status,
    TrialArm,
    entries,
    require_provenance,
    trial_arms,
)

TWENTY = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSpread:
    """The SD, in points, of the changes of single patients in one arm; `key` is the arm's."""

    key: str
    sd: float
    certainty: Status
    source: str
    population: str
    note: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "certainty", Status(self.certainty))
        require_provenance(self.key, self.source, self.population)

    @property
    def arm(self) -> TrialArm:
        """The arm with its mean change."""
        return trial_arms()[self.key]


@dataclass(frozen=True, slots=True)
class Position:
    """A change among those of one arm: how many of twenty improved at least as much.

    A normal curve with the arm's mean and SD stands in for its patients, who are few.
    """

    spread: ChangeSpread
    share: float

    @property
    def words(self) -> str:
        """The share as people count: "about 6 of 20", "fewer than 1 of 20"."""
        count = round(TWENTY * self.share)
        if count == 0:
            return f"fewer than 1 of {TWENTY}"
        return f"nearly all of {TWENTY}" if count == TWENTY else f"about {count} of {TWENTY}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeaningfulDifference:
    """The smallest change called important for an instrument, in points, as published."""

    key: str
    family: str
    low: float
    high: float
    certainty: Status
    source: str
    population: str
    note: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "certainty", Status(self.certainty))
        require_provenance(self.key, self.source, self.population)

    @property
    def words(self) -> str:
        """The points as a person reads them: "10" or "8.5 to 12.5"."""
        return f"{self.low:g}" if self.low == self.high else f"{self.low:g} to {self.high:g}"

    def reached(self, points: int) -> str:
        """Say where a fall by this many points stands; a rise reaches nothing."""
        if -points >= self.high:
            return "this change is as large or larger"
        return "this change is within that" if -points >= self.low else "this change is smaller"


@lru_cache(maxsize=1)
def change_spreads() -> Mapping[str, ChangeSpread]:
    """The arms of which the spread of changes is known, or can be derived."""
    return entries("change_spreads.json", ChangeSpread)


@lru_cache(maxsize=1)
def meaningful_differences() -> Mapping[str, MeaningfulDifference]:
    """The smallest important differences by instrument family."""
    return entries("meaningful_differences.json", MeaningfulDifference, key="family")


def positions(family: str, points: int) -> tuple[Position, ...]:
    """Place a change, last minus first, in every arm of the same instrument; maybe in none."""
    found = (each for each in change_spreads().values() if each.arm.family == family)
    return tuple(Position(each, _at_least(points, each)) for each in found)


def _at_least(points: int, spread: ChangeSpread) -> float:
    mean = spread.arm.measured.middle if spread.arm.low is not None else spread.arm.estimate or 0.0
    return NormalDist(mean, spread.sd).cdf(points)

"""The published numbers, each with its source, the people behind it and its uncertainty.

The figures live in `data/*.json` and are read once. An entry that does not say where it comes
from, whom it is about, and how sure it is (an interval, or why there is none) cannot be loaded.
Negative values favour IPT, and negative changes are improvements.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import TypeVar

_Entry = TypeVar("_Entry")
Z_95 = 1.959964  # two-sided 95 % point of the normal distribution


class Status(StrEnum):
    """Where a number stands: in print, worked out here, or borrowed from another instrument."""

    PRINTED = "printed"
    DERIVED = "derived here"
    CARRIED_OVER = "carried over from CAPS-IV"
    RECORDED = "recorded in this course"


class UnsourcedError(ValueError):
    """A published number came without its source, its population or its uncertainty."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate between the ends of its 95 % interval, all in one unit."""

    low: float
    middle: float
    high: float

    @property
    def standard_error(self) -> float:
        """Standard error that the interval implies: its width divided by 2 x 1.96."""
        return (self.high - self.low) / (2 * Z_95)

    def times(self, factor: float) -> "Interval":
        """The same interval in another unit; `factor` is positive."""
        return Interval(self.low * factor, self.middle * factor, self.high * factor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """An estimate with its 95 % interval, in the unit of the entry that extends it.

    `estimate`, `low` and `high` are None where nothing is printed; `why_no_interval` then says why.
    Raises UnsourcedError when source, population, or both interval and reason are missing.
    """

    key: str
    label: str
    estimate: float | None
    low: float | None
    high: float | None
    certainty: Status
    source: str
    population: str
    note: str = ""
    why_no_interval: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "certainty", Status(self.certainty))
        require_provenance(self.key, self.source, self.population)
        if (self.low is None) != (self.high is None):
            raise UnsourcedError(f"{self.key} has half an interval")
        if self.low is None and not self.why_no_interval.strip():
            raise UnsourcedError(f"{self.key} has no interval and no reason for that")
        if self.low is not None and not self._estimate_lies_inside():
            raise UnsourcedError(f"{self.key} has an estimate outside its interval")

    def _estimate_lies_inside(self) -> bool:
        measured = self.measured
        return measured.low <= measured.middle <= measured.high

    @property
    def measured(self) -> Interval:
        """The estimate with its interval; raises UnsourcedError where one of them is unknown."""
        if self.low is None or self.estimate is None or self.high is None:
            raise UnsourcedError(f"{self.key} has no estimate with an interval")
        return Interval(self.low, self.estimate, self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect(Published):
    """A pooled standardised mean difference (SMD), IPT minus control at the end of treatment.

    `p_printed` is the paper's p value; `difference_p` tests, from the printed intervals, whether
    the subgroups of the same group differ (back-computed z test). `points_printed` are the CAPS
    points that the paper makes of the estimate, where it does.
    """

    group: str
    p_printed: float | None
    difference_p: float | None
    points_printed: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingList(Published):
    """Pooled change on waiting lists; `unit` is "points" or "d" (change divided by baseline SD)."""

    unit: str
    arms: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialArm(Published):
    """One arm of a trial: mean at the start, mean `weeks` later, and the change in points."""

    study: str
    family: str
    kind: str  # "ipt" or "waiting list"
    people: int
    start: float
    end: float
    weeks: int

    @property
    def percent(self) -> float:
        """Change as percent of the arm's mean at the start."""
        return 100 * (self.end - self.start) / self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class SdOption:
    """A standard deviation, in points, that turns an SMD into points of one instrument."""

    key: str
    family: str
    value: float
    label: str
    source: str
    population: str
    certainty: Status

    def __post_init__(self) -> None:
        object.__setattr__(self, "certainty", Status(self.certainty))
        require_provenance(self.key, self.source, self.population)


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What one instrument family is compared on: its range, and keys of a waiting list and an SD.

    A waiting list in "d" is carried over from CAPS-IV; one in "points" is the family's own.
    """

    family: str
    lowest: int
    highest: int
    waiting_list: str
    default_sd: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoBasis:
    """Why an instrument family cannot be set beside the trials, in one or two sentences."""

    family: str
    why_none: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Caveat:
    """A limit of the comparison in a few plain sentences, for the families named or for all."""

    key: str
    families: tuple[str, ...]
    text: str
    source: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "families", tuple(self.families))

    def applies_to(self, family: str) -> bool:
        """Whether a comparison on this instrument family must show it."""
        return "all" in self.families or family in self.families


def require_provenance(name: str, source: str, population: str) -> None:
    """Raise UnsourcedError for an entry without its source or the people behind it."""
    if not source.strip():
        raise UnsourcedError(f"{name} has no source")
    if not population.strip():
        raise UnsourcedError(f"{name} does not say whom it is about")


def _text(name: str) -> str:
    return files(__package__).joinpath("data", name).read_text(encoding="utf-8")


def entries(name: str, kind: type[_Entry], key: str = "key") -> Mapping[str, _Entry]:
    """Read the entries of one data file, in its order; each must stand as its class asks."""
    return MappingProxyType({entry[key]: kind(**entry) for entry in json.loads(_text(name))})


@lru_cache(maxsize=1)
def effects() -> Mapping[str, Effect]:
    """The pooled effects of Althobaiti et al. 2020 as printed, and one labelled scenario."""
    return entries("effects.json", Effect)


@lru_cache(maxsize=1)
def waiting_lists() -> Mapping[str, WaitingList]:
    """Pooled changes of waiting-list arms in PTSD trials."""
    return entries("waiting_lists.json", WaitingList)


@lru_cache(maxsize=1)
def trial_arms() -> Mapping[str, TrialArm]:
    """The trial arms whose change is published, oldest first."""
    return entries("trial_arms.json", TrialArm)


@lru_cache(maxsize=1)
def sd_options() -> Mapping[str, SdOption]:
    """The SDs that may turn an SMD into points, each for one instrument family."""
    return entries("sds.json", SdOption)


@lru_cache(maxsize=1)
def caveats() -> Mapping[str, Caveat]:
    """The limits of the comparison, in the order in which a page shows them."""
    return entries("caveats.json", Caveat)


@lru_cache(maxsize=1)
def bases() -> Mapping[str, Basis]:
    """What each instrument family can be compared on; a family without a basis is absent."""
    return entries("bases.json", Basis, key="family")


@lru_cache(maxsize=1)
def without_basis() -> Mapping[str, NoBasis]:
    """The instrument families that are known and have no comparison, with the reason."""
    return entries("without_basis.json", NoBasis, key="family")

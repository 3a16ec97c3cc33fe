"""Around the pooled effect: who was studied, other treatments as cited, and our re-poolings."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from ipt_tracker.clinical.evidence.library import (
    Published,
    Status,
    UnsourcedError,
    entries,
    require_provenance,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFact:
    """A count or a fact about the trials as a whole, in words; it is no estimate."""

    key: str
    label: str
    text: str
    certainty: Status
    source: str
    population: str
    note: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "certainty", Status(self.certainty))
        require_provenance(self.key, self.source, self.population)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTreatment(Published):
    """A pooled effect of another treatment as the paper cites it, in `unit`; never a ranking."""

    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Repooling(Published):
    """Effects of the trials pooled here, as far as they can be obtained: not a replication.

    `i2` in percent; `hk_low` to `hk_high` is the Hartung-Knapp interval.
    """

    k: int
    i2: float
    tau2: float
    hk_low: float
    hk_high: float

    def __post_init__(self) -> None:
        Published.__post_init__(self)
        if self.certainty is not Status.DERIVED:
            raise UnsourcedError(f"{self.key} is computed here and must say so")


@lru_cache(maxsize=1)
def study_facts() -> Mapping[str, StudyFact]:
    """Who was studied, when the search ended, and how the trials were done."""
    return entries("study_facts.json", StudyFact)


@lru_cache(maxsize=1)
def other_treatments() -> Mapping[str, OtherTreatment]:
    """Effects of other treatments that the paper sets beside its own."""
    return entries("other_treatments.json", OtherTreatment)


@lru_cache(maxsize=1)
def repoolings() -> Mapping[str, Repooling]:
    """The poolings of what can be obtained, from the strictest set to an inference."""
    return entries("repoolings.json", Repooling)

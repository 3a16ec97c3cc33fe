"""The single trials: what was compared, in whom, how sure its effect is, was fidelity assessed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from ipt_tracker.clinical.evidence.library import Published, UnsourcedError, entries


class Place(StrEnum):
    """Where a trial stands towards the pooled effect."""

    POOLED = "pooled"
    DESCRIBED = "described"
    LATER = "later"


class Assessed(StrEnum):
    """Whether the trial assessed fidelity, by the review."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial(Published):
    """One comparison of a trial: Hedges g, IPT minus control at the end, negative favours IPT.

    `how` says how g was obtained; not `certain` where it was converted or its arm sizes assumed.
    `people_ipt` and `people_control` are those behind the effect.
    """

    study: str
    place: Place
    se: float | None
    certain: bool
    how: str
    instrument: str
    treatment: str
    control: str
    control_kind: str
    people_ipt: int | None
    people_control: int | None
    fidelity: Assessed
    bias: str

    def __post_init__(self) -> None:
        Published.__post_init__(self)
        object.__setattr__(self, "place", Place(self.place))
        object.__setattr__(self, "fidelity", Assessed(self.fidelity))
        if (self.estimate is None) != (self.se is None):
            raise UnsourcedError(f"{self.key} has an effect without its standard error")
        if self.estimate is not None and not self.how.strip():
            raise UnsourcedError(f"{self.key} does not say how its effect was obtained")


@lru_cache(maxsize=1)
def trials() -> Mapping[str, Trial]:
    """Every comparison of the review, what it only describes, and what came after its search."""
    return entries("trials.json", Trial)


def pooled_trials() -> tuple[Trial, ...]:
    """The ten comparisons behind the pooled effect."""
    return tuple(each for each in trials().values() if each.place is Place.POOLED)


def with_effect() -> tuple[Trial, ...]:
    """Those of the ten whose effect can be obtained."""
    return tuple(each for each in pooled_trials() if each.estimate is not None)

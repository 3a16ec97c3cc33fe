"""Reliable change and clinically significant cut-offs (Jacobson and Truax 1991).

For scores that rise with distress, so that a negative change is an improvement.
"""

from dataclasses import dataclass
from math import sqrt

Z_95 = 1.96  # two-sided 95 %


@dataclass(frozen=True, slots=True)
class Precision:
    """How exactly a scale measures one person: SD in points, reliability from 0 to under 1.

    Which reliability matters: a short-interval retest is the classical choice, internal
    consistency gives a smaller threshold. ValueError where the figures cannot be.
    """

    sd: float
    reliability: float

    def __post_init__(self) -> None:
        if not self.sd > 0:
            raise ValueError("A standard deviation is more than 0.")
        if not 0 <= self.reliability < 1:
            raise ValueError("A reliability lies from 0 to under 1.")

    @property
    def sem(self) -> float:
        """Standard error of measurement, in points: SD x sqrt(1 - r)."""
        return self.sd * sqrt(1 - self.reliability)

    @property
    def sdiff(self) -> float:
        """Standard error of a difference of two scores, in points: sqrt(2) x SEM."""
        return sqrt(2) * self.sem

    @property
    def reliable_points(self) -> float:
        """The change, in points, that must be exceeded: 1.96 x Sdiff."""
        return Z_95 * self.sdiff

    def rci(self, first: float, last: float) -> float:
        """Reliable change index: the change in units of Sdiff, negative when improved."""
        return (last - first) / self.sdiff

    def is_reliable(self, first: float, last: float) -> bool:
        """Tell whether the index lies beyond 1.96 on either side; exactly 1.96 does not."""
        return abs(self.rci(first, last)) > Z_95


@dataclass(frozen=True, slots=True)
class Group:
    """Mean and standard deviation of a group of people; ValueError for an impossible SD."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        if not self.sd > 0:
            raise ValueError("A standard deviation is more than 0.")


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """The three lines between patients and other people, in points.

    a: two SDs from the patients' mean; b: two SDs from the other people's mean; c: where a score
    is equally far from both in units of their SDs. Prefer c where norms exist.
    """

    a: float
    b: float
    c: float


def cutoffs(clinical: Group, functional: Group) -> Cutoffs:
    """Compute the lines for a scale on which lower is better."""
    a, b = clinical.mean - 2 * clinical.sd, functional.mean + 2 * functional.sd
    return Cutoffs(a, b, _halfway(clinical, functional))


def cutoffs_when_higher_is_better(clinical: Group, functional: Group) -> Cutoffs:
    """Compute the lines for a scale on which higher is better."""
    a, b = clinical.mean + 2 * clinical.sd, functional.mean - 2 * functional.sd
    return Cutoffs(a, b, _halfway(clinical, functional))


def _halfway(clinical: Group, functional: Group) -> float:
    weighted = functional.sd * clinical.mean + clinical.sd * functional.mean
    return weighted / (clinical.sd + functional.sd)

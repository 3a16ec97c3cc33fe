"""What follows from the printed effects: standard errors, p values, SDs, tests of differences.

All of it is derived here from the printed intervals, by the normal distribution (Wald).
"""

from dataclasses import dataclass
from math import erfc, hypot, sqrt
from statistics import NormalDist

from ipt_tracker.clinical.evidence import library
from ipt_tracker.clinical.evidence.library import Effect

GROUPS = {
    "overall": "All",
    "control": "Comparison group",
    "sessions": "Length",
    "diagnosis": "Primary diagnosis",
    "event": "Event",
}
"""The groups of the paper in the order of the page; what is no published group is absent."""
PAIRS = {
    "control": ("control_passive", "control_active"),
    "sessions": ("sessions_gt12", "sessions_le12"),
    "diagnosis": ("dx_ptsd", "dx_mdd"),
    "event": ("event_disaster_violence", "event_interpersonal"),
}
UNROUNDED = 0.005
"""Half of the last printed digit of an effect."""
MCID_POINTS = 10
"""Points on the CAPS for DSM-IV that the paper calls clinically important, citing Schnurr 2007."""


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A printed effect with what its interval implies.

    `p` is two-sided; `implied_sd` the SD in CAPS points that makes the printed points of it.
    `se`, `p` are None where no interval is printed, `implied_sd` where no points are.
    """

    effect: Effect
    se: float | None
    p: float | None
    implied_sd: float | None

    def points(self, sd: float) -> tuple[float, float, float] | None:
        """Low, middle and high end in points at this SD; None without an interval."""
        if self.se is None:
            return None
        found = self.effect.measured.times(sd)
        return found.low, found.middle, found.high


@dataclass(frozen=True, slots=True)
class Difference:
    """A test that two subgroups differ, back-computed from their intervals: z and two-sided p."""

    group: str
    difference: float
    se: float
    z: float
    p: float


def recomputed(effect: Effect) -> Recomputed:
    """Work out what the printed figures of one effect imply."""
    if effect.low is None or effect.estimate is None:
        return Recomputed(effect, None, None, None)
    se = effect.measured.standard_error
    sd = effect.points_printed / abs(effect.estimate) if effect.points_printed else None
    return Recomputed(effect, se, two_sided(effect.estimate / se), sd)


def published_rows() -> tuple[Recomputed, ...]:
    """Every published effect, in the order of the groups."""
    every = library.effects().values()
    return tuple(recomputed(e) for group in GROUPS for e in every if e.group == group)


def difference(group: str) -> Difference | None:
    """Test whether the subgroups of a group differ; None for a group without two of them."""
    if group not in PAIRS:
        return None
    one, other = (library.effects()[key].measured for key in PAIRS[group])
    gap = one.middle - other.middle
    se = hypot(one.standard_error, other.standard_error)
    return Difference(group, gap, se, gap / se, two_sided(gap / se))


def two_sided(z: float) -> float:
    """Two-sided p of a standard normal deviate."""
    return erfc(abs(z) / sqrt(2))


@dataclass(frozen=True, slots=True)
class PlainWords:
    """An SMD in shares of people, for normal scores with one SD in both groups.

    `better` is the chance that a random treated person ends lower than a random control;
    `below_mean` the share of treated people who end below the control mean; `overlap` the share
    that the two distributions have in common. Source: Cohen 1988; McGraw & Wong 1992,
    Psychol Bull 111:361.
    """

    better: float
    below_mean: float
    overlap: float


def plain_words(smd: float) -> PlainWords:
    """Put a standardised mean difference into shares of people."""
    size, normal = abs(smd), NormalDist()
    return PlainWords(
        better=normal.cdf(size / sqrt(2)),
        below_mean=normal.cdf(size),
        overlap=2 * normal.cdf(-size / 2),
    )

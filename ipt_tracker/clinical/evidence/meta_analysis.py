"""Random-effects pooling of standardised mean differences, as RevMan 5 does it.

An effect is treated minus control: negative favours IPT. Source of the formulas: DerSimonian &
Laird 1986, Control Clin Trials 7:177-188; Deeks & Higgins 2010, Statistical algorithms in Review
Manager 5; Higgins, Thompson & Spiegelhalter 2009, J R Stat Soc A 172:137-159 (prediction);
Hartung & Knapp 2001, Stat Med 20:3875-3889.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum, isfinite, sqrt
from types import MappingProxyType

from scipy.special import chdtrc, ndtr, ndtri, stdtrit

from ipt_tracker.clinical.evidence.egger import egger_p
from ipt_tracker.clinical.evidence.heterogeneity import i2_words
from ipt_tracker.clinical.rules import RuleBroken

Bounds = tuple[float, float]
UPPER = 0.975  # where a two-sided 95 % interval ends
Z_95 = float(ndtri(UPPER))
LARGEST_EFFECT = 1e6
ERRORS = (1e-9, 1e6)
FEWEST_FOR_PREDICTION = 3
NARROWER = (
    "The Hartung-Knapp interval is narrower than the ordinary (Wald) one here, which happens by "
    "chance when trials agree more than expected: read the wider one."
)


@dataclass(frozen=True, slots=True)
class StudyEffect:
    """One comparison: Hedges' g and its standard error. `subgroup` is empty where there is none.

    Raises RuleBroken, with the field, for a missing name or a number that cannot be.
    """

    study: str
    g: float
    se: float
    subgroup: str = ""

    def __post_init__(self) -> None:
        if not self.study.strip():
            raise RuleBroken("The name of the study is missing.", field="study")
        if not isfinite(self.g) or abs(self.g) > LARGEST_EFFECT:
            raise RuleBroken(f"{self.g:g} cannot be an effect in SDs.", field="g")
        if not self.se > 0:
            raise RuleBroken("The standard error must be greater than 0.", field="se")
        if not ERRORS[0] <= self.se <= ERRORS[1]:
            raise RuleBroken(f"{self.se:g} cannot be a standard error in SDs.", field="se")


@dataclass(frozen=True, slots=True)
class Pooled:
    """What `k` comparisons give together; bounds are of 95 % intervals.

    `low`, `high` and `p` are Wald's; `hksj` is Hartung and Knapp's interval, unmodified (None for
    one trial); `prediction` is the range of the mean effect in one new setting (None below three).
    `i2` is percent; `q_p` is None for one trial. `weights` add up to 1, in the order given.
    """

    k: int
    smd: float
    se: float
    low: float
    high: float
    p: float
    tau2: float
    q: float
    q_p: float | None
    i2: float
    hksj: Bounds | None
    prediction: Bounds | None
    egger_p: float | None
    weights: tuple[float, ...]

    @property
    def hksj_is_narrower(self) -> bool:
        """Whether Hartung and Knapp's interval is narrower than Wald's: a reason for caution."""
        return self.hksj is not None and self.hksj[1] - self.hksj[0] < self.high - self.low

    @property
    def i2_words(self) -> str:
        """I2 in words; its bands overlap."""
        return i2_words(self.i2, self.k)


@dataclass(frozen=True, slots=True)
class Difference:
    """Test that the subgroups differ: Q between them, on `df`; p is None for one subgroup."""

    q: float
    df: int
    p: float | None


@dataclass(frozen=True, slots=True)
class Grouped:
    """The whole, each subgroup by name in the order met, and whether the subgroups differ.

    Without subgroups the mapping is empty and `difference` is None.
    """

    overall: Pooled
    subgroups: Mapping[str, Pooled] = field(default_factory=lambda: MappingProxyType({}))
    difference: Difference | None = None


def pool(effects: Sequence[StudyEffect]) -> Pooled:
    """Pool comparisons by inverse variance with DerSimonian and Laird's tau2, never below 0.

    Raises RuleBroken when there are none.
    """
    if not effects:
        raise RuleBroken("There is no study to pool.")
    k, found = len(effects), [each.g for each in effects]
    fixed = [each.se**-2 for each in effects]
    q = _scatter(found, fixed, _mean(found, fixed))
    tau2 = _tau2(q, fixed)
    weights = [1 / (each.se**2 + tau2) for each in effects]
    total = fsum(weights)
    smd, se = _mean(found, weights), sqrt(1 / total)
    return Pooled(
        k=k,
        smd=smd,
        se=se,
        low=smd - Z_95 * se,
        high=smd + Z_95 * se,
        p=float(2 * ndtr(-abs(smd / se))),
        tau2=tau2,
        q=q,
        q_p=None if k == 1 else float(chdtrc(k - 1, q)),
        i2=max(0.0, 100 * (q - (k - 1)) / q) if q > 0 else 0.0,
        hksj=_hksj(found, weights, smd),
        prediction=_prediction(k, smd, se, tau2),
        egger_p=egger_p(found, [each.se for each in effects]),
        weights=tuple(weight / total for weight in weights),
    )


def pool_grouped(effects: Sequence[StudyEffect]) -> Grouped:
    """Pool all comparisons and each subgroup by itself, and test whether the subgroups differ.

    Raises RuleBroken (field "subgroup") when some comparisons name a subgroup and others do not.
    """
    overall = pool(effects)
    names = dict.fromkeys(each.subgroup for each in effects)
    if set(names) == {""}:
        return Grouped(overall)
    if "" in names:
        message = "Either every study names its subgroup or none does."
        raise RuleBroken(message, field="subgroup")
    groups = {name: pool([each for each in effects if each.subgroup == name]) for name in names}
    return Grouped(overall, MappingProxyType(groups), subgroup_difference(groups.values()))


def subgroup_difference(groups: Iterable[Pooled]) -> Difference:
    """Test whether pooled subgroups differ, by the Q between their random-effects estimates."""
    pooled = tuple(groups)
    found, weights = [each.smd for each in pooled], [each.se**-2 for each in pooled]
    df = len(pooled) - 1
    if df == 0:
        return Difference(0.0, 0, None)
    q = _scatter(found, weights, _mean(found, weights))
    return Difference(q, df, float(chdtrc(df, q)))


def leave_one_out(effects: Sequence[StudyEffect]) -> tuple[tuple[str, Pooled], ...]:
    """Pool without each comparison in turn, named after the one left out; none for one alone."""
    if len(effects) == 1:
        return ()
    return tuple(
        (left_out.study, pool([*effects[:place], *effects[place + 1 :]]))
        for place, left_out in enumerate(effects)
    )


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    """Give the weighted mean; of one value it is that value to the last digit."""
    total = fsum(weights)
    return fsum(y * (w / total) for y, w in zip(values, weights, strict=True))


def _scatter(values: Sequence[float], weights: Sequence[float], centre: float) -> float:
    return fsum(w * (y - centre) ** 2 for y, w in zip(values, weights, strict=True))


def _tau2(q: float, weights: Sequence[float]) -> float:
    """(Q - df) / (sum w - sum w^2 / sum w); the divisor is summed over pairs, to lose no digits."""
    so_far = pairs = 0.0
    for weight in weights:
        pairs += weight * so_far
        so_far += weight
    return max(0.0, (q - (len(weights) - 1)) / (2 * pairs / so_far)) if pairs else 0.0


def _hksj(values: Sequence[float], weights: Sequence[float], smd: float) -> Bounds | None:
    df = len(values) - 1
    if df == 0:
        return None
    se = sqrt(_scatter(values, weights, smd) / (df * fsum(weights)))
    half = float(stdtrit(df, UPPER)) * se
    return smd - half, smd + half


def _prediction(k: int, smd: float, se: float, tau2: float) -> Bounds | None:
    if k < FEWEST_FOR_PREDICTION:
        return None
    half = float(stdtrit(k - 2, UPPER)) * sqrt(tau2 + se**2)
    return smd - half, smd + half

"""From the means of two arms to Hedges' g, by RevMan 5's formulas.

Source: Deeks & Higgins 2010, Statistical algorithms in Review Manager 5; for an arm that serves
two comparisons, Cochrane Handbook for Systematic Reviews of Interventions, 23.3.4.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite, sqrt

from ipt_tracker.clinical.evidence.meta_analysis import LARGEST_EFFECT, StudyEffect
from ipt_tracker.clinical.rules import RuleBroken

FEWEST_PEOPLE = 2
_MOST = 1e9


class SharedArmBroken(RuleBroken):
    """Rows that share an arm do not fit together; `place` counts to the row from 0."""

    def __init__(self, message: str, field: str, place: int) -> None:
        super().__init__(message, field)
        self.place = place


@dataclass(frozen=True, slots=True)
class ArmData:
    """Mean, SD and number of people of an IPT arm and its control arm on one scale.

    Rows with the same non-empty `shares` are comparisons of one trial that share its IPT arm.
    `n_ipt` need not be whole once a shared arm has been divided.
    Raises RuleBroken, with the field, for a missing name or a number that cannot be.
    """

    study: str
    mean_ipt: float
    sd_ipt: float
    n_ipt: float
    mean_control: float
    sd_control: float
    n_control: float
    subgroup: str = ""
    shares: str = ""

    def __post_init__(self) -> None:
        if not self.study.strip():
            raise RuleBroken("The name of the study is missing.", field="study")
        for name in ("mean_ipt", "mean_control"):
            _check(name, getattr(self, name), -_MOST, "The mean")
        for name in ("sd_ipt", "sd_control"):
            _check_sd(name, getattr(self, name))
        for name in ("n_ipt", "n_control"):
            _check(name, getattr(self, name), FEWEST_PEOPLE, "The number of people")
        if abs(self.mean_ipt - self.mean_control) > LARGEST_EFFECT * self.pooled_sd:
            raise RuleBroken("The means cannot be that many SDs apart.", field="mean_ipt")

    @property
    def people(self) -> float:
        """Everybody in both arms."""
        return self.n_ipt + self.n_control

    @property
    def pooled_sd(self) -> float:
        """The SD within arms, each arm weighted by its people less one."""
        ipt, control = self.n_ipt - 1, self.n_control - 1
        squares = ipt * self.sd_ipt**2 + control * self.sd_control**2
        return sqrt(squares / (ipt + control))

    @property
    def ipt_arm(self) -> tuple[float, float, float]:
        """Mean, SD and people of the IPT arm, to see whether two rows hold the same one."""
        return self.mean_ipt, self.sd_ipt, self.n_ipt


def hedges_g(arms: ArmData) -> StudyEffect:
    """IPT minus control in SDs, corrected for small samples: J = 1 - 3 / (4 N - 9)."""
    people = arms.people
    correction = 1 - 3 / (4 * people - 9)
    g = correction * (arms.mean_ipt - arms.mean_control) / arms.pooled_sd
    variance = people / (arms.n_ipt * arms.n_control) + g**2 / (2 * (people - 3.94))
    return StudyEffect(arms.study, g, sqrt(variance), arms.subgroup)


def effects_of(rows: Sequence[ArmData]) -> tuple[StudyEffect, ...]:
    """Hedges' g of each row; the people of a shared IPT arm are divided, so nobody counts twice.

    Raises SharedArmBroken when rows that share an arm give it other numbers, or when too few
    people would be left in a part of it.
    """
    sharing = Counter(row.shares for row in rows if row.shares)
    first: dict[str, ArmData] = {}
    for place, row in enumerate(rows):
        if row.shares:
            _check_shared(row, first.setdefault(row.shares, row), sharing[row.shares], place)
    return tuple(hedges_g(_part(row, sharing.get(row.shares, 1))) for row in rows)


def _check_shared(row: ArmData, first: ArmData, parts: int, place: int) -> None:
    if row.ipt_arm != first.ipt_arm:
        message = "This row shares its IPT arm with a row that gives the arm other numbers."
        raise SharedArmBroken(message, "shares", place)
    if row.n_ipt / parts < FEWEST_PEOPLE:
        message = f"{row.n_ipt:g} people are too few for an IPT arm of {parts} comparisons."
        raise SharedArmBroken(message, "n_ipt", place)


def _part(row: ArmData, parts: int) -> ArmData:
    return row if parts == 1 else replace(row, n_ipt=row.n_ipt / parts)


def _check(name: str, value: float, least: float, what: str) -> None:
    if not isfinite(value) or value > _MOST:
        raise RuleBroken(f"{what} cannot be {value:g}.", field=name)
    if value < least:
        raise RuleBroken(f"{what} must be at least {least:g}.", field=name)


def _check_sd(name: str, value: float) -> None:
    if not value > 0:
        raise RuleBroken("The SD must be greater than 0.", field=name)
    _check(name, value, 1 / _MOST, "The SD")

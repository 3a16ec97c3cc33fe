"""Trials that a clinic collects itself: each an effect as reported, or the numbers of two arms."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ipt_tracker.clinical.course.codes import Code
from ipt_tracker.clinical.evidence.arm_data import ArmData, effects_of
from ipt_tracker.clinical.evidence.meta_analysis import (
    Grouped,
    Pooled,
    StudyEffect,
    leave_one_out,
    pool_grouped,
)
from ipt_tracker.clinical.rules import RuleBroken

FEWEST_FOR_EGGER = 10
SOME_WITHOUT = (
    "Some trials name a subgroup and others do not, so subgroups are not pooled by themselves."
)


class Fidelity(Code):
    """Whether a trial assessed how the therapy was done."""

    YES = "yes", "assessed"
    NO = "no", "not assessed"
    UNKNOWN = "unknown", "not known"


@dataclass(frozen=True, slots=True)
class OwnTrial:
    """One comparison: `numbers` are its effect, or its two arms.

    Raises RuleBroken, with the field, where source or population is missing.
    """

    numbers: StudyEffect | ArmData
    source: str
    population: str
    fidelity: Fidelity = Fidelity.UNKNOWN
    certainty: str = ""

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise RuleBroken("The source of the trial is missing.", field="source")
        if not self.population.strip():
            raise RuleBroken("Who was studied is missing.", field="population")

    @property
    def arms(self) -> ArmData | None:
        """The two arms, where they are what was entered."""
        return self.numbers if isinstance(self.numbers, ArmData) else None


@dataclass(frozen=True, slots=True)
class PooledTrials:
    """What the trials of one set give: each effect, all together, and without each in turn."""

    effects: tuple[StudyEffect, ...]
    grouped: Grouped
    without: tuple[tuple[str, Pooled], ...]
    note: str = ""


def entered(
    effects: Sequence[StudyEffect], arms: Sequence[ArmData]
) -> tuple[StudyEffect | ArmData, ...]:
    """Give what a table holds: its arms, where there are any, and else its effects."""
    return (*arms,) or (*effects,)


def effects_of_trials(trials: Sequence[OwnTrial]) -> tuple[StudyEffect, ...]:
    """Give the effect of each trial in order; a shared IPT arm is divided among its rows."""
    arms = [each.arms for each in trials if each.arms is not None]
    computed = iter(effects_of(arms))
    return tuple(
        each.numbers if isinstance(each.numbers, StudyEffect) else next(computed) for each in trials
    )


def pool_trials(trials: Sequence[OwnTrial]) -> PooledTrials | None:
    """Pool the trials of a set; None where it has none."""
    if not trials:
        return None
    effects = effects_of_trials(trials)
    named = {bool(each.subgroup) for each in effects}
    compared = [replace(each, subgroup="") for each in effects] if len(named) > 1 else effects
    note = SOME_WITHOUT if len(named) > 1 else ""
    return PooledTrials(effects, pool_grouped(compared), leave_one_out(effects), note)

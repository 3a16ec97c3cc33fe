"""One focal area in the words of its page: strategies with when they were done, stages, goals."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from ipt_tracker.clinical.course.catalogue import TASKS
from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.focal_areas import (
    DISPUTE,
    FOCAL_AREAS,
    DisputeStage,
    focal_area_label,
)
from ipt_tracker.services.course_work import GoalLine
from ipt_tracker.services.focal_areas import WorkedOn

Row = Any
"""A row of a table: this room works with rows and does not know the tables."""


@dataclass(frozen=True, slots=True)
class Strategy:
    """One strategy of the area, with the sessions in which it was ticked."""

    text: str
    done: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a dispute from one day on."""

    label: str
    since: date
    sessions: str


@dataclass(frozen=True, slots=True)
class FocusView:
    """What the page of a focal area says."""

    label: str
    chosen_when: str
    strategies: tuple[Strategy, ...]
    stages: tuple[Stage, ...]
    goals: tuple[GoalLine, ...]
    sessions: int
    dissolved: bool
    """Whether the dispute was last found in dissolution: the work is on a new role then."""


def focus_view(spell: Row, done: tuple[WorkedOn, ...], goals: tuple[GoalLine, ...]) -> FocusView:
    """Put the work on one focal area into words."""
    area = FOCAL_AREAS.get(spell.area)
    stages = tuple(_stages(done)) if spell.area == DISPUTE else ()
    last = next((w.stage for w in reversed(done) if w.stage), None)
    return FocusView(
        label=focal_area_label(spell.area),
        chosen_when=area.chosen_when if area else "",
        strategies=tuple(
            Strategy(task.text, _sessions(w for w in done if task.code in w.tasks))
            for task in TASKS.values()
            if task.section == spell.area
        ),
        stages=stages,
        goals=goals,
        sessions=sum(w.number is not None for w in done),
        dissolved=last == DisputeStage.DISSOLUTION and spell.ended_on is None,
    )


def _stages(done: tuple[WorkedOn, ...]) -> Iterable[Stage]:
    staged = [w for w in done if w.stage]
    for stage, group in groupby(staged, key=lambda w: w.stage or ""):
        own = list(group)
        yield Stage(label_of(DisputeStage, stage), own[0].held_on, _sessions(own))


def _sessions(slots: Iterable[WorkedOn]) -> str:
    numbers = [str(w.number) for w in slots if w.number is not None]
    if not numbers:
        return ""
    return f"session{'' if len(numbers) == 1 else 's'} {', '.join(numbers)}"

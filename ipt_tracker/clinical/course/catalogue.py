"""The tasks and techniques that can be ticked, and which of them belong on today's page."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from ipt_tracker.clinical.course.focal_areas import FOCAL_AREAS
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.course.protocols import PROTOCOLS, Format


@dataclass(frozen=True, slots=True)
class Task:
    """One task: `code` is what a record keeps (M04), `key` its name (affect_explored)."""

    code: str
    section: str
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Technique:
    """One technique: what a record keeps, and the plain words beside its box."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """Tasks that stand under one heading."""

    section: str
    title: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class TaskSheet:
    """The groups that belong to today's phase and focus, and the rest, folded away."""

    shown: tuple[TaskGroup, ...]
    others: tuple[TaskGroup, ...]


PTSD = "ptsd"
GROUP = "group"

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "beginning": "Beginning",
        "middle": "Every middle session",
        **{area.code: area.label for area in FOCAL_AREAS.values()},
        PTSD: "After trauma",
        "termination": "Ending",
        "maintenance": "Maintenance",
        GROUP: "Group",
    }
)
"""The heading of each section of the catalogue, in the order of a course."""

OF_PHASE: Mapping[Phase, tuple[str, ...]] = MappingProxyType(
    {
        Phase.ENGAGEMENT: ("beginning",),
        Phase.BEGINNING: ("beginning",),
        Phase.MIDDLE: ("middle",),
        Phase.TERMINATION: ("termination",),
        Phase.MAINTENANCE: ("maintenance",),
        Phase.EXTENSION: ("middle", "termination"),
    }
)
"""An extension goes on with the middle's work and leads to an ending once more."""

WITH_STRATEGIES = frozenset({Phase.MIDDLE, Phase.EXTENSION})
"""Phases whose daily work is on the focal area. Elsewhere its strategies are one click away."""
WITH_TRAUMA_WORK = frozenset({Phase.BEGINNING, Phase.MIDDLE, Phase.EXTENSION})


def _tasks(raw: Mapping[str, Mapping[str, str]]) -> Mapping[str, Task]:
    return MappingProxyType(
        {
            code: Task(code, entry["section"], entry["code"], entry["text"])
            for code, entry in raw.items()
        }
    )


_RAW = json.loads(files(__package__).joinpath("data/catalogue.json").read_text(encoding="utf-8"))

TASKS: Mapping[str, Task] = _tasks(_RAW["tasks"])
"""Every task by its code, in catalogue order."""
TECHNIQUES: Mapping[str, Technique] = MappingProxyType(
    {entry["code"]: Technique(entry["code"], entry["label"]) for entry in _RAW["techniques"]}
)
"""Every technique by its code, in the order of the page."""


def technique_label(code: str) -> str:
    """Give a technique's label; one of another clinic is shown in its own words."""
    technique = TECHNIQUES.get(code)
    return technique.label if technique else code.replace("_", " ").capitalize()


def task_text(code: str) -> str:
    """Give a task's text; one of another clinic is shown as its code."""
    task = TASKS.get(code)
    return task.text if task else code


@lru_cache(maxsize=256)
def tasks_for(phase: str, focal_area: str | None = None, protocol: str = "custom") -> TaskSheet:
    """Give the task groups to show for a session, and the others.

    Shown are the tasks of the phase; in the middle phase and in an extension the strategies of
    the focal area too; in courses for PTSD the work on the aftermath of trauma (Markowitz),
    except near the end; in group courses those of the group. A phase that is not known is taken
    as the middle one.
    """
    known = Phase(phase) if phase in set(Phase) else Phase.MIDDLE
    plan = PROTOCOLS.get(protocol)
    wanted = list(OF_PHASE[known])
    if focal_area and known in WITH_STRATEGIES:
        wanted.append(focal_area)
    if plan and plan.for_ptsd and known in WITH_TRAUMA_WORK:
        wanted.append(PTSD)
    if plan and plan.format is Format.GROUP:
        wanted.append(GROUP)
    return TaskSheet(
        shown=_groups(section for section in TITLES if section in wanted),
        others=_groups(section for section in TITLES if section not in wanted),
    )


def _groups(sections: Iterable[str]) -> tuple[TaskGroup, ...]:
    return tuple(
        TaskGroup(
            section, TITLES[section], tuple(t for t in TASKS.values() if t.section == section)
        )
        for section in sections
    )

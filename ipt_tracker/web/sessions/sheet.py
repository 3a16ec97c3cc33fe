"""The tasks on the session form, sorted by what today's phase and focus ask for."""

from collections.abc import Mapping
from dataclasses import dataclass

from ipt_tracker.clinical.course.catalogue import TASKS, Task, TaskGroup
from ipt_tracker.clinical.course.focal_areas import focal_area_label
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.services.session_checks import derived_phase
from ipt_tracker.web.sessions.choices import has_dispute
from ipt_tracker.web.sessions.forms import SessionForm


@dataclass(frozen=True, slots=True)
class Sheet:
    """The task list, and the phase and focus it was made for."""

    shown: tuple[TaskGroup, ...]
    others: tuple[TaskGroup, ...]
    done: Mapping[str, str]
    phase: str
    words: str
    has_dispute: bool


def sheet_of(form: SessionForm) -> Sheet:
    """Give the tasks for the phase and focus that stand in the form."""
    start, focus = form.start, form.focal_area.data or None
    derived = derived_phase(start.facts, form.kind.data, form.number.data)
    phase = form.phase.data or derived
    sheet = start.task_sheet(phase, focus)
    named = phase if phase not in set(Phase) else Phase(phase).words
    words = f"{named}, {focal_area_label(focus).lower()}" if focus else named
    own = _unknown(form.tasks.data or ())
    return Sheet(
        sheet.shown,
        (*sheet.others, *own),
        start.done,
        Phase(derived).words,
        words,
        has_dispute(start, focus),
    )


def _unknown(codes: list[str] | tuple[str, ...]) -> tuple[TaskGroup, ...]:
    """Keep tasks of another catalogue in view: they were ticked, whatever they mean."""
    tasks = tuple(Task(code, "", code, code) for code in codes if code not in TASKS)
    return (TaskGroup("", "From another catalogue", tasks),) if tasks else ()

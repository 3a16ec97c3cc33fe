"""The patient strip: who, and where in the course, on every page of a course."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from flask import render_template, request, url_for

from ipt_tracker.clinical.course.focal_areas import focal_area_label
from ipt_tracker.clinical.course.phases import Phase, PhaseMap
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.doors import may_with
from ipt_tracker.services.emergency.running import banner_of
from ipt_tracker.services.group_links import OwnGroup, group_of_course
from ipt_tracker.services.outline import Outline, phase_map
from ipt_tracker.services.risk_tasks import RiskTask, TaskKind, open_tasks
from ipt_tracker.services.unit_of_work import UnitOfWork
from ipt_tracker.web.page import Place
from ipt_tracker.web.risk_tasks import task_url, task_words
from ipt_tracker.web.work import given

CSS_OF_PHASE = {
    Phase.ENGAGEMENT: "p1",
    Phase.BEGINNING: "p1",
    Phase.MIDDLE: "p2",
    Phase.TERMINATION: "p3",
    Phase.MAINTENANCE: "pm",
    Phase.EXTENSION: "pm",
}
TABS = (
    ("Overview", "courses.show", ("courses.",)),
    ("Sessions", "sessions.list_all", ("sessions.", "notes.", "process_notes.", "appointments.")),
    ("Measures", "measures.list_all", ("measures.", "schedules.", "asking.")),
    ("Progress", "progress.show", ("progress.",)),
    ("People and timeline", "inventory.show", ("inventory.", "timeline.")),
    ("Formulation and contract", "worksheets.index", ("worksheets.", "goals.")),
    ("Files", "files.show", ("files.", "reports.")),
)
NEEDED = {"files.show": Permission.EXPORT_COURSE}
"""What a tab needs beyond the course being open."""

ANSWERED_BY = {
    TaskKind.PROMPT: (Permission.RECORD_MEASURE, "Say what was done"),
    TaskKind.CONTACT: (Permission.OPEN_COURSE, "Numbers and attempts"),
}


@dataclass(frozen=True, slots=True)
class PhaseStretch:
    """A phase as the course line draws it: places or session numbers, both ends included."""

    label: str
    css: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Mini:
    """The small course line: sessions held, sessions agreed."""

    held: int
    planned: int
    phases: tuple[PhaseStretch, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """Something about risk that waits; `url` is where it is answered, by those who may do so.

    `measure_id` is the form of an answer on suicide that nobody has acknowledged yet.
    """

    measure_id: UUID | None
    title: str
    text: str
    url: str | None
    action: str


@dataclass(frozen=True, slots=True)
class Strip:
    """What the strip shows; see templates/components/strip.html."""

    code: str
    name: str | None
    born_words: str | None
    position: str
    phase_words: str | None
    mini: Mini
    focus: str | None
    asks: tuple[Ask, ...] = ()
    group: OwnGroup | None = None


def course_page(work: UnitOfWork, template: str, facts: Outline, **more: object) -> str:
    """Draw one page of a course that was opened, under its strip.

    `may` holds what the actor may do with the course. What an answer on suicide calls for stands
    on every page until somebody says what was done.
    """
    course = facts.course
    may = may_with(work, course)
    return render_template(
        template,
        course=course,
        facts=facts,
        strip=replace(
            strip_view(facts),
            asks=_asks(work, facts, may),
            group=group_of_course(work, course),
        ),
        tabs=tabs(course.id, may),
        may=may,
        emergency=banner_of(work, course.patient_id),
        **more,
    )


def _asks(work: UnitOfWork, facts: Outline, may: frozenset[Permission]) -> tuple[Ask, ...]:
    """Give what waits about risk; the page on which it is answered says it itself."""
    here = {(request.view_args or {}).get(name) for name in ("prompt_id", "task_id")}
    course_id = facts.course.id
    waiting = open_tasks(work, [course_id])[course_id]
    return tuple(_ask(task, may) for task in waiting if task.id not in here)


def _ask(task: RiskTask, may: frozenset[Permission]) -> Ask:
    needed, action = ANSWERED_BY[task.kind]
    url = task_url(task) if needed in may else None
    return Ask(task.measure_id, task.title, task_words(task), url, action)


def strip_view(facts: Outline) -> Strip:
    """Put the facts of a course into the words of the strip."""
    patient = facts.course.patient
    words, _, phase = facts.position.words.partition(", ")
    return Strip(
        code=patient.code,
        name=patient.name,
        born_words=born(patient.birth_date, given().today()),
        position=words,
        phase_words=phase or None,
        mini=mini_view(facts),
        focus=_focus_words(facts),
    )


def tabs(course_id: UUID, may: frozenset[Permission]) -> tuple[Place, ...]:
    """Give the pages of a course that the actor may see, the present one marked."""
    here = request.endpoint or ""
    return tuple(
        Place(label, url_for(endpoint, course_id=course_id), here.startswith(areas))
        for label, endpoint, areas in TABS
        if NEEDED.get(endpoint, Permission.OPEN_COURSE) in may
    )


def mini_view(facts: Outline) -> Mini:
    """Give the small course line of a course."""
    planned = facts.course.planned_sessions
    return Mini(facts.position.held, planned, stretches(phase_map(facts.course)))


def stretches(phases: PhaseMap) -> tuple[PhaseStretch, ...]:
    """Give the counted phases of a map by session numbers."""
    spans = (s for s in phases.spans if s.phase not in {Phase.ENGAGEMENT, Phase.MAINTENANCE})
    return tuple(
        PhaseStretch(s.phase.short, CSS_OF_PHASE[s.phase], max(s.first, 1), s.last) for s in spans
    )


def born(birth_date: date | None, today: date) -> str | None:
    """Write "born 14 Sep 1993, 31"."""
    if birth_date is None:
        return None
    had_birthday = (today.month, today.day) >= (birth_date.month, birth_date.day)
    age = today.year - birth_date.year - (not had_birthday)
    return f"born {birth_date.day} {birth_date:%b} {birth_date.year}, {age}"


def _focus_words(facts: Outline) -> str | None:
    labels = [focal_area_label(f.area) for f in facts.open_focus]
    return f"Focus: {' and '.join(labels).lower()}" if labels else None

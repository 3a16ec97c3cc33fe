"""The caseload: who is in treatment, and where each course stands."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from ipt_tracker.clinical.course.area_list import code_of
from ipt_tracker.clinical.course.due import Dues
from ipt_tracker.clinical.course.focal_areas import FOCAL_AREAS
from ipt_tracker.clinical.course.records import CourseStatus
from ipt_tracker.clinical.instruments.bands import Cut
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.series import Administration, Series, SeriesChange, change_over
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Appointment, Course
from ipt_tracker.persistence.queries import caseload as query
from ipt_tracker.persistence.queries.caseload import QUIET_DAYS, Part, RiskFact, Show, Sort
from ipt_tracker.persistence.queries.caseload_filters import Filters, therapists
from ipt_tracker.persistence.queries.records import MeasureRow, measures_of, slots_of
from ipt_tracker.services.appointments import next_of
from ipt_tracker.services.attendance import AttendanceRates, attendance_of
from ipt_tracker.services.clinic_settings import focal_areas
from ipt_tracker.services.doors import holds_on
from ipt_tracker.services.outline import Outline, outline_of
from ipt_tracker.services.paging import Page, page_of
from ipt_tracker.services.risk_tasks import RiskTask, TaskKind, open_tasks
from ipt_tracker.services.schedules import dues_in
from ipt_tracker.services.scores import Scores, scores_of
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

__all__ = ["QUIET_DAYS", "Caseload", "Choices", "Filters", "Line", "Show", "Sort", "Standing"]

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Standing:
    """How a course stands on its main instrument: the treatment's series, judged."""

    instrument: Instrument
    series: Series
    thresholds: ThresholdSet | None
    judged: SeriesChange
    cut: Cut | None

    @property
    def newest(self) -> Administration | None:
        """The newest administration, with a total or without."""
        return self.series.administrations[-1] if self.series.administrations else None


@dataclass(frozen=True, slots=True)
class Safety:
    """What waits about suicide and risk: tasks that nobody has closed, and risk found last."""

    tasks: tuple[RiskTask, ...]
    risk: RiskFact | None

    @property
    def prompts(self) -> tuple[RiskTask, ...]:
        """The answers that nobody has acknowledged."""
        return tuple(task for task in self.tasks if task.kind is TaskKind.PROMPT)

    @property
    def contacts(self) -> tuple[RiskTask, ...]:
        """The missed visits after which the patient is to be contacted."""
        return tuple(task for task in self.tasks if task.kind is TaskKind.CONTACT)


NOTHING_WAITS = Safety((), None)


@dataclass(frozen=True, slots=True)
class Line:
    """One course of the list."""

    facts: Outline
    standing: Standing | None
    dues: Dues
    safety: Safety
    therapists: tuple[str, ...]
    following: Appointment | None = None
    """The next appointment that is booked."""

    @property
    def course(self) -> Course:
        """The course itself, with its patient."""
        return self.facts.course

    @property
    def seen_on(self) -> date | None:
        """The day of the last slot at which the patient was seen."""
        return max((s.held_on for s in self.facts.held), default=None)

    @property
    def attendance(self) -> AttendanceRates:
        """Both rates of the course so far."""
        return attendance_of(slot.attendance for slot in self.facts.slots)

    @property
    def dropped_out(self) -> bool:
        """Whether the patient left: what became of them is then unknown."""
        return self.course.status == CourseStatus.DROPPED_OUT


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer that differs from clinic to clinic: areas, and whose courses."""

    areas: tuple[tuple[str, str], ...]
    therapists: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class Caseload:
    """One page of a quick list, with the counts of all of them."""

    show: Show
    sort: Sort
    counts: dict[Show, int]
    lines: tuple[Line, ...]
    page: Page
    filters: Filters
    choices: Choices


def filter_choices(work: UnitOfWork) -> Choices:
    """Give the areas that the clinic offers or once offered, and the actor's supervisees."""
    areas = focal_areas(work)
    own = tuple((code_of(words), words) for words in areas.own)
    common = tuple((area.code, area.label) for area in FOCAL_AREAS.values())
    return Choices((*common, *own), therapists(work.session, work.person))


def read_caseload(
    work: UnitOfWork, show: Show, sort: Sort, number: int, filters: Filters
) -> Caseload:
    """Read one page of the actor's caseload: a fixed number of statements, whatever its size."""
    work.require(Permission.SEE_CASELOAD)
    work.audit(Event.CASELOAD_LISTED, Subject("list", show))
    counts = query.counts(work.session, work.person, work.today, filters)
    page = page_of(counts[show], number, PAGE_SIZE)
    part = Part(show, sort, PAGE_SIZE, page.first - 1 if page.first else 0, filters)
    found = query.courses(work.session, work.person, work.today, part)
    choices = filter_choices(work)
    return Caseload(show, sort, counts, lines_of(work, found), page, filters, choices)


def lines_of(work: UnitOfWork, courses: tuple[Course, ...]) -> tuple[Line, ...]:
    """Give some courses as the list shows them: a fixed number of statements."""
    ids = [course.id for course in courses]
    safety = safety_of(work, ids)
    following = next_of(work, ids)
    return tuple(
        replace(line, safety=safety[line.course.id], following=following.get(line.course.id))
        for line in standing_lines(work, courses)
    )


def standing_lines(work: UnitOfWork, courses: tuple[Course, ...]) -> tuple[Line, ...]:
    """Say of some courses how they stand and what is due: two statements."""
    ids = [course.id for course in courses]
    slots = slots_of(work.session, ids)
    measures = measures_of(work.session, ids)
    return tuple(
        _line(
            work,
            outline_of(course, slots.get(course.id, ()), work.today),
            measures.get(course.id, ()),
        )
        for course in courses
    )


def _line(work: UnitOfWork, facts: Outline, measures: tuple[MeasureRow, ...]) -> Line:
    standing = standing_of(facts, scores_of(measures, facts.slots))
    dues = dues_in(facts, measures, work.today)
    return Line(facts, standing, dues, NOTHING_WAITS, _therapists(work, facts.course))


def safety_of(work: UnitOfWork, course_ids: list[UUID]) -> dict[UUID, Safety]:
    """Read what must still be asked or done in some courses: three statements."""
    tasks = open_tasks(work, course_ids)
    risks = query.last_risks(work.session, course_ids)
    return {i: Safety(tasks[i], risks.get(i)) for i in course_ids}


def _therapists(work: UnitOfWork, course: Course) -> tuple[str, ...]:
    held = (a for a in course.assignments if holds_on(a, work))
    return tuple(sorted(a.therapist.display_name for a in held))


def standing_of(facts: Outline, scores: Scores) -> Standing | None:
    """Judge the main instrument of a course, the one its progress page is about, if there is one.

    Follow-ups after the end of treatment are left out, as they are in the verdict.
    """
    key = scores.main_key(facts.course)
    if key is None:
        return None
    series = scores.series(key, of_treatment=True)
    thresholds = scores.thresholds_of(key)
    judged = change_over(series, thresholds)
    return Standing(INSTRUMENTS[key], series, thresholds, judged, scores.cut_of(key))

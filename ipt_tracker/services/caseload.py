"""The caseload: who is in treatment, where each course stands, and finding a patient."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ipt_tracker.clinical.course.due import Dues
from ipt_tracker.clinical.course.records import CourseStatus
from ipt_tracker.clinical.instruments.bands import Cut
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.series import Administration, Series, SeriesChange, change_over
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Course, SafetyPrompt
from ipt_tracker.persistence.queries import caseload as query
from ipt_tracker.persistence.queries.caseload import QUIET_DAYS, Named, Part, RiskFact, Show, Sort
from ipt_tracker.persistence.queries.records import MeasureRow, measures_of, slots_of
from ipt_tracker.persistence.queries.safety import open_prompts_of
from ipt_tracker.services.doors import holds_on
from ipt_tracker.services.outline import Outline, outline_of
from ipt_tracker.services.paging import Page, page_of
from ipt_tracker.services.schedules import dues_in
from ipt_tracker.services.scores import Scores, scores_of
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

__all__ = ["MOST_FOUND", "QUIET_DAYS", "Caseload", "Found", "Line", "Show", "Sort", "Standing"]

PAGE_SIZE = 25
MOST_FOUND = 25
"""Courses listed for one search; more than that and the words were too few."""


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
    """What waits about suicide and risk: answers nobody has acknowledged, and risk found last."""

    prompts: tuple[SafetyPrompt, ...]
    risk: RiskFact | None


@dataclass(frozen=True, slots=True)
class Line:
    """One course of the list."""

    facts: Outline
    standing: Standing | None
    dues: Dues
    safety: Safety
    therapists: tuple[str, ...]

    @property
    def course(self) -> Course:
        """The course itself, with its patient."""
        return self.facts.course

    @property
    def seen_on(self) -> date | None:
        """The day of the last slot at which the patient was seen."""
        return max((s.held_on for s in self.facts.held), default=None)

    @property
    def dropped_out(self) -> bool:
        """Whether the patient left: what became of them is then unknown."""
        return self.course.status == CourseStatus.DROPPED_OUT


@dataclass(frozen=True, slots=True)
class Caseload:
    """One page of a quick list, with the counts of all of them."""

    show: Show
    sort: Sort
    counts: dict[Show, int]
    lines: tuple[Line, ...]
    page: Page


def read_caseload(work: UnitOfWork, show: Show, sort: Sort, number: int) -> Caseload:
    """Read one page of the actor's caseload: a fixed number of statements, whatever its size."""
    work.require(Permission.SEE_CASELOAD)
    work.audit(Event.CASELOAD_LISTED, Subject("list", show))
    counts = query.counts(work.session, work.person, work.today)
    page = page_of(counts[show], number, PAGE_SIZE)
    part = Part(show, sort, PAGE_SIZE, page.first - 1 if page.first else 0)
    found = query.courses(work.session, work.person, work.today, part)
    return Caseload(show, sort, counts, _lines(work, found), page)


def _lines(work: UnitOfWork, courses: tuple[Course, ...]) -> tuple[Line, ...]:
    ids = [course.id for course in courses]
    slots = slots_of(work.session, ids)
    measures = measures_of(work.session, ids)
    safety = safety_of(work, ids)
    return tuple(
        _line(
            work,
            outline_of(course, slots.get(course.id, ()), work.today),
            measures.get(course.id, ()),
            safety[course.id],
        )
        for course in courses
    )


def _line(
    work: UnitOfWork, facts: Outline, measures: tuple[MeasureRow, ...], safety: Safety
) -> Line:
    standing = standing_of(facts, scores_of(measures, facts.slots))
    dues = dues_in(facts, measures, work.today)
    return Line(facts, standing, dues, safety, _therapists(work, facts.course))


def safety_of(work: UnitOfWork, course_ids: list[UUID]) -> dict[UUID, Safety]:
    """Read what must still be asked in some courses: two statements."""
    prompts = open_prompts_of(work.session, course_ids)
    risks = query.last_risks(work.session, course_ids)
    return {i: Safety(prompts.get(i, ()), risks.get(i)) for i in course_ids}


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


@dataclass(frozen=True, slots=True)
class Found:
    """The courses whose patients answer to some words; `total` counts those not listed too."""

    lines: tuple[Line, ...]
    total: int


def find_patients(work: UnitOfWork, words: str) -> Found:
    """Find visible patients by code or name: every word must be part of them, in any order.

    What was typed is kept nowhere, in the audit neither.
    """
    work.require(Permission.SEE_CASELOAD)
    wanted = _plain(words).split()
    hits = _matching(query.named(work.session, work.person, work.today), wanted) if wanted else []
    work.audit(Event.PATIENT_SEARCHED, Subject("list", "found"), hits=len(hits))
    shown = hits[:MOST_FOUND]
    if not shown:
        return Found((), 0)
    courses = query.some_courses(work.session, work.person, work.today, shown)
    return Found(_lines(work, courses), len(hits))


def _matching(people: Iterable[Named], wanted: list[str]) -> list[UUID]:
    """Pick by name, in the order of the names; an exact code stands alone."""
    ranked = sorted(people, key=lambda p: (_plain(p.name or p.code), p.code))
    exact = [p.course_id for p in ranked if _plain(p.code).split() == wanted]
    if exact:
        return exact
    texts = ((p.course_id, _plain(f"{p.code} {p.name or ''}")) for p in ranked)
    return [course_id for course_id, text in texts if all(word in text for word in wanted)]


def _plain(text: str) -> str:
    """Leave out case and accents, so that "elodie" finds Élodie on every database alike."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))

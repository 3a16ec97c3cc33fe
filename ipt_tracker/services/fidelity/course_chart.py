"""From one course to the frozen input of its picture: how it was done, and its scores below.

Fewer rated sessions than the page needs are not drawn, in a window of the course as in the whole.
"""

from dataclasses import dataclass
from datetime import date

from ipt_tracker.charts.course_fidelity import Fidelity
from ipt_tracker.charts.model import Visit
from ipt_tracker.charts.windows import since, spells_since
from ipt_tracker.clinical.course.attendance import was_delivered
from ipt_tracker.clinical.fidelity.words import ADHERENCE_SCALE, NOT_OUTCOME, QUALITY_SCALE
from ipt_tracker.services.chart_choice import Days, first_day, window_words
from ipt_tracker.services.chart_series import given_of, series_of
from ipt_tracker.services.fidelity.beside_outcome import RATED_FROM, CourseBeside
from ipt_tracker.services.fidelity.figure_charts import TOO_FEW, marks_of, of_stratum
from ipt_tracker.services.fidelity.figure_source import footer, of_course
from ipt_tracker.services.given import session_label
from ipt_tracker.services.progress_chart import phases_of
from ipt_tracker.services.progress_facts import Facts

ONE_CASE = "One case shows nothing about cause."


@dataclass(frozen=True, slots=True)
class CourseView:
    """What is drawn of a course: how much of it, and whether its scores stand below."""

    days: Days = Days.ALL
    with_scores: bool = True


def course_chart(found: CourseBeside, software: str, view: CourseView | None = None) -> Fidelity:
    """Give how one course was done and its scores on the same dates."""
    view = view or CourseView()
    facts = found.facts if view.with_scores else None
    days = [each.session.held_on for each in found.sessions] + _score_days(facts)
    first = first_day(view.days, days)
    said = window_words(first, days)
    rated = tuple(s for s in found.sessions if first is None or s.session.held_on >= first)
    is_shown = len(rated) >= RATED_FROM
    words = (ONE_CASE if is_shown else TOO_FEW, f"Drawn: {said}." if said else "")
    return Fidelity(
        title=f"{found.course.patient.code}   Fidelity beside outcome{_title(said)}",
        verdict=of_stratum(found.stratum, *words),
        footer=footer(found.stratum, ADHERENCE_SCALE, QUALITY_SCALE, NOT_OUTCOME),
        marks=marks_of(rated) if is_shown else (),
        visits=since(_visits(found), first),
        phases=spells_since(phases_of(found.where.slots), first) if found.facts else (),
        scores=series_of(facts, facts.main, first) if facts else None,
        provenance=of_course(found, rated, software, facts, first),
        window=f"Drawn: {said}." if said else "",
    )


def _score_days(facts: Facts | None) -> list[date]:
    return [g.row.taken_on for g in given_of(facts, facts.main)] if facts else []


def _title(said: str) -> str:
    return f", {said.partition(',')[0]}" if said else ""


def _visits(found: CourseBeside) -> tuple[Visit, ...]:
    rated = {each.session.held_on for each in found.sessions}
    slots = (s for s in found.where.slots if was_delivered(s.kind, s.number, s.attendance))
    return tuple(
        Visit(slot.held_on, session_label(slot), slot.held_on in rated, slot.phase)
        for slot in slots
    )

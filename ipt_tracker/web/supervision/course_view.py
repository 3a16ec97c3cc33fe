"""Fidelity beside outcome of one case, in the words of the page. It shows no cause and says so."""

from dataclasses import dataclass, replace
from datetime import date

from flask import url_for

from ipt_tracker.charts import export
from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.fidelity.words import NOT_OUTCOME, sessions
from ipt_tracker.services.chart_choice import Days
from ipt_tracker.services.fidelity.beside_outcome import RATED_FROM, CourseBeside, PhaseBeside
from ipt_tracker.services.fidelity.course_chart import CourseView as Drawn
from ipt_tracker.services.fidelity.course_chart import course_chart
from ipt_tracker.web.page import Place, signed
from ipt_tracker.web.supervision.figure_words import (
    Said,
    StratumLink,
    adherence,
    number,
    percent,
    period_words,
    quality,
    sealed_words,
    session_words,
    stratum_links,
    stratum_query,
    stratum_remark,
)

RATINGS = "ratings"
"""The ratings without the scores, as it stands in an address."""
ONE_CASE = "One case shows nothing about cause: whatever moved the scores moved them here once."
CHANGE_RULE = (
    "Change in a phase: from the last score before it (in the first phase from the first score) to "
    "the last score in it. A score belongs to the phase of the appointment on or before its day."
)


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """One phase of the table."""

    label: str
    delivered: int
    rated: int
    adherence: Said
    quality: Said
    scores: str
    change: str


@dataclass(frozen=True, slots=True)
class RatedRow:
    """One rated session of the course."""

    held_on: date
    session: str
    phase: str
    adherence: str
    quality: str


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One score of the course, on the instrument of the picture."""

    taken_on: date
    session: str
    total: str


@dataclass(frozen=True, slots=True)
class CourseView:
    """The page; `hidden` says why nothing is set side by side, where it is not."""

    code: str
    links: tuple[StratumLink, ...]
    choices: tuple[tuple[str, tuple[Place, ...]], ...]
    """How much of the course is drawn, and with which lines: each a list of links."""
    query: dict[str, str]
    remark: str
    hidden: str
    sealed: str
    elsewhere: str
    instrument: str
    phases: tuple[PhaseRow, ...]
    sessions: tuple[RatedRow, ...]
    scores: tuple[ScoreRow, ...]
    caveats: tuple[str, ...]
    alt: str
    period: str


def course_view(found: CourseBeside, software: str, view: Drawn) -> CourseView:
    """Put one course into words."""
    drawn = course_chart(found, software, view)
    course = found.course
    where = {"course_id": course.id}
    return CourseView(
        code=course.patient.code,
        links=stratum_links(
            found.counts, found.stratum, "fidelity_figures.course", **where, **_query(view)
        ),
        choices=_choices(found, view),
        query=stratum_query(found.stratum) | _query(view),
        remark=stratum_remark(found.stratum),
        hidden=_hidden(found),
        sealed=sealed_words(found.sealed),
        elsewhere=_elsewhere(found),
        instrument=found.instrument.version if found.instrument else "",
        phases=tuple(map(_phase_row, found.phases)),
        sessions=_rated_rows(found),
        scores=tuple(
            ScoreRow(each.taken_on, each.session_label or "–", str(each.total))
            for each in found.scores
        ),
        caveats=(ONE_CASE, NOT_OUTCOME, CHANGE_RULE),
        alt=export.alt(drawn),
        period=_period(found),
    )


def _query(view: Drawn) -> dict[str, str]:
    """Give what is drawn as it stands in an address."""
    window = {} if view.days is Days.ALL else {"window": str(view.days)}
    return window | ({} if view.with_scores else {"series": RATINGS})


def _choices(found: CourseBeside, view: Drawn) -> tuple[tuple[str, tuple[Place, ...]], ...]:
    def link(label: str, other: Drawn) -> Place:
        query = stratum_query(found.stratum) | _query(other)
        url = url_for("fidelity_figures.course", course_id=found.course.id, **query)  # type: ignore[arg-type]  # -- what Flask takes
        return Place(label, url, other == view)

    days = tuple(link(each.label, replace(view, days=each)) for each in Days)
    lines = (
        link("Ratings and scores", replace(view, with_scores=True)),
        link("Ratings alone", replace(view, with_scores=False)),
    )
    return ("Time shown", days), *((("Lines shown", lines),) if found.facts else ())


def _period(found: CourseBeside) -> str:
    """Say from when to when the rated sessions lie; the page is of the whole course."""
    days = [each.session.held_on for each in found.sessions]
    return period_words(days).replace("all time", "whole course")


def _hidden(found: CourseBeside) -> str:
    if found.is_shown:
        return ""
    rated = sessions(len(found.sessions))
    return (
        f"{rated.capitalize()} rated by the supervisor {'is' if rated == '1 session' else 'are'} "
        f"open to you here. From {RATED_FROM} on they are set beside the scores."
    )


def _elsewhere(found: CourseBeside) -> str:
    if found.elsewhere <= 0:
        return ""
    return (
        f"{sessions(found.elsewhere).capitalize()} of this course with another therapist "
        f"{'is' if found.elsewhere == 1 else 'are'} not among them."
    )


def _phase_row(phase: PhaseBeside) -> PhaseRow:
    first, last = phase.first, phase.last
    pair = f"{first.total} to {last.total}" if first and last and first is not last else ""
    return PhaseRow(
        label=phase.label,
        delivered=phase.delivered,
        rated=phase.rated,
        adherence=adherence(phase.adherence),
        quality=quality(phase.quality),
        scores=pair or (str(last.total) if last else "no score"),
        change=signed(phase.change),
    )


def _rated_rows(found: CourseBeside) -> tuple[RatedRow, ...]:
    return tuple(
        RatedRow(
            each.session.held_on,
            session_words(each.session),
            label_of(Phase, each.session.phase),
            percent(each.adherence),
            number(each.quality),
        )
        for each in found.sessions
    )

"""The rows of the tables of figures: one table for each chart."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from typing import Any
from uuid import UUID

from flask import url_for

from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.fidelity.rating import mean
from ipt_tracker.clinical.fidelity.summary import Clustered
from ipt_tracker.clinical.fidelity.words import too_few
from ipt_tracker.services.fidelity.agreement_figures import SelfAgreement
from ipt_tracker.services.fidelity.facts import RatedSession
from ipt_tracker.services.fidelity.figure_pages import TherapistPage
from ipt_tracker.services.fidelity.figures import (
    FEWEST_PATIENTS,
    CaseFigures,
    SessionFigure,
    TherapistFigures,
)
from ipt_tracker.services.fidelity.strata import Stratum
from ipt_tracker.web.page import day_year as day
from ipt_tracker.web.supervision.figure_words import (
    Said,
    adherence,
    number,
    percent,
    quality,
    session_words,
    stratum_query,
)

OUTSIDE = "Outside the limits"


@dataclass(frozen=True, slots=True)
class FigureRow:
    """Adherence or quality: its mean, and both intervals."""

    name: str
    n: int
    figure: Said
    by_patient: str


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case; `url` leads to its fidelity beside its outcome, where the viewer may open it."""

    code: str
    url: str | None
    rated: int
    adherence: Said
    quality: Said


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One rated session, with what the chart of quality says of it."""

    held_on: date
    code: str
    session: str
    phase: str
    adherence: str
    quality: str
    moved: str
    """How far quality moved from the session before, which the chart draws below."""
    signal: str
    """A signal of its own; a run is named once, at its newest session."""
    in_run: bool
    amended: str
    """What an amendment changed in the two means, as they were first submitted."""
    flagged: bool
    url: str


@dataclass(frozen=True, slots=True)
class PairRow:
    """One session rated by the therapist and by the supervisor, as first submitted."""

    held_on: date
    code: str
    session: str
    own: str
    supervisor: str
    difference: str


def figure_rows(found: TherapistFigures) -> tuple[FigureRow, FigureRow]:
    """Give adherence and quality, two rows and never one number."""
    return (
        FigureRow(
            "Adherence",
            found.adherence.n,
            adherence(found.adherence),
            by_patient(found.adherence_clustered, adherence),
        ),
        FigureRow(
            "Quality, 1 to 5",
            found.quality.n,
            quality(found.quality),
            by_patient(found.quality_clustered, quality),
        ),
    )


def by_patient(found: Clustered, written: Callable[[Clustered], Said]) -> str:
    """Write the interval that allows for patients, or of how few patients it would be."""
    if found.clusters < FEWEST_PATIENTS:
        return too_few(found.clusters)
    return written(found).interval


def case_rows(page: TherapistPage) -> tuple[CaseRow, ...]:
    """Give the cases in the order of their codes."""
    return tuple(
        CaseRow(
            code=f"Group {each.code}" if each.is_group else each.code,
            url=_case_url(each, page.open_courses, page.stratum),
            rated=each.rated,
            adherence=adherence(each.adherence),
            quality=quality(each.quality),
        )
        for each in page.figures.cases
    )


def _case_url(
    case: CaseFigures, open_courses: frozenset[UUID], stratum: Stratum | None
) -> str | None:
    if case.owner not in open_courses:
        return None
    query: dict[str, Any] = stratum_query(stratum)
    return url_for("fidelity_figures.course", course_id=case.owner, **query)


def session_rows(found: TherapistFigures) -> tuple[SessionRow, ...]:
    """Give the rated sessions, the newest first."""
    signals, moved = _signals(found), _moved(found)
    run = {found.plotted[place].session.id for place in found.control.runs}
    rows = (
        SessionRow(
            held_on=each.session.held_on,
            code=each.session.code,
            session=session_words(each.session),
            phase=label_of(Phase, each.session.phase),
            adherence=percent(each.adherence),
            quality=number(each.quality),
            moved=number(moved.get(each.session.id)),
            signal=signals.get(each.session.id, ""),
            in_run=each.session.id in run,
            amended=_amended(each),
            flagged=each.flagged,
            url=compare_url(each.session),
        )
        for each in found.sessions
    )
    return tuple(reversed([*rows]))


def compare_url(session: RatedSession) -> str:
    """Give where the ratings of a session stand side by side."""
    return url_for("fidelity.compare", kind=session.kind, rated_id=session.id)


def _signals(found: TherapistFigures) -> dict[UUID, str]:
    """Name the signals of the chart by session: each run once, with its extent."""
    ids = [each.session.id for each in found.plotted]
    signals = {run[-1].session.id: _extent(run) for run, _ in _runs(found)}
    for place in found.control.outside:
        signals[ids[place]] = ". ".join(filter(None, (OUTSIDE, signals.get(ids[place]))))
    return signals


def _runs(found: TherapistFigures) -> tuple[tuple[list[SessionFigure], bool], ...]:
    """Give each run, in order of time, and whether it lies above the mean."""
    points, centre = found.plotted, found.control.centre or 0.0
    grouped = groupby(
        enumerate(found.control.runs),
        key=lambda each: (each[1] - each[0], (points[each[1]].quality or 0.0) > centre),
    )
    return tuple(([points[place] for _, place in places], above) for (_, above), places in grouped)


def _extent(run: Sequence[SessionFigure]) -> str:
    return f"Run of {len(run)}: {_ends(run)}"


def _ends(run: Sequence[SessionFigure]) -> str:
    return f"{day(run[0].session.held_on)} to {day(run[-1].session.held_on)}"


def _amended(figure: SessionFigure) -> str:
    """Say what the two means of a session were as first submitted, where they were others."""
    first = [each.first_rating for each in figure.ratings]
    was = {
        "quality": (number(mean(each.competence for each in first)), number(figure.quality)),
        "adherence": (
            percent(mean(each.adherence_pct for each in first)),
            percent(figure.adherence),
        ),
    }
    said = [f"{name} was {old}" for name, (old, new) in was.items() if old != new]
    return f"amended: {' and '.join(said)} as first submitted" if said else ""


def signal_words(found: TherapistFigures) -> tuple[str, ...]:
    """Name each session outside the limits, and each run by its first and last session."""
    far = (found.plotted[place].session for place in found.control.outside)
    outside = (f"{_named(each)}: outside the limits." for each in far)
    return (*outside, *(_run_words(run, above=above) for run, above in _runs(found)))


def _run_words(run: Sequence[SessionFigure], *, above: bool) -> str:
    side = "above" if above else "below"
    patients = len({each.session.owner for each in run})
    of = "all of one patient" if patients == 1 else f"of {patients} patients"
    return f"{_ends(run)}: {len(run)} sessions in a row {side} the mean, {of}."


def _named(session: RatedSession) -> str:
    return f"{day(session.held_on)}, {session.code}, session {session_words(session)}"


def _moved(found: TherapistFigures) -> dict[UUID, float]:
    """Give the moving range by session, from the second on."""
    pairs = pairwise(found.plotted)
    return {
        later.session.id: abs((later.quality or 0) - (before.quality or 0))
        for before, later in pairs
    }


def pair_rows(found: SelfAgreement) -> tuple[PairRow, ...]:
    """Give the sessions rated by both, the newest first."""
    rows = (
        PairRow(
            each.session.held_on,
            each.session.code,
            session_words(each.session),
            number(each.own),
            number(each.supervisor),
            plus(each.difference),
        )
        for each in found.pairs
    )
    return tuple(reversed([*rows]))


def plus(value: float | None) -> str:
    """Write a difference with its sign."""
    text = number(value)
    return f"+{text}" if value is not None and value > 0 and text != "0.00" else text

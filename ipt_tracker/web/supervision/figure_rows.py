"""The rows of the tables of figures: one table for each chart."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from typing import Any
from uuid import UUID

from flask import url_for

from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.fidelity.summary import Clustered
from ipt_tracker.clinical.fidelity.words import too_few
from ipt_tracker.services.fidelity.agreement_figures import SelfAgreement
from ipt_tracker.services.fidelity.facts import RatedSession
from ipt_tracker.services.fidelity.figure_pages import TherapistPage
from ipt_tracker.services.fidelity.figures import (
    FEWEST_PATIENTS,
    CaseFigures,
    TherapistFigures,
)
from ipt_tracker.services.fidelity.strata import Stratum
from ipt_tracker.web.page import day
from ipt_tracker.web.supervision.figure_words import (
    Said,
    adherence,
    number,
    percent,
    quality,
    session_words,
    stratum_query,
)

OUTSIDE, RUN = "Outside the limits", "Run of eight"


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
    """Name the signals of the chart by session; outside the limits weighs more than a run."""
    ids = [each.session.id for each in found.plotted]
    runs = {ids[place]: RUN for place in found.control.runs}
    return runs | {ids[place]: OUTSIDE for place in found.control.outside}


def signal_words(found: TherapistFigures) -> tuple[str, ...]:
    """Name each session outside the limits, and each run by its first and last session."""
    points, centre = found.plotted, found.control.centre or 0.0
    far = (points[place].session for place in found.control.outside)
    outside = (f"{_named(each)}: outside the limits." for each in far)
    runs = groupby(
        enumerate(found.control.runs),
        key=lambda each: (each[1] - each[0], (points[each[1]].quality or 0.0) > centre),
    )
    said = []
    for (_, above), places in runs:
        run = [points[place] for _, place in places]
        side = "above" if above else "below"
        ends = f"{day(run[0].session.held_on)} to {day(run[-1].session.held_on)}"
        said.append(f"{ends}: {len(run)} sessions in a row {side} the mean.")
    return (*outside, *said)


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

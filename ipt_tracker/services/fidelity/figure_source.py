"""What stands under a picture of figures: which ratings it is of, and where it comes from."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from ipt_tracker.charts.model import Provenance
from ipt_tracker.services.chart_series import given_of
from ipt_tracker.services.chart_words import completeness, recorded
from ipt_tracker.services.fidelity.agreement_figures import SelfAgreement
from ipt_tracker.services.fidelity.beside_outcome import CourseBeside
from ipt_tracker.services.fidelity.facts import RatedSession, RatingFact, SealedFact
from ipt_tracker.services.fidelity.figure_pages import TherapistPage
from ipt_tracker.services.fidelity.figures import SessionFigure
from ipt_tracker.services.fidelity.strata import Stratum
from ipt_tracker.services.given import short_day
from ipt_tracker.services.progress_facts import Facts


def footer(stratum: Stratum | None, *words: str) -> str:
    """Say whose ratings they are, of which stratum, and on which scale."""
    shown = f"Ratings by the supervisor of the course. {stratum.words}." if stratum else ""
    return " ".join(filter(None, (shown, *words)))


def session_title(session: RatedSession) -> str:
    """Name a session by its number alone: a picture about a therapist names no patient."""
    return f"session {session.number}" if session.number is not None else f"slot {session.slot}"


def of_therapist(page: TherapistPage, software: str) -> Provenance:
    """Say where a picture about a therapist comes from."""
    figures = page.figures
    return _provenance(
        therapist=page.called,
        ratings=_ratings(page.stratum, _sets(figures.sessions)),
        completeness=f"{figures.rated} of {figures.delivered} sessions rated",
        days=[each.session.held_on for each in figures.sessions],
        software=software,
        newest=_newest(figures.sessions),
    )


def of_coverage(page: TherapistPage, shown: Sequence[RatedSession], software: str) -> Provenance:
    """Say where a picture of what was seen comes from; it holds no value of any rating."""
    every: list[RatingFact | SealedFact] = []
    for session in shown:
        every += (*session.ratings, *session.sealed)
    days = [each.rated_on for each in every if isinstance(each, RatingFact) and each.rated_on]
    return _provenance(
        therapist=page.called,
        ratings="every basis",
        completeness=f"{len(shown)} sessions that took place",
        days=[each.held_on for each in shown],
        software=software,
        newest=str(max(days, default="")),
    )


def of_pairs(name: str, own: SelfAgreement, stratum: Stratum | None, software: str) -> Provenance:
    """Say where a picture of pairs comes from."""
    return _provenance(
        therapist=name,
        ratings=_ratings(stratum, ()),
        completeness=f"{len(own.pairs)} sessions rated by both",
        days=[each.session.held_on for each in own.pairs],
        software=software,
        newest=_newest_pair(own),
    )


def of_course(
    found: CourseBeside,
    rated: Sequence[SessionFigure],
    software: str,
    facts: Facts | None,
    first: date | None,
) -> Provenance:
    """Say where the picture of one course comes from: `facts` where its scores are drawn."""
    given = given_of(facts, facts.main) if facts else []
    scores = [g for g in given if first is None or g.row.taken_on >= first]
    days = [each.session.held_on for each in rated] + [g.row.taken_on for g in scores]
    used = facts.threshold_of(facts.main) if facts else None
    counted = f"{len(rated)} of {found.delivered} sessions rated"
    if first:
        counted = f"{len(rated)} rated sessions drawn, {found.delivered} sessions in all"
    source = _provenance(
        patient_code=found.course.patient.code,
        instrument=facts.main.version if facts else "",
        ratings=_ratings(found.stratum, _sets(rated)),
        completeness="; ".join([counted, *([completeness(facts, first)] if facts else [])]),
        days=days,
        software=software,
        # A day stands before every moment of it, so the later of the two texts is the newer one.
        newest=max(_newest(rated), recorded(g.changed_at for g in scores)),
    )
    unseen = found.instrument.version if found.instrument and not facts else ""
    window = f"{source.window} (last 6 months)" if first else source.window
    thresholds = f"{used.name} ({used.population})" if used else ""
    return replace(source, window=window, threshold_source=thresholds, left_out=unseen)


def _provenance(  # noqa: PLR0913 -- what a picture says of itself
    *,
    ratings: str,
    completeness: str,
    days: list[date],
    software: str,
    newest: str,
    therapist: str = "",
    patient_code: str = "",
    instrument: str = "",
) -> Provenance:
    ends = (min(days), max(days)) if days else ()
    return Provenance(
        patient_code=patient_code,
        instrument=instrument,
        completeness=completeness,
        threshold_source="",
        window=" to ".join(f"{short_day(day)} {day.year}" for day in ends),
        software=f"IPT Tracker {software}",
        newest_recorded=newest,
        therapist=therapist,
        ratings=ratings,
    )


def _ratings(stratum: Stratum | None, sets: Iterable[str]) -> str:
    return "; ".join(filter(None, (*sets, stratum.words if stratum else "")))


def _sets(sessions: Iterable[SessionFigure]) -> list[str]:
    return sorted({rating.item_set for each in sessions for rating in each.ratings})


def _newest(sessions: Iterable[SessionFigure]) -> str:
    """Give the day of the newest rating drawn; never the time of drawing."""
    days = [rating.rated_on for each in sessions for rating in each.ratings if rating.rated_on]
    return f"{max(days):%Y-%m-%d}" if days else ""


def _newest_pair(own: SelfAgreement) -> str:
    """Give the day of the newest rating of the sessions that both rated."""
    ratings = (rating for each in own.pairs for rating in each.session.ratings)
    return str(max((rating.rated_on for rating in ratings if rating.rated_on), default=""))

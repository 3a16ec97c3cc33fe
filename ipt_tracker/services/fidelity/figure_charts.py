"""From figures to the frozen inputs of their pictures: what a page shows, and no value more.

A picture about a therapist names sessions by their day and number, never by a patient's code.
"""

from collections.abc import Callable, Sequence
from datetime import date

from ipt_tracker.charts import bland_altman, xmr
from ipt_tracker.charts.course_fidelity import By, Fidelity, Mark
from ipt_tracker.charts.domains import Domain, Domains
from ipt_tracker.charts.export import Picture
from ipt_tracker.charts.model import Visit
from ipt_tracker.charts.words import day_name
from ipt_tracker.clinical.course.codes import Code
from ipt_tracker.clinical.fidelity.agreement import BlandAltman
from ipt_tracker.clinical.fidelity.item_set import domain_label
from ipt_tracker.clinical.fidelity.profile import DomainProfile
from ipt_tracker.clinical.fidelity.words import (
    ADHERENCE_SCALE,
    AGREEMENT_FROM,
    DOMAIN_FORM,
    FIRST_SUBMITTED,
    MEAN_FROM,
    OUTSIDE_RULE,
    QUALITY_SCALE,
    RUN_IGNORES_PATIENTS,
    RUN_RULE,
    TWO_NUMBERS,
    bias_words,
    control_words,
    shown_bounds,
)
from ipt_tracker.governance.events import Event
from ipt_tracker.services.fidelity.agreement_figures import SelfAgreement
from ipt_tracker.services.fidelity.coverage_chart import coverage_chart
from ipt_tracker.services.fidelity.facts import RatedSession
from ipt_tracker.services.fidelity.figure_pages import AgreementPage, TherapistPage
from ipt_tracker.services.fidelity.figure_source import (
    footer,
    of_pairs,
    of_therapist,
    session_title,
)
from ipt_tracker.services.fidelity.figures import SessionFigure
from ipt_tracker.services.fidelity.profiles import Profile
from ipt_tracker.services.fidelity.strata import Stratum
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

OUTSIDE, RUN = "beyond a limit", "part of a run of eight"
ENDS = ("bias", "low", "high")
TOO_FEW = "Too few rated sessions to be shown."


class TherapistChart(Code):
    """The pictures on the page of one therapist."""

    SESSIONS = "sessions", "Adherence and quality"
    QUALITY = "quality", "Quality over time"
    DOMAINS = "domains", "Domains"
    SELF = "self", "Self beside supervisor"
    COVERAGE = "coverage", "Coverage"


def therapist_chart(page: TherapistPage, which: TherapistChart, software: str) -> Picture:
    """Give one picture of a therapist; it is empty where there is nothing to draw."""
    drawn: dict[TherapistChart, Callable[[TherapistPage, str], Picture]] = {
        TherapistChart.SESSIONS: _sessions_chart,
        TherapistChart.QUALITY: _quality_chart,
        TherapistChart.DOMAINS: _domains_chart,
        TherapistChart.SELF: _self_chart,
        TherapistChart.COVERAGE: coverage_chart,
    }
    return drawn[which](page, software)


def agreement_chart(page: AgreementPage, software: str) -> Picture:
    """Give the picture of self beside supervisor over several therapists; empty under 5 pairs."""
    return _pairs_chart("", page.own, page.stratum, software)


def note_chart_download(  # noqa: PLR0913, PLR0917 -- all of it is written down
    work: UnitOfWork,
    subject: Subject,
    fmt: str,
    stratum: Stratum | None,
    chart: str,
    window: str | None = None,
) -> None:
    """Write down that a picture leaves the building, before it does."""
    work.audit(
        Event.CHART_DOWNLOADED,
        subject,
        format=fmt,
        chart=f"fidelity {chart}",
        basis=stratum.basis if stratum else None,
        selection=stratum.selection if stratum else None,
        window=window,
    )


def _sessions_chart(page: TherapistPage, software: str) -> Fidelity:
    return Fidelity(
        title=f"{page.called}   Adherence and quality of rated sessions",
        verdict=of_stratum(page.stratum, TWO_NUMBERS),
        footer=footer(page.stratum, ADHERENCE_SCALE, QUALITY_SCALE),
        marks=marks_of(page.figures.sessions),
        visits=_held(page),
        adherence_line=page.lines.adherence,
        quality_line=page.lines.quality,
        provenance=of_therapist(page, software),
        is_numbered=False,
    )


def marks_of(sessions: Sequence[SessionFigure]) -> tuple[Mark, ...]:
    """Give the mark of each rated session."""
    return tuple(
        Mark(
            day=each.session.held_on,
            by=By.SUPERVISOR,
            title=session_title(each.session),
            adherence=each.adherence,
            quality=each.quality,
            flagged=each.flagged,
        )
        for each in sessions
    )


def _held(page: TherapistPage) -> tuple[Visit, ...]:
    """Give every session that took place, so that gaps are seen; of several cases, no numbers."""
    drawn = [Visit(each.session.held_on, "held") for each in page.figures.sessions]
    others = [Visit(day, "held", scored=False) for day in page.figures.others_on]
    return tuple(sorted([*drawn, *others], key=lambda each: (each.day, each.scored)))


def _quality_chart(page: TherapistPage, software: str) -> xmr.Xmr:
    found = page.figures.control
    plotted = page.figures.plotted
    written = day_name([each.session.held_on for each in plotted])
    points = tuple(
        xmr.Point(written(each.session.held_on), session_title(each.session), each.quality or 0.0)
        for each in plotted
    )
    limits = None
    if found.low is not None and found.high is not None:
        limits = xmr.Limits(
            centre=found.centre or 0.0,
            low=found.low,
            high=found.high,
            mean_moving_range=found.mean_moving_range or 0.0,
            range_limit=found.range_high or 0.0,
        )
    reasons = dict.fromkeys(found.runs, RUN) | dict.fromkeys(found.outside, OUTSIDE)
    return xmr.Xmr(
        title=f"{page.called}   Quality over time",
        verdict=of_stratum(page.stratum, *control_words(found)),
        footer=footer(
            page.stratum,
            QUALITY_SCALE,
            "What counts as a signal:",
            OUTSIDE_RULE,
            RUN_RULE,
            RUN_IGNORES_PATIENTS,
        ),
        points=points,
        limits=limits,
        signals=tuple(xmr.Signal(place, reasons[place]) for place in sorted(reasons)),
        provenance=of_therapist(page, software),
    )


def _domains_chart(page: TherapistPage, software: str) -> Domains:
    profile = page.figures.profile
    own = {each.domain: each for each in page.own_domains}
    basis = f"The therapist's own ratings: {page.own.own_basis_words}."
    return Domains(
        title=f"{page.called}   Quality by domain",
        verdict=of_stratum(page.stratum),
        footer=footer(page.stratum, *_set_words(profile)),
        domains=tuple(
            _domain(each, own.get(each.domain)) for each in (profile.domains if profile else ())
        ),
        line=page.lines.quality,
        notes=(basis,) if any(each.n for each in page.own_domains) else (),
        provenance=of_therapist(page, software),
    )


def _set_words(profile: Profile | None) -> tuple[str, ...]:
    return (f"{profile.item_set.name}. {profile.item_set.notice}",) if profile else ()


def _domain(each: DomainProfile, own: DomainProfile | None) -> Domain:
    """Give one domain; a mean of fewer than 3 ratings is not drawn."""
    shown = each.quality.clusters >= MEAN_FROM
    own_n = own.quality.clusters if own else 0
    low, high = shown_bounds(each.quality, DOMAIN_FORM) or (None, None)
    return Domain(
        name=domain_label(each.domain),
        n=each.quality.clusters,
        mean=each.quality.mean if shown else None,
        low=low,
        high=high,
        delivered=each.delivered_pct if each.n >= MEAN_FROM else None,
        own=own.quality.mean if own and own_n >= MEAN_FROM else None,
        own_n=own_n,
    )


def _self_chart(page: TherapistPage, software: str) -> bland_altman.BlandAltman:
    return _pairs_chart(page.called, page.own, page.stratum, software)


def _pairs_chart(
    name: str, own: SelfAgreement, stratum: Stratum | None, software: str
) -> bland_altman.BlandAltman:
    enough = len(own.pairs) >= AGREEMENT_FROM
    basis = f"Basis of the self-ratings: {own.own_basis_words}."
    written = day_name([each.session.held_on for each in own.pairs])
    return bland_altman.BlandAltman(
        title=f"{name}   Self beside supervisor".strip(),
        verdict=of_stratum(stratum, bias_words(own.bland_altman) if enough else TOO_FEW),
        footer=footer(stratum, basis, FIRST_SUBMITTED),
        pairs=tuple(
            bland_altman.Pair(_dated(each.session, written), each.own, each.supervisor)
            for each in own.pairs
        ),
        limits=_limits(own.bland_altman),
        provenance=of_pairs(name, own, stratum, software),
    )


def _dated(session: RatedSession, written: Callable[[date], str]) -> str:
    return f"{written(session.held_on)}, {session_title(session)}"


def of_stratum(stratum: Stratum | None, *words: str) -> str:
    """Say above a picture of which ratings it is, then what it shows."""
    said = (f"{stratum.words}." if stratum else "", *words)
    return "\n".join(filter(None, said))


def _limits(found: BlandAltman) -> bland_altman.Limits | None:
    lines = [at for at in (found.bias, found.low, found.high) if at is not None]
    bounds = [ci for ci in (found.bias_ci, found.low_ci, found.high_ci) if ci is not None]
    if len(lines) < len(ENDS) or len(bounds) < len(ENDS):
        return None
    return bland_altman.Limits(lines[0], lines[1], lines[2], bounds[0], bounds[1], bounds[2])

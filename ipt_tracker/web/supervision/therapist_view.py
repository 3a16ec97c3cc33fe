"""The page of one therapist's figures: what stands on it, in words, with every n."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from ipt_tracker.charts import export
from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.fidelity.coverage import Cover
from ipt_tracker.clinical.fidelity.item_set import domain_label
from ipt_tracker.clinical.fidelity.lines import Lines
from ipt_tracker.clinical.fidelity.words import (
    AS_THEY_STAND,
    CLUSTERED,
    INDEPENDENT,
    INTERVAL_RULE,
    NOT_OUTCOME,
    ONE_RATER,
    OUTSIDE_RULE,
    RUN_IGNORES_PATIENTS,
    RUN_RULE,
    TOO_FEW_PATIENTS,
    TWO_NUMBERS,
    UNVALIDATED,
    adherence_line_words,
    control_words,
    pass_line_words,
    sessions,
)
from ipt_tracker.governance.access import OF_FIDELITY, Permission, Role
from ipt_tracker.services.fidelity.coverage_chart import covered
from ipt_tracker.services.fidelity.figure_charts import TherapistChart, therapist_chart
from ipt_tracker.services.fidelity.figure_pages import TherapistPage
from ipt_tracker.services.fidelity.figures import FEWEST_PATIENTS, TherapistFigures
from ipt_tracker.services.fidelity.profiles import Profile
from ipt_tracker.web.page import Place
from ipt_tracker.web.supervision.agreement_view import SelfView, self_view
from ipt_tracker.web.supervision.figure_rows import (
    CaseRow,
    FigureRow,
    SessionRow,
    case_rows,
    figure_rows,
    session_rows,
    signal_words,
)
from ipt_tracker.web.supervision.figure_words import (
    StratumLink,
    number,
    period_words,
    sealed_words,
    stratum_links,
    stratum_query,
    stratum_remark,
)
from ipt_tracker.web.supervision.profile_rows import (
    DomainRow,
    ItemRow,
    domain_rows,
    item_rows,
)

OWN_SET_KEY = "ipt-tracker-14"


@dataclass(frozen=True, slots=True)
class ProfileView:
    """Domains and items of one item set, and what is to be known of them."""

    name: str
    ratings: int
    domains: tuple[DomainRow, ...]
    items: tuple[ItemRow, ...]
    weakest: str
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeenRow:
    """One phase: sessions that took place, and those that somebody else rated, by how picked."""

    phase: str
    cover: Cover


@dataclass(frozen=True, slots=True)
class TherapistView:
    """The page of one therapist. `alts` says each picture in words, by name."""

    links: tuple[StratumLink, ...]
    query: dict[str, str]
    summary: str
    sealed: str
    remark: str
    figures: tuple[FigureRow, FigureRow]
    figure_remarks: tuple[str, ...]
    lines: tuple[str, str]
    seen: tuple[SeenRow, ...]
    cases: tuple[CaseRow, ...]
    sessions: tuple[SessionRow, ...]
    drift: tuple[str, ...]
    signals: tuple[str, ...]
    rules: tuple[str, ...]
    profile: ProfileView | None
    own: SelfView
    caveats: tuple[str, ...]
    alts: Mapping[str, str]
    others: tuple[Place, ...]
    period: str
    """Which days the figures are of; it stands on every table."""
    takeover: str | None
    """Where earlier ratings are opened at once, for those who may."""


OF_SUPERVISORS = (("Sampling plan", "sampling.plan"), ("Draw a sample", "sampling.draw"))
OF_BOTH = (("Portfolio", "portfolio.show"),)


def therapist_view(found: TherapistPage, software: str, role: Role) -> TherapistView:
    """Put the page into words, with the links that somebody in this role can follow."""
    figures = found.figures
    where = {"therapist_id": found.therapist_id}
    drawn = {each: therapist_chart(found, each, software) for each in TherapistChart}
    alts = {key.value: export.alt(each) for key, each in drawn.items()}
    return TherapistView(
        links=stratum_links(found.counts, found.stratum, "fidelity_figures.therapist", **where),
        query=stratum_query(found.stratum),
        summary=_summary(figures),
        sealed=sealed_words(figures.sealed),
        remark=stratum_remark(found.stratum),
        figures=figure_rows(figures),
        figure_remarks=_figure_remarks(figures),
        lines=_line_words(found.lines),
        seen=tuple(SeenRow(label_of(Phase, p), each) for p, each in covered(found).items()),
        cases=case_rows(found),
        sessions=session_rows(figures),
        drift=control_words(figures.control),
        signals=signal_words(figures),
        rules=(OUTSIDE_RULE, RUN_RULE, RUN_IGNORES_PATIENTS),
        profile=_profile(found, figures.profile) if figures.profile else None,
        own=self_view(found.own, alts.get(TherapistChart.SELF, "")),
        caveats=(TWO_NUMBERS, ONE_RATER, NOT_OUTCOME),
        alts=alts,
        others=_others(found, role),
        period=period_words([each.session.held_on for each in figures.sessions]),
        takeover=_takeover(found, role),
    )


def _others(found: TherapistPage, role: Role) -> tuple[Place, ...]:
    """Give the other pages about this therapist."""
    supervises = Permission.SUPERVISE in OF_FIDELITY[role]
    links = [*(OF_SUPERVISORS if supervises else ()), *OF_BOTH]
    return tuple(
        Place(label, url_for(endpoint, therapist_id=found.therapist_id), current=False)
        for label, endpoint in links
    )


def _takeover(found: TherapistPage, role: Role) -> str | None:
    """Let a new supervisor, and nobody else, open at once what was rated before their time."""
    if Permission.SUPERVISE not in OF_FIDELITY[role] or not found.figures.sealed:
        return None
    return url_for("takeover.waive", therapist_id=found.therapist_id)


def _summary(figures: TherapistFigures) -> str:
    gave = f"All time: {sessions(figures.delivered)}"
    if figures.stratum is None:
        return f"{gave} took place; the supervisor has rated none."
    return (
        f"{gave} took place; {figures.rated} rated by the supervisor and open to you "
        f"in this view: {figures.stratum.words[:1].lower()}{figures.stratum.words[1:]}."
    )


def _figure_remarks(figures: TherapistFigures) -> tuple[str, ...]:
    """Say what each interval allows for."""
    if figures.patients < FEWEST_PATIENTS:
        return INDEPENDENT, TOO_FEW_PATIENTS, INTERVAL_RULE, AS_THEY_STAND
    by_patient = f"By patient: {CLUSTERED[:1].lower()}{CLUSTERED[1:]}"
    return INDEPENDENT, by_patient, INTERVAL_RULE, AS_THEY_STAND


def _line_words(lines: Lines) -> tuple[str, str]:
    return adherence_line_words(lines.adherence), pass_line_words(lines.quality)


def _profile(page: TherapistPage, profile: Profile) -> ProfileView:
    rows = domain_rows(page, profile)
    own = profile.item_set.key == OWN_SET_KEY
    remarks = [UNVALIDATED] if own else [profile.item_set.notice]
    if profile.left_out:
        remarks.append(f"Ratings made with another item set are left out: {profile.left_out}.")
    return ProfileView(
        name=profile.item_set.name,
        ratings=profile.ratings,
        domains=rows,
        items=item_rows(profile),
        weakest=_weakest(profile),
        remarks=tuple(remarks),
    )


def _weakest(profile: Profile) -> str:
    """Name the weakest domain, where there are ratings enough and it is clear."""
    if not profile.ranked:
        return "No domain has 5 ratings yet, so none is named the weakest."
    if len(profile.ranked) == 1:
        return "One domain alone has 5 ratings, so none is named the weakest."
    found = profile.weakest
    if found is None:
        return "Weakest domain: no clear one. The intervals of the lowest two overlap."
    said = f"{domain_label(found.domain).lower()}, {number(found.quality.mean)}"
    return f"Weakest domain: {said} ({found.quality.clusters} ratings)."

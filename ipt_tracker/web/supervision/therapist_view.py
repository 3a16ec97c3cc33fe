"""The page of one therapist's figures: what stands on it, in words, with every n."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from ipt_tracker.charts import export
from ipt_tracker.clinical.fidelity.lines import Lines
from ipt_tracker.clinical.fidelity.words import (
    CLUSTERED,
    INDEPENDENT,
    NOT_OUTCOME,
    ONE_RATER,
    OUTSIDE_RULE,
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
    CUT,
    StratumLink,
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


OF_SUPERVISORS = (("Sampling plan", "sampling.plan"), ("Draw a sample", "sampling.draw"))
OF_BOTH = (("Portfolio", "portfolio.show"),)
WAIVE = (("Open earlier ratings", "takeover.waive"),)
"""A new supervisor may open at once what was rated before their time."""


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
        cases=case_rows(found),
        sessions=session_rows(figures),
        drift=control_words(figures.control),
        signals=signal_words(figures),
        rules=(OUTSIDE_RULE, RUN_RULE),
        profile=_profile(found, figures.profile) if figures.profile else None,
        own=self_view(found.own, alts.get(TherapistChart.SELF, "")),
        caveats=(TWO_NUMBERS, ONE_RATER, NOT_OUTCOME),
        alts=alts,
        others=_others(found, role),
    )


def _others(found: TherapistPage, role: Role) -> tuple[Place, ...]:
    """Give the other pages about this therapist."""
    supervises = Permission.SUPERVISE in OF_FIDELITY[role]
    links = [*(OF_SUPERVISORS if supervises else ()), *OF_BOTH]
    if supervises and found.figures.sealed:
        links += WAIVE
    return tuple(
        Place(label, url_for(endpoint, therapist_id=found.therapist_id), current=False)
        for label, endpoint in links
    )


def _summary(figures: TherapistFigures) -> str:
    gave = sessions(figures.delivered)
    if figures.stratum is None:
        return f"{gave.capitalize()} took place; the supervisor has rated none."
    return (
        f"{gave.capitalize()} took place; {figures.rated} rated by the supervisor and open to you "
        f"in this view: {figures.stratum.words[:1].lower()}{figures.stratum.words[1:]}."
    )


def _figure_remarks(figures: TherapistFigures) -> tuple[str, ...]:
    """Say what each interval allows for."""
    if figures.patients < FEWEST_PATIENTS:
        return INDEPENDENT, TOO_FEW_PATIENTS, CUT
    return INDEPENDENT, f"By patient: {CLUSTERED[:1].lower()}{CLUSTERED[1:]}", CUT


def _line_words(lines: Lines) -> tuple[str, str]:
    return adherence_line_words(lines.adherence), pass_line_words(lines.quality)


def _profile(page: TherapistPage, profile: Profile) -> ProfileView:
    weakest = profile.weakest
    rows = domain_rows(page, profile)
    own = profile.item_set.key == OWN_SET_KEY
    remarks = [UNVALIDATED] if own else [profile.item_set.notice]
    if profile.left_out:
        remarks.append(f"Ratings made with another item set are left out: {profile.left_out}.")
    named = next((row.name for row in rows if row.is_weakest), "")
    said = f"Lowest mean quality: {named.lower()}." if weakest else ""
    return ProfileView(
        name=profile.item_set.name,
        ratings=profile.ratings,
        domains=rows,
        items=item_rows(profile),
        weakest=said or "No domain has 5 ratings yet, so none is named the weakest.",
        remarks=tuple(remarks),
    )

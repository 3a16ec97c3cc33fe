"""Figures as pages write them: the number, its interval and its n, or that there are too few."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import current_app, url_for

from ipt_tracker.clinical.course.kinds import kind_of
from ipt_tracker.clinical.fidelity.summary import Clustered, Summary
from ipt_tracker.clinical.fidelity.words import (
    ADHERENCE_FORM,
    AGREEMENT_FROM,
    CHOSEN_IS_NO_SAMPLE,
    MEAN_FROM,
    QUALITY_FORM,
    Form,
    counted,
    interval_words,
    sessions,
    too_few,
)
from ipt_tracker.services.fidelity.facts import RatedSession
from ipt_tracker.services.fidelity.figures import StratumCount
from ipt_tracker.services.fidelity.strata import Stratum
from ipt_tracker.web.page import Place, day_year


@dataclass(frozen=True, slots=True)
class Said:
    """A mean and its interval as text; under the minimum `value` says so, without an interval."""

    value: str
    interval: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class StratumLink:
    """One stratum as a choice: how many of its sessions are open to the viewer, and sealed."""

    place: Place
    rated: int
    sealed: int


def number(value: float | None, digits: int = 2) -> str:
    """Write a number with a true minus; a dash where there is none."""
    if value is None:
        return "–"
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", "−")


def percent(value: float | None) -> str:
    """Write a percentage in whole numbers."""
    return "–" if value is None else f"{number(value, 0)} %"


def quality(found: Summary | Clustered) -> Said:
    """Write a mean quality, 1 to 5, with its interval."""
    return said(found, QUALITY_FORM)


def adherence(found: Summary | Clustered) -> Said:
    """Write a mean adherence in percent with its interval."""
    return said(found, ADHERENCE_FORM)


def said(found: Summary | Clustered, form: Form) -> Said:
    """Write a mean with its interval, from 3 sessions or ratings on."""
    n = counted(found, form)
    if n < MEAN_FROM or found.mean is None:
        return Said(too_few(n), "", is_shown=False)
    value = number(found.mean, form.digits) + form.unit
    return Said(value, interval_words(found, form), is_shown=True)


def enough_pairs(n: int) -> bool:
    """Say whether a page may show how far two agree."""
    return n >= AGREEMENT_FROM


def stratum_links(
    counts: Sequence[StratumCount], shown: Stratum | None, endpoint: str, **values: object
) -> tuple[StratumLink, ...]:
    """Give the strata as links, the one that is shown marked."""
    return tuple(
        StratumLink(
            Place(
                each.stratum.words,
                url_for(endpoint, **values, **stratum_query(each.stratum)),  # type: ignore[arg-type]  # -- what Flask takes
                each.stratum == shown,
            ),
            each.rated,
            each.sealed,
        )
        for each in counts
    )


def stratum_query(stratum: Stratum | None) -> dict[str, str]:
    """Give a stratum as it stands in an address."""
    return {"basis": stratum.basis, "selection": stratum.selection} if stratum else {}


def stratum_remark(stratum: Stratum | None) -> str:
    """Say what the way of picking means for a figure; nothing where it was random."""
    if stratum is None or stratum.selection == "random":
        return ""
    if stratum.selection == "chosen":
        return CHOSEN_IS_NO_SAMPLE
    return "How these sessions were picked is not stated. They may not be a sample of the work."


def sealed_words(sealed: int, rated: str = "rated by the supervisor") -> str:
    """Say how many sessions are left out because the viewer has still to rate them."""
    if not sealed:
        return ""
    stay = "stays" if sealed == 1 else "stay"
    return (
        f"{sessions(sealed).capitalize()} {rated} {stay} sealed, and out of these "
        "figures, until you rate or waive."
    )


def session_words(session: RatedSession) -> str:
    """Name a session within its course, such as "6" or "M2"; one without a number by its slot."""
    if session.number is None:
        return f"slot {session.slot}"
    kind = kind_of(session.session_kind)
    return kind.short(session.number) if kind else str(session.number)


def period_words(days: Sequence[date]) -> str:
    """Say that a figure is of all time, and between which days its sessions lie."""
    if not days:
        return "all time"
    first, last = day_year(min(days)), day_year(max(days))
    return f"all time, {first} to {last}" if first != last else f"all time, {first}"


def url_if(endpoint: str, **values: object) -> str | None:
    """Give the address of a page of another area, where this build has it."""
    if endpoint not in current_app.view_functions:
        return None
    return url_for(endpoint, **values)  # type: ignore[arg-type]  # -- what Flask takes

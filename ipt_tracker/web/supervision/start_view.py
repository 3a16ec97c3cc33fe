"""The supervisor's start page in words: the headline, and how the therapy is done."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from ipt_tracker.clinical.fidelity.control_chart import Control, LimitStatus
from ipt_tracker.clinical.fidelity.item_set import domain_label
from ipt_tracker.clinical.fidelity.summary import Clustered, Summary
from ipt_tracker.clinical.fidelity.words import QUALITY_FORM, shown_bounds, too_few
from ipt_tracker.services.fidelity.figures import FEWEST_PATIENTS, TherapistFigures
from ipt_tracker.services.supervision.page import StartPage, TherapistRow
from ipt_tracker.web.caseload.lists import number_words
from ipt_tracker.web.supervision.figure_words import Said, adherence, number, quality
from ipt_tracker.web.supervision.words import State

BAR = 150
TWO = 2


@dataclass(frozen=True, slots=True)
class Bar:
    """Coverage as a bar: its length and the place of the plan, in pixels of BAR."""

    length: float
    plan: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """One supervisee of the table. `picture` is as components/interval.html wants it."""

    name: str
    url: str
    sub: str
    cover: str
    plan: str
    plan_url: str
    bar: Bar
    adherence: Said
    quality: Said
    sure: str
    """What the interval of quality allows for."""
    n: int
    picture: dict[str, Any] | None
    drift: State | None
    drift_words: str
    weakest: str


def headline(found: StartPage) -> str:
    """Say what waits: "Seven things wait for you. One rating is over its date."."""
    count, over = found.queue.count, found.queue.ratings_over(found.last)
    waits = "thing waits" if count == 1 else "things wait"
    words = [f"{number_words(count).capitalize()} {waits} for you."]
    if not count:
        words = ["Nothing waits for you."]
    if over:
        is_over = "rating is over its date" if over == 1 else "ratings are over their date"
        words.append(f"{number_words(over).capitalize()} {is_over}.")
    if tasks := len(found.risk):
        is_open = "risk task is open" if tasks == 1 else "risk tasks are open"
        words.append(f"{number_words(tasks).capitalize()} {is_open}.")
    return " ".join(words)


def rows(found: StartPage) -> tuple[Row, ...]:
    """Put each supervisee into one row, in order of name."""
    return tuple(_row(each) for each in found.rows)


def _row(each: TherapistRow) -> Row:
    figures, share = each.figures, each.share
    shown = by_patient_if(figures)
    mean = quality(shown)
    drift = drift_state(figures.control)
    return Row(
        name=each.person.name,
        url=url_for("fidelity_figures.therapist", therapist_id=each.person.id),
        sub="trainee" if each.person.is_trainee else "",
        cover=_cover(each),
        plan=_plan(each),
        plan_url=url_for("sampling.plan", therapist_id=each.person.id),
        bar=Bar(
            round(BAR * each.cover.random / each.cover.delivered, 1) if each.cover.delivered else 0,
            None if share is None else round(BAR * share / 100, 1),
        ),
        adherence=adherence(figures.adherence),
        quality=mean,
        sure="by patient"
        if isinstance(shown, Clustered) and shown_bounds(shown, QUALITY_FORM)
        else "",
        n=figures.rated,
        picture=_picture(shown) if mean.is_shown else None,
        drift=drift,
        drift_words="" if drift else quiet_words(figures.control),
        weakest=weakest_words(figures),
    )


def _cover(each: TherapistRow) -> str:
    if not each.cover.delivered:
        return "no session in this time"
    seen = each.cover
    apart = [f"{seen.random} drawn at random"]
    apart += [f"{seen.chosen} chosen"] if seen.chosen else []
    apart += [f"{seen.not_stated} not stated how"] if seen.not_stated else []
    return f"{', '.join(apart)}, of {seen.delivered}"


def _plan(each: TherapistRow) -> str:
    if each.share is None:
        return "no plan"
    return f"plan {each.share:.0f} %" + ("" if each.is_even else " and more by its rules")


def by_patient_if(figures: TherapistFigures) -> Summary | Clustered:
    """Give the mean quality, with the interval that allows for patients where there are enough."""
    enough = figures.quality_clustered.clusters >= FEWEST_PATIENTS
    return figures.quality_clustered if enough else figures.quality


def _picture(found: Summary | Clustered) -> dict[str, Any]:
    low, high = shown_bounds(found, QUALITY_FORM) or (None, None)
    return {
        "kind": "group",
        "estimate": found.mean,
        "low": low,
        "high": high,
        "spread": None,
    }


def drift_state(control: Control) -> State | None:
    """Say the signal of a series in a few words; None where there is none, or no limits yet."""
    if control.runs:
        side = "on one side of the centre"
        return State("flag", f"{len(control.runs)} points {side}")
    if control.outside:
        points = "1 point" if len(control.outside) == 1 else f"{len(control.outside)} points"
        return State("flag", f"{points} outside the limits")
    return None


def quiet_words(control: Control) -> str:
    """Say how far a series without a signal carries."""
    points = "1 point" if control.points == 1 else f"{control.points} points"
    if control.status is LimitStatus.TOO_FEW:
        return f"{points}, no limits yet" if control.points else "no points yet"
    rough = ", rough limits" if control.status is LimitStatus.WEAK else ""
    return f"no signal in {points}{rough}"


def weakest_words(figures: TherapistFigures) -> str:
    """Name the weakest domain, unless there are too few ratings or no clear one."""
    profile = figures.profile
    ranked = profile.ranked if profile else ()
    if profile is None or len(ranked) < TWO:
        return too_few(profile.ratings if profile else 0)
    lowest = ranked[0]
    if profile.weakest is None:
        return f"no clear one (n = {lowest.quality.clusters})"
    said = f"{domain_label(lowest.domain)} {number(lowest.quality.mean)}"
    return f"{said}, n = {lowest.quality.clusters}"

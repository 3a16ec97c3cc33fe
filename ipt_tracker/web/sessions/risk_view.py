"""What is kept about risk at one slot, in the words of its page."""

from typing import Any

from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.records import RiskBand
from ipt_tracker.clinical.suicide_screen import URGENT, Question, band_words, is_urgent
from ipt_tracker.web.page import day
from ipt_tracker.web.sessions.facts import Fact, extra_facts, facts
from ipt_tracker.web.sessions.rows import risk_words

Row = Any
"""A row of a table: this room works with rows and does not know the tables."""


def risk_facts(check: Row) -> tuple[Fact, ...]:
    """Give what was written down; the band that follows stands beside one's own."""
    told_on = f", {day(check.told_on)}" if check.told_on else ""
    return facts(
        ("Risk", risk_words(check)),
        ("Detail", check.detail),
        ("What led to it", check.trigger),
        ("Asked with", check.instrument),
        ("Band", _band(check)),
        ("Own band", label_of(RiskBand, check.override_band) if check.override_band else None),
        ("Why another band", check.override_reason),
        ("Done", check.action),
        ("Told", f"{check.told_who}{told_on}" if check.told_who else None),
        ("Supervisor told", check.supervisor_told_on),
        *extra_facts(check.extra),
    )


def screen_answers(check: Row) -> tuple[Fact, ...]:
    """Give the answers to the screener under our short labels."""
    answers = check.answers or {}
    return facts(*((label_of(Question, key), _yes(answer)) for key, answer in answers.items()))


def screen_tag(check: Row | None) -> str:
    """Name a moderate or severe screen, so that it stands out; nobody's own band hides it.

    One that cannot tell and has such an answer already stands out too.
    """
    if check is None:
        return ""
    for band in (check.band, check.override_band):
        if band in URGENT:
            return f"Suicide screen: {label_of(RiskBand, band).lower()}"
    answers = check.answers or {}
    urgent = check.band == RiskBand.CANNOT_TELL and is_urgent(answers)
    return f"Suicide screen: {band_words(answers).lower()}" if urgent else ""


def _band(check: Row) -> str | None:
    """Give the band that follows; where it cannot be told, also why."""
    if check.band == RiskBand.CANNOT_TELL:
        return band_words(check.answers or {})
    return label_of(RiskBand, check.band) if check.band else None


def _yes(answer: object) -> str:
    if answer is None:
        return "not answered"
    return ("yes" if answer else "no") if isinstance(answer, bool) else str(answer)

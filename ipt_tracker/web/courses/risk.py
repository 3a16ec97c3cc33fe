"""The line on risk: when somebody asked last, what was said, and what a form says beside it."""

from collections.abc import Iterable

from ipt_tracker.services.overview import Overview
from ipt_tracker.services.suicide_items import ItemAnswer
from ipt_tracker.web.courses.line import risk_words
from ipt_tracker.web.page import day
from ipt_tracker.web.work import given


def risk_line(found: Overview) -> str:
    """Say it in one line; empty where nobody asked and no form calls for it. Never a level."""
    items = [*_items(found)]
    asked = _asked(found)
    if items and not asked:
        asked = ("Not asked in this course yet.",)
    return " ".join((*asked, *items))


def _asked(found: Overview) -> tuple[str, ...]:
    """Name the newest of both ways to ask: in a session, or about the answer of a form."""
    session, to_day = found.last_risk, given().day_of
    moments = [fact.asked_at for fact in found.prompts if fact.asked_at is not None]
    of_form = max((to_day(moment) for moment in moments), default=None)
    if session is None:
        return () if of_form is None else (f"Last asked {day(of_form)}, about a form.",)
    said, in_session = risk_words(session), session.slot.held_on
    if of_form is None or of_form <= in_session:
        return (f"Last asked {day(in_session)}: {said}.",)
    return (
        f"Last asked {day(of_form)}, about a form.",
        f"In a session last {day(in_session)}: {said}.",
    )


def _items(found: Overview) -> Iterable[str]:
    """Name answers of 1 or more that are as new as the last answer in a session."""
    session = found.last_risk
    for item in found.items:
        if session is None or item.taken_on >= session.slot.held_on:
            yield _item_words(item)


def _item_words(item: ItemAnswer) -> str:
    asked = f", asked about {day(given().day_of(item.asked_at))}" if item.asked_at else ""
    form = f"{item.instrument.name} of {day(item.taken_on)}"
    return f"Item {item.number} of the {form} stands at {item.answer}{asked}."

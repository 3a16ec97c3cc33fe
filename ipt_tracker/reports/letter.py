"""The page for the patient: what the scores say and what was worked on, in plain words.

Short sentences, no technical terms, no comparison with anybody else, and nothing that frightens.
"""

from dataclasses import dataclass
from datetime import date, datetime

from ipt_tracker.clinical.course.focal_areas import DISPUTE, ROLE_TRANSITION
from ipt_tracker.clinical.outcome.change import Change, ChangeClass
from ipt_tracker.reports.document import (
    Block,
    Document,
    Heading,
    Signatures,
    Words,
    name_not_printed,
    name_or_code,
)

FAMILY = "A summary of your treatment"
HEADING = "How you are doing"
INTRO = (
    "This page sums up your treatment in plain words. You can keep it and show it to people you "
    "trust."
)
WORKED_ON = {
    "grief": "Grief: living with the loss of somebody who died.",
    DISPUTE: "A dispute: finding a way forward with somebody who matters to you.",
    ROLE_TRANSITION: "A big change: letting go of the old and getting to know the new.",
    "sensitivity": "Being with other people: feeling closer to them and less alone.",
}
ANOTHER = "Another part of your life that you chose together with your therapist."
NOTHING_CHOSEN = "You and your therapist are still choosing what to work on."
ABOUT = {
    "PCL-5": "how much you were troubled by memories and feelings after a hard event",
    "PCL-IV": "how much you were troubled by memories and feelings after a hard event",
    "CAPS-5": "how much you were troubled by memories and feelings after a hard event",
    "CAPS-IV": "how much you were troubled by memories and feelings after a hard event",
    "PHQ-9": "low mood, sleep and energy",
    "HAM-D17": "low mood, sleep and energy",
}
LOWER = "A lower number means that you had fewer problems."
ONE_NUMBER = (
    "A number cannot say everything about you. What you notice in your own life counts as much."
)
ONE_SCORE = "There is one score so far, so there is nothing to compare it with yet."
NO_SCORE = "There is no complete form yet, so there is no number to show you."
UP = (
    "It is common that scores go up and down. Please talk about it with your therapist, so that "
    "you can plan the next steps together."
)
CONTACT = (
    "Do you have a question about this page? Ask {who} at your next visit, or call the clinic.",
    "Do you need help sooner? Do not wait for your next visit. Call the clinic.",
    "If you do not feel safe, call the emergency number where you live.",
)
PHONE = "Telephone of the clinic"
LEFT = "You ended the treatment before the last visit. You are welcome to come back and talk to us."


@dataclass(frozen=True, slots=True)
class Scores:
    """The first and the newest score of the form that the treatment was followed with."""

    name: str
    family: str
    is_form: bool
    lowest: int
    highest: int
    first: tuple[date, int] | None = None
    newest: tuple[date, int] | None = None
    points: int | None = None
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What the page for a patient is made from. `areas` are codes of focal areas, in order."""

    code: str
    name: str
    therapist: str
    held: int
    started_on: date
    ended_on: date | None
    has_left: bool
    areas: tuple[str, ...]
    scores: Scores | None
    newest: datetime | None
    software: str


def document_of(facts: LetterFacts) -> Document:
    """Lay the page out; it fits on one sheet of A4 or Letter."""
    name = name_or_code(facts.name, facts.code) if facts.name else facts.code
    return Document(
        family=f"{FAMILY}, {facts.code}",
        heading=HEADING,
        lead=tuple(filter(None, (f"For {name}.", name_not_printed(facts.name), INTRO))),
        blocks=(
            Heading("Your visits"),
            Words((visits_words(facts),)),
            Heading("Your scores"),
            Words(score_words(facts.scores)),
            Heading("What you worked on"),
            Words(area_words(facts.areas)),
            Heading("Whom to ask"),
            Words(contact_words(facts)),
            *_lines(facts),
        ),
        running=f"{FAMILY}: {facts.code}",
        provenance=f"{facts.code}. {_recorded(facts.newest)}{facts.software}.",
        newest=facts.newest,
        large=True,
    )


def visits_words(facts: LetterFacts) -> str:
    """Say how many visits there were, and whether the treatment goes on."""
    visits = {0: "You have had no visit", 1: "You have had 1 visit"}
    since = visits.get(facts.held, f"You have had {facts.held} visits")
    said = f"{since} since {plain_day(facts.started_on)}."
    if facts.has_left:
        return f"{said} {LEFT}"
    if facts.ended_on:
        return f"{said} Your treatment ended on {plain_day(facts.ended_on)}."
    return f"{said} Your treatment goes on."


def score_words(scores: Scores | None) -> tuple[str, ...]:
    """Explain the first and the newest score, and what changed between them."""
    if scores is None or scores.first is None:
        return (NO_SCORE,)
    told = "You filled in a form" if scores.is_form else "Somebody asked you questions"
    about = ABOUT.get(scores.family, "how you were doing")
    what = (
        f"{told} about {about}. It is called {scores.name}. The score can be from "
        f"{scores.lowest} to {scores.highest}. {LOWER}"
    )
    first = f"Your first score was {scores.first[1]}, on {plain_day(scores.first[0])}."
    if scores.newest is None or scores.points is None:
        return what, first, ONE_SCORE
    newest = f"Your newest score is {scores.newest[1]}, on {plain_day(scores.newest[0])}."
    return what, f"{first} {newest}", change_words(scores), ONE_NUMBER


def change_words(scores: Scores) -> str:
    """Say what changed; whatever it is, in the same calm voice."""
    points = scores.points or 0
    if points == 0:
        return "The two scores are the same."
    moved = f"The score went {'down' if points < 0 else 'up'} by {_points(abs(points))}."
    if scores.change is None:
        return f"{moved} {UP}" if points > 0 else moved
    if scores.change.klass is ChangeClass.UNCHANGED:
        return (
            f"{moved} That is a small change. A score can move this much from one week to the next."
        )
    if points < 0:
        return f"{moved} That is a clear change: fewer problems than at the start."
    return f"{moved} {UP}"


def area_words(areas: tuple[str, ...]) -> tuple[str, ...]:
    """Say what was worked on, in the order in which it was taken up."""
    said = tuple(dict.fromkeys(WORKED_ON.get(area, ANOTHER) for area in areas))
    return said or (NOTHING_CHOSEN,)


def contact_words(facts: LetterFacts) -> tuple[str, ...]:
    """Say whom to ask; a name that cannot be printed is left out."""
    who = name_or_code(facts.therapist, "") if facts.therapist else ""
    return tuple(each.format(who=who or "your therapist") for each in CONTACT)


def plain_day(day: date) -> str:
    """Write "7 April 2025"."""
    return f"{day.day} {day:%B} {day.year}".replace(" ", "\N{NO-BREAK SPACE}")


def _points(count: int) -> str:
    return "1 point" if count == 1 else f"{count} points"


def _recorded(moment: datetime | None) -> str:
    return f"Newest score recorded {plain_day(moment.astimezone().date())}. " if moment else ""


def _lines(facts: LetterFacts) -> tuple[Block, ...]:
    who = name_or_code(facts.therapist, "") if facts.therapist else ""
    return (Signatures((PHONE, f"{who or 'Your therapist'}, date")),)

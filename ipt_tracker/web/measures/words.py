"""The outcome of one administration in words: a total, or why there is none."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.instruments.items import Item
from ipt_tracker.services.measures import INCOMPLETE, NOT_DONE, PLANNED
from ipt_tracker.services.safety import DONE, HANDED_ON
from ipt_tracker.web.measures.points import POINTS
from ipt_tracker.web.page import day, day_year

Row = Any
"""A row of a table: this room works with rows and does not know the tables."""
OTHERWISE = {
    PLANNED: "Planned",
    "missing": "Missing, reason not recorded",
    "unreadable": "Not readable in the imported file",
}


def version_of(key: str) -> str:
    """Name an instrument with its lookback; one that is not ours in the words of its file."""
    return INSTRUMENTS[key].version if key in INSTRUMENTS else key


def result_words(row: Row) -> str:
    """Say the total, or how many items were answered and what the total could be, or why not."""
    if row.total is not None:
        return str(row.total)
    if row.status == INCOMPLETE:
        return f"no total: {_answered(row)}{_possible(row)}"
    return status_words(row.status)


def status_words(status: str) -> str:
    """Say why there is no score; a status of another clinic in its own words."""
    return NOT_DONE.get(status) or OTHERWISE.get(status) or plain(status)


def short_words(row: Row) -> str:
    """Say the same in a narrow place: "41", "no total, 17 answered", "not returned"."""
    if row.status == INCOMPLETE:
        return "no total" if row.answered is None else f"no total, {row.answered} answered"
    said = result_words(row)
    return said[:1].lower() + said[1:]


def _answered(row: Row) -> str:
    if row.answered is None:
        return "some items blank"
    asked = len(INSTRUMENTS[row.instrument].items) if row.instrument in INSTRUMENTS else None
    return f"{row.answered} of {asked} answered" if asked else f"{row.answered} answered"


def _possible(row: Row) -> str:
    return "" if row.lowest is None else f", {row.lowest} to {row.highest} possible"


def _blank_words(row: Row) -> str:
    if row.status != INCOMPLETE or row.answered is None or row.instrument not in INSTRUMENTS:
        return ""
    blank = len(INSTRUMENTS[row.instrument].items) - row.answered
    return "1 item blank" if blank == 1 else f"{blank} items blank"


def point_words(point: str | None) -> str:
    """Name the point in the course at which an assessment was made."""
    if not point:
        return ""
    months = re.fullmatch(r"follow_up_(\d+)m", point)
    if months:
        return f"Follow-up at {months[1]} months"
    return POINTS.get(point) or plain(point)


def blind_words(blind: bool | None) -> str:  # noqa: FBT001 -- the fact itself, not a switch
    """Say whether the assessor knew the treatment; nothing where it was not stated."""
    return {True: "assessor blind", False: "assessor not blind", None: ""}[blind]


def remarks_of(row: Row) -> tuple[str, ...]:
    """Say what must be known beside the result."""
    said = (
        _blank_words(row),
        point_words(row.point),
        f"due {day(row.due_on)}" if row.due_on else "",
        blind_words(row.blind),
        row.unblinding,
        row.reason,
    )
    return tuple(each for each in said if each)


def answer_words(answer: int | None, item: Item, form: Instrument) -> str:
    """Say what an answer means in a word or two: "moderately", "left blank", "not assessed"."""
    if answer is None:
        return "left blank" if form.self_report else "not rated"
    if answer == item.not_assessed:
        return "not assessed, adds nothing"
    part = next((p for p in form.parts if item.key.endswith(f".{p.key}")), None)
    anchors = part.anchors if part else form.anchors
    place = answer - item.low
    return anchors[place].replace("\u00ad", "") if place < len(anchors) else ""


def rating_words(rating: object) -> str:
    """Write a rating beside the total: yes, no or its number."""
    if rating is None:
        return "not recorded"
    return {True: "yes", False: "no"}[rating] if isinstance(rating, bool) else str(rating)


def keyed_words(differing: int | None) -> str:
    """Say what came of a second keying; empty where there was none."""
    if differing is None:
        return ""
    if differing == 0:
        return "Keyed twice, agree"
    return f"Keyed twice, {differing} {'differs' if differing == 1 else 'differ'}"


def moment(at: datetime) -> str:
    """Write "11 Mar 2026, 10:05" in the clinic's own time."""
    here = at.astimezone()
    return f"{day_year(here.date())}, {here:%H:%M}"


def plain(code: str) -> str:
    """Write a code that is not one of ours in plain words."""
    return code.replace("_", " ").capitalize()


def asked_words(prompts: Iterable[Row], instrument: str) -> tuple[str, ...]:
    """Say of the item on suicide what it said, and when that was asked: "item 9: 2, to ask".

    What was closed because the answer was not the patient's stands with the correction.
    """
    form = INSTRUMENTS.get(instrument)
    if form is None:
        return ()
    numbers = {item.key: number for number, item in enumerate(form.items, start=1)}
    stands = (p for p in prompts if p.done is None or p.done in DONE)
    return tuple(f"item {numbers[p.item]}: {_answer(p)}, {_asked(p)}" for p in stands)


def _answer(prompt: Row) -> str:
    return "no answer" if prompt.answer is None else str(prompt.answer)


def _asked(prompt: Row) -> str:
    if prompt.acknowledged_at is None:
        return "to ask"
    done = "handed on" if prompt.done == HANDED_ON else "asked"
    return f"{done} {day(prompt.acknowledged_at.astimezone().date())}"

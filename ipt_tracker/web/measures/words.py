"""The outcome of one administration in words: a total, or why there is none."""

import re
from typing import Any

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.services.measures import INCOMPLETE, NOT_DONE, PLANNED
from ipt_tracker.web.measures.forms import POINTS
from ipt_tracker.web.page import day

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
    return NOT_DONE.get(row.status) or OTHERWISE.get(row.status) or _plain(row.status)


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
    return POINTS.get(point) or _plain(point)


def remarks_of(row: Row) -> tuple[str, ...]:
    """Say what must be known beside the result."""
    blind = {True: "assessor blind", False: "assessor not blind"}
    said = (
        _blank_words(row),
        point_words(row.point),
        f"due {day(row.due_on)}" if row.due_on else "",
        blind.get(row.blind, ""),
        row.unblinding,
        row.reason,
    )
    return tuple(each for each in said if each)


def _plain(code: str) -> str:
    return code.replace("_", " ").capitalize()

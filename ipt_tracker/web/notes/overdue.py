"""Notes that are not signed, counted for a supervisor in the same words on every page."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.notes import NoteState
from ipt_tracker.persistence.queries.notes import OverduePart
from ipt_tracker.services.caseload import Show
from ipt_tracker.services.note_list import Overdue


@dataclass(frozen=True, slots=True)
class Unsigned:
    """How many are not signed, and the way to those that wait for more than a week."""

    words: str
    old: str
    url: str


@dataclass(frozen=True, slots=True)
class Way:
    """Some notes of one state, and the courses in which they are."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class OverdueLine:
    """The old notes of one supervisee, with a way to the courses for each state."""

    therapist: str
    count: int
    oldest: date
    ways: tuple[Way, ...]


def unsigned_words(count: int, old: int) -> Unsigned | None:
    """Say "56 not signed" and "42 of them for more than a week"; None without any."""
    if not count:
        return None
    said = f"{old} of them for more than a week" if old else ""
    return Unsigned(f"{count} not signed", said, url_for("caseload.show", note=NoteState.UNSIGNED))


def overdue_line(row: Overdue) -> OverdueLine:
    """Put the old notes of one supervisee into words."""
    ways = tuple(_way(row, part) for part in row.parts)
    return OverdueLine(row.therapist, row.count, row.oldest, ways)


def _way(row: Overdue, part: OverduePart) -> Way:
    where = ", closed courses" if part.is_closed else ""
    values: dict[str, Any] = {"note": part.state, "therapist": row.therapist_id}
    if part.is_closed:
        values["show"] = Show.CLOSED
    words = f"{part.count} {label_of(NoteState, part.state or '').lower()}{where}"
    return Way(words, url_for("caseload.show", **values))

"""What became of one administration since it was entered: who changed what, when and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.services.amendments import MOVED_AWAY, MOVED_HERE, WITHDRAWN
from ipt_tracker.services.measure_entries import NOT_DONE
from ipt_tracker.web.measures.words import (
    Row,
    point_words,
    rating_words,
    status_words,
    version_of,
)
from ipt_tracker.web.page import day_year

LABELS = {
    "total": "Total",
    "taken_on": "Date on the form",
    "status": "State",
    "instrument": "Time asked about",
    "point": "Point in the course",
    "assessor": "Assessor",
    "blind": "Assessor blind",
    "unblinding": "How the blind was broken",
    "rule": "Diagnosis rule",
    "reason": "Reason",
}
NO_VALUE = "–"
TAKEN_BACK = "Withdrawn"
ACTS = {
    (WITHDRAWN, True): TAKEN_BACK,
    (WITHDRAWN, False): "Put back",
    (MOVED_AWAY, None): "Moved to another patient",
    (MOVED_HERE, None): "Moved here from another patient",
}
SCORED = {"complete": "with a total", "incomplete": "without a total", **NOT_DONE}


@dataclass(frozen=True, slots=True)
class Change:
    """One field: what stood there and what stands there since."""

    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Act:
    """What one person did at one moment, with one reason."""

    title: str
    who: str
    on: date
    why: str
    changes: tuple[Change, ...]


def acts(amendments: Iterable[Row], instrument: str) -> tuple[Act, ...]:
    """Give everything that was done to one measure, newest first."""
    grouped = groupby(amendments, key=lambda a: (a.recorded_at, a.author, a.reason))
    return tuple(reversed([_act(list(own), instrument) for _, own in grouped]))


def _act(own: list[Row], instrument: str) -> Act:
    first = own[0]
    title = next((words for a in own if (words := _title(a))), "Corrected")
    return Act(
        title,
        first.author or "not stated",
        first.amended_on,
        first.reason or "",
        tuple(_changes(own, instrument)),
    )


def _title(amendment: Row) -> str:
    new = amendment.new if amendment.field == WITHDRAWN else None
    return ACTS.get((amendment.field, new), "")


def _changes(own: Iterable[Row], instrument: str) -> Iterable[Change]:
    return (change_of(each, instrument) for each in own if not _title(each))


def change_of(amendment: Row, instrument: str) -> Change:
    """Say which field of a measure was changed, from what to what."""
    title = _title(amendment)
    if title:
        return Change(title, NO_VALUE, NO_VALUE)
    field = amendment.field
    label = _labels(instrument).get(field) or field.replace("_", " ").capitalize()
    return Change(label, _words(field, amendment.old), _words(field, amendment.new))


def _labels(instrument: str) -> dict[str, str]:
    """Name the fields of a measure, and each answer by its item."""
    form = INSTRUMENTS.get(instrument)
    if form is None:
        return LABELS
    found = dict(LABELS)
    for number, item in enumerate(form.items, start=1):
        for each in [part.of(item) for part in form.parts] or [item]:
            found[f"answers.{each.key}"] = f"Item {number}, {each.label}"
    return found | {f"beside.{each.key}": each.label.capitalize() for each in form.beside}


def _words(field: str, value: object) -> str:
    if value is None or value == "":
        return "left blank" if field.startswith("answers.") else "nothing"
    text = str(value)
    if field == "taken_on":
        return day_year(date.fromisoformat(text))
    named = {"status": _status, "instrument": version_of, "point": point_words}
    return named[field](text) if field in named else rating_words(value)


def _status(code: str) -> str:
    return SCORED.get(code) or status_words(code)

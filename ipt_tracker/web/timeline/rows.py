"""Events of the timeline in words, numbered as in the picture."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.timeline import EventKind, Exactness, Nearness, day_words
from ipt_tracker.services.kept_rows import REMOVED, Change
from ipt_tracker.services.timeline_page import Item, Timeline
from ipt_tracker.web.inventory.rows import EarlierLine
from ipt_tracker.web.page import day_year

LABELS = {
    "kind": "What it is",
    "happened_on": "Began",
    "ended_on": "Ended",
    "exactness": "Exactness",
    "what": "In words",
    "effect": "Effect",
    "person_id": "Person",
}


@dataclass(frozen=True, slots=True)
class EventLine:
    """One row of the table. `id` is None for what the record of the sessions has."""

    number: int
    when: str
    kind: str
    what: str
    effect: str
    person: str
    near: str
    is_sure: bool
    is_onset: bool
    id: UUID | None


@dataclass(frozen=True, slots=True)
class RemovedLine:
    """One event that was taken off."""

    id: UUID
    when: str
    kind: str
    what: str


def event_lines(found: Timeline) -> tuple[EventLine, ...]:
    """Put every entry of the timeline into words, oldest first."""
    return tuple(_line(item) for item in found.items)


def removed_lines(found: Timeline) -> tuple[RemovedLine, ...]:
    """Put what was taken off into words."""
    return tuple(
        RemovedLine(
            row.id,
            day_words(row.happened_on, row.exactness),
            label_of(EventKind, row.kind),
            row.what,
        )
        for row in found.removed
    )


def earlier_lines(
    changes: tuple[Change, ...], people: Mapping[str, str]
) -> tuple[EarlierLine, ...]:
    """Give every earlier value of an event, the newest change first."""
    return tuple(
        EarlierLine(
            LABELS.get(each.field, each.field),
            _words(each.field, each.old, people),
            _words(each.field, each.new, people),
            day_year(each.day),
            each.author or "not stated",
        )
        for each in reversed(changes)
        if each.field != REMOVED
    )


def _line(item: Item) -> EventLine:
    person = item.person
    gone = " (taken off)" if person is not None and person.removed_at else ""
    return EventLine(
        number=item.number,
        when=item.day_words,
        kind=item.kind,
        what=item.what,
        effect=item.effect or "",
        person=f"{person.name}{gone}" if person is not None else "",
        near=str(item.near),
        is_sure=item.near is Nearness.NEAR,
        is_onset=item.is_onset,
        id=item.event.id if item.event else None,
    )


def _words(field: str, value: Any, people: Mapping[str, str]) -> str:  # noqa: ANN401 -- a stored value
    if value in (None, ""):
        return "nothing"
    if field == "kind":
        return label_of(EventKind, value)
    if field == "exactness":
        return label_of(Exactness, value)
    if field == "person_id":
        return people.get(str(value), "somebody else")
    return day_year(date.fromisoformat(value)) if field.endswith("_on") else str(value)

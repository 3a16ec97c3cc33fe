"""People of the inventory in words: circle by circle, with where they moved."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ipt_tracker.clinical.course.inventory import Move, Ring, ring_label
from ipt_tracker.services.inventory import Inventory, Listed
from ipt_tracker.services.kept_rows import Change
from ipt_tracker.web.page import day_year

LABELS = {
    "name": "Name",
    "relation": "Relation",
    "ring": "Closeness",
    "given": "Given",
    "expected": "Expected",
    "missing": "Missing",
    "to_change": "To change",
    "remark": "Remark",
}
DETAILS = ("given", "expected", "missing", "to_change", "remark")


@dataclass(frozen=True, slots=True)
class Target:
    """A circle to which one press moves a person."""

    ring: int
    verb: str
    words: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person as a row of the table."""

    id: UUID
    name: str
    relation: str
    ring: str
    moves: tuple[str, ...]
    details: tuple[tuple[str, str], ...]
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class EarlierLine:
    """One earlier value, and who changed it when."""

    label: str
    old: str
    new: str
    day: str
    who: str


def person_lines(people: tuple[Listed, ...]) -> tuple[PersonLine, ...]:
    """Put people into words, in the order given."""
    return tuple(person_line(each) for each in people)


def person_line(each: Listed) -> PersonLine:
    """Put one person into words."""
    row = each.row
    texts = ((LABELS[name], getattr(row, name)) for name in DETAILS)
    return PersonLine(
        id=row.id,
        name=row.name,
        relation=row.relation or "",
        ring=ring_label(row.ring),
        moves=tuple(_moved(move) for move in reversed(each.moves)),
        details=tuple((label, text) for label, text in texts if text),
        targets=tuple(_targets(row.ring)),
    )


def earlier_lines(each: Listed) -> tuple[EarlierLine, ...]:
    """Give every earlier value of a person, the newest change first."""
    return tuple(_earlier(change) for change in reversed(each.changes))


def listed(inventory: Inventory, person_id: UUID) -> Listed:
    """Give one person with their history; they were found before."""
    everybody = (*inventory.people, *inventory.removed)
    return next(each for each in everybody if each.row.id == person_id)


def _targets(ring: int) -> list[Target]:
    found = []
    if ring > Ring.CLOSEST.number:
        found.append(Target(ring - 1, "Closer", ring_label(ring - 1).lower()))
    if ring < Ring.LOST.number:
        found.append(Target(ring + 1, "Further", ring_label(ring + 1).lower()))
    return found


def _moved(move: Move) -> str:
    return f"{move.words[:1].upper()}{move.words[1:]} on {day_year(move.day)}"


def _earlier(change: Change) -> EarlierLine:
    return EarlierLine(
        LABELS.get(change.field, change.field),
        _words(change.field, change.old),
        _words(change.field, change.new),
        day_year(change.day),
        change.author or "not stated",
    )


def _words(field: str, value: Any) -> str:  # noqa: ANN401 -- a stored value
    if value in (None, ""):
        return "nothing"
    return ring_label(value) if field == "ring" else str(value)

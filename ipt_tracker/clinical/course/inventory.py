"""The interpersonal inventory: how close people are, and how that moved during the course."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ipt_tracker.clinical.course.codes import Code, label_of
from ipt_tracker.clinical.rules import RuleBroken

LONGEST_NAME = 120
MOST_INITIALS = 3


class Ring(Code):
    """A circle of closeness, the closest first."""

    CLOSEST = "1", "Closest"
    CLOSE = "2", "Close"
    FURTHER = "3", "Further away"
    LOST = "4", "Lost or out of touch"

    @property
    def number(self) -> int:
        """The number under which it is stored."""
        return int(self.value)


def ring_label(ring: int) -> str:
    """Name a stored circle."""
    return label_of(Ring, str(ring))


def check_person(name: str | None, ring: int) -> None:
    """Refuse a person without a name, or in a circle that there is none of (RuleBroken)."""
    if not name:
        raise RuleBroken("Enter a first name or initials.", "name")
    if len(name) > LONGEST_NAME:
        raise RuleBroken(f"There is room for {LONGEST_NAME} characters here.", "name")
    if str(ring) not in set(Ring):
        raise RuleBroken("Choose a circle from 1, closest, to 4, lost or out of touch.", "ring")


@dataclass(frozen=True, slots=True)
class RingChange:
    """One stored change of a person's circle."""

    day: date
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Move:
    """Where a person stood before a day, and from that day on."""

    day: date
    old: int
    new: int

    @property
    def is_closer(self) -> bool:
        """Whether the person came closer."""
        return self.new < self.old

    @property
    def words(self) -> str:
        """Write "moved from further away to close"."""
        return f"moved from {ring_label(self.old).lower()} to {ring_label(self.new).lower()}"


def moves_of(written_on: date, changes: Sequence[RingChange]) -> tuple[Move, ...]:
    """Give the moves that the changes of one person make, oldest first.

    Several changes of one day are one move. A change on the day the person was written down is a
    correction, not a move: a rule of our own.
    """
    days: dict[date, Move] = {}
    for each in sorted(changes, key=lambda c: c.day):
        before = days.get(each.day)
        days[each.day] = Move(each.day, before.old if before else each.old, each.new)
    return tuple(m for m in days.values() if m.old != m.new and m.day > written_on)


def initials(name: str) -> str:
    """Write "Maria del Mar" as "M. D. M."; initials such as "MK" stay as they are."""
    if name.isupper() and len(name) <= MOST_INITIALS and name.isalpha():
        return name
    parts = [part for part in name.replace("-", " ").split() if part[:1].isalnum()]
    return " ".join(f"{part[0].upper()}." for part in parts) or "?"

"""The interpersonal focus: one area, two at most, worked on for spells that do not overlap more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from ipt_tracker.clinical.course.codes import Code
from ipt_tracker.clinical.rules import RuleBroken

MOST_OPEN_AT_ONCE = 2
"""One area, two at most: CPA Bulletin 2003 says area(s); "two at most" is common use."""


@dataclass(frozen=True, slots=True)
class FocalArea:
    """One area: its code, the words people read, and the words other schools use for it."""

    code: str
    label: str
    short: str
    chosen_when: str
    synonyms: tuple[str, ...]


class DisputeStage(Code):
    """Where a role dispute stands; never called a phase."""

    RENEGOTIATION = "renegotiation", "Renegotiation"
    IMPASSE = "impasse", "Impasse"
    DISSOLUTION = "dissolution", "Dissolution"


DISPUTE = "dispute"
ROLE_TRANSITION = "role_transition"

_AREAS = (
    FocalArea(
        "grief",
        "Grief",
        "Grief",
        "Onset tied to a death or its anniversary",
        ("complicated bereavement", "bereavement", "grief and loss"),
    ),
    FocalArea(
        DISPUTE,
        "Role dispute",
        "Dispute",
        "Expectations that are not shared with a key person",
        ("role dispute", "interpersonal role dispute", "interpersonal dispute", "disputes"),
    ),
    FocalArea(
        ROLE_TRANSITION,
        "Role transition",
        "Role transition",
        "A change of role: parenthood, job, move, separation, loss of function",
        ("life change", "transition", "role transitions"),
    ),
    FocalArea(
        "sensitivity",
        "Interpersonal deficits / sensitivity",
        "Deficits",
        "No marked event; few ties; hypersensitivity",
        ("interpersonal deficits", "deficits", "isolation", "interpersonal sensitivity"),
    ),
)

FOCAL_AREAS: Mapping[str, FocalArea] = MappingProxyType({area.code: area for area in _AREAS})
"""The four areas of CPA Bulletin 2003 by code. Some schools list three and drop the last."""


def focal_area_of(text: str) -> FocalArea | None:
    """Give the area that a text names by its code, label or a synonym, or None."""
    plain = text.strip().lower().replace("_", " ")
    for area in _AREAS:
        names = (area.code.replace("_", " "), area.label.lower(), *area.synonyms)
        if plain in names:
            return area
    return None


def focal_area_label(text: str) -> str:
    """Give an area's label; an area of another clinic is shown in its own words."""
    area = FOCAL_AREAS.get(text)
    return area.label if area else text.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Spell:
    """The time from the day an area was taken up to the day it was left; open while that is None.

    On the last day the area counts as left, so that a focus can be switched within one session.
    """

    area: str
    opened_on: date
    closed_on: date | None = None

    def open_on(self, day: date) -> bool:
        """Say whether the area was worked on that day."""
        return self.opened_on <= day and (self.closed_on is None or day < self.closed_on)


def check_open_spells(spells: Iterable[Spell]) -> None:
    """Raise RuleBroken when a spell ends before it starts, or when a third would be open.

    The same area cannot be open twice at once either.
    """
    spells = tuple(spells)
    for spell in spells:
        if spell.closed_on is not None and spell.closed_on < spell.opened_on:
            raise RuleBroken("A focal area cannot end before it starts.", field="closed_on")
    # A count can only rise on a day on which some spell opens: those days are enough.
    for day in {spell.opened_on for spell in spells}:
        areas = [spell.area for spell in spells if spell.open_on(day)]
        if len(set(areas)) != len(areas):
            raise RuleBroken("This focal area is open already.", field="focal_area")
        if len(areas) > MOST_OPEN_AT_ONCE:
            raise RuleBroken(
                "At most two focal areas can be open at once. Close one first.",
                field="focal_area",
            )

"""Which focal areas a clinic offers, what else it calls them, and areas of its own.

Schools differ: Stuart and Robertson list three areas and drop deficits (ipt-course section 1.3).
An area that is no longer offered stays in every course that has it, under its own name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ipt_tracker.clinical.course.focal_areas import (
    FOCAL_AREAS,
    FocalArea,
    focal_area_label,
    focal_area_of,
)
from ipt_tracker.clinical.rules import RuleBroken

LONGEST_NAME = 60
SHORTEST_SEARCH = 3
"""Letters: fewer would find an area inside any word."""


@dataclass(frozen=True, slots=True)
class AreaList:
    """The focal areas of one clinic.

    `offered`: codes of the common areas that can be taken up; `called`: a code to further names;
    `own`: areas that only this clinic has, in its own words.
    """

    offered: tuple[str, ...] = tuple(FOCAL_AREAS)
    called: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own: tuple[str, ...] = ()

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """Code and label of each area that can be taken up, with when it is chosen."""
        common = (FOCAL_AREAS[code] for code in FOCAL_AREAS if code in self.offered)
        named = [(each.code, self._words(each)) for each in common]
        return (*named, *((code_of(words), words) for words in self.own))

    def _words(self, area: FocalArea) -> str:
        """Say what an area is called, here too, and when it is chosen."""
        here = self.called.get(area.code, ())
        names = f"{area.label} ({', '.join(here)})" if here else area.label
        return f"{names}: {area.chosen_when}"

    @property
    def codes(self) -> frozenset[str]:
        """The codes of the areas that can be taken up."""
        return frozenset(code for code, _ in self.choices)

    def matching(self, text: str) -> frozenset[str]:
        """Give the codes of the areas that a search means, by any name of any school.

        Fewer than three letters match nothing. Areas that are not offered are found too.
        """
        plain = _plain(text)
        if len(plain) < SHORTEST_SEARCH:
            return frozenset()
        common = {a.code: (a.label, *a.synonyms) for a in FOCAL_AREAS.values()}
        named = {code: (code, *names, *self.called.get(code, ())) for code, names in common.items()}
        named |= {code_of(words): (words,) for words in self.own}
        return frozenset(
            code for code, names in named.items() if any(plain in _plain(name) for name in names)
        )

    def to_json(self) -> dict[str, object]:
        """Write the list as it is stored."""
        called = {code: list(names) for code, names in self.called.items() if names}
        return {"offered": list(self.offered), "called": called, "own": list(self.own)}

    @classmethod
    def from_json(cls, stored: object) -> "AreaList":
        """Read a stored list; nothing stored is the list of the field."""
        if not isinstance(stored, Mapping):
            return cls()
        return cls(
            tuple(stored["offered"]),
            {code: tuple(names) for code, names in stored["called"].items()},
            tuple(stored["own"]),
        )


def code_of(words: str) -> str:
    """Give the code under which an area of the clinic's own is kept: its words, joined."""
    return _plain(words).replace(" ", "_")


def check_areas(areas: AreaList) -> None:
    """Raise RuleBroken for a list that offers nothing, or that has one name for two areas."""
    if not areas.choices:
        raise RuleBroken("Offer at least one focal area.", "focal_areas_offered")
    _check_own(areas)
    for code, names in areas.called.items():
        for name in names:
            other = focal_area_of(name)
            if other is not None and other.code != code:
                raise RuleBroken(f"“{name}” is a name of {other.label} already.", f"called_{code}")


def _check_own(areas: AreaList) -> None:
    seen: set[str] = set()
    for words in areas.own:
        known = focal_area_of(words)
        if known is not None:
            raise RuleBroken(
                f"“{words}” is a name of {known.label}. Write it beside that area instead.",
                "own_areas",
            )
        if len(words) > LONGEST_NAME:
            raise RuleBroken(f"An area has {LONGEST_NAME} letters at most.", "own_areas")
        if code_of(words) in seen:
            raise RuleBroken(f"“{words}” is there twice.", "own_areas")
        seen.add(code_of(words))


def area_names(codes: Iterable[str]) -> str:
    """Name areas in a sentence: "grief and role dispute"."""
    return " and ".join(focal_area_label(code).lower() for code in codes)


def _plain(text: str) -> str:
    return " ".join(text.strip().lower().replace("_", " ").split())

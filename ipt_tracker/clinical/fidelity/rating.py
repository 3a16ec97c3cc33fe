"""One rating of one session: how much of what belongs was done, and how well.

Adherence and quality are two numbers (CPA Bulletin 2003): what was done says nothing about how
well. The formulas are the conventions of the course bundle, `ipt-course-bundle/1`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Protocol

DELIVERED, QUALITY = "d", "q"


@dataclass(frozen=True, slots=True)
class ItemRating:
    """One item: delivered 1, 0.5 (partly), 0 or None (not applicable); quality 1 to 5 or None.

    3 is adequate quality. It is None when the item was not delivered or not applicable.
    """

    delivered: float | None
    quality: int | None


@dataclass(frozen=True)
class Rating:
    """The items of one rating as they stand now, and whether something proscribed was seen."""

    items: tuple[ItemRating, ...]
    flagged: bool = False

    @cached_property
    def adherence_pct(self) -> float | None:
        """Delivered in percent of what applied, 0 to 100, higher is better; None without any."""
        share = mean(item.delivered for item in self.items)
        return None if share is None else 100 * share

    @cached_property
    def competence(self) -> float | None:
        """The mean quality of what was delivered, 1 to 5, higher is better; None without any."""
        return mean(item.quality for item in self.items)


def rating_of(items: Mapping[str, Mapping[str, float | None]], flags: Iterable[object]) -> Rating:
    """Make a rating of its stored items, code to "d" and "q", and its proscribed flags."""
    found = [_item_of(item.get(DELIVERED), item.get(QUALITY)) for item in items.values()]
    return Rating(tuple(found), any(flags))


@lru_cache(maxsize=256)
def _item_of(delivered: float | None, quality: float | None) -> ItemRating:
    """Give one item; there are few different ones, and a caseload has many thousands of them."""
    return ItemRating(delivered, None if quality is None else int(quality))


class Amended(Protocol):
    """One change after submitting: which field, such as "items.F09.q", and what it said before."""

    field: str
    old: Any


def as_first_submitted(values: Mapping[str, Any], amendments: Sequence[Amended]) -> dict[str, Any]:
    """Lead what a rater marked back to what was first submitted.

    `values` are the marks as they stand: "items" (code to "d" and "q"), "proscribed" (code to
    flag), "global_competence", "alliance". `amendments` are in the order in which they were made
    and are undone from the last to the first. A field that is none of these, such as a remark,
    changes nothing. What is handed in stays as it is.
    """
    first = _copied(values)
    for amendment in reversed(amendments):
        _put_back(first, amendment.field.split("."), amendment.old)
    return first


def mean(values: Iterable[float | None]) -> float | None:
    """Give the mean of the values that are there; None without any."""
    there = [value for value in values if value is not None]
    return sum(there) / len(there) if there else None


def _copied(values: Mapping[str, Any]) -> dict[str, Any]:
    """Copy marks to their depth; mappings alone have one."""
    return {k: _copied(v) if isinstance(v, Mapping) else v for k, v in values.items()}


def _put_back(marks: dict[str, Any], path: Sequence[str], old: Any) -> None:  # noqa: ANN401 -- a mark of any kind
    *above, name = path
    place: Any = marks
    for step in above:
        place = place.get(step) if isinstance(place, dict) else None
    if not isinstance(place, dict) or isinstance(old, str):  # no mark is a text
        return
    if isinstance(place.get(name), dict) and not isinstance(old, Mapping):
        if above:
            del place[name]  # a whole item that was not there at first
    elif name in place or above:
        place[name] = _copied(old) if isinstance(old, Mapping) else old

"""Ratings of one session beside each other, item by item: where raters agree and where not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from ipt_tracker.clinical.fidelity.marks import NO, YES
from ipt_tracker.clinical.fidelity.rating import DELIVERED, QUALITY, ItemRating

T = TypeVar("T")
FAR = 2
"""Points of quality from which a difference is pointed out. Our own convention."""


@dataclass(frozen=True, slots=True)
class ItemBeside:
    """One item as each rater marked it, in the order of the raters; None is an item not marked."""

    code: str
    marks: tuple[ItemRating | None, ...]

    @property
    def qualities(self) -> tuple[int, ...]:
        """The qualities that were given, 1 to 5."""
        return tuple(each.quality for each in self.marks if each and each.quality is not None)

    @property
    def spread(self) -> int | None:
        """How far apart the qualities lie, 0 to 4; None with fewer than two of them."""
        found = self.qualities
        return max(found) - min(found) if len(found) > 1 else None

    @property
    def is_far_apart(self) -> bool:
        """Whether the qualities lie so far apart that the page points at it."""
        return (self.spread or 0) >= FAR

    @property
    def is_opposed(self) -> bool:
        """Whether one says it was delivered and another that it was not."""
        return {YES, NO} <= self.delivered

    @property
    def is_applied_differently(self) -> bool:
        """Whether one says it was delivered and another that it does not apply."""
        return {YES, None} <= self.delivered and not self.is_opposed

    @property
    def is_pointed_at(self) -> bool:
        """Whether the page points at the item: for what was delivered, or for its quality."""
        return self.is_opposed or self.is_applied_differently or self.is_far_apart

    @property
    def delivered(self) -> frozenset[float | None]:
        """The different answers on whether it was delivered; None is not applicable."""
        return frozenset(each.delivered for each in self.marks if each)

    @property
    def is_whole(self) -> bool:
        """Whether every rater marked the item."""
        return all(each is not None for each in self.marks)

    @property
    def is_same(self) -> bool:
        """Whether every rater marked it alike, delivered and quality."""
        return len(set(self.marks)) == 1

    @property
    def agreed(self) -> ItemRating | None:
        """What all agree on, for a consensus to begin with; None where delivered differs.

        Where delivered is the same and quality differs, quality is left to be agreed on.
        """
        if not self.is_whole or len(self.delivered) != 1:
            return None
        alike = {each.quality for each in self.marks if each}
        return ItemRating(
            next(iter(self.delivered)), next(iter(alike)) if len(alike) == 1 else None
        )


def items_beside(
    codes: Iterable[str], ratings: Sequence[Mapping[str, Mapping[str, Any]]]
) -> tuple[ItemBeside, ...]:
    """Put the stored items of ratings made with one item set beside each other.

    `codes` are the set's, in its order; what a rating from a file holds beyond them follows.
    """
    more = sorted({code for items in ratings for code in items})
    every = dict.fromkeys([*codes, *more])
    return tuple(
        ItemBeside(code, tuple(_mark(items.get(code)) for items in ratings)) for code in every
    )


def agreed_value(values: Sequence[T]) -> T | None:
    """Give what all say, or None where they differ."""
    return values[0] if values and all(each == values[0] for each in values) else None


def _mark(item: Mapping[str, Any] | None) -> ItemRating | None:
    if item is None:
        return None
    quality = item.get(QUALITY)
    return ItemRating(item.get(DELIVERED), None if quality is None else int(quality))

"""What a form is made of: its items, halves of items, and what is asked beside the total."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One rating: our own short label, its lowest and highest points, its cluster.

    `not_assessed` is an answer code that is allowed, counts as an answer and adds no points.
    """

    key: str
    label: str
    low: int
    high: int
    cluster: str = ""
    code: str = ""
    not_assessed: int | None = None

    def allows(self, answer: object) -> bool:
        """Tell whether the form has this answer; a blank is not an answer."""
        whole = isinstance(answer, int) and not isinstance(answer, bool)
        return whole and (answer == self.not_assessed or answer in range(self.low, self.high + 1))

    def points(self, answer: int) -> int:
        """Give the points that an allowed answer adds to the total."""
        return 0 if answer == self.not_assessed else answer

    def span(self, answer: int | None) -> tuple[int, int]:
        """Give the lowest and highest points this item can have, given its answer or a blank."""
        if answer is None:
            return self.low, self.high
        return self.points(answer), self.points(answer)


@dataclass(frozen=True, slots=True)
class Part:
    """One half of an item's rating, such as how often; the halves add up to the item.

    `anchors` are short words over its keys, from the lowest answer up.
    """

    key: str
    label: str
    low: int
    high: int
    anchors: tuple[str, ...] = ()

    def of(self, item: Item) -> Item:
        """Give this half of `item` as an answer of its own."""
        return Item(
            f"{item.key}.{self.key}",
            f"{item.label}, {self.label}",
            self.low,
            self.high,
            item.cluster,
            item.code,
        )


@dataclass(frozen=True, slots=True)
class YesNo:
    """Something beside the total that is answered yes, no or not at all."""

    key: str
    label: str
    code: str = ""

    def allows(self, answer: object) -> bool:
        """Tell whether this is a yes or a no; a blank is not an answer."""
        return isinstance(answer, bool)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A named group of items with its own sum."""

    key: str
    label: str

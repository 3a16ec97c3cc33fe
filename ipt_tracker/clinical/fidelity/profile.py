"""Where is a therapist strong and where weak: item by item and domain by domain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from ipt_tracker.clinical.fidelity.item_set import Item, ItemSet
from ipt_tracker.clinical.fidelity.rating import DELIVERED, QUALITY, mean
from ipt_tracker.clinical.fidelity.summary import Clustered, Summary, clustered, summary_of

Items: TypeAlias = Mapping[str, Mapping[str, float | None]]
"""The items of one rating as they are stored: code to "d" and "q"."""

FEWEST_TO_RANK = 5
NOTHING: Mapping[str, float | None] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ItemProfile:
    """One item over the n ratings in which it applied.

    `delivered_pct` is 0 to 100, None at n 0. `quality` is of the ratings that gave a quality, 1 to
    5, with an n of its own.
    """

    item: Item
    n: int
    delivered_pct: float | None
    quality: Summary

    @property
    def can_be_ranked(self) -> bool:
        """Say whether there are enough quality ratings to name it among the weakest."""
        return self.quality.n >= FEWEST_TO_RANK


@dataclass(frozen=True, slots=True)
class DomainProfile:
    """One domain over the n ratings in which any item of it applied.

    `delivered_pct` is of all its items that applied, 0 to 100. `quality` is the mean of all its
    rated items, 1 to 5; `quality.n` counts items and `quality.clusters` the ratings they are from,
    and its interval allows for items of one rating being alike.
    """

    domain: str
    n: int
    delivered_pct: float | None
    quality: Clustered

    @property
    def can_be_ranked(self) -> bool:
        """Say whether enough ratings gave a quality to name it among the weakest."""
        return self.quality.clusters >= FEWEST_TO_RANK


def item_profile(ratings: Iterable[Items], item_set: ItemSet) -> tuple[ItemProfile, ...]:
    """Give each item of the set, in its order, over ratings made with that set.

    Not applicable is never zero: such a rating counts for the item in neither number.
    """
    ratings = tuple(ratings)
    return tuple(_of_item(ratings, item) for item in item_set.items)


def domain_profile(ratings: Iterable[Items], item_set: ItemSet) -> tuple[DomainProfile, ...]:
    """Give each domain of the set, in its order, over ratings made with that set."""
    ratings = tuple(ratings)
    return tuple(_of_domain(ratings, domain, item_set) for domain in item_set.domains)


def _of_item(ratings: tuple[Items, ...], item: Item) -> ItemProfile:
    delivered = _answers(ratings, item.code, DELIVERED)
    return ItemProfile(
        item=item,
        n=len(delivered),
        delivered_pct=_percent(delivered),
        quality=summary_of(_answers(ratings, item.code, QUALITY)),
    )


def _of_domain(ratings: tuple[Items, ...], domain: str, item_set: ItemSet) -> DomainProfile:
    codes = [item.code for item in item_set.items if item.domain == domain]
    delivered = [_of_codes(rating, codes, DELIVERED) for rating in ratings]
    return DomainProfile(
        domain=domain,
        n=sum(map(bool, delivered)),
        delivered_pct=_percent([value for each in delivered for value in each]),
        quality=clustered({n: _of_codes(each, codes, QUALITY) for n, each in enumerate(ratings)}),
    )


def _answers(ratings: Iterable[Items], code: str, of: str) -> list[float]:
    every = (rating.get(code, NOTHING).get(of) for rating in ratings)
    return [answer for answer in every if answer is not None]


def _of_codes(rating: Items, codes: Iterable[str], of: str) -> list[float]:
    return [answer for code in codes if (answer := rating.get(code, NOTHING).get(of)) is not None]


def _percent(delivered: list[float]) -> float | None:
    share = mean(delivered)
    return None if share is None else 100 * share

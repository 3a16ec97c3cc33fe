"""Where somebody is strong and where weak: domains and items, over ratings with one item set."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from ipt_tracker.clinical.fidelity.codes import RaterRole
from ipt_tracker.clinical.fidelity.item_set import ItemSet
from ipt_tracker.clinical.fidelity.profile import (
    DomainProfile,
    ItemProfile,
    Items,
    domain_profile,
    item_profile,
)
from ipt_tracker.services.fidelity.facts import NOT_STATED, RatedSession, RatingFact
from ipt_tracker.services.fidelity.item_sets import UnknownItemSetError, item_set_for
from ipt_tracker.services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Profile:
    """Domains and items over the ratings made with one item set; `left_out` is of all others."""

    item_set: ItemSet
    ratings: int
    left_out: int
    domains: tuple[DomainProfile, ...]
    marks: tuple[Items, ...] = field(repr=False)

    @cached_property
    def items(self) -> tuple[ItemProfile, ...]:
        """Each item of the set; a start page names the domains alone."""
        return item_profile(self.marks, self.item_set)

    @property
    def ranked(self) -> tuple[DomainProfile, ...]:
        """The domains with ratings enough to be named, from the lowest quality up."""
        found = (each for each in self.domains if each.can_be_ranked)
        return tuple(sorted(found, key=lambda each: each.quality.mean or 0))

    @property
    def weakest(self) -> DomainProfile | None:
        """The domain of the lowest quality, where its interval ends below the next one's begin."""
        lowest, *others = self.ranked or (None,)
        if lowest is None or not others:
            return None
        high, low = lowest.quality.high, others[0].quality.low
        return lowest if high is not None and low is not None and high < low else None


def item_sets_of(work: UnitOfWork, sessions: Iterable[RatedSession]) -> dict[str, ItemSet]:
    """Give the item sets that ratings of these sessions were made with, as far as they are here."""
    found = {}
    for ref in sorted({rating.item_set for session in sessions for rating in session.ratings}):
        with suppress(UnknownItemSetError):
            found[ref] = item_set_for(work, ref)
    return found


def profile_of(ratings: Sequence[RatingFact], item_sets: Mapping[str, ItemSet]) -> Profile | None:
    """Take the item set that most of the ratings were made with; of two alike the first by name."""
    counts = Counter(each.item_set for each in ratings if each.item_set in item_sets)
    if not counts:
        return None
    ref = min(counts, key=lambda each: (-counts[each], each))
    with_it = tuple(rating.now["items"] for rating in ratings if rating.item_set == ref)
    return Profile(
        item_set=item_sets[ref],
        ratings=len(with_it),
        left_out=len(ratings) - len(with_it),
        domains=domain_profile(with_it, item_sets[ref]),
        marks=with_it,
    )


def own_domains(
    sessions: Iterable[RatedSession], profile: Profile | None, basis: str, therapist_id: UUID
) -> tuple[DomainProfile, ...]:
    """Give the domains as the therapist saw these sessions, on one basis and with the same set.

    Empty where there is no profile to set them beside.
    """
    if profile is None:
        return ()
    own = (
        rating.now["items"]
        for each in sessions
        for rating in each.ratings
        if rating.role == RaterRole.SELF
        and rating.rater_id == therapist_id
        and (rating.basis or NOT_STATED) == basis
        and rating.item_set == profile.item_set.ref
    )
    return domain_profile(own, profile.item_set)

"""The rows of domains and items, each with its n."""

from dataclasses import dataclass

from ipt_tracker.clinical.fidelity.item_set import domain_label
from ipt_tracker.clinical.fidelity.profile import DomainProfile, ItemProfile
from ipt_tracker.clinical.fidelity.words import (
    DOMAIN_FORM,
    ITEM_FORM,
    MEAN_FROM,
    too_few,
)
from ipt_tracker.services.fidelity.figure_pages import TherapistPage
from ipt_tracker.services.fidelity.profiles import Profile
from ipt_tracker.web.supervision.figure_words import number, percent, said


@dataclass(frozen=True, slots=True)
class DomainRow:
    """One domain over its ratings, with the therapist's own of the same sessions."""

    name: str
    delivered: str
    quality: str
    interval: str
    rated: str
    own: str
    own_n: int
    is_weakest: bool


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item over its ratings; `n` are those in which it applied, `rated` those with quality."""

    name: str
    code: str
    n: int
    delivered: str
    rated: int
    quality: str
    interval: str


def domain_rows(page: TherapistPage, profile: Profile) -> tuple[DomainRow, ...]:
    """Give the domains in the order of their set."""
    own = {each.domain: each for each in page.own_domains}
    return tuple(_domain(each, own.get(each.domain), profile.weakest) for each in profile.domains)


def item_rows(profile: Profile) -> tuple[ItemRow, ...]:
    """Give the items in the order of their set."""
    return tuple(_item(each) for each in profile.items)


def _domain(
    each: DomainProfile, own: DomainProfile | None, weakest: DomainProfile | None
) -> DomainRow:
    found = said(each.quality, DOMAIN_FORM)
    own_n = own.quality.clusters if own else 0
    return DomainRow(
        name=domain_label(each.domain),
        delivered=_delivered(each.delivered_pct, each.n),
        quality=found.value,
        interval=found.interval,
        rated=f"{each.quality.n} in {each.quality.clusters}",
        own=number(own.quality.mean) if own and own_n >= MEAN_FROM else "–",
        own_n=own_n,
        is_weakest=each is weakest,
    )


def _item(each: ItemProfile) -> ItemRow:
    found = said(each.quality, ITEM_FORM)
    return ItemRow(
        name=each.item.text,
        code=each.item.code,
        n=each.n,
        delivered=_delivered(each.delivered_pct, each.n),
        rated=each.quality.n,
        quality=found.value,
        interval=found.interval,
    )


def _delivered(share: float | None, n: int) -> str:
    return percent(share) if n >= MEAN_FROM else too_few(n)

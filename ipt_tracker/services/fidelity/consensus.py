"""What raters agree on before they talk: where the form of a consensus begins."""

from collections.abc import Mapping
from dataclasses import dataclass

from ipt_tracker.clinical.fidelity.codes import RaterRole
from ipt_tracker.clinical.fidelity.item_set import ItemSet
from ipt_tracker.clinical.fidelity.rating import ItemRating
from ipt_tracker.clinical.fidelity.side_by_side import ItemBeside, agreed_value, items_beside
from ipt_tracker.services.fidelity.comparison import Comparison, RatingShown, SetBeside
from ipt_tracker.services.fidelity.ratings import FEWEST_AGREEING

WHO_AGREE = frozenset({RaterRole.SUPERVISOR, RaterRole.INDEPENDENT})
"""A consensus is one of observers: the therapist's own rating is no part of it."""


@dataclass(frozen=True, slots=True)
class Start:
    """Where a consensus begins: the ratings it comes from, item by item, and what they share.

    What raters say differently is missing in `items`, `flags`, `competence` and `alliance`; an
    item whose delivered is the same and whose quality differs has no quality.
    """

    item_set: ItemSet
    ratings: tuple[RatingShown, ...]
    beside: tuple[ItemBeside, ...]
    first: tuple[ItemBeside, ...]
    """The same items as they were first submitted."""
    items: Mapping[str, ItemRating]
    flags: Mapping[str, bool]
    competence: int | None
    alliance: int | None
    basis: str | None


def may_agree(found: Comparison) -> bool:
    """Say whether the viewer can enter a consensus: two raters with one item set, none yet."""
    open_to = found.may_supervise and found.is_open and found.consensus is None
    return open_to and consensus_start(found) is not None


def consensus_start(found: Comparison) -> Start | None:
    """Give where a consensus begins: with the item set that the most raters used."""
    able = [(beside, _used(beside)) for beside in found.sets]
    able = [(beside, used) for beside, used in able if _raters(used) >= FEWEST_AGREEING]
    if not able:
        return None
    beside, used = max(able, key=lambda each: _raters(each[1]))
    codes = [item.code for item in beside.item_set.items]
    items = items_beside(codes, [each.row.items for each in used])
    first = items_beside(codes, [each.first["items"] for each in used])
    known = [item for item in items if item.code in codes]
    return Start(
        item_set=beside.item_set,
        ratings=used,
        beside=tuple(known),
        first=tuple(item for item in first if item.code in codes),
        items={item.code: agreed for item in known if (agreed := item.agreed) is not None},
        flags=_flags(beside.item_set, used),
        competence=agreed_value([each.row.global_competence for each in used]),
        alliance=agreed_value([each.row.alliance for each in used]),
        basis=agreed_value([each.row.basis for each in used]),
    )


def _used(beside: SetBeside) -> tuple[RatingShown, ...]:
    return tuple(each for each in beside.ratings if each.row.role in WHO_AGREE)


def _raters(used: tuple[RatingShown, ...]) -> int:
    return len({each.row.rater_id or each.row.rater for each in used})


def _flags(item_set: ItemSet, used: tuple[RatingShown, ...]) -> dict[str, bool]:
    found = {}
    for each in item_set.proscribed:
        said = agreed_value([bool(shown.row.proscribed.get(each.code)) for shown in used])
        if said is not None:
            found[each.code] = said
    return found

"""Ratings item by item as the page draws them: one table for each item set."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ipt_tracker.clinical.fidelity.codes import RaterRole
from ipt_tracker.clinical.fidelity.item_set import domain_label
from ipt_tracker.clinical.fidelity.rating import ItemRating
from ipt_tracker.clinical.fidelity.side_by_side import ItemBeside
from ipt_tracker.services.fidelity.comparison import RatingShown, SetBeside
from ipt_tracker.web.fidelity.mark_words import (
    ANSWERS,
    NA_YES,
    NONE,
    YES_NO,
    delivered_words,
    listed,
    short_name,
)
from ipt_tracker.web.fidelity.rate_form import in_order
from ipt_tracker.web.page import day

PAIR = 2
"""Up to so many ratings stand with a column for each answer and with a picture."""
LEFT, STEP, MIDDLE = 6, 26, 8
"""Of the picture of 1 to 5: where 1 stands, how far 2 is from it, and its line."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer in the table of items."""

    text: str
    is_number: bool = False
    is_own: bool = False
    first: str = ""
    """What it was when it was submitted, where that was amended."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One quality on the line from 1 to 5; a round one inside a square one is smaller."""

    x: int
    is_round: bool
    is_inside: bool = False


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item: its answers, their picture, and the difference in words."""

    number: str
    text: str
    domain: str
    cells: tuple[Cell, ...]
    marks: tuple[Mark, ...]
    difference: str
    is_marked: bool


@dataclass(frozen=True, slots=True)
class Head:
    """One column of answers."""

    text: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class SetView:
    """The items of one set."""

    name: str
    notice: str
    heads: tuple[Head, ...]
    rows: tuple[ItemRow, ...]
    keys: tuple[tuple[bool, str], ...]
    flags: tuple[str, ...]
    is_pictured: bool
    difference: str | None
    """Over the column of differences: whose rating they are said of; None without the column."""


TICKS = tuple(LEFT + STEP * n for n in range(5))


def set_view(beside: SetBeside) -> SetView:
    """Put the items of one set into the rows of their table."""
    names = column_names(beside.ratings)
    pair = len(beside.ratings) <= PAIR
    places = {item.code: n for n, item in enumerate(in_order(beside.item_set), 1)}
    return SetView(
        name=f"{beside.item_set.name}, version {beside.item_set.version}",
        notice=beside.item_set.notice,
        heads=_heads(names, pair=pair),
        rows=_item_rows(beside, places),
        keys=_keys(beside.ratings) if pair else (),
        flags=_flags(beside, names),
        is_pictured=pair,
        difference=_difference_head(beside.of_raters),
    )


def _difference_head(raters: SetBeside) -> str | None:
    if len(raters.ratings) < PAIR:
        return None
    return "" if len(raters.ratings) > PAIR else f"{_other_name(raters)} rated"


def _other_name(raters: SetBeside) -> str:
    return column_names(raters.ratings)[_other(raters.ratings)]


def _other(ratings: Sequence[RatingShown]) -> int:
    """Say of whose rating a difference is told: of the first that is not the viewer's."""
    return next((n for n, each in enumerate(ratings) if not each.rater.is_own), 0)


def column_names(ratings: Sequence[RatingShown]) -> tuple[str, ...]:
    """Name the columns: by role, then by name and by day where that is not enough."""
    plain = [short_name(each.rater) for each in ratings]
    named = [
        f"{name}, {each.rater.name}" if times > 1 and not each.rater.is_own else name
        for name, each, times in zip(plain, ratings, _times(plain), strict=True)
    ]
    return tuple(
        f"{name}, {day(each.row.rated_on) or 'no day'}" if times > 1 else name
        for name, each, times in zip(named, ratings, _times(named), strict=True)
    )


def _times(names: Sequence[str]) -> list[int]:
    counted = Counter(names)
    return [counted[name] for name in names]


def _heads(names: Sequence[str], *, pair: bool) -> tuple[Head, ...]:
    if not pair:
        return tuple(Head(name[:1].upper() + name[1:]) for name in names)
    return (
        *(Head(f"Delivered, {name}") for name in names),
        *(Head(f"Quality, {name}", is_number=True) for name in names),
    )


def _item_rows(beside: SetBeside, places: dict[str, int]) -> tuple[ItemRow, ...]:
    raters = beside.of_raters
    every = zip(beside.items, beside.as_first_submitted, raters.items, strict=True)
    return tuple(
        _item_row(item, first, differing, beside, raters, places)
        for item, first, differing in every
    )


def _item_row(  # noqa: PLR0913, PLR0917 -- the same item as it stands, as it was, and of raters
    item: ItemBeside,
    first: ItemBeside,
    differing: ItemBeside,
    beside: SetBeside,
    raters: SetBeside,
    places: dict[str, int],
) -> ItemRow:
    domains = {each.code: each.domain for each in beside.item_set.items}
    return ItemRow(
        number=str(places.get(item.code, "")),
        text=beside.item_set.text_of(item.code),
        domain=domain_label(domains.get(item.code, "not in this item set")).lower(),
        cells=_cells(item, first, beside.ratings),
        marks=_marks(item, beside.ratings) if len(beside.ratings) <= PAIR else (),
        difference=difference_words(differing, raters.ratings),
        is_marked=differing.is_pointed_at,
    )


def _cells(item: ItemBeside, first: ItemBeside, ratings: Sequence[RatingShown]) -> tuple[Cell, ...]:
    every = list(zip(item.marks, first.marks, (e.rater.is_own for e in ratings), strict=True))
    if len(ratings) > PAIR:
        return tuple(_cell(_whole(now), _whole(was), is_own=own) for now, was, own in every)
    return (
        *(_cell(_delivered(now), _delivered(was)) for now, was, _ in every),
        *(
            _cell(_quality(now), _quality(was), is_number=True, is_own=own)
            for now, was, own in every
        ),
    )


def _cell(now: str, was: str, *, is_number: bool = False, is_own: bool = False) -> Cell:
    return Cell(now, is_number, is_own, "" if was == now else was)


def _delivered(mark: ItemRating | None) -> str:
    return delivered_words(mark.delivered) if mark else NONE


def _quality(mark: ItemRating | None) -> str:
    return str(mark.quality) if mark and mark.quality else NONE


def _whole(mark: ItemRating | None) -> str:
    if mark is None:
        return NONE
    delivered = delivered_words(mark.delivered)
    return delivered if mark.quality is None else f"{delivered}, {mark.quality}"


def _marks(item: ItemBeside, ratings: Sequence[RatingShown]) -> tuple[Mark, ...]:
    """Place the marks; the square one comes first, so that a round one lies on it."""
    round_one = _round(ratings)
    found = [
        Mark(TICKS[mark.quality - 1], is_round=n == round_one)
        for n, mark in enumerate(item.marks)
        if mark and mark.quality
    ]
    found.sort(key=lambda mark: mark.is_round)
    if len(found) == PAIR and found[0].x == found[1].x:
        return found[0], Mark(found[1].x, is_round=True, is_inside=True)
    return tuple(found)


def _round(ratings: Sequence[RatingShown]) -> int:
    """Say which rating is drawn round: the therapist's own, else what is not the viewer's."""
    selves = [n for n, each in enumerate(ratings) if each.row.role == RaterRole.SELF]
    if selves:
        return selves[0]
    return next((n for n, each in enumerate(ratings) if not each.rater.is_own), 0)


def _keys(ratings: Sequence[RatingShown]) -> tuple[tuple[bool, str], ...]:
    round_one = _round(ratings)
    names = column_names(ratings)
    return tuple(
        (n == round_one, name if each.rater.name in name else f"{name}, {each.rater.name}")
        for n, (name, each) in enumerate(zip(names, ratings, strict=True))
    )


def difference_words(item: ItemBeside, ratings: Sequence[RatingShown]) -> str:
    """Say how ratings of one item differ; empty for one rating alone."""
    if len(ratings) < PAIR:
        return ""
    if not item.is_whole:
        return "not marked by all"
    if item.is_same:
        return "same"
    said = [against_words(item)] if len(item.delivered) > 1 else []
    if item.spread is not None:
        said.append(_quality_words(item, ratings))
    return ", ".join(said)


def against_words(item: ItemBeside) -> str:
    """Say which answers on delivered stand against each other, the farthest apart first."""
    if item.is_opposed:
        return YES_NO
    if item.is_applied_differently:
        return NA_YES
    return " against ".join(words for each, words in ANSWERS.items() if each in item.delivered)


def _quality_words(item: ItemBeside, ratings: Sequence[RatingShown]) -> str:
    low, high = min(item.qualities), max(item.qualities)
    if low == high:
        return "same quality"
    if len(ratings) > PAIR:
        return f"quality {low} to {high}"
    is_higher = item.qualities[_other(ratings)] == high
    return f"{high - low} {'higher' if is_higher else 'lower'}"


def _flags(beside: SetBeside, names: Sequence[str]) -> tuple[str, ...]:
    """Say who marked what is not part of IPT."""
    codes = dict.fromkeys(code for each in beside.ratings for code in each.row.proscribed)
    found = []
    for code in codes:
        both = zip(beside.ratings, names, strict=True)
        by = [name for each, name in both if each.row.proscribed.get(code)]
        if by:
            found.append(f"{beside.item_set.text_of(code)}: marked by {listed(by)}")
    return tuple(found)

"""The sentence that a comparison opens with: overall competence, and where raters lie apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from ipt_tracker.clinical.fidelity.side_by_side import FAR, ItemBeside
from ipt_tracker.services.fidelity.comparison import Comparison, RatingShown, SetBeside
from ipt_tracker.web.fidelity.mark_words import (
    NA_YES,
    YES_NO,
    full_name,
    listed,
    number_words,
    scale_words,
)
from ipt_tracker.web.fidelity.rate_form import in_order
from ipt_tracker.web.page import day

Row = Any
"""A row of a table: this room works with rows and does not know the tables."""

PAIR = 2
SAYS_LITTLE = "One session says little: agreement is looked at over many pairs."
TWO_SETS = (
    "These ratings were made with different item sets. Items are matched within one set alone, "
    "so there is a table for each."
)
WHETHER = (
    (f"it was delivered, {YES_NO},", attrgetter("is_opposed")),
    (f"it applies, {NA_YES},", attrgetter("is_applied_differently")),
)
FROM_FILE_ALONE = "A file brought this rating."
FROM_FILE = "A file brought these ratings; it does not say who had seen which."


@dataclass(frozen=True, slots=True)
class Values:
    """What the sentence is said of: overall competence by rater, and the items."""

    overall: tuple[int | None, ...]
    items: tuple[ItemBeside, ...]


@dataclass(frozen=True, slots=True)
class Lead:
    """The comparison in a sentence, and one small paragraph under it."""

    lead: str
    then: str
    tone: str = "same"


def lead_of(found: Comparison) -> Lead:
    """Say in words what the tables show."""
    said = _blind(found), _used(found), SAYS_LITTLE
    return Lead(_lead(found), " ".join(part for part in said if part))


def _lead(found: Comparison) -> str:
    if not found.sets:
        return "Nobody has rated this session."
    if len(found.sets) > 1:
        return TWO_SETS
    beside = found.sets[0].of_raters
    if len(beside.ratings) == 1:
        return f"One rating is in. {_alone(beside.ratings[0], beside)}"
    first, now = (_differences(beside, each) for each in (_first_of(beside), _now_of(beside)))
    return now if first == now else f"As first submitted: {first} As they stand, amended: {now}"


def _differences(beside: SetBeside, values: Values) -> str:
    parts = _overall(beside, values.overall), _apart(beside, values.items)
    return " ".join(part for part in parts if part)


def _now_of(beside: SetBeside) -> Values:
    return Values(tuple(each.row.global_competence for each in beside.ratings), beside.items)


def _first_of(beside: SetBeside) -> Values:
    overall = tuple(each.first["global_competence"] for each in beside.ratings)
    return Values(overall, beside.as_first_submitted)


def _used(found: Comparison) -> str:
    """Say of amended ratings which values the sentence above uses."""
    if len(found.sets) != 1:
        return ""
    beside = found.sets[0].of_raters
    if len(beside.ratings) == 1 or not any(each.history for each in beside.ratings):
        return ""
    if _differences(beside, _first_of(beside)) == _differences(beside, _now_of(beside)):
        return "This holds for the ratings as first submitted and as they stand."
    return ""


def _alone(shown: RatingShown, beside: SetBeside) -> str:
    value = shown.row.global_competence
    if value is None:
        return "It does not rate the overall competence."
    calls = "call" if shown.rater.is_own else "calls"
    name = _start(full_name(shown.rater))
    return f"{name} {calls} the overall competence {scale_words(value, beside.item_set)}."


def _overall(beside: SetBeside, values: Sequence[int | None]) -> str:
    there = [value for value in values if value is not None]
    if len(there) < len(values):
        return ""
    low, high = min(there), max(there)
    words = scale_words(low, beside.item_set)
    if low == high:
        return f"{_all(beside.ratings)} call the overall competence {words}."
    if len(values) > PAIR:
        number = number_words(len(values))
        return f"{_start(number)} ratings call the overall competence {low} to {high}."
    both = zip(beside.ratings, values, strict=True)
    own_first = sorted(both, key=lambda each: not each[0].rater.is_own)
    first, second = (
        (full_name(each.rater), scale_words(value, beside.item_set)) for each, value in own_first
    )
    call = "call" if first[0] == "you" else "calls"
    return f"{_start(first[0])} {call} the overall competence {first[1]}, {second[0]} {second[1]}."


def _all(ratings: Sequence[RatingShown]) -> str:
    if len(ratings) > PAIR:
        return f"All {number_words(len(ratings))} ratings"
    return "You both" if any(each.rater.is_own for each in ratings) else "Both raters"


def _apart(beside: SetBeside, items: Sequence[ItemBeside]) -> str:
    """Name the items that lie apart: yes against no first, then n/a, then quality."""
    delivered = [
        _on_items(f"{{}} on whether {what}", [item for item in items if is_so(item)], beside)
        for what, is_so in WHETHER
    ]
    parts = [*delivered, _far_apart(beside, [item for item in items if item.is_far_apart])]
    said = " ".join(part for part in parts if part)
    return said or "No item lies two points or more apart, and none is yes against no."


def _far_apart(beside: SetBeside, far: Sequence[ItemBeside]) -> str:
    if len(far) != 1:
        return _on_items("{} by two points or more", far, beside)
    item = far[0]
    points, text = number_words(item.spread or FAR), beside.item_set.text_of(item.code)
    named = f"{text[:1].lower()}{text[1:]}{_rated(item, beside.ratings)}"
    return f"{_differ(beside.ratings)} by {points} points on one item: {named}."


def _on_items(what: str, found: Sequence[ItemBeside], beside: SetBeside) -> str:
    if not found:
        return ""
    places = {item.code: n for n, item in enumerate(in_order(beside.item_set), 1)}
    named = listed([str(places.get(item.code, item.code)) for item in found])
    said = what.format(_differ(beside.ratings))
    if len(found) == 1:
        return f"{said} on one item: {named}."
    return f"{said} on {number_words(len(found))} items: {named}."


def _differ(ratings: Sequence[RatingShown]) -> str:
    is_ones_own = len(ratings) == PAIR and any(each.rater.is_own for each in ratings)
    return "You differ" if is_ones_own else "The ratings differ"


def _rated(item: ItemBeside, ratings: Sequence[RatingShown]) -> str:
    """Say who rated what: ", which R. Calder rated 4 and you 2"."""
    given = [
        (full_name(each.rater), mark.quality)
        for mark, each in zip(item.marks, ratings, strict=True)
        if mark and mark.quality is not None
    ]
    if len(given) != PAIR:
        return ""
    (first, one), (second, other) = sorted(given, key=lambda each: each[0] == "you")
    return f", which {first} rated {one} and {second} {other}"


def _blind(found: Comparison) -> str:
    own = found.own
    if own is not None and own.submitted_at is not None:
        return f"Your rating was submitted on {day(own.rated_on)}, {_seen(found)}."
    if found.waiver is not None:
        return _given_up(found.waiver)
    if found.sets and all(each.row.submitted_at is None for each in found.ratings):
        return FROM_FILE if len(found.ratings) > 1 else FROM_FILE_ALONE
    return ""


def _seen(found: Comparison) -> str:
    """Say what of others was open when one's own rating was submitted, and when it was amended."""
    history = next((each.history for each in found.ratings if each.rater.is_own), ())
    if not history:
        return "before you saw any other"
    days = listed(list(dict.fromkeys(day(each.amended_on) for each in history)))
    return f"before you saw any other, and amended on {days}, when the others were open to you"


def _given_up(waiver: Row) -> str:
    on = day(waiver.waived_at.astimezone().date())
    why = f"{waiver.reason.rstrip('.')}."
    return f"You gave up rating this session on {on}, so that its ratings opened. Reason: {why}"


def _start(words: str) -> str:
    return words[:1].upper() + words[1:]

"""The sentence that a comparison opens with: overall competence, and where raters lie apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from ipt_tracker.clinical.fidelity.side_by_side import FAR, ItemBeside
from ipt_tracker.services.fidelity.comparison import Comparison, RatingShown, SetBeside
from ipt_tracker.web.fidelity.mark_words import (
    full_name,
    listed,
    number_words,
    scale_words,
)
from ipt_tracker.web.fidelity.rate_form import in_order
from ipt_tracker.web.page import day

PAIR = 2
SAYS_LITTLE = "One session says little: agreement is looked at over many pairs."
TWO_SETS = (
    "These ratings were made with different item sets. Items are matched within one set alone, "
    "so there is a table for each."
)
FROM_FILE = "A file brought these ratings; it does not say who had seen which."


@dataclass(frozen=True, slots=True)
class Lead:
    """The comparison in a sentence, and one small paragraph under it."""

    lead: str
    then: str
    tone: str = "same"


def lead_of(found: Comparison) -> Lead:
    """Say in words what the tables show."""
    return Lead(_lead(found), " ".join(part for part in (_blind(found), SAYS_LITTLE) if part))


def _lead(found: Comparison) -> str:
    if not found.sets:
        return "Nobody has rated this session."
    if len(found.sets) > 1:
        return TWO_SETS
    beside = found.sets[0].of_raters
    if len(beside.ratings) == 1:
        return f"One rating is in. {_alone(beside.ratings[0], beside)}"
    return " ".join(part for part in (_overall(beside), _apart(beside)) if part)


def _alone(shown: RatingShown, beside: SetBeside) -> str:
    value = shown.row.global_competence
    if value is None:
        return "It does not rate the overall competence."
    calls = "call" if shown.rater.is_own else "calls"
    name = _start(full_name(shown.rater))
    return f"{name} {calls} the overall competence {scale_words(value, beside.item_set)}."


def _overall(beside: SetBeside) -> str:
    values = [each.row.global_competence for each in beside.ratings]
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
    own_first = sorted(beside.ratings, key=lambda each: not each.rater.is_own)
    first, second = (
        (full_name(each.rater), scale_words(each.row.global_competence, beside.item_set))
        for each in own_first
    )
    call = "call" if first[0] == "you" else "calls"
    return f"{_start(first[0])} {call} the overall competence {first[1]}, {second[0]} {second[1]}."


def _all(ratings: Sequence[RatingShown]) -> str:
    if len(ratings) > PAIR:
        return f"All {number_words(len(ratings))} ratings"
    return "You both" if any(each.rater.is_own for each in ratings) else "Both raters"


def _apart(beside: SetBeside) -> str:
    far = [item for item in beside.items if item.is_far_apart]
    if not far:
        return "No item lies two points or more apart."
    if len(far) > 1:
        places = {item.code: n for n, item in enumerate(in_order(beside.item_set), 1)}
        named = listed([str(places.get(item.code, item.code)) for item in far])
        how_many = number_words(len(far))
        return f"{_differ(beside.ratings)} by two points or more on {how_many} items: {named}."
    item = far[0]
    points, text = number_words(item.spread or FAR), beside.item_set.text_of(item.code)
    named = f"{text[:1].lower()}{text[1:]}{_rated(item, beside.ratings)}"
    return f"{_differ(beside.ratings)} by {points} points on one item: {named}."


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
        return f"Your rating was submitted on {day(own.rated_on)}, before you saw any other."
    if found.sets and all(each.row.submitted_at is None for each in found.ratings):
        return FROM_FILE
    return "" if own else "You gave up rating this session, so that its ratings opened."


def _start(words: str) -> str:
    return words[:1].upper() + words[1:]

"""Each rating by itself, and what was amended in it, in the rows that the page draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ipt_tracker.clinical.fidelity.codes import RaterRole
from ipt_tracker.clinical.fidelity.item_set import ItemSet
from ipt_tracker.services.fidelity.comparison import NOT_NAMED, RatingShown, SetBeside
from ipt_tracker.web.fidelity.mark_words import (
    NONE,
    amended_words,
    basis_words,
    field_words,
    listed,
    portion_words,
    role_words,
    scale_words,
    selection_words,
)

Row = Any
"""A row of a table: this room works with rows and does not know the tables."""

NOT_FOR_SECOND_RATERS = "not for second raters"


@dataclass(frozen=True, slots=True)
class RatingRow:
    """One rating by itself: its two numbers with their n, and how it was made."""

    name: str
    role: str
    adherence: str
    applicable: str
    quality: str
    rated: str
    competence: str
    alliance: str
    basis: str
    portion: str
    selection: str
    rated_on: date | None


@dataclass(frozen=True, slots=True)
class AmendedRow:
    """One amended mark."""

    who: str
    what: str
    old: str
    new: str
    on: date
    why: str


def rating_row(shown: RatingShown, item_set: ItemSet) -> RatingRow:
    """Put one rating by itself into words."""
    row, rating = shown.row, shown.rating
    adherence, quality = rating.adherence_pct, rating.competence
    delivered = [item.delivered for item in rating.items if item.delivered is not None]
    rated = sum(item.quality is not None for item in rating.items)
    return RatingRow(
        name="You" if shown.rater.is_own else _named(shown),
        role=_made_by(shown),
        adherence=NONE if adherence is None else f"{adherence:.0f} %",
        applicable=f"{sum(delivered):g} of {len(delivered)} applicable",
        quality=NONE if quality is None else f"{quality:.1f}",
        rated=f"mean of {rated} item{'' if rated == 1 else 's'}",
        competence=scale_words(row.global_competence, item_set),
        alliance=NONE if row.alliance is None else str(row.alliance),
        basis=basis_words(row.basis),
        portion=portion_words(row),
        selection=selection_words(row.selection, row.role),
        rated_on=row.rated_on,
    )


def _named(shown: RatingShown) -> str:
    is_agreed = shown.row.role == RaterRole.CONSENSUS
    return "Consensus" if is_agreed else shown.rater.name


def _made_by(shown: RatingShown) -> str:
    """Say as what somebody rated; of a consensus, who agreed on it and who entered it."""
    if shown.row.role != RaterRole.CONSENSUS:
        return role_words(shown.row.role)
    agreed = f"agreed on by {listed(shown.from_names)}, " if shown.from_names else ""
    return f"{agreed}entered by {shown.rater.name}"


def amended_rows(sets: Sequence[SetBeside], *, is_told: bool) -> tuple[AmendedRow, ...]:
    """List what was amended in any of the ratings, rating by rating in order.

    A second rater, who is not told whose session it was, reads no reasons but their own.
    """
    return tuple(
        AmendedRow(
            who=_who(each, shown),
            what=field_words(each.field, beside.item_set),
            old=amended_words(each.field, each.old, beside.item_set),
            new=amended_words(each.field, each.new, beside.item_set),
            on=each.amended_on,
            why=_why(each, shown, is_told=is_told),
        )
        for beside in sets
        for shown in beside.ratings
        for each in shown.history
    )


def _why(amendment: Row, shown: RatingShown, *, is_told: bool) -> str:
    if not is_told and not shown.rater.is_own:
        return NOT_FOR_SECOND_RATERS
    return amendment.reason or "not stated"


def _who(amendment: Row, shown: RatingShown) -> str:
    """Name who amended it; a therapist whom the viewer does not know stays unnamed."""
    is_raters = amendment.author in {None, shown.row.rater} or shown.rater.name == NOT_NAMED
    name = shown.rater.name if is_raters else amendment.author
    return f"{name}, {role_words(shown.row.role)}"

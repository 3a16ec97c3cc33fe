"""The ratings of one session beside each other, as they are open to whoever looks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.clinical.fidelity.codes import RaterRole
from ipt_tracker.clinical.fidelity.item_set import ItemSet
from ipt_tracker.clinical.fidelity.rating import Rating, as_first_submitted, rating_of
from ipt_tracker.clinical.fidelity.side_by_side import ItemBeside, items_beside
from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import (
    FidelityRating,
    RatingAmendment,
    RatingFeedback,
    RatingWaiver,
)
from ipt_tracker.persistence.queries.people import names_of
from ipt_tracker.services.fidelity.blind import (
    of_rated,
    opened,
    own_rating,
    own_waiver,
    role_of,
)
from ipt_tracker.services.fidelity.doors import Rated, RatedKind, open_rated
from ipt_tracker.services.fidelity.feedback import may_supervise, ratings_to_answer
from ipt_tracker.services.fidelity.item_sets import item_set_for
from ipt_tracker.services.unit_of_work import UnitOfWork

ORDER = tuple(RaterRole)
MARKS = ("items", "proscribed", "global_competence", "alliance")
NOT_NAMED = "the therapist"
"""What stands for the therapist's name before a second rater."""


@dataclass(frozen=True, slots=True)
class Rater:
    """That somebody rated a session, and as what: all that is known of a sealed rating."""

    role: str
    name: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class FeedbackShown:
    """Feedback on a rating, with the names of who wrote and who acknowledged it."""

    row: RatingFeedback
    by: str
    acknowledged_by: str | None


@dataclass(frozen=True, slots=True)
class RatingShown:
    """One rating that is open to the viewer, with what was amended in it.

    `from_names`: of a consensus, whose ratings it was reached from.
    """

    row: FidelityRating
    rater: Rater
    history: tuple[RatingAmendment, ...]
    from_names: tuple[str, ...] = ()

    @property
    def rating(self) -> Rating:
        """The rating as it stands, for adherence and quality."""
        return rating_of(self.row.items, self.row.proscribed.values())

    @property
    def first(self) -> Mapping[str, Any]:
        """The marks as they were first submitted, by name: "items", "global_competence"."""
        marks = {name: getattr(self.row, name) for name in MARKS}
        return as_first_submitted(marks, self.history) if self.history else marks


@dataclass(frozen=True, slots=True)
class SetBeside:
    """The ratings that were made with one item set, item by item. No other set is mixed in."""

    item_set: ItemSet
    ratings: tuple[RatingShown, ...]
    items: tuple[ItemBeside, ...]

    @property
    def as_first_submitted(self) -> tuple[ItemBeside, ...]:
        """The same items as each rating had them when it was submitted."""
        codes = [item.code for item in self.items]
        found = items_beside(codes, [each.first["items"] for each in self.ratings])
        return tuple(item for item in found if item.code in codes)

    @property
    def of_raters(self) -> "SetBeside":
        """The same without a consensus: only raters differ."""
        own = [n for n, e in enumerate(self.ratings) if e.row.role != RaterRole.CONSENSUS]
        return SetBeside(
            self.item_set,
            tuple(self.ratings[n] for n in own),
            tuple(ItemBeside(e.code, tuple(e.marks[n] for n in own)) for e in self.items),
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """One session and its ratings: sealed, their raters alone; open, all that they say.

    `feedback` is for the therapists of the session and their supervisors, and opens with the
    ratings; `feedback_waits` says that some is sealed. The therapists' names are for the same
    people. `to_answer` are the ratings on which the viewer may give feedback and nobody has.
    """

    rated: Rated
    therapists: tuple[str, ...]
    role: RaterRole
    is_open: bool
    is_therapist: bool
    is_told: bool
    """Whether the viewer may know whose session it was, and why a rating was amended."""
    own: FidelityRating | None
    waiver: RatingWaiver | None
    """Where the viewer gave up rating the session."""
    entered_consensus: bool
    may_supervise: bool
    raters: tuple[Rater, ...]
    sets: tuple[SetBeside, ...] = ()
    feedback: tuple[FeedbackShown, ...] = ()
    feedback_waits: bool = False
    to_answer: tuple[FidelityRating, ...] = ()

    @property
    def ratings(self) -> tuple[RatingShown, ...]:
        """Every open rating, set after set."""
        return tuple(each for beside in self.sets for each in beside.ratings)

    @property
    def consensus(self) -> RatingShown | None:
        """What raters agreed on, where they did."""
        return next((e for e in self.ratings if e.row.role == RaterRole.CONSENSUS), None)


def read_comparison(
    work: UnitOfWork,
    kind: RatedKind,
    rated_id: UUID,
    permission: Permission = Permission.RATE_SESSION,
) -> Comparison:
    """Open a session and hand over its ratings as they are open to the actor."""
    return compare(work, open_rated(work, kind, rated_id, permission))


def compare(work: UnitOfWork, rated: Rated) -> Comparison:
    """Put the ratings of a session that was opened beside each other."""
    wanted = select(FidelityRating).where(of_rated(FidelityRating, rated))
    rows = sorted(work.session.scalars(wanted), key=_place)
    told = _is_told(work, rated)
    feedback = _feedback(work, rows) if told else ()
    people = {each.rater_id for each in rows} | rated.therapists
    people |= {each.written_by for each in feedback} | {e.acknowledged_by for e in feedback}
    names = names_of(work.session, {each for each in people if each})
    is_open = opened(work, rated)
    raters = {row.id: _rater(work, row, names, names_therapist=told) for row in rows}
    answered = {each.rating_id for each in feedback}
    to_answer = ratings_to_answer(work, rated, rows) if is_open else ()
    return Comparison(
        rated=rated,
        therapists=tuple(sorted(names[each] for each in rated.therapists)) if told else (),
        role=role_of(work, rated),
        is_open=is_open,
        is_therapist=work.person.id in rated.therapists,
        is_told=told,
        own=own_rating(work, rated),
        waiver=own_waiver(work, rated),
        entered_consensus=any(
            each.role == RaterRole.CONSENSUS and each.rater_id == work.person.id for each in rows
        ),
        may_supervise=may_supervise(work, rated),
        raters=tuple(raters.values()),
        sets=_sets(work, rows, raters) if is_open else (),
        feedback=tuple(_shown(each, names) for each in feedback) if is_open else (),
        feedback_waits=bool(feedback) and not is_open,
        to_answer=tuple(each for each in to_answer if each.id not in answered),
    )


def _place(row: FidelityRating) -> tuple[object, ...]:
    """Order ratings by role, then by the day and the rater; a missing day first."""
    role = ORDER.index(RaterRole(row.role))
    return role, row.rated_on or date.min, row.rater, str(row.id)


def _is_told(work: UnitOfWork, rated: Rated) -> bool:
    """Say whether the actor may know whose session it was and what feedback says.

    A second rater may not: they know a code, a number and a day.
    """
    return work.person.id in rated.therapists or may_supervise(work, rated)


def _rater(
    work: UnitOfWork, row: FidelityRating, names: Mapping[UUID, str], *, names_therapist: bool
) -> Rater:
    named = names.get(row.rater_id) if row.rater_id else None
    if row.role == RaterRole.SELF:
        name = (named if names_therapist else None) or NOT_NAMED
    else:
        name = named or row.rater
    own = row.rater_id == work.person.id and row.role != RaterRole.CONSENSUS
    return Rater(row.role, name, own)


def _sets(
    work: UnitOfWork, rows: Sequence[FidelityRating], raters: Mapping[UUID, Rater]
) -> tuple[SetBeside, ...]:
    history = _history(work, rows)
    shown = [
        RatingShown(
            row,
            raters[row.id],
            tuple(each for each in history if each.rating_id == row.id),
            _from_names(row, raters),
        )
        for row in rows
    ]
    refs = dict.fromkeys(row.item_set for row in rows)
    return tuple(_set(work, ref, [e for e in shown if e.row.item_set == ref]) for ref in refs)


def _set(work: UnitOfWork, ref: str, shown: Sequence[RatingShown]) -> SetBeside:
    item_set = item_set_for(work, ref)
    codes = [item.code for domain in item_set.domains for item in item_set.of_domain(domain)]
    items = items_beside(codes, [_items(each.row) for each in shown])
    return SetBeside(item_set, tuple(shown), items)


def _items(row: FidelityRating) -> Mapping[str, Mapping[str, Any]]:
    return row.items


def _from_names(row: FidelityRating, raters: Mapping[UUID, Rater]) -> tuple[str, ...]:
    used = [raters[id_].name for id_ in raters if str(id_) in (row.agreed_from or ())]
    return tuple(sorted(used))


def _history(work: UnitOfWork, rows: Iterable[FidelityRating]) -> tuple[RatingAmendment, ...]:
    ids = [row.id for row in rows]
    wanted = select(RatingAmendment).where(RatingAmendment.rating_id.in_(ids))
    return tuple(work.session.scalars(wanted.order_by(RatingAmendment.place)))


def _feedback(work: UnitOfWork, rows: Iterable[FidelityRating]) -> tuple[RatingFeedback, ...]:
    ids = [row.id for row in rows]
    wanted = select(RatingFeedback).where(RatingFeedback.rating_id.in_(ids))
    ordered = wanted.order_by(RatingFeedback.sent_at, RatingFeedback.keep_doing)
    return tuple(work.session.scalars(ordered))


def _shown(row: RatingFeedback, names: Mapping[UUID, str]) -> FeedbackShown:
    by = row.acknowledged_by
    return FeedbackShown(row, names[row.written_by], names[by] if by else None)

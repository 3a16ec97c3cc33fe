"""Which two ratings of one session are compared, and in which stratum their figure stands.

The two of a pair come from one basis, but for a self-rating: that is always said with its own.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import TypeVar
from uuid import UUID

from ipt_tracker.clinical.fidelity.codes import RaterRole, Selection
from ipt_tracker.services.fidelity.facts import (
    NOT_STATED,
    RatedSession,
    RatingFact,
    SealedFact,
)
from ipt_tracker.services.fidelity.strata import Stratum, StratumCount, counted, stratum_of

R = TypeVar("R", RatingFact, SealedFact)
TWO_RATERS = frozenset({RaterRole.SUPERVISOR, RaterRole.INDEPENDENT})


def pair_strata(sessions: Iterable[RatedSession]) -> tuple[StratumCount, ...]:
    """Count the sessions rated twice, by self and supervisor or by two supervisors, by stratum."""
    rows = tuple(sessions)
    return counted(
        (_strata_of_pairs(each.ratings, each.therapists) for each in rows),
        (_strata_of_pairs(each.sealed, each.therapists) for each in rows),
    )


def _strata_of_pairs(ratings: Sequence[R], therapists: frozenset[UUID]) -> set[Stratum]:
    own = {stratum_of(supervisor) for _, supervisor in self_pairs(ratings, therapists)}
    return own | {stratum_of_two(pair) for pair in rater_pairs(ratings)}


def self_pairs(ratings: Sequence[R], therapists: frozenset[UUID]) -> list[tuple[R, R]]:
    """Give each therapist's first self-rating with the first by the supervisor of the course."""
    judged = (each for each in ratings if each.by_case_supervisor and not is_agreed(each))
    supervisor = next(judged, None)
    first: dict[UUID, R] = {}
    for each in ratings:
        if each.role == RaterRole.SELF and each.rater_id in therapists:
            first.setdefault(each.rater_id, each)
    return [(own, supervisor) for own in first.values()] if supervisor else []


def rater_pairs(ratings: Sequence[R]) -> list[tuple[R, R]]:
    """Give every two ratings of one basis by two supervisors, each rater's first one."""
    first: dict[tuple[object, ...], R] = {}
    for each in ratings:
        if each.role in TWO_RATERS and each.rater_id and not is_agreed(each):
            first.setdefault((each.rater_id, each.basis), each)
    return [
        (one, other)
        for one, other in combinations(first.values(), 2)
        if one.rater_id != other.rater_id and one.basis == other.basis
    ]


def is_agreed(rating: RatingFact | SealedFact) -> bool:
    """Say whether a rating was agreed on; a file says so by its basis."""
    return RaterRole.CONSENSUS in {rating.role, rating.basis}


def stratum_of_two(pair: tuple[R, R]) -> Stratum:
    """Call a pair random only where both were: a session chosen by one is no sample."""
    selections = {each.selection for each in pair}
    both = selections.pop() if len(selections) == 1 else Selection.CHOSEN
    return Stratum(pair[0].basis or NOT_STATED, both)

"""Which ratings of one session are compared: two raters' with each other, self with supervisor.

Each rating counts as it was first submitted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias
from uuid import UUID

from ipt_tracker.clinical.fidelity.codes import RaterRole
from ipt_tracker.services.fidelity.facts import RatedSession, RatingFact

Raters: TypeAlias = tuple[str, str]
OTHERS = frozenset({RaterRole.SUPERVISOR, RaterRole.INDEPENDENT})


def is_consensus(rating: RatingFact) -> bool:
    """Say whether a rating was agreed on: by its role here, by its basis in a file."""
    return RaterRole.CONSENSUS in {rating.role, rating.basis}


@dataclass(frozen=True, slots=True)
class DoubleRated:
    """A session's mean quality by two raters, in the order of their codes."""

    raters: Raters
    quality: tuple[float, float]


@dataclass(frozen=True, slots=True)
class SelfPair:
    """One session by its therapist and by the course's supervisor."""

    own: RatingFact
    supervisor: RatingFact

    @property
    def difference(self) -> float | None:
        """Mean quality, self less supervisor; None where either rated no quality."""
        own, other = self.own.first_rating.competence, self.supervisor.first_rating.competence
        return None if own is None or other is None else own - other

    @property
    def overall(self) -> tuple[int, int] | None:
        """The two global ratings, 1 to 5; None where either is missing."""
        own, other = (each.first["global_competence"] for each in (self.own, self.supervisor))
        return None if own is None or other is None else (own, other)


def double_rated(sessions: Iterable[RatedSession]) -> tuple[DoubleRated, ...]:
    """Give the sessions whose quality two raters rated, self and consensus left out.

    Of three raters or more of one session, the two count who rated most sessions together.
    """
    rated = [found for each in sessions if len(found := _by_rater(each)) > 1]
    together = Counter(pair for each in rated for pair in combinations(sorted(each), 2))
    return tuple(_double(each, together) for each in rated)


def self_pairs(sessions: Iterable[RatedSession]) -> tuple[SelfPair, ...]:
    """Give each therapist's own rating beside that of the course's supervisor, one a session.

    Two leaders of a group session who both rated themselves make two pairs.
    """
    return tuple(pair for each in sessions for pair in _self_pairs(each))


def _by_rater(session: RatedSession) -> dict[str, float]:
    """Give each rater's mean quality; of two ratings by one of them, that of the first day."""
    found: dict[str, float] = {}
    for rating in session.ratings:
        quality = rating.first_rating.competence
        if rating.role in OTHERS and not is_consensus(rating) and quality is not None:
            found.setdefault(rating.code, quality)
    return found


def _double(by_rater: dict[str, float], together: Counter[Raters]) -> DoubleRated:
    pairs = list(combinations(sorted(by_rater), 2))
    raters = min(pairs, key=lambda pair: (-together[pair], pair))
    return DoubleRated(raters, (by_rater[raters[0]], by_rater[raters[1]]))


def _self_pairs(session: RatedSession) -> Iterator[SelfPair]:
    own_word = (r for r in session.ratings if r.by_case_supervisor and not is_consensus(r))
    supervisor = next(own_word, None)
    if supervisor is None:
        return
    for therapist in session.therapists:
        own = next(_own(session.ratings, therapist), None)
        if own is not None:
            yield SelfPair(own, supervisor)


def _own(ratings: Sequence[RatingFact], therapist: UUID) -> Iterator[RatingFact]:
    return (r for r in ratings if r.role == RaterRole.SELF and r.rater_id == therapist)

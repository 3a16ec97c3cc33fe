"""Which ratings of one session are compared: two raters' with each other, self with supervisor.

Each rating counts as it was first submitted.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

from ipt_tracker.services.fidelity.facts import RatedSession, RatingFact
from ipt_tracker.services.fidelity.rated_pairs import TWO_RATERS, is_agreed
from ipt_tracker.services.fidelity.rated_pairs import self_pairs as pairs_of_session

Raters: TypeAlias = tuple[str, str]


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
    found = (pairs_of_session(each.ratings, each.therapists) for each in sessions)
    return tuple(SelfPair(own, supervisor) for each in found for own, supervisor in each)


def _by_rater(session: RatedSession) -> dict[str, float]:
    """Give each rater's mean quality; of two ratings by one of them, that of the first day."""
    found: dict[str, float] = {}
    for rating in session.ratings:
        quality = rating.first_rating.competence
        if rating.role in TWO_RATERS and not is_agreed(rating) and quality is not None:
            found.setdefault(rating.code, quality)
    return found


def _double(by_rater: dict[str, float], together: Counter[Raters]) -> DoubleRated:
    pairs = list(combinations(sorted(by_rater), 2))
    raters = min(pairs, key=lambda pair: (-together[pair], pair))
    return DoubleRated(raters, (by_rater[raters[0]], by_rater[raters[1]]))

"""Do two see one session alike: the therapist and the supervisor, or two supervisors.

Always on ratings as they were first submitted, and on those alone that are open to the viewer. The
two of a pair come from one basis, but for a self-rating: that is always said with its own basis.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.fidelity.agreement import (
    BlandAltman,
    Icc,
    Interval,
    bland_altman,
    icc,
    kappa_interval,
    weighted_kappa,
)
from ipt_tracker.clinical.fidelity.codes import Basis
from ipt_tracker.clinical.fidelity.item_set import QUALITIES
from ipt_tracker.services.fidelity.facts import NOT_STATED, RatedSession, RatingFact
from ipt_tracker.services.fidelity.rated_pairs import (
    rater_pairs,
    self_pairs,
    stratum_of_two,
)
from ipt_tracker.services.fidelity.strata import Stratum, stratum_of


@dataclass(frozen=True, slots=True)
class SelfPair:
    """One session rated by a therapist of it and by the supervisor: quality of each, 1 to 5."""

    session: RatedSession
    therapist_id: UUID | None
    own: float
    supervisor: float

    @property
    def difference(self) -> float:
        """Self minus supervisor."""
        return self.own - self.supervisor

    @property
    def middle(self) -> float:
        """The mean of the two."""
        return (self.own + self.supervisor) / 2


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement on the overall competence of n sessions, above chance, with 95 % intervals."""

    n: int
    quadratic: float | None
    linear: float | None
    quadratic_ci: Interval | None
    linear_ci: Interval | None


@dataclass(frozen=True, slots=True)
class SelfAgreement:
    """Self beside supervisor in one stratum, which is that of the supervisor's rating.

    `own_basis` is that of the self-ratings used; `left_out` pairs have a self-rating of another.
    `sealed` are sessions rated by both that the viewer has still to rate.
    """

    own_basis: str
    pairs: tuple[SelfPair, ...]
    bland_altman: BlandAltman
    kappa: Kappa
    left_out: int
    sealed: int

    @property
    def own_basis_words(self) -> str:
        """Say how the therapists knew their sessions."""
        if self.own_basis == NOT_STATED:
            return "basis not stated"
        return label_of(Basis, self.own_basis).lower()


@dataclass(frozen=True, slots=True)
class TwoRaters:
    """The sessions that these two rated, by name, and how far they agree."""

    names: tuple[str, str]
    n: int
    icc: Icc | None


@dataclass(frozen=True, slots=True)
class RaterAgreement:
    """All sessions of one stratum that two supervisors rated, `pairs` in order of names.

    `changing`: not the same two throughout; then each session is taken as rated by two of its own.
    """

    n: int
    icc: Icc | None
    changing: bool
    pairs: tuple[TwoRaters, ...]
    sealed: int


def self_agreement(
    sessions: Iterable[RatedSession],
    stratum: Stratum | None,
    therapist_id: UUID | None = None,
) -> SelfAgreement:
    """Set self-ratings beside the supervisor's, on the basis that most self-ratings have.

    Two leaders of a group session who both rated themselves make two pairs, unless one therapist's
    alone are wanted.
    """
    rows = tuple(sessions)

    def wanted(session: RatedSession) -> frozenset[UUID]:
        return session.therapists & {therapist_id} if therapist_id else session.therapists

    found = [(each, pair) for each in rows for pair in self_pairs(each.ratings, wanted(each))]
    here = [(each, pair) for each, pair in found if stratum_of(pair[1]) == stratum]
    bases = Counter(own.basis or NOT_STATED for _, (own, _) in here)
    basis = min(bases, key=lambda each: (-bases[each], each), default=NOT_STATED)
    used = [(each, pair) for each, pair in here if (pair[0].basis or NOT_STATED) == basis]
    pairs = tuple(made for each, pair in used if (made := _qualities(each, *pair)))
    sealed = [pair for each in rows for pair in self_pairs(each.sealed, wanted(each))]
    return SelfAgreement(
        own_basis=basis,
        pairs=pairs,
        bland_altman=bland_altman(each.difference for each in pairs),
        kappa=_kappa([pair for _, pair in used]),
        left_out=len(here) - len(used),
        sealed=sum(stratum_of(supervisor) == stratum for _, supervisor in sealed),
    )


def rater_agreement(sessions: Iterable[RatedSession], stratum: Stratum | None) -> RaterAgreement:
    """Set two supervisors' ratings of the same sessions side by side.

    Of three raters of one session the two count who rated most sessions together.
    """
    rows = tuple(sessions)
    found = [_in_stratum(each.ratings, stratum) for each in rows]
    together = Counter(_raters(pair) for each in found for pair in each)
    by_pair: dict[frozenset[UUID | None], list[_Two]] = defaultdict(list)
    for pairs in filter(None, found):
        pair = min(pairs, key=lambda each: (-together[_raters(each)], _codes(each)))
        by_pair[_raters(pair)].append(_two(pair))
    every = [each.values for own in by_pair.values() for each in own]
    return RaterAgreement(
        n=len(every),
        icc=icc(every),
        changing=len(by_pair) > 1,
        pairs=tuple(sorted(map(_of_one_pair, by_pair.values()), key=lambda each: each.names)),
        sealed=sum(any(stratum_of_two(p) == stratum for p in rater_pairs(e.sealed)) for e in rows),
    )


def _in_stratum(
    ratings: Sequence[RatingFact], stratum: Stratum | None
) -> list[tuple[RatingFact, RatingFact]]:
    rated = [each for each in ratings if each.first_rating.competence is not None]
    return [pair for pair in rater_pairs(rated) if stratum_of_two(pair) == stratum]


def _raters(pair: tuple[RatingFact, RatingFact]) -> frozenset[UUID | None]:
    return frozenset(each.rater_id for each in pair)


def _codes(pair: tuple[RatingFact, RatingFact]) -> tuple[str, ...]:
    return tuple(sorted(each.code for each in pair))


def _qualities(session: RatedSession, own: RatingFact, other: RatingFact) -> SelfPair | None:
    one, two = own.first_rating.competence, other.first_rating.competence
    return None if one is None or two is None else SelfPair(session, own.rater_id, one, two)


def _kappa(pairs: Sequence[tuple[RatingFact, RatingFact]]) -> Kappa:
    given = [tuple(each.first["global_competence"] for each in pair) for pair in pairs]
    both = [(own, other) for own, other in given if own is not None and other is not None]
    return Kappa(
        n=len(both),
        quadratic=weighted_kappa(both, QUALITIES),
        linear=weighted_kappa(both, QUALITIES, "linear"),
        quadratic_ci=kappa_interval(both, QUALITIES),
        linear_ci=kappa_interval(both, QUALITIES, "linear"),
    )


@dataclass(frozen=True, slots=True)
class _Two:
    """Two ratings in the order of their raters' codes, and the qualities that both gave."""

    ratings: tuple[RatingFact, RatingFact]
    values: tuple[float, float]


def _two(pair: tuple[RatingFact, RatingFact]) -> _Two:
    one, other = sorted(pair, key=lambda each: (each.code, str(each.rater_id)))
    return _Two(
        (one, other), (one.first_rating.competence or 0, other.first_rating.competence or 0)
    )


def _of_one_pair(own: Sequence[_Two]) -> TwoRaters:
    one, other = sorted(each.rater_name for each in own[0].ratings)
    return TwoRaters((one, other), len(own), icc([each.values for each in own]))

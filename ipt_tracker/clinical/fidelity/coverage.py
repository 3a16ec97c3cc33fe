"""How much of the work was seen: sessions rated by another than the therapist, of all delivered.

A session counts once, whoever rated it and however often; so does a group session.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ipt_tracker.clinical.fidelity.codes import Selection

NOT_STATED = "not_stated"


@dataclass(frozen=True, slots=True)
class Seen:
    """One session that took place: the selection and basis of each rating by somebody else."""

    phase: str
    ratings: tuple[tuple[str, str], ...] = ()

    @property
    def picked(self) -> str | None:
        """How it was picked: at random if it ever was drawn, else chosen, else not stated."""
        kinds = {selection for selection, _ in self.ratings}
        order = (Selection.RANDOM.value, Selection.CHOSEN.value, NOT_STATED)
        return next((each for each in order if each in kinds), None)


@dataclass(frozen=True, slots=True)
class Cover:
    """Sessions rated of sessions delivered. Those picked in one way are never pooled unsaid."""

    delivered: int
    random: int
    chosen: int
    not_stated: int

    @property
    def rated(self) -> int:
        """All that were rated, however picked."""
        return self.random + self.chosen + self.not_stated

    @property
    def percent(self) -> float | None:
        """Rated of delivered, 0 to 100; None where nothing was delivered."""
        return 100 * self.rated / self.delivered if self.delivered else None


@dataclass(frozen=True, slots=True)
class OnBasis:
    """Sessions that have a rating on one basis, by how they were picked."""

    basis: str
    random: int
    chosen: int
    not_stated: int


def cover(sessions: Iterable[Seen]) -> Cover:
    """Count the sessions."""
    picked = [each.picked for each in sessions]
    return Cover(
        len(picked),
        picked.count(Selection.RANDOM.value),
        picked.count(Selection.CHOSEN.value),
        picked.count(NOT_STATED),
    )


def cover_by_phase(sessions: Sequence[Seen], phases: Sequence[str]) -> Mapping[str, Cover]:
    """Count the sessions of each phase: those of `phases` in their order, then any other."""
    there = dict.fromkeys([each.phase for each in sessions])
    order = [phase for phase in phases if phase in there]
    order += [phase for phase in there if phase not in order]
    return {phase: cover(each for each in sessions if each.phase == phase) for phase in order}


def on_each_basis(sessions: Iterable[Seen], bases: Sequence[str]) -> tuple[OnBasis, ...]:
    """Count on which basis sessions were rated; one that was rated on two counts on both."""
    ratings = [set(each.ratings) for each in sessions]
    found = {basis for each in ratings for _, basis in each}
    order = [basis for basis in bases if basis in found]
    order += sorted(found - set(order))
    return tuple(
        OnBasis(basis, *(sum((picked, basis) in each for each in ratings) for picked in KINDS))
        for basis in order
    )


KINDS = (Selection.RANDOM.value, Selection.CHOSEN.value, NOT_STATED)

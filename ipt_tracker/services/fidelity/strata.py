"""Which ratings may stand in one figure: one basis, and picked in one way. Two are never pooled."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.fidelity.codes import Basis, Selection
from ipt_tracker.services.fidelity.facts import (
    NOT_STATED,
    RatedSession,
    RatingFact,
    SealedFact,
)

BASES = (*Basis, NOT_STATED)
SELECTIONS = (*Selection, NOT_STATED)


@dataclass(frozen=True, slots=True)
class Stratum:
    """One basis and one way of picking; `not_stated` where a file says nothing."""

    basis: str
    selection: str

    @property
    def words(self) -> str:
        """Say both, such as "Full recording, drawn at random"."""
        return f"{self.basis_words}, {self.selection_words[:1].lower()}{self.selection_words[1:]}"

    @property
    def basis_words(self) -> str:
        """Say how the raters knew the sessions."""
        return "Basis not stated" if self.basis == NOT_STATED else label_of(Basis, self.basis)

    @property
    def selection_words(self) -> str:
        """Say how the sessions were picked."""
        if self.selection == NOT_STATED:
            return "Not stated how picked"
        return label_of(Selection, self.selection)

    @property
    def order(self) -> tuple[int, int]:
        """Drawn at random before chosen, a full recording before all others."""
        return _place(self.selection, SELECTIONS), _place(self.basis, BASES)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which stratum an address asks for; None leaves it to what most sessions were rated in."""

    basis: str | None = None
    selection: str | None = None


@dataclass(frozen=True, slots=True)
class StratumCount:
    """How many sessions the supervisor rated in one stratum: open to the viewer, and sealed."""

    stratum: Stratum
    rated: int
    sealed: int


def stratum_of(rating: RatingFact | SealedFact) -> Stratum:
    """Give the stratum that a rating belongs to."""
    return Stratum(rating.basis or NOT_STATED, rating.selection or NOT_STATED)


def strata(sessions: Iterable[RatedSession]) -> tuple[StratumCount, ...]:
    """Count the sessions rated by the supervisor of their course, stratum by stratum.

    In the order of strata; one that holds a sealed rating only is named too.
    """
    rows = tuple(sessions)
    return counted(
        ({stratum_of(r) for r in each.ratings if r.by_case_supervisor} for each in rows),
        ({stratum_of(r) for r in each.sealed if r.by_case_supervisor} for each in rows),
    )


def counted(
    opened: Iterable[set[Stratum]], closed: Iterable[set[Stratum]]
) -> tuple[StratumCount, ...]:
    """Count sessions from the strata of each one's ratings, those that are open and the sealed."""
    rated = Counter(stratum for each in opened for stratum in each)
    sealed = Counter(stratum for each in closed for stratum in each)
    found = sorted(rated.keys() | sealed.keys(), key=lambda each: each.order)
    return tuple(StratumCount(each, rated[each], sealed[each]) for each in found)


def chosen_stratum(
    counts: Sequence[StratumCount], basis: str | None = None, selection: str | None = None
) -> Stratum | None:
    """Give the stratum that an address asks for, else the one with the most sessions rated.

    An address may name the basis or the selection alone. None where no session was rated.
    """
    fits = [
        each
        for each in counts
        if basis in {None, each.stratum.basis} and selection in {None, each.stratum.selection}
    ]
    most = max(fits or counts, key=lambda each: (each.rated, each.sealed), default=None)
    return most.stratum if most else None


def _place(code: str, order: Sequence[str]) -> int:
    return order.index(code) if code in order else len(order)

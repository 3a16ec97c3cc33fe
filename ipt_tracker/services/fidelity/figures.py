"""What the ratings of a therapist's sessions add up to, each figure of one stratum.

Figures are of ratings by the supervisor of the course, as they stand now, and of those alone that
are open to the viewer.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from uuid import UUID

from ipt_tracker.clinical.fidelity.codes import RaterRole
from ipt_tracker.clinical.fidelity.control_chart import Control, control
from ipt_tracker.clinical.fidelity.item_set import ItemSet
from ipt_tracker.clinical.fidelity.rating import mean
from ipt_tracker.clinical.fidelity.summary import (
    FEWEST_CLUSTERS,
    Clustered,
    Summary,
    clustered,
    summary_of,
)
from ipt_tracker.services.fidelity.doors import RatedKind
from ipt_tracker.services.fidelity.facts import (
    BY_OTHERS,
    EVER,
    RatedSession,
    RatingFact,
    sessions_of,
)
from ipt_tracker.services.fidelity.profiles import Profile, item_sets_of, profile_of
from ipt_tracker.services.fidelity.strata import (
    Stratum,
    StratumCount,
    chosen_stratum,
    strata,
    stratum_of,
)
from ipt_tracker.services.unit_of_work import UnitOfWork

__all__ = [
    "CaseFigures",
    "Profile",
    "SessionFigure",
    "Stratum",
    "StratumCount",
    "TherapistFigures",
    "chosen_stratum",
    "figures_of",
    "item_sets_of",
    "strata",
    "therapist_figures",
]

FEWEST_PATIENTS = FEWEST_CLUSTERS
BY_SUPERVISORS = tuple(role for role in BY_OTHERS if role != RaterRole.CONSENSUS)


@dataclass(frozen=True, slots=True)
class SessionFigure:
    """One rated session: the mean over the supervisor's ratings of it, which is nearly always one.

    `adherence` in percent, None where nothing applied; `quality` 1 to 5, None where nothing was
    delivered.
    """

    session: RatedSession
    ratings: tuple[RatingFact, ...]
    adherence: float | None
    quality: float | None

    @property
    def flagged(self) -> bool:
        """Whether something proscribed was seen."""
        return any(each.rating.flagged for each in self.ratings)


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """The rated sessions of one course, or of one group."""

    owner: UUID
    code: str
    is_group: bool
    rated: int
    adherence: Summary
    quality: Summary


@dataclass(frozen=True, slots=True)
class TherapistFigures:
    """One therapist's figures in one stratum.

    `delivered` are the sessions that took place; `rated` those that the figures are of; `sealed`
    those that the supervisor rated in this stratum and that the viewer has still to rate.
    Adherence and quality are over session means; the clustered ones allow for sessions of one
    patient (or group) being alike. `control` is of the quality of `sessions` that have one.
    """

    therapist_id: UUID
    stratum: Stratum | None
    delivered: int
    rated: int
    sealed: int
    patients: int
    adherence: Summary
    quality: Summary
    adherence_clustered: Clustered
    quality_clustered: Clustered
    control: Control
    sessions: tuple[SessionFigure, ...]
    cases: tuple[CaseFigures, ...]
    profile: Profile | None
    others_on: tuple[date, ...] = ()
    """The days of the sessions that took place and of which no rating is in these figures."""

    @property
    def plotted(self) -> tuple[SessionFigure, ...]:
        """The sessions behind the points of `control`, in their order."""
        return tuple(each for each in self.sessions if each.quality is not None)


def therapist_figures(
    work: UnitOfWork,
    therapist_ids: Collection[UUID],
    stratum: Stratum | None = None,
    since: date = EVER,
) -> Mapping[UUID, TherapistFigures]:
    """Give the figures of several therapists in one stratum, read at once.

    Without a stratum all are shown in the one with the most sessions rated. The caller has come
    through a door to these therapists.
    """
    found = sessions_of(work, therapist_ids, since, BY_SUPERVISORS)
    shown = stratum or chosen_stratum(strata(found))
    item_sets = item_sets_of(work, found)
    return MappingProxyType(
        {each: figures_of(each, found, shown, item_sets) for each in therapist_ids}
    )


def figures_of(
    therapist_id: UUID,
    sessions: Iterable[RatedSession],
    stratum: Stratum | None,
    item_sets: Mapping[str, ItemSet],
) -> TherapistFigures:
    """Compute one therapist's figures from sessions that were read already."""
    own = [each for each in sessions if therapist_id in each.therapists]
    rated = session_figures(own, stratum)
    quality = [each.quality for each in rated]
    adherence = [each.adherence for each in rated]
    return TherapistFigures(
        therapist_id=therapist_id,
        stratum=stratum,
        delivered=len(own),
        rated=len(rated),
        sealed=sum(_is_sealed(each, stratum) for each in own),
        patients=len({each.session.owner for each in rated}),
        adherence=summary_of(adherence),
        quality=summary_of(quality),
        adherence_clustered=clustered(_by_owner(rated, adherence)),
        quality_clustered=clustered(_by_owner(rated, quality)),
        control=control([value for value in quality if value is not None]),
        sessions=rated,
        cases=_cases(rated),
        profile=profile_of([fact for each in rated for fact in each.ratings], item_sets),
        others_on=tuple(each.held_on for each in own if not _in(each, stratum)),
    )


def session_figures(
    sessions: Iterable[RatedSession], stratum: Stratum | None
) -> tuple[SessionFigure, ...]:
    """Give the sessions rated in one stratum by the supervisor of their course, in their order."""
    found = ((each, _in(each, stratum)) for each in sessions)
    return tuple(
        SessionFigure(
            session,
            ratings,
            mean(each.rating.adherence_pct for each in ratings),
            mean(each.rating.competence for each in ratings),
        )
        for session, ratings in found
        if ratings
    )


def _in(session: RatedSession, stratum: Stratum | None) -> tuple[RatingFact, ...]:
    own = (each for each in session.ratings if each.by_case_supervisor)
    return tuple(each for each in own if stratum_of(each) == stratum)


def _is_sealed(session: RatedSession, stratum: Stratum | None) -> bool:
    return any(each.by_case_supervisor and stratum_of(each) == stratum for each in session.sealed)


def _by_owner(
    rated: Sequence[SessionFigure], values: Sequence[float | None]
) -> Mapping[Hashable, Sequence[float]]:
    found: dict[Hashable, list[float]] = defaultdict(list)
    for each, value in zip(rated, values, strict=True):
        if value is not None:
            found[each.session.owner].append(value)
    return found


def _cases(rated: Sequence[SessionFigure]) -> tuple[CaseFigures, ...]:
    """Sort sessions into cases, in the order of their codes."""
    by_owner: dict[UUID, list[SessionFigure]] = defaultdict(list)
    for each in rated:
        by_owner[each.session.owner].append(each)
    found = (
        CaseFigures(
            owner=owner,
            code=own[0].session.code,
            is_group=own[0].session.kind is RatedKind.GROUP,
            rated=len(own),
            adherence=summary_of(each.adherence for each in own),
            quality=summary_of(each.quality for each in own),
        )
        for owner, own in by_owner.items()
    )
    return tuple(sorted(found, key=lambda each: (each.code, str(each.owner))))

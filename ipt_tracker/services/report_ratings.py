"""How a course was done, by its therapist's own ratings and by those of its case supervisor."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from ipt_tracker.clinical.fidelity.codes import RaterRole
from ipt_tracker.clinical.fidelity.rating import Rating, mean, rating_of
from ipt_tracker.persistence.models import Assignment
from ipt_tracker.persistence.queries.ratings import RatingRow
from ipt_tracker.persistence.queries.records import SlotRow
from ipt_tracker.services.fidelity.whose import holding, supervisors_of

MEAN_DIGITS, COVERAGE_DIGITS = 3, 4


@dataclass(frozen=True, slots=True)
class RatedBy:
    """The ratings of delivered sessions by one kind of rater, grouped by session."""

    sessions: tuple[tuple[Rating, ...], ...]

    @property
    def adherence_pct(self) -> float | None:
        """The mean adherence over the rated sessions, in percent."""
        return _rounded(mean(mean(r.adherence_pct for r in each) for each in self.sessions))

    @property
    def competence(self) -> float | None:
        """The mean quality over the rated sessions, 1 to 5."""
        return _rounded(mean(mean(r.competence for r in each) for each in self.sessions))

    @property
    def flagged(self) -> int:
        """How many of the ratings saw something proscribed."""
        return sum(rating.flagged for each in self.sessions for rating in each)


@dataclass(frozen=True, slots=True)
class RatingFigures:
    """Self and case supervisor, never pooled; another supervisor's ratings are in neither."""

    own: RatedBy
    supervisor: RatedBy
    delivered: int

    def figures(self) -> dict[str, object]:
        """Give the figures under the names of the course bundle."""
        rated = len(self.supervisor.sessions)
        share = rated / self.delivered if self.delivered else None
        return {
            "self_rated": len(self.own.sessions),
            "supervisor_rated": rated,
            "supervisor_coverage": None if share is None else round(share, COVERAGE_DIGITS),
            "supervisor_adherence_pct_mean": self.supervisor.adherence_pct,
            "supervisor_competence_mean": self.supervisor.competence,
            "self_competence_mean": self.own.competence,
        }


def rating_figures(
    assignments: Sequence[Assignment], delivered: Sequence[SlotRow], ratings: Iterable[RatingRow]
) -> RatingFigures:
    """Sort the ratings of the delivered sessions by who made them.

    The case supervisor is the one of the day of the session, or of the day of the rating: a new
    supervisor may rate a recording from before. A group session that this member missed was
    delivered and may be rated.
    """
    days = {slot.id: slot.held_on for slot in delivered}
    own, supervisor = [], []
    for row in ratings:
        if row.session_id not in days:
            continue
        held_on = days[row.session_id]
        held = holding(assignments, held_on)
        if row.role == RaterRole.CONSENSUS:
            continue
        if row.role == RaterRole.SELF or (held and row.rater_id == held.therapist_id):
            own.append(row)
        elif row.rater_id in supervisors_of(assignments, held_on, row.rated_on):
            supervisor.append(row)
    return RatingFigures(_rated_by(own), _rated_by(supervisor), len(delivered))


def _rated_by(rows: Iterable[RatingRow]) -> RatedBy:
    found = defaultdict[UUID, list[Rating]](list)
    for row in rows:
        found[row.session_id].append(rating_of(row.items, row.proscribed.values()))
    return RatedBy(tuple(map(tuple, found.values())))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, MEAN_DIGITS)

"""What the courses' supervisors saw, by their ratings as they stand: by therapist, by domain."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from ipt_tracker.clinical.fidelity.codes import RaterRole
from ipt_tracker.clinical.fidelity.control_chart import Control, control
from ipt_tracker.clinical.fidelity.rating import QUALITY, mean
from ipt_tracker.clinical.fidelity.summary import Summary, summary_of
from ipt_tracker.services.fidelity.facts import RatedSession, RatingFact
from ipt_tracker.services.fidelity.rated_pairs import is_agreed

OTHER = "other"
SUPERVISOR = "course_supervisor"


@dataclass(frozen=True, slots=True)
class SeenSession:
    """A session that the course's supervisor rated: its place and its two numbers."""

    ref: str
    slot: int
    quality: float | None
    adherence_pct: float | None


@dataclass(frozen=True, slots=True)
class Seen:
    """One therapist's sessions that the course's supervisor rated, in order of time."""

    sessions: tuple[SeenSession, ...]

    @property
    def quality(self) -> Summary:
        """Mean quality of a session, 1 to 5, over those with any."""
        return summary_of(each.quality for each in self.sessions)

    @property
    def adherence(self) -> Summary:
        """Mean adherence of a session in percent, over those to which anything applied."""
        return summary_of(each.adherence_pct for each in self.sessions)

    @property
    def series(self) -> tuple[SeenSession, ...]:
        """The points of the control chart: sessions with a quality."""
        return tuple(each for each in self.sessions if each.quality is not None)

    @property
    def control(self) -> Control:
        """The control chart of the quality."""
        return control([each.quality for each in self.series if each.quality is not None])

    @property
    def outside(self) -> list[list[str | int]]:
        """Course and slot of each point outside the limits."""
        points = self.series
        return [[points[n].ref, points[n].slot] for n in self.control.outside]


@dataclass(frozen=True, slots=True)
class Stratum:
    """Ratings on one basis, of sessions picked one way, by one kind of rater."""

    basis: str | None
    selection: str
    rated_by: str
    ratings: tuple[RatingFact, ...]

    @property
    def quality(self) -> Summary:
        """Mean quality of a rating."""
        return summary_of(each.rating.competence for each in self.ratings)

    @property
    def adherence(self) -> Summary:
        """Mean adherence of a rating in percent."""
        return summary_of(each.rating.adherence_pct for each in self.ratings)


def of_case_supervisor(session: RatedSession) -> tuple[RatingFact, ...]:
    """Give the ratings by the course's supervisor; a consensus only where there is no other."""
    every = tuple(each for each in session.ratings if each.by_case_supervisor)
    return tuple(each for each in every if not is_agreed(each)) or every


def seen_of(sessions: Iterable[RatedSession]) -> Seen:
    """Give what the course's supervisor saw of these sessions, which stand in order of time.

    Where two supervisors of one course rated a session, or one did twice, their mean counts.
    """
    found = []
    for session in sessions:
        ratings = [each.rating for each in of_case_supervisor(session)]
        if ratings:
            quality = mean(each.competence for each in ratings)
            adherence = mean(each.adherence_pct for each in ratings)
            found.append(SeenSession(session.ref, session.slot, quality, adherence))
    return Seen(tuple(found))


def by_therapist(sessions: Sequence[RatedSession], codes: Mapping[UUID, str]) -> dict[str, Seen]:
    """Give each therapist of these sessions with what was seen, also of whom nothing was."""
    given: dict[str, list[RatedSession]] = defaultdict(list)
    for session in sessions:
        for therapist in session.therapists:
            given[codes.get(therapist, str(therapist))].append(session)
    return {code: seen_of(given[code]) for code in sorted(given)}


def domain_quality(
    sessions: Iterable[RatedSession], domains: Mapping[str, Mapping[str, str]]
) -> dict[str, Summary]:
    """Give the quality of each domain over all its items that the course's supervisor rated.

    `domains` gives, for each item set, the domain of each item. An item that its set does not
    know is in no domain.
    """
    found: dict[str, list[float]] = {d: [] for of in domains.values() for d in of.values()}
    for session in sessions:
        for rating in of_case_supervisor(session):
            domain_of = domains[rating.item_set]
            for code, item in rating.now["items"].items():
                if code in domain_of and (quality := item.get(QUALITY)) is not None:
                    found[domain_of[code]].append(quality)
    return {domain: summary_of(values) for domain, values in found.items()}


def strata(sessions: Iterable[RatedSession]) -> tuple[Stratum, ...]:
    """Sort the ratings by basis, by how the session was picked, and by who rated."""
    found: dict[tuple[str, str, str], list[RatingFact]] = defaultdict(list)
    for session in sessions:
        for rating in session.ratings:
            found[rating.basis or "", rating.selection, _rated_by(rating)].append(rating)
    return tuple(
        Stratum(basis or None, selection, rater, tuple(ratings))
        for (basis, selection, rater), ratings in sorted(found.items())
    )


def _rated_by(rating: RatingFact) -> str:
    if is_agreed(rating):
        return RaterRole.CONSENSUS
    if rating.by_case_supervisor:
        return SUPERVISOR
    return RaterRole.SELF if rating.role == RaterRole.SELF else OTHER

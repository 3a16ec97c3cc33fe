"""What of a session's ratings is open to whom: nothing of others before one's own is in."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from ipt_tracker.clinical.fidelity.codes import RaterRole, Selection
from ipt_tracker.governance.access import Role
from ipt_tracker.persistence.models import FidelityRating, RatingRequest, RatingWaiver
from ipt_tracker.services.fidelity.doors import Rated, RatedKind
from ipt_tracker.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Beside:
    """The ratings of a session as they are open to the actor, and how many are sealed."""

    ratings: tuple[FidelityRating, ...]
    sealed: int


def role_of(work: UnitOfWork, rated: Rated) -> RaterRole:
    """Say as what the actor rates a session: it follows from who they are; nobody chooses it."""
    person = work.person
    if person.id in rated.therapists:
        return RaterRole.SELF
    if person.role is Role.SUPERVISOR and person.supervisees & rated.therapists:
        return RaterRole.SUPERVISOR
    return RaterRole.INDEPENDENT


def own_rating(work: UnitOfWork, rated: Rated) -> FidelityRating | None:
    """Give the actor's own rating of a session, in whatever role, consensus aside."""
    return work.session.scalars(
        select(FidelityRating)
        .where(
            of_rated(FidelityRating, rated),
            FidelityRating.rater_id == work.person.id,
            FidelityRating.role != RaterRole.CONSENSUS,
        )
        .order_by(FidelityRating.submitted_at, FidelityRating.id)
    ).first()


def own_waiver(work: UnitOfWork, rated: Rated) -> RatingWaiver | None:
    """Give the actor's waiver of rating a session."""
    return work.session.scalars(
        select(RatingWaiver).where(
            of_rated(RatingWaiver, rated), RatingWaiver.account_id == work.person.id
        )
    ).first()


def own_request(work: UnitOfWork, rated: Rated) -> RatingRequest | None:
    """Give what the actor was asked, where they were; withdrawn requests are not in a Rated."""
    return next((each for each in rated.requests if each.rater_id == work.person.id), None)


def selection_of(rated: Rated) -> Selection:
    """Say how a session was picked: drawn at random for one rater, it is so for every rater."""
    drawn = any(each.selection == Selection.RANDOM for each in rated.requests)
    return Selection.RANDOM if drawn else Selection.CHOSEN


def opened(work: UnitOfWork, rated: Rated) -> bool:
    """Say whether others' ratings of a session are open to the actor: own one in, or waived."""
    return own_rating(work, rated) is not None or own_waiver(work, rated) is not None


def beside(work: UnitOfWork, rated: Rated) -> Beside:
    """Give a session's ratings side by side, the first submitted first; sealed they are counted."""
    every = work.session.scalars(
        select(FidelityRating)
        .where(of_rated(FidelityRating, rated))
        .order_by(FidelityRating.rated_on, FidelityRating.submitted_at, FidelityRating.id)
    ).all()
    if opened(work, rated):
        return Beside(tuple(every), 0)
    return Beside((), len(every))


def of_rated(
    table: type[FidelityRating | RatingWaiver | RatingRequest], rated: Rated
) -> ColumnElement[bool]:
    """Select the rows of one session, or of one meeting of a group."""
    if rated.kind is RatedKind.GROUP:
        return table.group_session_id == rated.id
    return table.session_id == rated.id

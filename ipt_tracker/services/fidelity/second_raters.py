"""Asking a colleague to rate one session, and who has been asked."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.persistence.models import FidelityRating, RatingRequest
from ipt_tracker.persistence.queries.people import names_of
from ipt_tracker.services.fidelity.blind import of_rated, selection_of
from ipt_tracker.services.fidelity.doors import Rated
from ipt_tracker.services.fidelity.requests import ask_for_rating, raters, role_for
from ipt_tracker.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SecondEntry:
    """Whom to ask, why, and until when."""

    rater_id: UUID | None
    reason: str | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class AskedOf:
    """One request that is not withdrawn: of whom, by whom, and whether it is answered."""

    row: RatingRequest
    name: str
    asked_by: str
    is_answered: bool


def colleagues(work: UnitOfWork, rated: Rated) -> tuple[tuple[UUID, str], ...]:
    """Give whom the actor can ask: not the therapist, nobody who rated it or was asked before."""
    settled = _raters_of(work, rated) | {each.rater_id for each in rated.requests}
    settled.add(work.person.id)
    return tuple((id_, name) for id_, name in raters(work, rated) if id_ not in settled)


def asked_of(work: UnitOfWork, rated: Rated) -> tuple[AskedOf, ...]:
    """Give the requests to rate a session, the first asked first."""
    people = {each.rater_id for each in rated.requests} | {e.asked_by for e in rated.requests}
    names, answered = names_of(work.session, people), _raters_of(work, rated)
    return tuple(
        AskedOf(each, names[each.rater_id], names[each.asked_by], each.rater_id in answered)
        for each in rated.requests
    )


def ask_second_rater(work: UnitOfWork, rated: Rated, entry: SecondEntry) -> RatingRequest:
    """Ask a colleague to rate a session; one that was drawn at random stays so for them.

    Whoever supervises the therapist is asked as supervisor, everybody else as second rater.
    """
    if entry.rater_id is None:
        raise RuleBroken("Choose who is to rate it.", "rater")
    role = role_for(work, rated, entry.rater_id)
    return ask_for_rating(
        work, rated, entry.rater_id, role, selection_of(rated), entry.reason, entry.due_on
    )


def _raters_of(work: UnitOfWork, rated: Rated) -> set[UUID]:
    wanted = select(FidelityRating.rater_id).where(of_rated(FidelityRating, rated))
    return {each for each in work.session.scalars(wanted) if each}

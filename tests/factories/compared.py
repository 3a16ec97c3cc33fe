"""Ratings to compare, made through the services as raters would make them."""

from typing import Any
from uuid import UUID

from ipt_tracker.clinical.fidelity.item_set import OWN_SET
from ipt_tracker.clinical.fidelity.marks import Marks, mark
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.fidelity.doors import Rated, RatedKind, open_rated
from ipt_tracker.services.fidelity.feedback import (
    FeedbackEntry,
    acknowledge_feedback,
    send_feedback,
)
from ipt_tracker.services.fidelity.rating_amendments import amend_rating, open_own_rating
from ipt_tracker.services.fidelity.ratings import RatingEntry, submit_rating, waive
from ipt_tracker.services.fidelity.second_raters import SecondEntry, ask_second_rater
from ipt_tracker.services.unit_of_work import UnitOfWork
from tests.factories.clinic import Clinic
from tests.factories.people import Person
from tests.factories.rated import slots_of
from tests.factories.ratings import CODES


def whole(quality: int = 3, remark: str | None = None, **items: int | None) -> Marks:
    """Give marks of every item at one quality; `items` says which differ, None for not done."""
    marks = {code: mark(1, quality) for code in CODES}
    marks |= {c: mark(0) if each is None else mark(1, each) for c, each in items.items()}
    return Marks(marks, {}, quality, quality, "live", remark=remark)


def rate_as(
    work: UnitOfWork, rated_id: UUID, marks: Marks, kind: RatedKind = RatedKind.SESSION
) -> UUID:
    """Submit a rating as the actor."""
    rated = open_rated(work, kind, rated_id, Permission.RATE_SESSION)
    return submit_rating(work, rated, RatingEntry(OWN_SET, marks)).id


def rate_by(clinic: Clinic, person: Person, rated_id: UUID, marks: Marks, **more: Any) -> UUID:
    """Submit a rating as a person of the clinic, in a transaction of its own."""
    with clinic.writing(person) as work:
        return rate_as(work, rated_id, marks, **more)


def ask(clinic: Clinic, rated_id: UUID, rater: Person) -> UUID:
    """Let the clinic's supervisor ask somebody to rate a session."""
    with clinic.writing(clinic.supervisor) as work:
        rated = opened(work, rated_id, Permission.SUPERVISE)
        return ask_second_rater(work, rated, SecondEntry(rater.id, "a second look", None)).id


def opened(
    work: UnitOfWork, rated_id: UUID, permission: Permission = Permission.RATE_SESSION
) -> Rated:
    """Go through the door of a session."""
    return open_rated(work, RatedKind.SESSION, rated_id, permission)


def compared_in(clinic: Clinic) -> None:
    """Rate the first session of the first course in every way, with words wherever there can be."""
    first, other = slots_of(clinic, clinic.course)[:2]
    own = rate_by(clinic, clinic.therapist, first, whole(4, "at ease"))
    rating = rate_by(clinic, clinic.supervisor, first, whole(3, "stayed with it"))
    ask(clinic, first, clinic.therapist2)
    rate_by(clinic, clinic.therapist2, first, whole(3, "a little fast"))
    with clinic.writing(clinic.therapist) as work:
        rated, row = open_own_rating(work, own)
        amend_rating(work, rated, row, whole(3, "at ease"), "misread", seen_version=row.version)
    with clinic.writing(clinic.supervisor) as work:
        sent = send_feedback(work, opened(work, first), rating, FeedbackEntry("stay", "wait")).id
        waive(work, opened(work, other), "was present")
    with clinic.writing(clinic.therapist) as work:
        acknowledge_feedback(work, opened(work, first), sent, "I will")

"""Ratings for tests of figures: as facts made by hand, and as rows written past the services."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from ipt_tracker.persistence.models import FidelityRating, SessionRecord
from ipt_tracker.services.fidelity.doors import RatedKind
from ipt_tracker.services.fidelity.facts import RatedSession, RatingFact, SealedFact
from tests.factories.clinic import Clinic
from tests.factories.courses import CourseRef
from tests.factories.people import Person

OWN_SET = "ipt-tracker-14@1"
CODES = tuple(f"F{number:02}" for number in range(1, 15))
MONDAY = date(2026, 1, 5)
WEEK = timedelta(weeks=1)


def items(*quality: int | None) -> dict[str, dict[str, float | None]]:
    """Give marks of the first items, one each: a quality, or None for one that was not done."""
    return {
        code: {"d": 0 if each is None else 1, "q": each}
        for code, each in zip(CODES, quality, strict=False)
    }


def marks(*quality: int | None, overall: int | None = None) -> Mapping[str, Any]:
    """Give what a rater marked."""
    return {
        "items": items(*quality),
        "proscribed": {},
        "global_competence": overall,
        "alliance": None,
    }


def fact(*quality: int | None, overall: int | None = None, **differs: Any) -> RatingFact:
    """Give a rating by the supervisor from a full recording drawn at random, unless said."""
    made = marks(*quality, overall=overall)
    facts: dict[str, Any] = {
        "id": uuid4(),
        "role": "supervisor",
        "rater_id": UUID(int=7),
        "rater_name": "I. Marlowe",
        "code": "SUP-01",
        "by_case_supervisor": differs.get("role", "supervisor") == "supervisor",
        "basis": "full_recording",
        "selection": "random",
        "item_set": OWN_SET,
        "rated_on": MONDAY,
        "now": made,
        "first": made,
    }
    return RatingFact(**facts | differs)


def sealed(**differs: Any) -> SealedFact:
    """Give a rating by the supervisor that the viewer has not opened."""
    facts: dict[str, Any] = {
        "id": uuid4(),
        "role": "supervisor",
        "rater_id": UUID(int=7),
        "by_case_supervisor": True,
        "basis": "full_recording",
        "selection": "random",
    }
    return SealedFact(**facts | differs)


def session(
    *ratings: RatingFact | SealedFact, owner: int = 1, slot: int = 1, **differs: Any
) -> RatedSession:
    """Give a session of therapist 1 with case `owner`, a week after the one before."""
    facts: dict[str, Any] = {
        "kind": RatedKind.SESSION,
        "id": uuid4(),
        "owner": UUID(int=owner),
        "ref": f"C-{owner}",
        "code": f"C-{owner}",
        "slot": slot,
        "number": slot,
        "session_kind": "individual",
        "phase": "middle",
        "held_on": MONDAY + slot * WEEK,
        "therapists": frozenset({UUID(int=1)}),
        "ratings": tuple(each for each in ratings if isinstance(each, RatingFact)),
        "sealed": tuple(each for each in ratings if isinstance(each, SealedFact)),
    }
    return RatedSession(**facts | differs)


def slots_of(clinic: Clinic, course: CourseRef) -> list[UUID]:
    """Give the sessions of a course that took place, in order."""
    wanted = select(SessionRecord.id).where(
        SessionRecord.course_id == course.id, SessionRecord.attendance == "attended"
    )
    with clinic.reading() as work:
        return list(work.session.scalars(wanted.order_by(SessionRecord.slot)))


def rate(
    clinic: Clinic, session_id: UUID, rater: Person, *quality: int | None, **differs: Any
) -> UUID:
    """Write a rating made here: by the supervisor from a full recording drawn at random."""
    made = marks(*quality, overall=differs.pop("overall", None))
    row: dict[str, Any] = {
        "id": uuid4(),
        "session_id": session_id,
        "role": "supervisor",
        "rater": rater.name,
        "rater_id": rater.id,
        "item_set": OWN_SET,
        "basis": "full_recording",
        "selection": "random",
        "rated_on": clinic.today,
        "submitted_at": clinic.now,
    }
    with clinic.writing() as work:
        rating = FidelityRating(**row | dict(made) | differs)
        work.session.add(rating)
        return rating.id

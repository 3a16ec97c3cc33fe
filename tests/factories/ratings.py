"""Whole ratings as raters enter them, through the services and the form of the page."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from ipt_tracker.clinical.fidelity.codes import Selection
from ipt_tracker.clinical.fidelity.item_set import OWN_SET, own_item_set
from ipt_tracker.clinical.fidelity.marks import Marks, mark
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.fidelity.doors import Rated, RatedKind, open_rated
from ipt_tracker.services.fidelity.ratings import RatingEntry, submit_rating
from ipt_tracker.services.fidelity.requests import ask_for_rating, role_for
from ipt_tracker.services.unit_of_work import UnitOfWork
from tests.factories.clinic import Clinic
from tests.factories.people import Person

CODES = tuple(item.code for item in own_item_set().items)
WHOLE = Marks(
    items={code: mark(1, 3) for code in CODES},
    proscribed={},
    global_competence=3,
    alliance=4,
    basis="full_recording",
)
"""Everything delivered, adequately, heard from a full recording."""
IN_FORM = {
    **{f"d_{code}": "1" for code in CODES},
    **{f"q_{code}": "3" for code in CODES},
    "basis": "full_recording",
    "global_competence": "3",
    "alliance": "4",
}
"""The same as the form of the page sends it."""


def marked(**items: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Give the items of WHOLE with some of them marked otherwise."""
    return dict(WHOLE.items) | items


def entry(**differs: Any) -> RatingEntry:
    """Give a whole rating with some of its marks otherwise."""
    return RatingEntry(OWN_SET, replace(WHOLE, **differs))


def rated(work: UnitOfWork, session_id: UUID, kind: RatedKind = RatedKind.SESSION) -> Rated:
    """Open a session to rate it."""
    return open_rated(work, kind, session_id, Permission.RATE_SESSION)


def submitted(clinic: Clinic, person: Person, session_id: UUID, **differs: Any) -> UUID:
    """Submit somebody's rating of a session, and give its id."""
    with clinic.writing(person) as work:
        return submit_rating(work, rated(work, session_id), entry(**differs)).id


def asked(clinic: Clinic, rater: Person, session_id: UUID, **differs: Any) -> UUID:
    """Let the clinic's supervisor ask somebody to rate a session, as what they are to it."""
    with clinic.writing(clinic.supervisor) as work:
        found = open_rated(work, RatedKind.SESSION, session_id, Permission.SUPERVISE)
        role = role_for(work, found, rater.id)
        given: dict[str, Any] = {
            "selection": Selection.CHOSEN,
            "reason": "a second rater",
            "due_on": None,
        } | differs
        return ask_for_rating(work, found, rater.id, role, **given).id

"""Sessions in every state of their ratings, for the pages that show them."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.clinical.fidelity.item_set import OWN_SET
from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import FidelityRating, SessionRecord
from ipt_tracker.services.fidelity.doors import RatedKind, open_rated
from ipt_tracker.services.fidelity.feedback import FeedbackEntry, send_feedback
from ipt_tracker.services.fidelity.rating_amendments import amend_rating, open_own_rating
from ipt_tracker.services.fidelity.ratings import RatingEntry, record_consensus
from ipt_tracker.services.fidelity.second_raters import SecondEntry, ask_second_rater
from ipt_tracker.services.unit_of_work import UnitOfWork, writing
from tests.browser.site import NOW, TODAY, Known, Site
from tests.factories.compared import rate_as, whole

STATES = ("sealed", "compared", "agreed", "asked", "open")
"""The sessions of a course with five, by what became of their ratings."""


def rated_sessions(site: Site, known: Known) -> dict[str, Any]:
    """Rate the sessions of a therapist's course, one for each state; give their ids by it."""
    wanted = select(SessionRecord.id).where(SessionRecord.course_id == known.id)
    with site.database.read() as db:
        ids = list(db.scalars(wanted.order_by(SessionRecord.slot)))
    found = dict(zip(STATES, ids, strict=True))
    for state in ("sealed", "compared", "agreed"):
        with site.writing("therapist") as work:
            rate_as(work, found[state], whole(4, "I liked the pace.", F02=5))
    _compared(site, found["compared"])
    _agreed(site, found["agreed"])
    found["request"] = _asked(site, found["asked"])
    return found


def supervising(site: Site) -> UnitOfWork:
    """Begin a unit of work of the supervisor, with the therapist as supervisee."""
    person = site.person("supervisor")
    return writing(site.database, person.actor(site.person("therapist")), NOW, TODAY)


def _compared(site: Site, rated_id: UUID) -> UUID:
    """Let the supervisor and a second rater rate a session too."""
    with supervising(site) as work:
        own = rate_as(work, rated_id, whole(3, "Stayed with the feeling.", F02=2, F03=None))
    _asked(site, rated_id)
    with site.writing("therapist2") as work:
        rate_as(work, rated_id, whole(3, "A little fast.", F04=1))
    return own


def _agreed(site: Site, rated_id: UUID) -> None:
    """Add a consensus, an amendment, and feedback that waits to be read."""
    own = _compared(site, rated_id)
    with supervising(site) as work:
        rated, rating = open_own_rating(work, own)
        marks = whole(3, "Stayed with the feeling.", F02=3, F03=None)
        amend_rating(work, rated, rating, marks, "misread the scale", seen_version=rating.version)
    with supervising(site) as work:
        rated = open_rated(work, RatedKind.SESSION, rated_id, Permission.SUPERVISE)
        second = next(each.rater_id for each in rated.requests)
        used = [own, _rating_of(work, rated_id, second)]
        record_consensus(work, rated, RatingEntry(OWN_SET, whole(3, "Agreed.")), used)
        send_feedback(work, rated, own, FeedbackEntry("Stay with it.", "Ask what he wants."))


def _rating_of(work: UnitOfWork, rated_id: UUID, rater_id: UUID) -> UUID:
    wanted = select(FidelityRating.id).where(
        FidelityRating.session_id == rated_id, FidelityRating.rater_id == rater_id
    )
    return work.session.scalars(wanted).one()


def _asked(site: Site, rated_id: UUID) -> UUID:
    """Ask a second rater."""
    with supervising(site) as work:
        rated = open_rated(work, RatedKind.SESSION, rated_id, Permission.SUPERVISE)
        entry = SecondEntry(site.person("therapist2").id, "to agree on how we rate", None)
        return ask_second_rater(work, rated, entry).id

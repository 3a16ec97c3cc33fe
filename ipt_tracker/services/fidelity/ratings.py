"""Ratings: submitted once and blind, or waived; agreed on in a record of their own."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.clinical.fidelity.codes import RaterRole, Selection
from ipt_tracker.clinical.fidelity.marks import Marks, check_marks
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission, RatedTies, require
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import (
    Course,
    FidelityRating,
    RatingWaiver,
    SessionRecord,
    StaffCode,
)
from ipt_tracker.services.fidelity.blind import (
    beside,
    own_rating,
    own_request,
    own_waiver,
    role_of,
    selection_of,
)
from ipt_tracker.services.fidelity.doors import Rated
from ipt_tracker.services.fidelity.item_sets import item_set_for
from ipt_tracker.services.unit_of_work import UnitOfWork

OWN_NAME = "self"
"""How files name a rater who rated their own session."""
FEWEST_AGREEING = 2


@dataclass(frozen=True, slots=True)
class RatingEntry:
    """What somebody enters: the item set, as key@version, and everything marked with it."""

    item_set: str
    marks: Marks


class AlreadyRated(RuleBroken):
    """The actor has rated this session before, here or in another window."""

    def __init__(self) -> None:
        super().__init__("You have submitted your rating of this session already.")


class AlreadyWaived(RuleBroken):
    """The actor has given up rating this session; its other ratings were opened for that."""

    def __init__(self) -> None:
        super().__init__("You gave up rating this session, so that its other ratings could open.")


def submit_rating(work: UnitOfWork, rated: Rated, entry: RatingEntry) -> FidelityRating:
    """Keep the actor's rating of a session that they opened to rate; its other ratings open now.

    Raises MarksRefused with all that is missing or wrong, AlreadyRated, or AlreadyWaived.
    """
    require_unrated(work, rated)
    check_marks(
        entry.marks, item_set_for(work, entry.item_set), recorded=may_be_recorded(work, rated)
    )
    role, asked = role_of(work, rated), own_request(work, rated)
    rating = _row(work, rated, entry, role)
    rating.request_id = asked.id if asked else None
    rating.selection = None if role is RaterRole.SELF else selection_of(rated).value
    work.session.add(rating)
    work.session.flush()
    _audit(work, Event.RATING_SUBMITTED, rated, rating, selection=rating.selection)
    return rating


def require_unrated(work: UnitOfWork, rated: Rated) -> None:
    """Raise AlreadyRated or AlreadyWaived where the actor's rating of a session is settled."""
    if own_rating(work, rated) is not None:
        raise AlreadyRated
    if own_waiver(work, rated) is not None:
        raise AlreadyWaived


def may_be_recorded(work: UnitOfWork, rated: Rated) -> bool:
    """Say whether nobody in the session refused recording; not asked about is not refused."""
    if isinstance(rated.of, Course):
        return rated.of.recording_consent is not False
    refused = work.session.scalars(
        select(Course.id)
        .join(SessionRecord, SessionRecord.course_id == Course.id)
        .where(SessionRecord.group_session_id == rated.id, Course.recording_consent.is_(False))
    )
    return refused.first() is None


def waive(work: UnitOfWork, rated: Rated, reason: str | None) -> None:
    """Give up rating a session, so that the ratings of others open; a reason is required.

    A second rater who does not supervise the session gives the request back instead: nothing
    opens to them, and the session is no longer theirs to see.
    """
    require_unrated(work, rated)
    if not reason:
        raise RuleBroken("Say why you give up rating it.", "reason")
    if role_of(work, rated) is RaterRole.INDEPENDENT:
        _give_back(work, rated, reason)
        return
    work.session.add(
        RatingWaiver(**rated.keys, account_id=work.person.id, reason=reason, waived_at=work.now)
    )
    work.audit(Event.RATING_WAIVED, rated.subject(), role=role_of(work, rated).value)


def record_consensus(
    work: UnitOfWork, rated: Rated, entry: RatingEntry, agreed_from: Collection[UUID]
) -> FidelityRating:
    """Keep what two raters or more agreed on, as a record beside their ratings, which stay.

    `agreed_from` are the ratings it was reached from: open to the actor, of others than the
    therapist, made with the same item set.
    """
    ties = RatedTies(rated.therapists, frozenset(each.rater_id for each in rated.requests))
    require(work.person, Permission.SUPERVISE, ties)
    every = beside(work, rated)
    if every.sealed:
        raise RuleBroken("Submit your own rating first, or give it up.")
    if any(each.role == RaterRole.CONSENSUS for each in every.ratings):
        raise RuleBroken("There is a consensus of this session already. Amend that one.")
    used = tuple(each for each in every.ratings if each.id in agreed_from)
    _check_agreeing(used, len(set(agreed_from)), entry)
    check_marks(
        entry.marks, item_set_for(work, entry.item_set), recorded=may_be_recorded(work, rated)
    )
    rating = _row(work, rated, entry, RaterRole.CONSENSUS)
    rating.agreed_from = sorted(str(each.id) for each in used)
    rating.selection = _common_selection(used)
    work.session.add(rating)
    work.session.flush()
    _audit(work, Event.RATING_CONSENSUS, rated, rating, agreed_from=rating.agreed_from)
    return rating


def _check_agreeing(used: Sequence[FidelityRating], named: int, entry: RatingEntry) -> None:
    strange = len(used) != named or any(
        each.role not in {RaterRole.SUPERVISOR, RaterRole.INDEPENDENT} for each in used
    )
    if strange:
        raise RuleBroken("Choose ratings of this session by others than its therapist.", "from")
    if len({each.rater_id or each.rater for each in used}) < FEWEST_AGREEING:
        raise RuleBroken("A consensus needs the ratings of two raters.", "from")
    if {each.item_set for each in used} != {entry.item_set}:
        raise RuleBroken("These ratings were made with different item sets.", "from")


def _common_selection(used: Sequence[FidelityRating]) -> str | None:
    """Give how the session was picked: one drawn at random stays so, whoever rated it."""
    found = {each.selection for each in used}
    if Selection.RANDOM in found:
        return Selection.RANDOM.value
    return found.pop() if len(found) == 1 else None


def _row(work: UnitOfWork, rated: Rated, entry: RatingEntry, role: RaterRole) -> FidelityRating:
    marks = entry.marks
    flags = {each.code: False for each in item_set_for(work, entry.item_set).proscribed}
    return FidelityRating(
        **rated.keys,
        role=role.value,
        rater=OWN_NAME if role is RaterRole.SELF else _name(work),
        rater_id=work.person.id,
        item_set=entry.item_set,
        basis=marks.basis,
        portion=marks.portion,
        minutes_heard=marks.minutes_heard,
        rated_on=work.today,
        items={code: dict(item) for code, item in marks.items.items()},
        proscribed=flags | dict(marks.proscribed),
        global_competence=marks.global_competence,
        alliance=marks.alliance,
        remark=marks.remark,
        submitted_at=work.now,
    )


def _name(work: UnitOfWork) -> str:
    """Give the code by which reports name the actor, the first by name; else the account's id."""
    own = select(StaffCode.code).where(StaffCode.account_id == work.person.id)
    return work.session.scalars(own.order_by(StaffCode.code)).first() or str(work.person.id)


def _give_back(work: UnitOfWork, rated: Rated, reason: str) -> None:
    asked = own_request(work, rated)
    if asked is None:
        raise RuleBroken("You were not asked to rate this session.")
    asked.withdrawn_at, asked.withdrawn_reason = work.now, reason
    work.audit(
        Event.RATING_REQUEST_WITHDRAWN, rated.subject(), request=str(asked.id), given_back=True
    )


def _audit(
    work: UnitOfWork, event: Event, rated: Rated, rating: FidelityRating, **more: object
) -> None:
    work.audit(
        event,
        rated.subject(),
        rating=str(rating.id),
        role=rating.role,
        basis=rating.basis,
        item_set=rating.item_set,
        **more,
    )

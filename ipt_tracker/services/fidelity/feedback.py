"""Feedback on a rating: sent once by the supervisor, read and acknowledged by the therapist."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.clinical.fidelity.codes import RaterRole
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission, RatedTies, allows, require
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import (
    Assignment,
    Course,
    FidelityRating,
    GroupLeader,
    RatingFeedback,
    TherapyGroup,
)
from ipt_tracker.persistence.queries import feedback as query
from ipt_tracker.persistence.queries.feedback import FeedbackFound
from ipt_tracker.persistence.queries.people import names_of
from ipt_tracker.persistence.queries.rated import (
    Held,
    assignments,
    given_up,
    leaders,
    rated_by,
)
from ipt_tracker.services.fidelity.blind import of_rated, opened
from ipt_tracker.services.fidelity.doors import Rated, RatedKind
from ipt_tracker.services.fidelity.whose import holding, leading_on
from ipt_tracker.services.unit_of_work import UnitOfWork

RECENT = timedelta(days=60)
"""After that a rating asks for no feedback any more. Our own convention."""


@dataclass(frozen=True, slots=True)
class FeedbackEntry:
    """What the therapist is told: at least one of the two."""

    keep_doing: str | None
    try_next: str | None


@dataclass(frozen=True, slots=True)
class FeedbackDue:
    """One session on which feedback waits: to be given, or to be read.

    `people`: to whom it goes, or who sent it. `at`: when the rating was submitted, or the feedback
    sent. `is_sealed`: it opens only once the therapist has rated the session, or waived that.
    """

    kind: RatedKind
    rated_id: UUID
    code: str
    slot: int
    number: int | None
    session_kind: str
    held_on: date
    role: str
    people: tuple[str, ...]
    at: datetime
    is_sealed: bool = False


def ratings_to_answer(
    work: UnitOfWork, rated: Rated, ratings: Iterable[FidelityRating]
) -> tuple[FidelityRating, ...]:
    """Give those ratings of a session on which the actor may give feedback: own, or agreed on."""
    if not may_supervise(work, rated):
        return ()
    return tuple(each for each in ratings if _is_answerable(work, each))


def send_feedback(
    work: UnitOfWork, rated: Rated, rating_id: UUID, entry: FeedbackEntry
) -> RatingFeedback:
    """Send feedback on the actor's own rating, or on a consensus, of a supervisee's session."""
    require(work.person, Permission.SUPERVISE, _ties(rated))
    rating = _rating(work, rated, rating_id)
    if rating is None or not _is_answerable(work, rating) or not opened(work, rated):
        raise AccessDenied(Permission.SUPERVISE)
    if _feedback_on(work, rating.id) is not None:
        raise RuleBroken("Feedback on this rating was sent already. It is sent once.")
    if not entry.keep_doing and not entry.try_next:
        raise RuleBroken("Write what to keep doing or what to try next.", "keep_doing")
    sent = RatingFeedback(
        rating_id=rating.id,
        keep_doing=entry.keep_doing,
        try_next=entry.try_next,
        written_by=work.person.id,
        sent_at=work.now,
    )
    work.session.add(sent)
    work.session.flush()
    _audit(work, Event.FEEDBACK_SENT, rated, sent)
    return sent


def acknowledge_feedback(
    work: UnitOfWork, rated: Rated, feedback_id: UUID | None, answer: str | None
) -> RatingFeedback:
    """Say that the actor, a therapist of the session, has read feedback; an answer may go back."""
    if work.person.id not in rated.therapists:
        raise RuleBroken("Feedback is acknowledged by the therapist of the session.")
    if not opened(work, rated):
        raise RuleBroken("Rate this session first, or give up rating it. Then feedback opens.")
    found = work.session.get(RatingFeedback, feedback_id) if feedback_id else None
    if found is None or _rating(work, rated, found.rating_id) is None:
        raise RuleBroken("There is no such feedback on this session.")
    if found.acknowledged_at is not None:
        raise RuleBroken("This feedback was acknowledged already.")
    found.acknowledged_by, found.acknowledged_at = work.person.id, work.now
    found.answer = answer
    work.session.flush()
    _audit(work, Event.FEEDBACK_ACKNOWLEDGED, rated, found, answered=bool(answer))
    return found


def feedback_to_give(work: UnitOfWork) -> tuple[FeedbackDue, ...]:
    """List sessions of supervisees that the actor rated lately and gave no feedback on.

    Feedback on one's rating or on the consensus settles the session. The oldest rating first.
    """
    rows = query.not_given(work.session, work.person.id, work.now - RECENT)
    settled = query.given_on(work.session, work.person.id)
    whose = _Whose.of(work, work.person.supervisees, rows)
    found: dict[UUID, FeedbackDue] = {}
    for row in rows:
        people = whose.session(row)
        if row.of not in settled and people & work.person.supervisees:
            found.setdefault(row.of, _due(row, whose.names(people)))
    return tuple(found.values())


def feedback_to_read(work: UnitOfWork) -> tuple[FeedbackDue, ...]:
    """List feedback on the actor's own sessions that nobody has acknowledged, the oldest first."""
    own = work.person.id
    rows = query.not_acknowledged(work.session, own)
    whose = _Whose.of(work, {own}, rows)
    is_open = rated_by(work.session, own) | given_up(work.session, own)
    return tuple(
        _due(row, (row.by,) if row.by else (), is_sealed=row.of not in is_open)
        for row in rows
        if own in whose.session(row)
    )


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whose sessions they were, of what some people ever had or led."""

    assigned: dict[UUID, list[Held]]
    led: dict[UUID, list[GroupLeader]]
    named: dict[UUID, str]

    @classmethod
    def of(
        cls, work: UnitOfWork, people: Collection[UUID], rows: Iterable[FeedbackFound]
    ) -> "_Whose":
        """Read it for the courses and groups that some rows are of."""
        owners = {row.owner for row in rows}
        assigned: dict[UUID, list[Held]] = {}
        ever = select(Assignment.course_id).where(
            Assignment.therapist_id.in_(people), Assignment.course_id.in_(owners)
        )
        for held in assignments(work.session, Course.id.in_(ever)):
            assigned.setdefault(held.course_id, []).append(held)
        led: dict[UUID, list[GroupLeader]] = {}
        groups = select(GroupLeader.group_id).where(
            GroupLeader.account_id.in_(people), GroupLeader.group_id.in_(owners)
        )
        for leader in leaders(work.session, TherapyGroup.id.in_(groups)):
            led.setdefault(leader.group_id, []).append(leader)
        everybody = {row.therapist_id for rows in assigned.values() for row in rows}
        everybody |= {row.account_id for rows in led.values() for row in rows}
        return cls(assigned, led, names_of(work.session, everybody))

    def session(self, row: FeedbackFound) -> frozenset[UUID]:
        """Give who gave a session: by the ties of its day."""
        if row.is_whole_group:
            return leading_on(self.led.get(row.owner, ()), row.held_on)
        held = holding(self.assigned.get(row.owner, []), row.held_on)
        return frozenset({held.therapist_id} if held else ())

    def names(self, people: Iterable[UUID]) -> tuple[str, ...]:
        """Give people's names, in order."""
        return tuple(sorted(self.named[each] for each in people if each in self.named))


def _due(row: FeedbackFound, people: tuple[str, ...], *, is_sealed: bool = False) -> FeedbackDue:
    return FeedbackDue(
        kind=RatedKind.GROUP if row.is_whole_group else RatedKind.SESSION,
        rated_id=row.of,
        code=row.code,
        slot=row.slot,
        number=row.number,
        session_kind=row.session_kind,
        held_on=row.held_on,
        role=row.role,
        people=people,
        at=row.at,
        is_sealed=is_sealed,
    )


def _ties(rated: Rated) -> RatedTies:
    return RatedTies(rated.therapists, frozenset(each.rater_id for each in rated.requests))


def may_supervise(work: UnitOfWork, rated: Rated) -> bool:
    """Say whether the actor supervises somebody who gave the session."""
    return allows(work.person, Permission.SUPERVISE, _ties(rated))


def _is_answerable(work: UnitOfWork, rating: FidelityRating) -> bool:
    if rating.role == RaterRole.CONSENSUS:
        return True
    return rating.role == RaterRole.SUPERVISOR and rating.rater_id == work.person.id


def _rating(work: UnitOfWork, rated: Rated, rating_id: UUID) -> FidelityRating | None:
    """Give a rating of this session, and of no other."""
    wanted = select(FidelityRating).where(of_rated(FidelityRating, rated))
    return work.session.scalars(wanted.where(FidelityRating.id == rating_id)).one_or_none()


def _feedback_on(work: UnitOfWork, rating_id: UUID) -> RatingFeedback | None:
    wanted = select(RatingFeedback).where(RatingFeedback.rating_id == rating_id)
    return work.session.scalars(wanted).one_or_none()


def _audit(
    work: UnitOfWork, event: Event, rated: Rated, feedback: RatingFeedback, **more: object
) -> None:
    subject = rated.subject()
    work.audit(event, subject, rating=str(feedback.rating_id), feedback=str(feedback.id), **more)

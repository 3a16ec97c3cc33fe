"""Feedback on ratings: what one person has not given yet, and what waits to be read."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, false, literal, null, select, true
from sqlalchemy.orm import Session

from ipt_tracker.clinical.fidelity.codes import RaterRole
from ipt_tracker.persistence.models import (
    Account,
    Course,
    FidelityRating,
    GroupSession,
    Patient,
    RatingFeedback,
    SessionRecord,
    TherapyGroup,
)
from ipt_tracker.persistence.queries.rated import courses_of, groups_of

OF_A_SUPERVISOR = (RaterRole.SUPERVISOR, RaterRole.CONSENSUS)


@dataclass(frozen=True, slots=True)
class FeedbackFound:
    """One rating on which feedback waits, with its session; `owner` is the course or the group.

    `at` is when the rating was submitted, or when the feedback was sent; `by` sent it.
    """

    is_whole_group: bool
    of: UUID
    owner: UUID
    code: str
    slot: int
    number: int | None
    session_kind: str
    held_on: date
    role: str
    at: datetime
    by: str | None


_SLOT = (
    false(),
    SessionRecord.id,
    SessionRecord.course_id,
    Patient.code,
    SessionRecord.slot,
    SessionRecord.number,
    SessionRecord.kind,
    SessionRecord.held_on,
    FidelityRating.role,
)
_MEETING = (
    true(),
    GroupSession.id,
    GroupSession.group_id,
    TherapyGroup.code,
    GroupSession.slot,
    GroupSession.number,
    literal("group"),
    GroupSession.held_on,
    FidelityRating.role,
)


def not_given(session: Session, rater_id: UUID, since: datetime) -> tuple[FeedbackFound, ...]:
    """Give the ratings that somebody submitted as a supervisor and gave no feedback on."""
    own = (
        FidelityRating.rater_id == rater_id,
        FidelityRating.role.in_(OF_A_SUPERVISOR),
        FidelityRating.submitted_at >= since,
        FidelityRating.id.not_in(select(RatingFeedback.rating_id)),
    )
    submitted = (FidelityRating.submitted_at, null())
    slots, meetings = _slots().add_columns(*submitted), _meetings().add_columns(*submitted)
    return _found(session, slots.where(*own), meetings.where(*own))


def given_on(session: Session, writer_id: UUID) -> frozenset[UUID]:
    """Give the sessions and meetings on which somebody has sent feedback."""
    rows = session.execute(
        select(FidelityRating.session_id, FidelityRating.group_session_id)
        .join(RatingFeedback, RatingFeedback.rating_id == FidelityRating.id)
        .where(RatingFeedback.written_by == writer_id)
    )
    return frozenset(id_ for row in rows for id_ in row if id_)


def not_acknowledged(session: Session, therapist_id: UUID) -> tuple[FeedbackFound, ...]:
    """Give feedback that nobody acknowledged, in what somebody was ever assigned to or led."""
    people, waits = (therapist_id,), RatingFeedback.acknowledged_at.is_(None)
    sent = (RatingFeedback.sent_at, Account.display_name)
    slots = _slots().add_columns(*sent)
    meetings = _meetings().add_columns(*sent)
    return _found(
        session,
        _with_feedback(slots).where(waits, courses_of(people)),
        _with_feedback(meetings).where(waits, groups_of(people)),
    )


def _slots() -> Select[*tuple[Any, ...]]:
    return (
        select(*_SLOT)
        .join(FidelityRating, FidelityRating.session_id == SessionRecord.id)
        .join(Course, Course.id == SessionRecord.course_id)
        .join(Patient, Patient.id == Course.patient_id)
    )


def _meetings() -> Select[*tuple[Any, ...]]:
    return (
        select(*_MEETING)
        .join(FidelityRating, FidelityRating.group_session_id == GroupSession.id)
        .join(TherapyGroup, TherapyGroup.id == GroupSession.group_id)
    )


def _with_feedback(wanted: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return wanted.join(RatingFeedback, RatingFeedback.rating_id == FidelityRating.id).join(
        Account, Account.id == RatingFeedback.written_by
    )


def _found(
    session: Session, slots: Select[*tuple[Any, ...]], meetings: Select[*tuple[Any, ...]]
) -> tuple[FeedbackFound, ...]:
    every: Any = (*session.execute(slots), *session.execute(meetings))
    rows = [FeedbackFound(bool(whole), *rest) for whole, *rest in every]
    return tuple(sorted(rows, key=lambda row: (row.at, row.held_on, row.code, row.slot)))

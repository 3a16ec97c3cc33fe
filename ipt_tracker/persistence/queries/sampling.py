"""Sampling plans, draws, and which sessions somebody is asked to rate."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ipt_tracker.clinical.fidelity.codes import Selection
from ipt_tracker.persistence.models import (
    Account,
    Course,
    FidelityRating,
    GroupSession,
    RatingRequest,
    SampleDraw,
    SamplingPlan,
    SessionRecord,
    TherapyGroup,
)
from ipt_tracker.persistence.queries.rated import courses_of, groups_of


def plans(session: Session, therapists: Collection[UUID]) -> list[tuple[SamplingPlan, str]]:
    """Give every edition of these therapists' plans with who set it, the newest first."""
    rows = session.execute(
        select(SamplingPlan, Account.display_name)
        .join(Account, Account.id == SamplingPlan.set_by)
        .where(SamplingPlan.therapist_id.in_(therapists))
        .order_by(SamplingPlan.edition.desc())
    )
    return [(row[0], row[1]) for row in rows]


def draws(session: Session, therapist_id: UUID) -> list[tuple[SampleDraw, str, int]]:
    """Give a therapist's draws, the newest first, with who drew and the edition of the plan."""
    rows = session.execute(
        select(SampleDraw, Account.display_name, SamplingPlan.edition)
        .join(Account, Account.id == SampleDraw.drawn_by)
        .join(SamplingPlan, SamplingPlan.id == SampleDraw.plan_id)
        .where(SampleDraw.therapist_id == therapist_id)
        .order_by(SampleDraw.drawn_at.desc(), SampleDraw.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def asked(session: Session, therapists: Collection[UUID]) -> dict[UUID, bool]:
    """Give the sessions and meetings that somebody is or was asked to rate, withdrawn aside.

    Each with whether it was ever drawn at random.
    """
    held = RatingRequest.withdrawn_at.is_(None)
    one = (
        select(RatingRequest.session_id, RatingRequest.selection)
        .join(SessionRecord, SessionRecord.id == RatingRequest.session_id)
        .join(Course, Course.id == SessionRecord.course_id)
        .where(courses_of(therapists), held)
    )
    whole = (
        select(RatingRequest.group_session_id, RatingRequest.selection)
        .join(GroupSession, GroupSession.id == RatingRequest.group_session_id)
        .join(TherapyGroup, TherapyGroup.id == GroupSession.group_id)
        .where(groups_of(therapists), held)
    )
    found: dict[UUID, bool] = {}
    rows: list[Any] = [row for query in (one, whole) for row in session.execute(query)]
    for id_, selection in rows:
        found[id_] = found.get(id_, False) or selection == Selection.RANDOM
    return found


def requests_of(session: Session, draw_id: UUID) -> tuple[RatingRequest, ...]:
    """Give what was asked for by a draw, withdrawn ones too."""
    return tuple(session.scalars(select(RatingRequest).where(RatingRequest.draw_id == draw_id)))


def answered(session: Session, draw_id: UUID) -> frozenset[tuple[UUID | None, UUID | None]]:
    """Give who rated what of a draw: the session or the meeting, and the rater."""
    of = select(RatingRequest.session_id, RatingRequest.group_session_id).where(
        RatingRequest.draw_id == draw_id
    )
    one, whole = (
        of.with_only_columns(RatingRequest.session_id),
        of.with_only_columns(RatingRequest.group_session_id),
    )
    rows = session.execute(
        select(
            FidelityRating.session_id, FidelityRating.group_session_id, FidelityRating.rater_id
        ).where(FidelityRating.session_id.in_(one) | FidelityRating.group_session_id.in_(whole))
    )
    return frozenset((row[0] or row[1], row[2]) for row in rows)

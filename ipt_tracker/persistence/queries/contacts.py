"""Requests for contact: what was tried, and what in the course had been found about risk."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ipt_tracker.persistence.models import (
    Account,
    ContactAttempt,
    Measure,
    RiskCheck,
    SessionRecord,
)


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One attempt with the name of whoever made it."""

    way: str
    reached: bool
    what: str
    tried_at: datetime
    tried_by: str


def attempts_of(session: Session, task_id: UUID) -> tuple[AttemptRow, ...]:
    """Give the attempts of one request, in the order in which they were made."""
    rows = session.execute(
        select(
            ContactAttempt.way,
            ContactAttempt.reached,
            ContactAttempt.what,
            ContactAttempt.tried_at,
            Account.display_name,
        )
        .join(Account, Account.id == ContactAttempt.tried_by)
        .where(ContactAttempt.task_id == task_id)
        .order_by(ContactAttempt.tried_at, ContactAttempt.id)
    )
    return tuple(AttemptRow(*row) for row in rows)


def name_of(session: Session, account_id: UUID) -> str | None:
    """Name a person."""
    return session.scalar(select(Account.display_name).where(Account.id == account_id))


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One time at which risk was asked about."""

    held_on: date
    result: str | None
    band: str | None
    override_band: str | None
    answers: dict[str, Any] | None


def risk_checks_of(session: Session, course_id: UUID) -> tuple[RiskRow, ...]:
    """Give every time at which risk was asked about in a course, by day."""
    rows = session.execute(
        select(
            SessionRecord.held_on,
            RiskCheck.result,
            RiskCheck.band,
            RiskCheck.override_band,
            RiskCheck.answers,
        )
        .join(SessionRecord, SessionRecord.id == RiskCheck.session_id)
        .where(SessionRecord.course_id == course_id, RiskCheck.asked)
        .order_by(SessionRecord.held_on, SessionRecord.slot)
    )
    return tuple(RiskRow(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class AnsweredForm:
    """One form with its answers, or with the one answer that a file gave beside its total."""

    instrument: str
    taken_on: date
    answers: dict[str, Any] | None
    item9: object


def answered_forms(
    session: Session, course_id: UUID, instruments: frozenset[str]
) -> tuple[AnsweredForm, ...]:
    """Give the forms of these instruments in a course that were not withdrawn, by day."""
    rows = session.execute(
        select(
            Measure.instrument,
            Measure.taken_on,
            Measure.answers,
            Measure.extra["item9"].as_string(),
        )
        .where(
            Measure.course_id == course_id,
            Measure.instrument.in_(sorted(instruments)),
            Measure.withdrawn_at.is_(None),
        )
        .order_by(Measure.taken_on, Measure.recorded_at)
    )
    return tuple(AnsweredForm(*row) for row in rows)

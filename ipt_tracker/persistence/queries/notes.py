"""Notes by what waits in them, and the way of one note. Lists start from what the actor may see."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select
from sqlalchemy.orm import Session

from ipt_tracker.clinical.course.attendance import Attendance
from ipt_tracker.clinical.course.notes import NoteState, Step
from ipt_tracker.governance.access import Actor
from ipt_tracker.persistence.models import (
    Account,
    Addendum,
    Amendment,
    Assignment,
    Course,
    NoteStep,
    Patient,
    RiskCheck,
    SessionRecord,
)
from ipt_tracker.persistence.queries.risk_found import was_found
from ipt_tracker.persistence.visibility import holds, visible_to


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One note that waits for somebody. `signed_on` is empty before it is signed."""

    session_id: UUID
    course_id: UUID
    slot: int
    number: int | None
    kind: str
    held_on: date
    attendance: str
    note_state: str
    signed_on: date | None
    code: str
    name: str | None
    therapist: str
    found_risk: bool


@dataclass(frozen=True, slots=True)
class OverduePart:
    """How many old notes of a supervisee are in one state, in open or in closed courses."""

    therapist_id: UUID
    therapist: str
    state: str | None
    is_closed: bool
    count: int
    oldest: date


def notes_in(
    session: Session, actor: Actor, today: date, states: Collection[str], limit: int
) -> tuple[NoteRow, ...]:
    """Give the notes in these states that the actor may see, oldest session first."""
    wanted = _rows(actor, today).where(SessionRecord.note_state.in_(sorted(states)))
    return tuple(NoteRow(*row) for row in session.execute(wanted.limit(limit)))


def open_in_course(
    session: Session, actor: Actor, today: date, course_id: UUID, states: Collection[str]
) -> tuple[NoteRow, ...]:
    """Give the notes of one course in these states, oldest session first."""
    wanted = _rows(actor, today).where(SessionRecord.course_id == course_id)
    open_ones = wanted.where(SessionRecord.note_state.in_(sorted(states)))
    return tuple(NoteRow(*row) for row in session.execute(open_ones))


def count_in(
    session: Session,
    actor: Actor,
    today: date,
    states: Collection[str],
    before: date | None = None,
) -> int:
    """Count the notes in these states that the actor may see, of sessions before a day."""
    own = select(func.count()).select_from(SessionRecord).join(Course)
    wanted = own.where(
        visible_to(actor, today), _counts(), SessionRecord.note_state.in_(sorted(states))
    )
    if before is not None:
        wanted = wanted.where(SessionRecord.held_on < before)
    return session.scalar(wanted) or 0


def changed_since_cosigned(
    session: Session, actor: Actor, today: date, limit: int
) -> tuple[NoteRow, ...]:
    """Give co-signed notes that were corrected or added to after the supervisor last looked."""
    looked = (
        select(func.max(NoteStep.taken_at))
        .where(
            NoteStep.session_id == SessionRecord.id,
            NoteStep.step.in_([Step.COSIGNED, Step.SEEN]),
        )
        .correlate(SessionRecord)
        .scalar_subquery()
    )
    corrected = select(Amendment.recorded_at).where(
        Amendment.course_id == SessionRecord.course_id,
        Amendment.author_id.is_not(None),
        Amendment.note_state == NoteState.COSIGNED,
        _is_of_note(),
        (looked.is_(None)) | (Amendment.recorded_at > looked),
    )
    added = select(Addendum.written_at).where(
        Addendum.session_id == SessionRecord.id,
        (looked.is_(None)) | (Addendum.written_at > looked),
    )
    wanted = _rows(actor, today).where(
        SessionRecord.note_state == NoteState.COSIGNED, corrected.exists() | added.exists()
    )
    return tuple(NoteRow(*row) for row in session.execute(wanted.limit(limit)))


def overdue_of(
    session: Session, actor: Actor, today: date, before: date, states: Collection[str]
) -> tuple[OverduePart, ...]:
    """Count, by therapist and state, the notes of sessions before a day, oldest first."""
    closed = Course.ended_on.is_not(None)
    by = (Account.id, Account.display_name, SessionRecord.note_state, closed)
    rows = session.execute(
        select(*by, func.count(), func.min(SessionRecord.held_on))
        .select_from(SessionRecord)
        .join(Course)
        .join(Assignment, and_(Assignment.course_id == Course.id, holds(Assignment, today)))
        .join(Account, Account.id == Assignment.therapist_id)
        .where(
            visible_to(actor, today),
            _counts(),
            SessionRecord.note_state.in_(sorted(states)),
            SessionRecord.held_on < before,
        )
        .group_by(*by)
        .order_by(func.min(SessionRecord.held_on), *by)
    )
    return tuple(OverduePart(*row) for row in rows)


def steps_of(
    session: Session, session_ids: Iterable[UUID]
) -> dict[UUID, tuple[tuple[NoteStep, str], ...]]:
    """Give the steps of each note with who took them, oldest first, in one statement."""
    rows = session.execute(
        select(NoteStep, Account.display_name)
        .join(Account, Account.id == NoteStep.taken_by)
        .where(NoteStep.session_id.in_(list(session_ids)))
        .order_by(NoteStep.taken_at, NoteStep.id)
    )
    found: dict[UUID, list[tuple[NoteStep, str]]] = defaultdict(list)
    for step, name in rows:
        if step.session_id is not None:
            found[step.session_id].append((step, name))
    return {session_id: tuple(each) for session_id, each in found.items()}


def addenda_of(session: Session, session_id: UUID) -> tuple[tuple[Addendum, str], ...]:
    """Give what was added to one note with who wrote it, oldest first."""
    rows = session.execute(
        select(Addendum, Account.display_name)
        .join(Account, Account.id == Addendum.written_by)
        .where(Addendum.session_id == session_id)
        .order_by(Addendum.written_at, Addendum.id)
    )
    return tuple((addendum, name) for addendum, name in rows)


def _rows(actor: Actor, today: date) -> Any:  # noqa: ANN401 -- a statement
    return (
        select(
            SessionRecord.id,
            SessionRecord.course_id,
            SessionRecord.slot,
            SessionRecord.number,
            SessionRecord.kind,
            SessionRecord.held_on,
            SessionRecord.attendance,
            SessionRecord.note_state,
            SessionRecord.note_signed_on,
            Patient.code,
            Patient.name,
            _therapist(today),
            _found_risk(),
        )
        .join(Course, Course.id == SessionRecord.course_id)
        .join(Patient, Patient.id == Course.patient_id)
        .where(visible_to(actor, today), _counts())
        .order_by(SessionRecord.held_on, Patient.code, SessionRecord.slot)
    )


def _therapist(today: date) -> ScalarSelect[str]:
    """Name one therapist of the course: two at once do not make two notes of one."""
    return (
        select(func.min(Account.display_name))
        .join(Assignment, Assignment.therapist_id == Account.id)
        .where(Assignment.course_id == Course.id, holds(Assignment, today))
        .correlate(Course)
        .scalar_subquery()
    )


def _found_risk() -> ColumnElement[bool]:
    """Say of a session whether risk was found at it."""
    checks = select(RiskCheck.id).where(RiskCheck.session_id == SessionRecord.id)
    return checks.where(RiskCheck.asked, was_found()).correlate(SessionRecord).exists()


def _is_of_note() -> ColumnElement[bool]:
    """Select amendments of the record itself and of its risk check."""
    risk = select(RiskCheck.id).where(RiskCheck.session_id == SessionRecord.id)
    return or_(Amendment.subject_id == SessionRecord.id, Amendment.subject_id.in_(risk))


def _counts() -> ColumnElement[bool]:
    """Leave out what was entered in error: nothing happened of which a note could tell."""
    return SessionRecord.attendance != Attendance.ENTERED_IN_ERROR

"""Notes that wait for somebody, and what the actor has typed and not saved yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ipt_tracker.clinical.course.attendance import Attendance
from ipt_tracker.governance.access import Actor
from ipt_tracker.persistence.models import Account, Course, Draft, NoteStep, Patient, SessionRecord
from ipt_tracker.persistence.visibility import visible_to


@dataclass(frozen=True, slots=True)
class OpenNote:
    """One note that waits for somebody, and who asked for changes of it."""

    id: UUID
    course_id: UUID
    slot: int
    number: int | None
    kind: str
    held_on: date
    attendance: str
    note_state: str | None
    code: str
    name: str | None
    signed_at: datetime | None


def open_notes(
    session: Session, actor: Actor, today: date, states: Iterable[str]
) -> tuple[OpenNote, ...]:
    """Give the notes of the actor's courses in these states, oldest first: one statement."""
    query = (
        select(
            SessionRecord.id,
            SessionRecord.course_id,
            SessionRecord.slot,
            SessionRecord.number,
            SessionRecord.kind,
            SessionRecord.held_on,
            SessionRecord.attendance,
            SessionRecord.note_state,
            Patient.code,
            Patient.name,
            SessionRecord.signed_at,
        )
        .join(Course, Course.id == SessionRecord.course_id)
        .join(Patient, Patient.id == Course.patient_id)
        .where(SessionRecord.note_state.in_(list(states)), visible_to(actor, today))
        .where(SessionRecord.attendance != Attendance.ENTERED_IN_ERROR)
        .order_by(SessionRecord.held_on, SessionRecord.id)
    )
    return tuple(OpenNote(*row) for row in session.execute(query))


def asked_by(session: Session, session_ids: Iterable[UUID], step: str) -> dict[UUID, str]:
    """Say who took this step last with each of these notes."""
    query = (
        select(NoteStep.session_id, Account.display_name)
        .join(Account, Account.id == NoteStep.taken_by)
        .where(NoteStep.session_id.in_(list(session_ids)), NoteStep.step == step)
        .order_by(NoteStep.taken_at)
    )
    return {each: name for each, name in session.execute(query) if each is not None}


@dataclass(frozen=True, slots=True)
class DraftRow:
    """What the actor typed into the form at this address and has not saved."""

    address: str
    course_id: UUID | None
    saved_at: datetime


def drafts_of(session: Session, actor: Actor) -> tuple[DraftRow, ...]:
    """Give the drafts of the actor, the newest first."""
    query = select(Draft.address, Draft.course_id, Draft.saved_at)
    mine = query.where(Draft.account_id == actor.id).order_by(Draft.saved_at.desc())
    return tuple(DraftRow(*row) for row in session.execute(mine))

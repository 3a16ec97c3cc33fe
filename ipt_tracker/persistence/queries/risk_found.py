"""Risk found when it was last asked about, and the one rule by which it counts as found."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from ipt_tracker.clinical.course.attendance import Attendance
from ipt_tracker.clinical.course.records import RiskBand
from ipt_tracker.governance.access import Actor
from ipt_tracker.persistence.models import Course, Patient, RiskCheck, SessionRecord
from ipt_tracker.persistence.visibility import visible_to


@dataclass(frozen=True, slots=True)
class FoundRisk:
    """The newest check of one course, at which risk was found."""

    course_id: UUID
    slot: int
    number: int | None
    kind: str
    held_on: date
    asked: bool
    result: str | None
    band: str | None
    override_band: str | None
    answers: dict[str, Any] | None
    code: str
    name: str | None


def was_found() -> ColumnElement[bool]:
    """Select checks with an answer, a band or an own band other than none.

    A band that somebody set by hand takes nothing back of what was answered.
    """
    said = (RiskCheck.result, RiskCheck.band, RiskCheck.override_band)
    return or_(*(func.coalesce(each, RiskBand.NONE.value) != RiskBand.NONE for each in said))


def was_asked() -> ColumnElement[bool]:
    """Select checks at which risk was asked about; what was entered in error was no check."""
    return RiskCheck.asked & (SessionRecord.attendance != Attendance.ENTERED_IN_ERROR)


def found_last(session: Session, actor: Actor, today: date) -> tuple[FoundRisk, ...]:
    """Give the actor's open courses whose newest check found risk, newest first: one statement."""
    place = func.row_number().over(
        partition_by=SessionRecord.course_id,
        order_by=(SessionRecord.held_on.desc(), SessionRecord.slot.desc()),
    )
    newest = (
        select(RiskCheck.id, place.label("place"))
        .join(SessionRecord, SessionRecord.id == RiskCheck.session_id)
        .join(Course, Course.id == SessionRecord.course_id)
        .where(visible_to(actor, today), Course.ended_on.is_(None), was_asked())
        .subquery()
    )
    query = (
        select(*_COLUMNS)
        .join(newest, newest.c.id == RiskCheck.id)
        .join(SessionRecord, SessionRecord.id == RiskCheck.session_id)
        .join(Course, Course.id == SessionRecord.course_id)
        .join(Patient, Patient.id == Course.patient_id)
        .where(newest.c.place == 1, was_found())
        .order_by(SessionRecord.held_on.desc(), Patient.code, Course.id)
    )
    return tuple(FoundRisk(*row) for row in session.execute(query))


_COLUMNS = (
    SessionRecord.course_id,
    SessionRecord.slot,
    SessionRecord.number,
    SessionRecord.kind,
    SessionRecord.held_on,
    RiskCheck.asked,
    RiskCheck.result,
    RiskCheck.band,
    RiskCheck.override_band,
    RiskCheck.answers,
    Patient.code,
    Patient.name,
)

"""How old the records of each patient are, and which of them are held."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Session, aliased

from ipt_tracker.persistence.models import (
    Account,
    Course,
    LegalHold,
    Measure,
    Patient,
    SessionRecord,
)


@dataclass(frozen=True, slots=True)
class Ended:
    """A patient without a course under way: the newest day of their records, and a hold."""

    patient_id: UUID
    code: str
    last_day: date
    held: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """One legal hold, running or lifted."""

    id: UUID
    code: str
    reason: str
    set_by: str
    set_at: datetime
    lifted_by: str | None
    lifted_at: datetime | None
    lifted_why: str | None


def ended(session: Session) -> tuple[Ended, ...]:
    """List every patient all of whose courses have ended, the oldest records first."""
    last = _last_days()
    held = select(LegalHold.patient_id).where(LegalHold.lifted_at.is_(None))
    open_course = select(Course.patient_id).where(Course.ended_on.is_(None))
    found = session.execute(
        select(Patient.id, Patient.code, last.c.day, Patient.id.in_(held))
        .join(last, last.c.patient_id == Patient.id)
        .where(Patient.id.not_in(open_course))
        .order_by(last.c.day, Patient.code)
    )
    return tuple(Ended(*row) for row in found)


def _last_days() -> Subquery:
    """Give the newest day of each patient: a course's end, a session, a measure."""
    days = (
        select(Course.patient_id, Course.ended_on.label("day"))
        .where(Course.ended_on.is_not(None))
        .union_all(
            select(Course.patient_id, SessionRecord.held_on).join(
                SessionRecord, SessionRecord.course_id == Course.id
            ),
            select(Course.patient_id, Measure.taken_on).join(
                Measure, Measure.course_id == Course.id
            ),
        )
        .subquery()
    )
    newest = func.max(days.c.day).label("day")
    return select(days.c.patient_id, newest).group_by(days.c.patient_id).subquery()


def holds(session: Session) -> tuple[Hold, ...]:
    """List every legal hold, running ones first, the newest first among each."""
    setter, lifter = aliased(Account), aliased(Account)
    found = session.execute(
        select(LegalHold, Patient.code, setter.display_name, lifter.display_name)
        .join(Patient, Patient.id == LegalHold.patient_id)
        .join(setter, setter.id == LegalHold.set_by)
        .outerjoin(lifter, lifter.id == LegalHold.lifted_by)
        .order_by(LegalHold.lifted_at.is_not(None), LegalHold.set_at.desc(), Patient.code)
    )
    return tuple(
        Hold(row.id, code, row.reason, by, row.set_at, lifted_by, row.lifted_at, row.lifted_why)
        for row, code, by, lifted_by in found
    )

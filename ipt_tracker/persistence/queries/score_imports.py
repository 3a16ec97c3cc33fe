"""What a spreadsheet of scores is compared with: own courses by code, and the forms they have."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ipt_tracker.governance.access import Actor
from ipt_tracker.persistence.models import Amendment, Course, ImportedScore, Measure, Patient
from ipt_tracker.persistence.models import SecondKeying as Second
from ipt_tracker.persistence.visibility import visible_to

SCORED = ("complete", "incomplete")
CourseLine = tuple[str, UUID, date, date | None]
"""The patient's code, the course, its first day and its last."""
FormLine = tuple[UUID, str, date, int | None]
"""The course, the instrument, the day and the total of a form that is there and counts."""


def courses_by_code(session: Session, actor: Actor, today: date) -> dict[str, list[CourseLine]]:
    """Give the courses that the actor may see by the patient's code in small letters."""
    wanted = (
        select(Patient.code, Course.id, Course.started_on, Course.ended_on)
        .join(Patient, Patient.id == Course.patient_id)
        .where(visible_to(actor, today))
        .order_by(Course.started_on, Course.id)
    )
    found: dict[str, list[CourseLine]] = {}
    for code, course, first, last in session.execute(wanted):
        found.setdefault(code.casefold(), []).append((code, course, first, last))
    return found


def forms_there(session: Session, actor: Actor, today: date) -> list[FormLine]:
    """Give every form with a score in the courses that the actor may see, oldest first."""
    wanted = (
        select(Measure.course_id, Measure.instrument, Measure.taken_on, Measure.total)
        .join(Course, Course.id == Measure.course_id)
        .where(
            visible_to(actor, today),
            Measure.status.in_(SCORED),
            Measure.withdrawn_at.is_(None),
        )
        .order_by(Measure.taken_on)
    )
    rows = session.execute(wanted)
    return [(course, instrument, day, total) for course, instrument, day, total in rows]


def measures_of(session: Session, import_id: UUID) -> list[tuple[Measure, int, str]]:
    """Give the measures that came from a file, with their rows and their patients' codes today."""
    wanted = (
        select(Measure, ImportedScore.row_number, Patient.code)
        .join(ImportedScore, ImportedScore.measure_id == Measure.id)
        .join(Course, Course.id == Measure.course_id)
        .join(Patient, Patient.id == Course.patient_id)
        .where(ImportedScore.import_id == import_id)
        .order_by(ImportedScore.row_number, Measure.instrument)
    )
    return [(measure, number, code) for measure, number, code in session.execute(wanted)]


def changed_since(session: Session, import_id: UUID) -> set[UUID]:
    """Give the measures of a file that somebody corrected, moved, withdrew or keyed again."""
    own = select(ImportedScore.measure_id).where(ImportedScore.import_id == import_id)
    amended = select(Amendment.subject_id).where(
        Amendment.subject_kind == Measure.__tablename__, Amendment.subject_id.in_(own)
    )
    keyed = select(Second.measure_id).where(Second.measure_id.in_(own))
    return {*session.scalars(amended), *session.scalars(keyed)}


def still_own(session: Session, actor: Actor, today: date, ids: Iterable[UUID]) -> set[UUID]:
    """Give which of these courses the actor may see today."""
    wanted = select(Course.id).where(visible_to(actor, today))
    return set(session.scalars(wanted)) & set(ids)

"""What exported tables are made of: a page of patients by their codes, then what belongs to them.

Each page is a few statements whatever it holds, and none reads more than these patients.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, String, cast, exists, func, select
from sqlalchemy.orm import Session

from ipt_tracker.persistence.models import (
    Account,
    Assignment,
    Course,
    FocalAreaSpell,
    Measure,
    Patient,
    RiskCheck,
    SessionRecord,
    TherapyGroup,
)

EMPTY_JSON = 4
"""The length of a JSON null; answers that are there are longer."""


class Order(StrEnum):
    """In which order patients come: by codes, or by their random ids, which tell nothing."""

    BY_CODE = "code"
    BY_CHANCE = "id"


def patients_after(
    session: Session, courses: ColumnElement[bool], last: Patient | None, order: Order, most: int
) -> Sequence[Patient]:
    """Give the next patients who have one of these courses, after the last one of a page."""
    wanted = select(Patient).where(exists().where(Course.patient_id == Patient.id, courses))
    if last is not None:
        by_code = order is Order.BY_CODE
        wanted = wanted.where(Patient.code > last.code if by_code else Patient.id > last.id)
    column = Patient.code if order is Order.BY_CODE else Patient.id
    return session.scalars(wanted.order_by(column).limit(most)).all()


def courses_of(
    session: Session, courses: ColumnElement[bool], patients: Collection[UUID]
) -> Sequence[Course]:
    """Give these courses of patients, in the order of their first days."""
    wanted = select(Course).where(courses, Course.patient_id.in_(patients))
    return session.scalars(wanted.order_by(Course.started_on, Course.id)).all()


def therapists(session: Session, courses: Collection[UUID]) -> dict[UUID, str]:
    """Name whose each course is, or whose it was last."""
    rows = session.execute(
        select(Assignment.course_id, Account.display_name)
        .join(Account, Account.id == Assignment.therapist_id)
        .where(Assignment.course_id.in_(courses))
        .order_by(Assignment.started_on)
    )
    return {row.course_id: row.display_name for row in rows}


def areas(session: Session, courses: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Give the focal areas of courses, each course's in the order of their beginning."""
    rows = session.execute(
        select(FocalAreaSpell.course_id, FocalAreaSpell.area)
        .where(FocalAreaSpell.course_id.in_(courses))
        .order_by(FocalAreaSpell.started_on, FocalAreaSpell.area)
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for course, area in rows:
        found[course].append(area)
    return {course: tuple(each) for course, each in found.items()}


def sessions(session: Session, courses: Collection[UUID]) -> Iterable[Row[Any]]:
    """Give every slot of courses by its columns, with what is known of risk."""
    one = SessionRecord
    return session.execute(
        select(
            one.course_id,
            *(one.slot, one.number, one.kind, one.phase, one.held_on, one.attendance),
            one.duration_minutes.label("duration"),
            one.minutes_late.label("late"),
            *(one.modality, one.focal_area, one.dispute_stage, one.mood, one.tasks),
            *(one.techniques, one.note_state, one.phase_reason),
            one.created_at.label("recorded_at"),
            RiskCheck.asked.label("risk_asked"),
            func.coalesce(RiskCheck.override_band, RiskCheck.band).label("risk_band"),
        )
        .outerjoin(RiskCheck, RiskCheck.session_id == one.id)
        .where(one.course_id.in_(courses))
        .order_by(one.course_id, one.slot)
    )


def measures(session: Session, courses: Collection[UUID]) -> Iterable[Row[Any]]:
    """Give every measure of courses by its columns, without its answers."""
    one = Measure
    return session.execute(
        select(
            one.course_id,
            one.id.label("measure"),
            SessionRecord.slot,
            *(one.instrument, one.taken_on, one.status, one.total, one.answered, one.lowest),
            *(one.highest, one.point, one.due_on, one.threshold_set, one.blind, one.assessor),
            *(one.unblinding, one.reason, one.recorded_at),
            one.withdrawn_at.is_not(None).label("entered_in_error"),
        )
        .outerjoin(SessionRecord, SessionRecord.id == one.session_id)
        .where(one.course_id.in_(courses))
        .order_by(one.course_id, one.taken_on, one.recorded_at, one.id)
    )


def answers(session: Session, courses: Collection[UUID]) -> Iterable[Row[Any]]:
    """Give the answers of the measures of courses, form by form."""
    one = Measure
    return session.execute(
        select(
            one.course_id,
            one.id.label("measure"),
            *(one.instrument, one.taken_on, one.answers, one.beside),
            one.withdrawn_at.is_not(None).label("entered_in_error"),
        )
        .where(one.course_id.in_(courses), _has_answers())
        .order_by(one.course_id, one.taken_on, one.recorded_at, one.id)
    )


def _has_answers() -> ColumnElement[bool]:
    return func.length(cast(Measure.answers, String)) > EMPTY_JSON


def count_patients(session: Session, courses: ColumnElement[bool]) -> int:
    """Count the patients who have one of these courses."""
    return session.scalar(select(func.count(Course.patient_id.distinct())).where(courses)) or 0


def count_courses(session: Session, courses: ColumnElement[bool]) -> int:
    """Count these courses."""
    return session.scalar(select(func.count(Course.id)).where(courses)) or 0


def count_of(
    session: Session, table: type[SessionRecord | Measure], courses: ColumnElement[bool]
) -> int:
    """Count the sessions or the measures of these courses."""
    found = select(Course.id).where(courses)
    wanted = select(func.count()).select_from(table).where(table.course_id.in_(found))
    return session.scalar(wanted) or 0


def count_with_answers(session: Session, courses: ColumnElement[bool]) -> dict[str, int]:
    """Count the forms of these courses that have answers, by instrument."""
    found = select(Course.id).where(courses)
    rows = session.execute(
        select(Measure.instrument, func.count().label("forms"))
        .where(Measure.course_id.in_(found), _has_answers())
        .group_by(Measure.instrument)
    )
    return {row.instrument: row.forms for row in rows}


def whose(session: Session, courses: Collection[UUID]) -> dict[UUID, tuple[UUID, bool]]:
    """Give the patient of each course, and whether the course goes on."""
    rows = session.execute(
        select(Course.id, Course.patient_id, Course.ended_on).where(Course.id.in_(courses))
    )
    return {course: (patient, end is None) for course, patient, end in rows}


def open_groups(session: Session, groups: Collection[UUID]) -> frozenset[UUID]:
    """Give those groups that go on."""
    wanted = select(TherapyGroup.id).where(
        TherapyGroup.id.in_(groups), TherapyGroup.ended_on.is_(None)
    )
    return frozenset(session.scalars(wanted))

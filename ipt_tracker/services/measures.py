"""Measures: keep what was answered, ask about what can hardly be, never guess what was not."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.clinical.course.due import LATE_DAYS
from ipt_tracker.clinical.instruments.judging import Criteria, doubts
from ipt_tracker.clinical.rules import AskFirst
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Course, Measure, SessionRecord
from ipt_tracker.services.clinic_settings import criteria_for
from ipt_tracker.services.measure_entries import (
    COMPLETE,
    INCOMPLETE,
    NOT_DONE,
    PLANNED,
    MeasureEntry,
    check_day,
    scored,
)
from ipt_tracker.services.safety import raise_prompt
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

__all__ = [
    "COMPLETE",
    "INCOMPLETE",
    "NOT_DONE",
    "PLANNED",
    "MeasureEntry",
    "ask_about_doubts",
    "ask_about_duplicate",
    "find_measure",
    "measure_subject",
    "record_measure",
]

DUPLICATE = "duplicate"
"""The key of the question about a second form of one day."""


def record_measure(
    work: UnitOfWork,
    course: Course,
    entry: MeasureEntry,
    session: SessionRecord | None = None,
    *,
    criteria: Criteria | None = None,
) -> Measure:
    """Score one form and file it under the course, and under a session when it was given there.

    It takes the place of the planned one of its kind for the same point of the course, and keeps
    the day on which that was due. An answer on suicide that calls for a question raises a prompt.
    `criteria` are those of this course and form, where they were asked for already.
    Raises RuleBroken for what the form does not have, for answers and a total that disagree, and
    for a day outside the course; AskFirst for what can be right but seldom is.
    """
    check_day(entry.taken_on, course.started_on, work.today)
    columns = scored(entry, criteria or criteria_for(work, course, entry.instrument))
    ask_about_doubts(entry)
    ask_about_duplicate(work, course, entry)
    measure = _planned(work, course, entry) or Measure(
        course_id=course.id, instrument=entry.instrument.key
    )
    made = {"recorded_by": work.person.id, "recorded_at": work.now}
    how = entry.how | {"point": measure.point or entry.point}
    for name, value in (columns | how | made).items():
        setattr(measure, name, value)
    measure.session_id = session.id if session else None
    work.session.add(measure)
    work.session.flush()
    work.audit(
        Event.MEASURE_RECORDED,
        measure_subject(course, measure),
        instrument=entry.instrument.key,
        status=measure.status,
    )
    if not entry.is_history:
        raise_prompt(work, course, measure, entry)
    return measure


def measure_subject(course: Course, measure: Measure) -> Subject:
    """Name a measure of a course for the audit."""
    return Subject("measure", measure.id, course.patient_id)


def ask_about_doubts(entry: MeasureEntry) -> None:
    """Ask about answers that contradict each other, unless they were confirmed."""
    for doubt in doubts(entry.entered) if entry.entered else ():
        if doubt.key not in entry.confirmed:
            raise AskFirst(doubt.message, doubt.field, doubt.key)


def ask_about_duplicate(
    work: UnitOfWork, course: Course, entry: MeasureEntry, measure: Measure | None = None
) -> None:
    """Ask when the course has a score of this form on that day already; both can be kept."""
    if DUPLICATE in entry.confirmed or entry.not_done is not None:
        return
    same = select(Measure).where(
        Measure.course_id == course.id,
        Measure.instrument == entry.instrument.key,
        Measure.taken_on == entry.taken_on,
        Measure.status.in_((COMPLETE, INCOMPLETE)),
        Measure.withdrawn_at.is_(None),
    )
    found = [each for each in work.session.scalars(same) if each is not measure]
    if found:
        day = f"{entry.taken_on.day} {entry.taken_on:%b %Y}"
        there = "no total" if found[0].total is None else f"total {found[0].total}"
        raise AskFirst(
            f"There is a {entry.instrument.version} of {day} already ({there}). "
            "If this is a second one, keep both; if it is the same, leave without saving.",
            "taken_on",
            DUPLICATE,
        )


def _planned(work: UnitOfWork, course: Course, entry: MeasureEntry) -> Measure | None:
    """Find the planned row that this form fulfils: same instrument, same point.

    A follow-up fulfils the first one that is due, whatever the months after the end. A score
    without a point fulfils one that is due within a week of its day.
    """
    wanted = select(Measure).where(
        Measure.course_id == course.id,
        Measure.instrument == entry.instrument.key,
        Measure.status == PLANNED,
        Measure.withdrawn_at.is_(None),
    )
    if entry.point is not None:
        wanted = wanted.where(Measure.point.startswith(entry.point))
    elif entry.not_done is None:
        near = timedelta(days=LATE_DAYS)
        days = (entry.taken_on - near, entry.taken_on + near)
        wanted = wanted.where(Measure.due_on.between(*days))
    else:
        return None
    return work.session.scalars(wanted.order_by(Measure.due_on)).first()


def find_measure(work: UnitOfWork, course: Course, measure_id: UUID) -> Measure:
    """Give one measure of a course that was opened already, or raise AccessDenied."""
    measure = work.session.scalar(
        select(Measure).where(Measure.id == measure_id, Measure.course_id == course.id)
    )
    if measure is None:
        raise AccessDenied(Permission.RECORD_MEASURE)
    return measure

"""Courses with a schedule of measures."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select

from ipt_tracker.clinical.course.schedule import FOR_PTSD, Schedule
from ipt_tracker.persistence.models import Course, Measure
from ipt_tracker.services.courses import start_course
from ipt_tracker.services.unit_of_work import UnitOfWork
from tests.factories.courses import COURSE, PATIENT


def add_scheduled(
    work: UnitOfWork,
    started_on: date,
    schedule: Schedule | None = FOR_PTSD.schedule,
    code: str = "T-501",
    **differs: Any,
) -> Course:
    """Start a course with this schedule, which differs from COURSE as said."""
    entry = replace(COURSE, started_on=started_on, schedule=schedule, **differs)
    return start_course(work, replace(PATIENT, code=code, name=f"Name {code}"), entry)


def add_planned(work: UnitOfWork, course: Course, point: str, due_on: date) -> None:
    """Plan one CAPS-5 as a file does: nobody recorded it."""
    work.session.add(
        Measure(
            course_id=course.id,
            instrument="caps5_month",
            point=point,
            status="planned",
            taken_on=due_on,
            due_on=due_on,
            recorded_at=work.now,
        )
    )


def planned_in(work: UnitOfWork, course_id: Any) -> dict[tuple[str | None, str], str]:
    """Give the day of each planned assessment, by its point and instrument."""
    rows = select(Measure).where(Measure.course_id == course_id, Measure.status == "planned")
    return {(m.point, m.instrument): str(m.due_on) for m in work.session.scalars(rows)}

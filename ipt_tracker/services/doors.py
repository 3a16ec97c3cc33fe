"""The only ways to a record: find it, check, write down that it was opened, hand it over."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ipt_tracker.governance.access import (
    OF_A_COURSE,
    AccessDenied,
    Actor,
    CourseTies,
    Permission,
    allows,
    require,
)
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Assignment, Course, SessionRecord
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork


def course_subject(course: Course) -> Subject:
    """Name a course for the audit."""
    return Subject("course", course.id, course.patient_id)


def open_course(work: UnitOfWork, course_id: UUID, permission: Permission) -> Course:
    """Hand over a course with its patient, or raise AccessDenied.

    A course that does not exist is refused exactly like one that the actor may not see. On a
    reading unit the audit row is committed before the course is handed over: no row, no page.
    """
    course = _find(work, course_id)
    if course is None:
        raise AccessDenied(permission)
    require(_writer(work), permission, _ties(work, course))
    if work.reading:
        work.audit(Event.COURSE_OPENED, course_subject(course), permission=permission)
    return course


def _writer(work: UnitOfWork) -> Actor:
    """Give the actor as far as this unit goes: emergency access is for reading alone."""
    return work.person if work.reading else replace(work.person, emergencies={})


def may_with(work: UnitOfWork, course: Course) -> frozenset[Permission]:
    """Give what the actor may do with a course that was opened: its pages offer nothing else."""
    person, ties = work.person, _ties(work, course)
    return frozenset(p for p in OF_A_COURSE[person.role] if allows(person, p, ties))


def open_session(
    work: UnitOfWork, course_id: UUID, slot: int, permission: Permission
) -> tuple[Course, SessionRecord]:
    """Hand over one slot of a course, through the door of the course."""
    course = open_course(work, course_id, permission)
    record = work.session.scalar(
        select(SessionRecord)
        .where(SessionRecord.course_id == course.id, SessionRecord.slot == slot)
        .options(joinedload(SessionRecord.risk), joinedload(SessionRecord.medication))
    )
    if record is None:
        raise AccessDenied(permission)
    return course, record


def _find(work: UnitOfWork, course_id: UUID) -> Course | None:
    """One statement: a course has a handful of assignments and focal areas, so rows stay few."""
    found = work.session.scalars(
        select(Course)
        .where(Course.id == course_id)
        .options(
            joinedload(Course.patient),
            joinedload(Course.assignments).joinedload(Assignment.therapist),
            joinedload(Course.focal_areas),
        )
    )
    return found.unique().one_or_none()


def _ties(work: UnitOfWork, course: Course) -> CourseTies:
    held = (a for a in course.assignments if holds_on(a, work))
    return CourseTies(frozenset(a.therapist_id for a in held), course.patient_id)


def holds_on(assignment: Assignment, work: UnitOfWork) -> bool:
    """Say whether the assignment holds today, as `visibility.holds` does in a query."""
    begun = assignment.started_on <= work.today
    return begun and (assignment.ended_on is None or assignment.ended_on > work.today)

"""Sheets and goals, filled in as a therapist would."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import Course, Goal, Worksheet
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.goals import GoalEntry, add_goal
from ipt_tracker.services.unit_of_work import UnitOfWork
from ipt_tracker.services.worksheets import newest, record_sheet
from tests.factories.clinic import Clinic
from tests.factories.courses import CourseRef

DAY = "2026-03-04"
CONTENTS: dict[str, dict[str, Any]] = {
    "suitability": {"psychosis": "absent", "decision": "ipt", "life_event": "a move abroad"},
    "medication_evaluation": {"decision": "goes_on", "medicines": ["sertraline 50 mg"]},
    "formulation": {
        "event": "lost her post in June",
        "link": "silence makes her feel more alone",
        "focal_areas": ["role_transition"],
        "agreed": "yes",
        "agreed_on": DAY,
    },
    "midpoint_review": {"reviewed_on": DAY, "helped": "being asked", "focus_right": "yes"},
    "ending": {"raised_in": "session 11", "warning_signs": ["lying awake"], "call": ["555 0101"]},
    "safety_plan": {
        "warning_signs": ["lying awake", "not answering the phone"],
        "professionals": ["Crisis line, 555 0111"],
        "agreed_on": DAY,
        "copy_given": "yes",
    },
}
"""A first edition of each sheet."""


def add_sheet(
    work: UnitOfWork, course: Course, kind: str = "formulation", **differs: Any
) -> Worksheet:
    """Save the next edition of a sheet, which differs from CONTENTS as said; None leaves out."""
    before = newest(work, course.id, kind)
    content = {k: v for k, v in (CONTENTS[kind] | differs).items() if v is not None}
    seen, reason = (before.edition, "looked at again") if before else (0, None)
    return record_sheet(work, course, kind, content, seen, reason)


def sheets_of(clinic: Clinic, course: CourseRef) -> None:
    """Give a course one edition of every sheet, written by its therapist."""
    with clinic.writing(_owner(clinic, course)) as work:
        opened = open_course(work, course.id, Permission.EDIT_COURSE)
        for kind in CONTENTS:
            add_sheet(work, opened, kind)


def goal_of(clinic: Clinic, course: CourseRef) -> UUID:
    """Give a goal of the course; the first is set when it is asked for."""
    with clinic.reading() as work:
        found = work.session.scalars(select(Goal.id).where(Goal.course_id == course.id)).first()
    if found is not None:
        return found
    with clinic.writing(_owner(clinic, course)) as work:
        opened = open_course(work, course.id, Permission.EDIT_COURSE)
        entry = GoalEntry("Tell her sister how the week was", date(2026, 2, 4), course.spells[0])
        return add_goal(work, opened, entry).id


def _owner(clinic: Clinic, course: CourseRef) -> Any:
    return clinic.therapist if course is clinic.course else clinic.therapist2

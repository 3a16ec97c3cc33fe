"""An assessment that was asked of somebody."""

from uuid import UUID

from ipt_tracker.governance.access import Permission
from ipt_tracker.services.assessments.requests import RequestEntry, ask_assessment
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.unit_of_work import UnitOfWork
from tests.factories.courses import CourseRef
from tests.factories.people import Person


def add_request(
    work: UnitOfWork,
    course: CourseRef,
    assessor: Person,
    instrument: str = "phq9",
    note: str | None = "Room 4",
) -> UUID:
    """Let the course's own therapist, whose work this is, ask for one form."""
    opened = open_course(work, course.id, Permission.ASK_ASSESSMENT)
    return ask_assessment(work, opened, RequestEntry(assessor.id, instrument, note=note)).id

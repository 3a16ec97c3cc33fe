"""People and events of a course, entered through the services."""

from datetime import date
from typing import Any
from uuid import UUID

from ipt_tracker.clinical.course.timeline import Exactness, When
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.inventory import PersonEntry, add_person
from ipt_tracker.services.timeline import EventEntry, add_event

SISTER = PersonEntry("Ada", "sister", 2, given="calls on Sundays", missing="time together")
LOSS = EventEntry("loss", When(date(2025, 9, 1), Exactness.MONTH), None, "Father died")


def entry(name: str = "Ada", relation: str | None = "sister", ring: int = 2, **more: Any):
    """Give a person as a therapist would enter them."""
    return PersonEntry(name, relation, ring, **more)


def add_to(clinic: Any, course_id: UUID, person: PersonEntry = SISTER) -> UUID:
    """Put a person into the inventory of a course; give their id."""
    return _do(clinic, course_id, add_person, person)


def event_in(clinic: Any, course_id: UUID, event: EventEntry = LOSS) -> UUID:
    """Put an event onto the timeline of a course; give its id."""
    return _do(clinic, course_id, add_event, event)


def _do(clinic: Any, course_id: UUID, add: Any, what: Any) -> UUID:
    owner = clinic.therapist if course_id == clinic.course.id else clinic.therapist2
    with clinic.writing(owner) as work:
        row = add(work, open_course(work, course_id, Permission.EDIT_COURSE), what)
        return row.id

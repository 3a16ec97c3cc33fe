"""Emergency access to a record, as somebody had it."""

from datetime import datetime
from uuid import UUID

from ipt_tracker.persistence.models import EmergencyAccess
from ipt_tracker.services.emergency.running import LASTS
from ipt_tracker.services.unit_of_work import UnitOfWork
from tests.factories.courses import CourseRef
from tests.factories.people import Person

REASON = "Stands at the front desk in acute distress; the therapist cannot be reached."


def add_emergency(
    work: UnitOfWork, person: Person, course: CourseRef, *, started_at: datetime | None = None
) -> UUID:
    """Let somebody have emergency access to the patient of a course, from now or from then on."""
    begun = started_at or work.now
    access = EmergencyAccess(
        account_id=person.id,
        patient_id=course.patient_id,
        reason=REASON,
        started_at=begun,
        ends_at=begun + LASTS,
    )
    work.session.add(access)
    work.session.flush()
    return access.id

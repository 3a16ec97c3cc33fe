"""An appointment in the book of a course, for pages that need one."""

from datetime import time, timedelta
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import Appointment
from ipt_tracker.services.appointments import AppointmentEntry, book
from ipt_tracker.services.doors import open_course
from tests.factories.clinic import Clinic
from tests.factories.courses import CourseRef

HOUR = time(10, 0)


def appointment_in(clinic: Clinic, course: CourseRef) -> UUID:
    """Give an appointment a week ahead; the first call books it."""
    own = select(Appointment.id).where(Appointment.course_id == course.id)
    with clinic.reading() as work:
        found = work.session.scalars(own).first()
    if found is not None:
        return found
    owner = clinic.therapist if course is clinic.course else clinic.therapist2
    with clinic.writing(owner) as work:
        opened = open_course(work, course.id, Permission.RECORD_SESSION)
        on = clinic.today + timedelta(weeks=1)
        return book(work, opened, AppointmentEntry(on, HOUR, 50, "in_person", "room 2")).id

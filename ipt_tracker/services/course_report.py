"""The figures of one course: attendance, how it was done, and what changed, from the records.

Each is defined by the conventions of the course bundle, `ipt-course-bundle/1`, and named as there.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ipt_tracker.clinical.course.attendance import (
    Attendance,
    AttendanceCounts,
    rates,
    was_delivered,
)
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Course, Patient
from ipt_tracker.persistence.queries.ratings import ratings_of
from ipt_tracker.persistence.queries.records import measures_of, slots_of
from ipt_tracker.services.doors import course_subject
from ipt_tracker.services.report_outcomes import Outcomes, outcomes_of
from ipt_tracker.services.report_ratings import RatingFigures, rating_figures
from ipt_tracker.services.unit_of_work import UnitOfWork

RATE_DIGITS = 4


@dataclass(frozen=True, slots=True)
class CourseReport:
    """What a report of one course says; `delivered` counts the sessions that were given."""

    patient_code: str
    attendance: AttendanceCounts
    delivered: int
    ratings: RatingFigures
    outcomes: Outcomes

    def figures(self) -> dict[str, object]:
        """Give each figure under the name that the course bundle has for it, rounded as there."""
        counts = self.attendance
        return {
            "slots": counts.slots,
            "attended": counts.attended,
            "delivered_sessions": self.delivered,
            "cancelled_by_patient": counts.cancelled_by_patient,
            "cancelled_by_therapist": counts.cancelled_by_therapist,
            "no_show": counts.no_show,
            "attendance_rate": rate(counts.attendance_rate),
            **self.ratings.figures(),
            **self.outcomes.figures(),
            "proscribed_flagged_by_supervisor": self.ratings.supervisor.flagged,
        }

    @property
    def own_attendance_rate(self) -> float | None:
        """The stricter rate: only the patient's own absences count against it."""
        return rate(self.attendance.own_attendance_rate)


def rate(share: float | None) -> float | None:
    """Round a rate as the course bundle does."""
    return None if share is None else round(share, RATE_DIGITS)


def report_course(work: UnitOfWork, ref: str) -> CourseReport:
    """Report on the course that `ref` names: its bundle id, its id here, or its patient's code.

    Raises RuleBroken where it names none, or a patient with several courses. Who can run a command
    has the whole instance, so there is no permission to check; the opening is written down all the
    same.
    """
    course = _named(work, ref)
    work.audit(Event.COURSE_OPENED, course_subject(course), by="report")
    every = slots_of(work.session, [course.id]).get(course.id, ())
    mistaken = {s.id for s in every if s.attendance == Attendance.ENTERED_IN_ERROR}
    slots = tuple(s for s in every if s.id not in mistaken)
    delivered = tuple(s for s in slots if was_delivered(s.kind, s.number, s.attendance))
    ratings = ratings_of(work.session, course.id)
    measures = measures_of(work.session, [course.id]).get(course.id, ())
    counted = (m for m in measures if m.withdrawn_at is None and m.session_id not in mistaken)
    return CourseReport(
        patient_code=course.patient.code,
        attendance=rates(slot.attendance for slot in slots),
        delivered=len(delivered),
        ratings=rating_figures(course.assignments, delivered, ratings),
        outcomes=outcomes_of(slots, tuple(counted)),
    )


def _named(work: UnitOfWork, ref: str) -> Course:
    query = select(Course).options(joinedload(Course.patient), joinedload(Course.assignments))
    by_id = Course.case_id == ref
    if (own := _own_id(ref)) is not None:
        by_id |= Course.id == own
    course = work.session.scalars(query.where(by_id)).unique().first()
    if course is not None:
        return course
    by_code = query.join(Patient).where(Patient.code == ref).order_by(Course.started_on, Course.id)
    found = work.session.scalars(by_code).unique().all()
    if not found:
        raise RuleBroken(f"There is no course or patient {ref} here.")
    if len(found) > 1:
        names = ", ".join(each.case_id or str(each.id) for each in found)
        raise RuleBroken(f"Patient {ref} has {len(found)} courses. Name one of them: {names}.")
    return found[0]


def _own_id(ref: str) -> UUID | None:
    try:
        return UUID(ref)
    except ValueError:
        return None

"""Reports of a caseload that somebody asked for, and their rows written past the services."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from ipt_tracker.persistence.base import Base
from ipt_tracker.persistence.models import ReportBatch, ReportBatchPart
from ipt_tracker.services.report_batches.asking import Wanted, ask
from ipt_tracker.services.report_batches.batches import Kind
from tests.factories.clinic import Clinic, Made
from tests.factories.courses import CourseRef, add_course, add_session, measure
from tests.factories.people import Person

REASON = "yearly audit of the clinic"


def of_batches(made: Made, now: datetime) -> list[Base]:
    """Give a batch that was taken, one course of it made and one left out."""
    batch = ReportBatch(
        id=uuid4(),
        asked_by=made.therapist.id,
        asked_at=now,
        kind="progress",
        disguised=False,
        reason=REASON,
        finished_at=now,
        taken_at=now,
    )
    part = {"batch_id": batch.id}
    return [
        batch,
        ReportBatchPart(
            course_id=made.course.id, place=1, content=b"%PDF", made_at=now, left_out=None, **part
        ),
        ReportBatchPart(
            course_id=made.course2.id, place=2, left_out="It was somebody else’s.", **part
        ),
    ]


def more_courses(clinic: Clinic, count: int, person: Person | None = None) -> list[UUID]:
    """Start courses with one session and one PCL-5 each, coded M-01 and so on."""
    found = []
    with clinic.writing(person or clinic.therapist) as work:
        for number in range(1, count + 1):
            course = add_course(work, clinic.today, code=f"M-{number:02}", name=f"Name {number}")
            form = measure("pcl5_week", clinic.today, 40 + number)
            add_session(work, course, form, held_on=clinic.today, number=1)
            found.append(course.id)
    return found


def asked(clinic: Clinic, person: Person | None = None, **wanted: object) -> UUID:
    """Ask for the reports of all open courses of a person, or for what `wanted` says."""
    entry = {"kind": Kind.PROGRESS, "disguised": False, "reason": REASON} | wanted
    with clinic.writing(person or clinic.therapist) as work:
        return ask(work, Wanted(**entry)).id  # type: ignore[arg-type]  # -- a test says what differs


def batch_in(clinic: Clinic, course: CourseRef) -> UUID:
    """Give the reports that the course's therapist asked for; nothing of them is made yet."""
    own = select(ReportBatch.id).where(
        ReportBatch.id.in_(
            select(ReportBatchPart.batch_id).where(ReportBatchPart.course_id == course.id)
        )
    )
    with clinic.reading() as work:
        found = work.session.scalars(own).first()
    owner = clinic.therapist if course is clinic.course else clinic.therapist2
    return found or asked(clinic, owner, courses=frozenset({course.id}))

"""What a clinic's first course holds after a form was sent."""

from sqlalchemy import select

from ipt_tracker.persistence.models import Measure
from tests.factories.clinic import Clinic


def newest(clinic: Clinic) -> Measure | None:
    """Give the measure with the latest date."""
    query = select(Measure).where(Measure.course_id == clinic.course.id)
    with clinic.reading() as work:
        return work.session.scalars(query.order_by(Measure.taken_on.desc())).first()


def count(clinic: Clinic) -> int:
    """Say how many measures there are."""
    with clinic.reading() as work:
        own = select(Measure.id).where(Measure.course_id == clinic.course.id)
        return len(work.session.scalars(own).all())

"""A plan and a draw of a therapist: past the services, or as the supervisor would."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select

from ipt_tracker.clinical.fidelity.sampling import Plan
from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import SampleDraw, SamplingPlan
from ipt_tracker.services.fidelity.doors import open_therapist
from ipt_tracker.services.fidelity.draws import DrawEntry, draw_sample
from ipt_tracker.services.fidelity.plans import plan_of, set_plan
from ipt_tracker.services.unit_of_work import UnitOfWork
from tests.factories.clinic import Clinic
from tests.factories.people import Person


def draw_of(clinic: Clinic, therapist: Person) -> UUID:
    """Give the draw of a therapist, of nothing; past the services: not all are supervised."""
    own = select(SampleDraw.id).where(SampleDraw.therapist_id == therapist.id)
    with clinic.writing() as work:
        found = work.session.scalars(own).first()
        if found is not None:
            return found
        plan = SamplingPlan(
            id=uuid4(),
            therapist_id=therapist.id,
            edition=1,
            content=Plan(20).to_json(),
            set_by=clinic.supervisor.id,
            set_at=clinic.now,
        )
        work.session.add(plan)
        work.session.flush()
        draw = SampleDraw(
            id=uuid4(),
            therapist_id=therapist.id,
            plan_id=plan.id,
            seed=2207,
            window_from=clinic.today,
            window_to=clinic.today,
            frame=[],
            drawn=[],
            drawn_by=clinic.supervisor.id,
            drawn_at=clinic.now,
        )
        work.session.add(draw)
        return draw.id


def add_draw(work: UnitOfWork, therapist_id: UUID) -> UUID:
    """Set a plan of nearly all and draw by it, as the supervisor who is the actor would."""
    therapist = open_therapist(work, therapist_id, Permission.SUPERVISE)
    before = plan_of(work, therapist_id)
    set_plan(work, therapist, Plan(95), "See nearly all.", before.edition if before else 0)
    entry = DrawEntry(date(2000, 1, 1), work.today, 2207, work.today)
    return draw_sample(work, therapist, entry).id

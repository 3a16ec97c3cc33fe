"""What waits for a therapist from supervision: feedback, meetings to read, actions to do."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ipt_tracker.governance.access import Role
from ipt_tracker.persistence.queries import meetings as query
from ipt_tracker.persistence.queries.meetings import ActionRow
from ipt_tracker.services.fidelity.feedback import FeedbackDue, feedback_to_read
from ipt_tracker.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Waiting:
    """Feedback that nobody acknowledged, meetings not read by their day, actions not done."""

    feedback: tuple[FeedbackDue, ...] = ()
    meetings: tuple[tuple[UUID, date], ...] = ()
    actions: tuple[ActionRow, ...] = ()


def waiting(work: UnitOfWork) -> Waiting:
    """Give what waits for a therapist, in a fixed number of statements; nothing for others."""
    if work.person.role is not Role.THERAPIST:
        return Waiting()
    return Waiting(
        feedback_to_read(work),
        query.not_read(work.session, work.person.id),
        query.open_actions(work.session, work.person),
    )

"""Opening many sealed ratings at once, for somebody who takes over a therapist's supervision."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.clinical.fidelity.codes import RaterRole
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import RatingWaiver, Supervision
from ipt_tracker.persistence.visibility import holds
from ipt_tracker.services.fidelity.doors import RatedKind, open_therapist
from ipt_tracker.services.fidelity.facts import RatedSession, sessions_of
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

OTHERS_NOW = (
    "The list is another than the one you saw: a session was rated or opened meanwhile. Look at it "
    "again, then open them."
)


def sealed_before(work: UnitOfWork, therapist_id: UUID, day: date) -> tuple[RatedSession, ...]:
    """Give the therapist's sessions before a day whose ratings by others are sealed to the actor.

    A session that its therapist alone has rated is not among them: it can still be rated blind.
    """
    account = open_therapist(work, therapist_id, Permission.SUPERVISE)
    found = sessions_of(work, [account.id])
    return tuple(each for each in found if each.held_on < day and _has_others(each))


def supervised_since(work: UnitOfWork, therapist_id: UUID) -> date:
    """Give the day on which the actor's supervision of a therapist began; else today."""
    own = select(Supervision.started_on).where(
        Supervision.supervisor_id == work.person.id,
        Supervision.supervisee_id == therapist_id,
        holds(Supervision, work.today),
    )
    return min(work.session.scalars(own), default=work.today)


def waive_before(
    work: UnitOfWork, therapist_id: UUID, day: date, reason: str | None, seen: int
) -> int:
    """Give up rating all of them, with one reason, and say how many they were.

    `seen` is how many the actor was shown: with another number nothing is opened. A session that
    nobody but its therapist has rated stays as it is, to be rated blind.
    """
    found = sealed_before(work, therapist_id, day)
    if not reason:
        raise RuleBroken("Say why you give up rating them.", "reason")
    if not found:
        raise RuleBroken("No rating from before that day is sealed to you.", "before")
    if len(found) != seen:
        raise RuleBroken(OTHERS_NOW)
    for each in found:
        whole = each.kind is RatedKind.GROUP
        work.session.add(
            RatingWaiver(
                session_id=None if whole else each.id,
                group_session_id=each.id if whole else None,
                account_id=work.person.id,
                reason=reason,
                waived_at=work.now,
            )
        )
    work.session.flush()
    work.audit(
        Event.RATING_WAIVED,
        Subject("therapist", therapist_id),
        before=day.isoformat(),
        sessions=sorted(str(each.id) for each in found),
    )
    return len(found)


def _has_others(session: RatedSession) -> bool:
    return any(each.role != RaterRole.SELF for each in session.sealed)

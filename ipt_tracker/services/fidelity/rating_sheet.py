"""What the form of a rating is made from: the session and the item set, and nothing of others."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.clinical.course.attendance import was_delivered
from ipt_tracker.clinical.fidelity.codes import RaterRole
from ipt_tracker.clinical.fidelity.item_set import ItemSet
from ipt_tracker.governance.access import Permission, RatedTies, allows
from ipt_tracker.persistence.models import (
    Account,
    Course,
    GroupSession,
    SessionRecord,
    TherapyGroup,
)
from ipt_tracker.services.fidelity.blind import own_rating, own_waiver, role_of, selection_of
from ipt_tracker.services.fidelity.doors import Rated, RatedKind, open_rated
from ipt_tracker.services.fidelity.item_sets import UnknownItemSetError, item_set_for, set_in_use
from ipt_tracker.services.fidelity.ratings import may_be_recorded
from ipt_tracker.services.fidelity.whose import holding, leading_on
from ipt_tracker.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class RatingSheet:
    """A session that the actor opened to rate.

    `therapists` are named to the therapist and to who supervises them, never to a second rater;
    `focal_area` and `dispute_stage` likewise. `selection` is how the session was picked.
    """

    rated: Rated
    role: RaterRole
    item_set: ItemSet
    recorded: bool
    """False where recording was refused."""
    is_rated: bool
    is_waived: bool
    selection: str | None
    therapists: tuple[str, ...] = ()
    focal_area: str | None = None
    dispute_stage: str | None = None

    @property
    def is_settled(self) -> bool:
        """Whether the actor has rated the session or given that up."""
        return self.is_rated or self.is_waived


def read_sheet(
    work: UnitOfWork, kind: RatedKind, rated_id: UUID, set_ref: str | None = None
) -> RatingSheet:
    """Open a session to rate it.

    `set_ref` is the item set with which a form or a draft was begun, so that it can be finished;
    without one, or where it is not known here, it is the set in use.
    """
    rated = open_rated(work, kind, rated_id, Permission.RATE_SESSION)
    role = role_of(work, rated)
    knows = role is not RaterRole.INDEPENDENT
    record = rated.record if knows and isinstance(rated.record, SessionRecord) else None
    return RatingSheet(
        rated=rated,
        role=role,
        item_set=_set(work, set_ref),
        recorded=may_be_recorded(work, rated),
        is_rated=own_rating(work, rated) is not None,
        is_waived=own_waiver(work, rated) is not None,
        selection=None if role is RaterRole.SELF else selection_of(rated).value,
        therapists=_names(work, rated) if knows else (),
        focal_area=record.focal_area if record else None,
        dispute_stage=record.dispute_stage if record else None,
    )


def may_rate(work: UnitOfWork, course: Course, record: SessionRecord) -> bool:
    """Say whether a session that was opened with its course can be rated by the actor."""
    if record.group_session_id is not None or not was_delivered(
        record.kind, record.number, record.attendance
    ):
        return False
    held = holding(course.assignments, record.held_on)
    ties = RatedTies(frozenset({held.therapist_id} if held else ()))
    return allows(work.person, Permission.RATE_SESSION, ties)


def may_rate_meeting(work: UnitOfWork, group: TherapyGroup, meeting: GroupSession) -> bool:
    """Say whether a meeting that was opened with its group can be rated by the actor."""
    ties = RatedTies(leading_on(group.leaders, meeting.held_on))
    return not meeting.cancelled and allows(work.person, Permission.RATE_SESSION, ties)


def _set(work: UnitOfWork, ref: str | None) -> ItemSet:
    if ref:
        try:
            return item_set_for(work, ref)
        except UnknownItemSetError:
            pass
    return set_in_use(work)


def _names(work: UnitOfWork, rated: Rated) -> tuple[str, ...]:
    wanted = select(Account.display_name).where(Account.id.in_(rated.therapists))
    return tuple(work.session.scalars(wanted.order_by(Account.display_name)))

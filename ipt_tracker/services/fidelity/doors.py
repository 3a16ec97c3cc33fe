"""The only ways to a session that is rated and to a therapist's figures."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ipt_tracker.clinical.course.attendance import was_delivered
from ipt_tracker.clinical.course.codes import Code
from ipt_tracker.governance.access import (
    AccessDenied,
    Permission,
    RatedTies,
    Role,
    TherapistTies,
    require,
)
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import (
    Account,
    Course,
    GroupSession,
    RatingRequest,
    SessionRecord,
    TherapyGroup,
)
from ipt_tracker.services.fidelity.whose import holding, leading_on
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork


class RatedKind(Code):
    """What is rated as one: a session with one patient, or a meeting of a whole group."""

    SESSION = "session", "Session"
    GROUP = "group", "Group session"


@dataclass(frozen=True, slots=True)
class Rated:
    """One session that took place, with who gave it and who was asked to rate it.

    `requests` are those not withdrawn, answered or not, oldest first.
    """

    kind: RatedKind
    record: SessionRecord | GroupSession
    of: Course | TherapyGroup
    therapists: frozenset[UUID]
    requests: tuple[RatingRequest, ...]

    @property
    def id(self) -> UUID:
        """The id by which ratings name the session."""
        return self.record.id

    @property
    def held_on(self) -> date:
        """The day of the session."""
        return self.record.held_on

    @property
    def code(self) -> str:
        """The patient's code, or the group's."""
        return self.of.patient.code if isinstance(self.of, Course) else self.of.code

    @property
    def keys(self) -> dict[str, UUID | None]:
        """Give the columns by which a rating, request or waiver names the session."""
        own, whole = self.record.id, self.kind is RatedKind.GROUP
        return {
            "session_id": None if whole else own,
            "group_session_id": own if whole else None,
        }

    def subject(self) -> Subject:
        """Name the session for the audit."""
        patient = self.of.patient_id if isinstance(self.of, Course) else None
        return Subject(f"rated_{self.kind}", self.record.id, patient)


def open_rated(work: UnitOfWork, kind: RatedKind, rated_id: UUID, permission: Permission) -> Rated:
    """Hand over a session that took place, to rate it or to compare its ratings.

    A member's record of a group session is rated as the group session. Raises AccessDenied, for
    one that does not exist as for one that the actor may not see.
    """
    found = _meeting(work, rated_id) if kind is RatedKind.GROUP else _session(work, rated_id)
    if found is None:
        raise AccessDenied(permission)
    raters = frozenset(each.rater_id for each in found.requests)
    require(work.person, permission, RatedTies(found.therapists, raters))
    if work.reading:
        work.audit(Event.RATING_OPENED, found.subject(), permission=permission)
    return found


def open_therapist(work: UnitOfWork, therapist_id: UUID, permission: Permission) -> Account:
    """Hand over a therapist to look at how they rate and are rated, or raise AccessDenied."""
    account = work.session.get(Account, therapist_id)
    if account is None or account.role != Role.THERAPIST:
        raise AccessDenied(permission)
    require(work.person, permission, TherapistTies(account.id))
    if work.reading:
        subject = Subject("therapist", account.id)
        work.audit(Event.FIDELITY_OPENED, subject, permission=permission)
    return account


def _session(work: UnitOfWork, rated_id: UUID) -> Rated | None:
    record = work.session.get(SessionRecord, rated_id)
    if record is None or record.group_session_id is not None:
        return None
    if not was_delivered(record.kind, record.number, record.attendance):
        return None
    course = work.session.scalars(
        select(Course)
        .where(Course.id == record.course_id)
        .options(joinedload(Course.patient), joinedload(Course.assignments))
    ).unique()
    found = course.one()
    held = holding(found.assignments, record.held_on)
    therapists = frozenset({held.therapist_id} if held else ())
    asked = _requests(work, RatingRequest.session_id == record.id)
    return Rated(RatedKind.SESSION, record, found, therapists, asked)


def _meeting(work: UnitOfWork, rated_id: UUID) -> Rated | None:
    meeting = work.session.get(GroupSession, rated_id)
    if meeting is None or meeting.cancelled:
        return None
    group = work.session.scalars(
        select(TherapyGroup)
        .where(TherapyGroup.id == meeting.group_id)
        .options(joinedload(TherapyGroup.leaders))
    ).unique()
    found = group.one()
    asked = _requests(work, RatingRequest.group_session_id == meeting.id)
    leaders = leading_on(found.leaders, meeting.held_on)
    return Rated(RatedKind.GROUP, meeting, found, leaders, asked)


def _requests(work: UnitOfWork, of: object) -> tuple[RatingRequest, ...]:
    wanted = select(RatingRequest).where(of, RatingRequest.withdrawn_at.is_(None))  # type: ignore[arg-type]  # -- a column expression
    return tuple(work.session.scalars(wanted.order_by(RatingRequest.asked_at, RatingRequest.id)))

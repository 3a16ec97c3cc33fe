"""Who is asked to rate which session, until when."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.clinical.course.attendance import was_delivered
from ipt_tracker.clinical.fidelity.codes import RaterRole, Selection
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import CLINICIANS, AccessDenied, Permission, RatedTies, require
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Account, FidelityRating, RatingRequest, RatingWaiver
from ipt_tracker.persistence.queries import requests as query
from ipt_tracker.persistence.queries.requests import NamedSession
from ipt_tracker.services.fidelity.blind import of_rated
from ipt_tracker.services.fidelity.doors import Rated, RatedKind
from ipt_tracker.services.unit_of_work import UnitOfWork

NOBODY = "Choose who is to rate it."


@dataclass(frozen=True, slots=True)
class Asked:
    """One session that somebody is to rate, and has neither rated nor given up.

    Of the course there is nothing beyond its code, the session's number, day and phase.
    """

    request_id: UUID
    kind: RatedKind
    rated_id: UUID
    role: str
    code: str
    slot: int
    number: int | None
    session_kind: str
    phase: str
    held_on: date
    selection: str
    reason: str | None
    """For the supervisor of the therapist alone; a second rater is not told."""
    due_on: date | None
    asked_by: str


def raters(work: UnitOfWork, rated: Rated) -> tuple[tuple[UUID, str], ...]:
    """Give who can be asked to rate a session, by name: everybody who rates but its therapist."""
    everybody = query.raters(work.session)
    return tuple((id_, name) for id_, name, _ in everybody if id_ not in rated.therapists)


def role_for(work: UnitOfWork, rated: Rated, rater_id: UUID) -> RaterRole:
    """Say as what somebody who is asked would rate: as supervisor of the therapist, or second."""
    supervises = query.supervises(work.session, rater_id, rated.therapists, work.today)
    return RaterRole.SUPERVISOR if supervises else RaterRole.INDEPENDENT


def ask_for_rating(  # noqa: PLR0913, PLR0917 -- whom, as what, how and why it was picked, until when
    work: UnitOfWork,
    rated: Rated,
    rater_id: UUID | None,
    role: RaterRole,
    selection: Selection,
    reason: str | None,
    due_on: date | None,
    draw_id: UUID | None = None,
) -> RatingRequest:
    """Ask somebody to rate a session that the actor supervises.

    A chosen session needs a reason; `draw_id` is the draw that a session came out of.
    """
    require(work.person, Permission.SUPERVISE, RatedTies(rated.therapists))
    rater = _rater(work, rated, rater_id)
    if role is not role_for(work, rated, rater.id):
        raise RuleBroken(_not_as(rater, role), "rater")
    _check_open(work, rated, rater)
    if selection is Selection.CHOSEN and not reason:
        raise RuleBroken("Say why this session was chosen.", "reason")
    if due_on is not None and due_on < work.today:
        raise RuleBroken("Choose today or a later day.", "due_on")
    asked = RatingRequest(
        **rated.keys,
        rater_id=rater.id,
        role=role.value,
        selection=selection.value,
        reason=reason,
        draw_id=draw_id,
        due_on=due_on,
        asked_by=work.person.id,
        asked_at=work.now,
    )
    work.session.add(asked)
    work.session.flush()
    work.audit(
        Event.RATING_ASKED,
        rated.subject(),
        request=str(asked.id),
        rater=str(rater.id),
        role=role.value,
        selection=selection.value,
    )
    return asked


def withdraw_request(
    work: UnitOfWork, rated: Rated, request_id: UUID, reason: str | None
) -> RatingRequest:
    """Take back a request that is not answered yet; a reason is required."""
    require(work.person, Permission.SUPERVISE, RatedTies(rated.therapists))
    asked = next((each for each in rated.requests if each.id == request_id), None)
    if asked is None:
        raise AccessDenied(Permission.SUPERVISE)
    if _has(work, FidelityRating, rated, FidelityRating.rater_id == asked.rater_id):
        raise RuleBroken("It is rated already, so the request stays.")
    if not reason:
        raise RuleBroken("Say why you take it back.", "reason")
    asked.withdrawn_at, asked.withdrawn_reason = work.now, reason
    work.audit(Event.RATING_REQUEST_WITHDRAWN, rated.subject(), request=str(asked.id))
    return asked


def open_requests(work: UnitOfWork, rater_id: UUID) -> tuple[Asked, ...]:
    """Give what somebody is still to rate, the first due first; a struck session is not in it.

    Only for the rater's own list.
    """
    found = query.waiting_requests(work.session, rater_id)
    named = query.named_sessions(work.session, {each.of for each in found})
    return tuple(
        Asked(
            request_id=each.id,
            kind=RatedKind.GROUP if of.is_group else RatedKind.SESSION,
            rated_id=of.id,
            role=each.role,
            code=of.code,
            slot=of.slot,
            number=of.number,
            session_kind=of.kind,
            phase=of.phase,
            held_on=of.held_on,
            selection=each.selection,
            reason=each.reason if each.role == RaterRole.SUPERVISOR else None,
            due_on=each.due_on,
            asked_by=each.asked_by,
        )
        for each in found
        if (of := named.get(each.of)) is not None and is_rateable(of)
    )


def is_rateable(named: NamedSession) -> bool:
    """Say whether the session was given, so that there is something to rate."""
    return was_delivered(named.kind, named.number, named.attendance)


def _rater(work: UnitOfWork, rated: Rated, rater_id: UUID | None) -> Account:
    account = work.session.get(Account, rater_id) if rater_id else None
    if account is None or not account.enabled or account.role not in CLINICIANS:
        raise RuleBroken(NOBODY, "rater")
    if account.id in rated.therapists:
        raise RuleBroken(
            f"{account.display_name} gave this session. Their own rating is a self-rating.", "rater"
        )
    return account


def _not_as(rater: Account, role: RaterRole) -> str:
    name = rater.display_name
    if role is RaterRole.SUPERVISOR:
        return f"{name} does not supervise this therapist. Ask them as second rater."
    return f"{name} supervises this therapist. Ask them as supervisor."


def _check_open(work: UnitOfWork, rated: Rated, rater: Account) -> None:
    name = rater.display_name
    if _has(work, FidelityRating, rated, FidelityRating.rater_id == rater.id):
        raise RuleBroken(f"{name} has rated this session already.", "rater")
    if _has(work, RatingWaiver, rated, RatingWaiver.account_id == rater.id):
        raise RuleBroken(f"{name} gave up rating this session.", "rater")
    if any(each.rater_id == rater.id for each in rated.requests):
        raise RuleBroken(f"{name} is asked to rate this session already.", "rater")


def _has(
    work: UnitOfWork,
    table: type[FidelityRating | RatingWaiver],
    rated: Rated,
    own: object,
) -> bool:
    wanted = select(table.id).where(of_rated(table, rated), own)  # type: ignore[arg-type]  # -- a column expression
    return work.session.scalars(wanted).first() is not None

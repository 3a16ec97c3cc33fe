"""People who work here, for administrators: the list, and who supervises whom."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission, Role
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Account, Supervision
from ipt_tracker.persistence.queries import people as query
from ipt_tracker.persistence.queries.people import AccountRow, SupervisionRow
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork


@dataclass(frozen=True, slots=True)
class People:
    """Every account, and the supervisions that hold today or are arranged."""

    accounts: tuple[AccountRow, ...]
    supervisions: tuple[SupervisionRow, ...]

    def of_role(self, role: Role) -> tuple[AccountRow, ...]:
        """Give the accounts of one role."""
        return tuple(a for a in self.accounts if a.role == role)


def read_people(work: UnitOfWork) -> People:
    """Read who works here. Nothing of any patient is in it."""
    work.require(Permission.MANAGE_USERS)
    return People(
        query.accounts(work.session),
        query.supervisions(work.session, work.today),
    )


def find_account(work: UnitOfWork, account_id: UUID) -> Account:
    """Hand over one account to an administrator, or raise AccessDenied."""
    work.require(Permission.MANAGE_USERS)
    account = work.session.get(Account, account_id)
    if account is None:
        raise AccessDenied(Permission.MANAGE_USERS)
    return account


def therapists(work: UnitOfWork) -> tuple[tuple[UUID, str], ...]:
    """Give the therapists to whom a course can be handed: those who can sign in."""
    return query.therapists(work.session)


@dataclass(frozen=True, slots=True)
class SupervisionEntry:
    """Who shall supervise whom, from which day."""

    supervisor_id: UUID | None
    supervisee_id: UUID | None
    started_on: date


def start_supervision(work: UnitOfWork, entry: SupervisionEntry) -> Supervision:
    """Let a supervisor see the courses of a therapist from a day on."""
    work.require(Permission.MANAGE_USERS)
    supervisor = _of_role(work, entry.supervisor_id, Role.SUPERVISOR, "supervisor")
    supervisee = _of_role(work, entry.supervisee_id, Role.THERAPIST, "supervisee")
    running = work.session.scalar(
        select(Supervision.id).where(
            Supervision.supervisor_id == supervisor.id,
            Supervision.supervisee_id == supervisee.id,
            Supervision.ended_on.is_(None) | (Supervision.ended_on > entry.started_on),
        )
    )
    if running is not None:
        raise RuleBroken("This supervision is arranged already.", "supervisee")
    made = Supervision(
        supervisor_id=supervisor.id, supervisee_id=supervisee.id, started_on=entry.started_on
    )
    work.session.add(made)
    work.session.flush()
    work.audit(
        Event.SUPERVISION_STARTED,
        Subject("supervision", made.id),
        supervisor=str(supervisor.id),
        supervisee=str(supervisee.id),
        from_day=entry.started_on.isoformat(),
    )
    return made


def _of_role(work: UnitOfWork, account_id: UUID | None, role: Role, field: str) -> Account:
    account = work.session.get(Account, account_id) if account_id else None
    if account is None or account.role != role:
        raise RuleBroken(f"Choose a {role}.", field)
    return account


def find_supervision(work: UnitOfWork, supervision_id: UUID) -> SupervisionRow:
    """Hand over one supervision that has not ended, or raise AccessDenied."""
    work.require(Permission.MANAGE_USERS)
    for row in query.supervisions(work.session, work.today):
        if row.id == supervision_id:
            return row
    raise AccessDenied(Permission.MANAGE_USERS)


def end_supervision(work: UnitOfWork, supervision_id: UUID, day: date) -> None:
    """End a supervision: `day` is the first day on which it no longer holds, today or later."""
    found = find_supervision(work, supervision_id)
    supervision = work.session.get(Supervision, found.id)
    if supervision is None:
        raise AccessDenied(Permission.MANAGE_USERS)
    if day < max(work.today, found.started_on):
        raise RuleBroken("Choose today or a later day, not before it began.", "ended_on")
    supervision.ended_on = day
    work.audit(Event.SUPERVISION_ENDED, Subject("supervision", found.id), from_day=day.isoformat())

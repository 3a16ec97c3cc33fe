"""The people who work here, as the administrator's list and the hand-over form show them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from ipt_tracker.governance.access import Role
from ipt_tracker.persistence.models import Account, StaffCode, Supervision


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account with the codes under which imported files know it."""

    id: UUID
    display_name: str
    email: str | None
    role: str
    enabled: bool
    needs_cosign: bool
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SupervisionRow:
    """One supervision that holds today or is still to come."""

    id: UUID
    supervisor_id: UUID
    supervisor: str
    supervisee_id: UUID
    supervisee: str
    started_on: date
    ended_on: date | None


def accounts(session: Session) -> tuple[AccountRow, ...]:
    """Give every account by role and name, in two statements."""
    codes: dict[UUID, list[str]] = defaultdict(list)
    for code in session.scalars(select(StaffCode).order_by(StaffCode.code)):
        codes[code.account_id].append(code.code)
    rows = session.execute(
        select(
            Account.id,
            Account.display_name,
            Account.email,
            Account.role,
            Account.enabled,
            Account.needs_cosign,
        ).order_by(Account.role, Account.display_name, Account.id)
    )
    return tuple(AccountRow(*row, codes=tuple(codes[row.id])) for row in rows)


def therapists(session: Session) -> tuple[tuple[UUID, str], ...]:
    """Give the therapists who can sign in, by name."""
    rows = session.execute(
        select(Account.id, Account.display_name)
        .where(Account.role == Role.THERAPIST, Account.enabled)
        .order_by(Account.display_name, Account.id)
    )
    return tuple((row.id, row.display_name) for row in rows)


def supervisions(session: Session, today: date) -> tuple[SupervisionRow, ...]:
    """Give the supervisions that hold today or will, by supervisor."""
    supervisor, supervisee = aliased(Account), aliased(Account)
    rows = session.execute(
        select(
            Supervision.id,
            Supervision.supervisor_id,
            supervisor.display_name.label("supervisor"),
            Supervision.supervisee_id,
            supervisee.display_name.label("supervisee"),
            Supervision.started_on,
            Supervision.ended_on,
        )
        .join(supervisor, supervisor.id == Supervision.supervisor_id)
        .join(supervisee, supervisee.id == Supervision.supervisee_id)
        .where(Supervision.ended_on.is_(None) | (Supervision.ended_on > today))
        .order_by(supervisor.display_name, supervisee.display_name, Supervision.started_on)
    )
    return tuple(SupervisionRow(**row) for row in rows.mappings())


def names_of(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """Give the names of these people, whether they still work here or not."""
    if not ids:
        return {}
    wanted = select(Account.id, Account.display_name).where(Account.id.in_(list(ids)))
    return {row.id: row.display_name for row in session.execute(wanted)}

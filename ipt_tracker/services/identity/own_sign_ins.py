"""Where somebody is signed in, as they see it themselves, and ending any of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.governance.access import AccessDenied
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import SignIn
from ipt_tracker.services.identity.recognition import ABSOLUTE
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork


@dataclass(frozen=True, slots=True)
class OwnSignIn:
    """One browser in which the person is signed in, or could go on after the lock screen."""

    id: UUID
    began: datetime
    last_seen: datetime
    device: str | None
    address: str | None
    is_this: bool


def listed(work: UnitOfWork, this: UUID | None) -> tuple[OwnSignIn, ...]:
    """Give the person's own sign-ins that still count, the one that asks first."""
    rows = work.session.scalars(
        select(SignIn)
        .where(
            SignIn.account_id == work.person.id,
            SignIn.revoked_at.is_(None),
            SignIn.passed_at.is_not(None),
            SignIn.created_at > work.now - ABSOLUTE,
        )
        .order_by(SignIn.last_seen_at.desc(), SignIn.id)
    )
    found = [
        OwnSignIn(r.id, r.created_at, r.last_seen_at, r.device, r.address, r.id == this)
        for r in rows
    ]
    return tuple(sorted(found, key=lambda each: not each.is_this))


def end_one(work: UnitOfWork, sign_in_id: UUID) -> None:
    """End one of the person's own sign-ins; another person's is as if it were not there."""
    row = work.session.get(SignIn, sign_in_id)
    if row is None or row.account_id != work.person.id or row.revoked_at is not None:
        raise AccessDenied("own_account")
    row.revoked_at = work.now
    _write_down(work, row.account_id, 1)


def end_others(work: UnitOfWork, this: UUID | None) -> int:
    """End all of the person's own sign-ins but this one; say how many there were."""
    return end_all(work, work.person.id, besides=this)


def end_all(work: UnitOfWork, account_id: UUID, besides: UUID | None = None) -> int:
    """End every sign-in of a person at once, one excepted; say how many there were.

    One that waits for its second step has opened nothing and stays: it is on its way in.
    """
    live = select(SignIn).where(
        SignIn.account_id == account_id,
        SignIn.revoked_at.is_(None),
        SignIn.passed_at.is_not(None),
    )
    rows = [row for row in work.session.scalars(live) if row.id != besides]
    for row in rows:
        row.revoked_at = work.now
    if rows:
        _write_down(work, account_id, len(rows))
    return len(rows)


def _write_down(work: UnitOfWork, account_id: UUID, many: int) -> None:
    work.audit(Event.SIGN_INS_ENDED, Subject("account", account_id), many=many)

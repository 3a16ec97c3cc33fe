"""One-time codes that an administrator makes and hands over in person.

With one a person sets a password, the first or a forgotten one; with another kind they get in
after the second factor is lost. The administrator sees the code, never a password. A newer code of
the same kind makes the older one void, and using one ends every sign-in of the person.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select, update

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import AccessCode, Account
from ipt_tracker.services.identity import codes, own_sign_ins, second_factor
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

FIRST, SOON = timedelta(hours=24), timedelta(minutes=60)
"""How long a code for a first password lasts, and any other."""


class CodeFor(StrEnum):
    """What a one-time code is for."""

    PASSWORD = "password"  # noqa: S105 -- a kind of code, not a password
    SECOND_FACTOR = "second_factor"


@dataclass(frozen=True, slots=True)
class OneTimeCode:
    """A code in clear, to be shown once and kept nowhere."""

    code: str = field(repr=False)
    kind: CodeFor
    until: datetime


def make(work: UnitOfWork, account: Account, kind: CodeFor) -> OneTimeCode:
    """Make a code for somebody else; the command line may make one for anybody."""
    if work.actor is not None:
        work.require(Permission.MANAGE_USERS)
        if account.id == work.actor.id:
            raise RuleBroken("A code for yourself has to come from another administrator.")
    _check_use(work, account, kind)
    first = kind is CodeFor.PASSWORD and account.password_hash is None
    made = OneTimeCode(codes.new_code(), kind, work.now + (FIRST if first else SOON))
    _withdraw(work, account.id, kind)
    work.session.add(
        AccessCode(
            account_id=account.id,
            kind=kind,
            code_digest=codes.digest(made.code, account.id),
            made_by=work.actor.id if work.actor else None,
            made_at=work.now,
            expires_at=made.until,
        )
    )
    until = made.until.isoformat(timespec="seconds")
    work.audit(Event.ACCESS_CODE_MADE, Subject("account", account.id), kind=kind, until=until)
    return made


def _check_use(work: UnitOfWork, account: Account, kind: CodeFor) -> None:
    if not account.enabled:
        raise RuleBroken("This person may not sign in, so a code would be of no use.")
    if kind is CodeFor.SECOND_FACTOR and not second_factor.has_factor(work.session, account.id):
        raise RuleBroken("This person has no second factor that could be lost.")


def find(work: UnitOfWork, account_id: UUID, kind: CodeFor, digest: str) -> AccessCode | None:
    """Give the code with this digest while it can be used."""
    usable = select(AccessCode).where(
        AccessCode.account_id == account_id,
        AccessCode.kind == kind,
        AccessCode.code_digest == digest,
        AccessCode.used_at.is_(None),
        AccessCode.withdrawn_at.is_(None),
        AccessCode.expires_at > work.now,
    )
    return work.session.scalar(usable)


def use(work: UnitOfWork, account_id: UUID, kind: CodeFor, digest: str) -> bool:
    """Use up the code with this digest; say whether there was one. It ends every sign-in.

    The code for a lost second factor takes that factor away.
    """
    row = find(work, account_id, kind, digest)
    if row is None:
        return False
    row.used_at = work.now
    work.audit(Event.ACCESS_CODE_USED, Subject("account", account_id), kind=kind)
    if kind is CodeFor.SECOND_FACTOR:
        second_factor.remove(work, account_id)
    own_sign_ins.end_all(work, account_id)
    return True


def _withdraw(work: UnitOfWork, account_id: UUID, kind: CodeFor) -> None:
    work.session.execute(
        update(AccessCode)
        .where(
            AccessCode.account_id == account_id,
            AccessCode.kind == kind,
            AccessCode.used_at.is_(None),
            AccessCode.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=work.now)
    )


def withdraw_all(work: UnitOfWork, account_id: UUID) -> None:
    """Make every code of a person void: the account is disabled, or its e-mail is another."""
    for kind in CodeFor:
        _withdraw(work, account_id, kind)

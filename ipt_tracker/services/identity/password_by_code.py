"""A password set with a one-time code: the first one, or a new one for a forgotten one.

Whoever asks is told the same, in the same time, whether the person is unknown, the code is wrong,
used or too old, or the second factor does not fit: the code replaces the password, not the factor.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.engine import Database
from ipt_tracker.persistence.models import Account
from ipt_tracker.services.identity import (
    access_codes,
    codes,
    recovery_codes,
    second_factor,
    throttle,
)
from ipt_tracker.services.identity.access_codes import CodeFor
from ipt_tracker.services.identity.own_password import hash_for
from ipt_tracker.services.identity.second_factor import CHECK_CLOCKS, Answer
from ipt_tracker.services.identity.throttle import Counted
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork, writing

REFUSED = (
    "This does not belong together, or the code was used, replaced or is too old. Check what you "
    "entered, the second factor included if you have one. An administrator can make a new code."
)
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class PasswordByCode:
    """What somebody enters who has a code from an administrator."""

    email: str
    code: str = field(repr=False)
    password: str = field(repr=False)
    factor_code: str = field(default="", repr=False)
    """From the telephone, or a recovery code; empty without a second factor."""


@dataclass(frozen=True, slots=True)
class _Try:
    entered: PasswordByCode
    email: str
    address: str
    factor_key: bytes
    digest: str


def set_password(
    database: Database,
    entered: PasswordByCode,
    now: datetime,
    factor_key: bytes,
    *,
    address: str = "",
) -> str | None:
    """Set the password and end every sign-in; give the sentence of a refusal, or None.

    Raises RuleBroken on "password" when all belongs together and the password will not do; then
    nothing is used up.
    """
    email = entered.email.strip().lower()
    with database.read() as session:
        wait = throttle.wait_for(session, now, account=email, address=address, kind=Counted.CODE)
        known = session.scalar(select(Account.id).where(Account.email == email, Account.enabled))
    if wait:
        return throttle.words(wait)
    # Before the transaction, which would keep other writers waiting; as long for nobody.
    tried = _Try(entered, email, address, factor_key, codes.digest(entered.code, known or NOBODY))
    with writing(database, None, now) as work:
        wait = throttle.wait_for(
            work.session, now, account=email, address=address, kind=Counted.CODE
        )
        if wait:
            return throttle.words(wait)
        account = work.session.get(Account, known) if known else None
        return _settle(work, account, tried)


def _settle(work: UnitOfWork, account: Account | None, tried: _Try) -> str | None:
    if account is None or not account.enabled:
        return _refuse(work, tried, None, REFUSED)
    if access_codes.find(work, account.id, CodeFor.PASSWORD, tried.digest) is None:
        return _refuse(work, tried, account.id, REFUSED)
    had_factor = second_factor.has_factor(work.session, account.id)
    if had_factor:
        answer = _second_step(work, account.id, tried)
        if answer is not Answer.ACCEPTED:
            said = CHECK_CLOCKS if answer is Answer.CLOCK else REFUSED
            return _refuse(work, tried, account.id, said)
    account.password_hash = hash_for(account, tried.entered.password, has_factor=had_factor)
    account.password_set_at = work.now
    work.audit(Event.PASSWORD_SET, Subject("account", account.id))
    access_codes.use(work, account.id, CodeFor.PASSWORD, tried.digest)
    throttle.forget(work, account=tried.email, kind=Counted.CODE)
    throttle.forget(work, account=tried.email)
    return None


def _second_step(work: UnitOfWork, account_id: UUID, tried: _Try) -> Answer:
    typed = tried.entered.factor_code
    answer = second_factor.check(work, account_id, typed, tried.factor_key)
    if answer is Answer.REFUSED and recovery_codes.use(work, account_id, typed):
        return Answer.ACCEPTED
    return answer


def _refuse(work: UnitOfWork, tried: _Try, account_id: UUID | None, said: str) -> str:
    work.audit(Event.ACCESS_CODE_REFUSED, Subject("account", account_id or ""))
    throttle.count_failure(
        work, account=tried.email, address=tried.address, kind=Counted.CODE, about=account_id
    )
    wait = throttle.wait_for(
        work.session, work.now, account=tried.email, address=tried.address, kind=Counted.CODE
    )
    return throttle.words(wait) if wait else said

"""Signing in, in two steps where there is a second factor, and signing out.

A refusal does not say what was wrong, and takes as long whoever it is: nobody, somebody whose
account is closed, somebody without a password yet. Passwords are checked before the transaction,
which would keep other writers waiting; what they rest on is read again inside it.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.engine import Database
from ipt_tracker.persistence.models import Account, SignIn
from ipt_tracker.services.identity import passwords, recovery_codes, second_factor, throttle
from ipt_tracker.services.identity.recognition import digest, find
from ipt_tracker.services.identity.second_factor import Answer
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork, writing

REFUSED = "The e-mail and the password do not belong together. Check both and try again."
WRONG = {
    Answer.REFUSED: "This code does not fit, or was used before. Enter the next one.",
    Answer.CLOCK: second_factor.CHECK_CLOCKS,
}
ONE_TIME_CODE = re.compile(r"\s*\d{3}\s?\d{3}\s*")
TOO_LATE = "This took too long. Sign in again from the beginning."
ADDRESS_LENGTH, DEVICE_LENGTH = 64, 80


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try: a token, or a sentence that says why not."""

    token: str | None = None
    needs_factor: bool = False
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class _Try:
    email: str
    address: str
    device: str


def sign_in(  # noqa: PLR0913 -- who, with what, when, and from where
    database: Database,
    email: str,
    password: str,
    now: datetime,
    *,
    address: str = "",
    device: str = "",
) -> Outcome:
    """Take the first step: e-mail and password. The token opens nothing while a code is needed."""
    tried = _Try(email.strip().lower(), address, device)
    with database.read() as session:
        wait = throttle.wait_for(session, now, account=tried.email, address=address)
        account = session.scalar(select(Account).where(Account.email == tried.email))
    if wait:
        return Outcome(refusal=throttle.words(wait))
    kept = account.password_hash if account and account.enabled else None
    accepted = passwords.matches(kept, password)
    with writing(database, None, now) as work:
        wait = throttle.wait_for(work.session, now, account=tried.email, address=address)
        if wait:  # others tried at the same time
            return Outcome(refusal=throttle.words(wait))
        current = work.session.get(Account, account.id) if account else None
        if current and accepted and current.enabled and current.password_hash == kept:
            return _begin(work, current, tried)
        return _refuse(work, tried, current.id if current else None)


def _refuse(work: UnitOfWork, tried: _Try, account_id: UUID | None) -> Outcome:
    work.audit(Event.SIGN_IN_REFUSED, Subject("account", account_id or ""))
    throttle.count_failure(work, account=tried.email, address=tried.address, about=account_id)
    wait = throttle.wait_for(work.session, work.now, account=tried.email, address=tried.address)
    return Outcome(refusal=throttle.words(wait) if wait else REFUSED)


def _begin(work: UnitOfWork, account: Account, tried: _Try) -> Outcome:
    throttle.forget(work, account=tried.email)
    needs_factor = second_factor.has_factor(work.session, account.id)
    row = SignIn(
        account_id=account.id,
        created_at=work.now,
        address=tried.address[:ADDRESS_LENGTH] or None,
        device=tried.device[:DEVICE_LENGTH] or None,
    )
    work.session.add(row)
    token = _new_token(work, row) if needs_factor else _passed(work, row)
    return Outcome(token, needs_factor)


def pass_second_step(  # noqa: PLR0913 -- what was typed, when, from where, and what opens the seed
    database: Database,
    token: str,
    code: str,
    now: datetime,
    factor_key: bytes,
    *,
    address: str = "",
) -> Outcome:
    """Take the second step: a one-time code or a recovery code. A new token replaces the first."""
    with writing(database, None, now) as work:
        found = find(work.session, token, now)
        if found is None or found[0].passed_at is not None:
            return Outcome(refusal=TOO_LATE)
        row = found[0]
        account = f"second step {row.account_id}"
        wait = throttle.wait_for(work.session, now, account=account, address=address)
        if wait:
            return Outcome(needs_factor=True, refusal=throttle.words(wait))
        answer = _check(work, row.account_id, code, factor_key)
        if answer is Answer.ACCEPTED:
            throttle.forget(work, account=account)
            return Outcome(_passed(work, row))
        work.audit(Event.FACTOR_REFUSED, Subject("account", row.account_id))
        throttle.count_failure(work, account=account, address=address, about=row.account_id)
        wait = throttle.wait_for(work.session, now, account=account, address=address)
        refusal = throttle.words(wait) if wait else WRONG[answer]
        return Outcome(needs_factor=True, refusal=refusal)


def _check(work: UnitOfWork, account_id: UUID, code: str, factor_key: bytes) -> Answer:
    """Use up a code: six digits are of the telephone, anything else is a recovery code."""
    if ONE_TIME_CODE.fullmatch(code):
        return second_factor.check(work, account_id, code, factor_key)
    used = recovery_codes.use(work, account_id, code)
    return Answer.ACCEPTED if used else Answer.REFUSED


def _passed(work: UnitOfWork, row: SignIn) -> str:
    row.passed_at = work.now
    token = renew(work, row)
    work.audit(Event.SIGNED_IN, Subject("account", row.account_id))
    return token


def renew(work: UnitOfWork, row: SignIn) -> str:
    """Give a sign-in a new token because the person proved who they are; the old one is dead."""
    row.stepped_up_at = work.now
    return _new_token(work, row)


def _new_token(work: UnitOfWork, row: SignIn) -> str:
    token = secrets.token_urlsafe(32)
    row.token_digest, row.last_seen_at = digest(token), work.now
    return token


def sign_out(database: Database, token: str, now: datetime) -> None:
    """End the sign-in of this token, everywhere and at once."""
    with writing(database, None, now) as work:
        row = work.session.scalar(select(SignIn).where(SignIn.token_digest == digest(token)))
        if row is not None and row.revoked_at is None:
            row.revoked_at = now
            work.audit(Event.SIGNED_OUT, Subject("account", row.account_id))

"""Proving again who one is: to unlock, and before what needs a fresh sign-in.

Wrong tries are counted apart from those at the sign-in: a stranger who knows an e-mail address
cannot keep somebody waiting who is at work.
"""

from dataclasses import dataclass
from datetime import datetime

from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.engine import Database
from ipt_tracker.persistence.models import SignIn
from ipt_tracker.services.identity import passwords, second_factor, throttle
from ipt_tracker.services.identity.recognition import find, is_idle
from ipt_tracker.services.identity.sign_ins import ONE_TIME_CODE, Outcome, renew
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork, writing

NOT_RIGHT = "This does not belong to this account. Check it and try again."
ENDED = "This sign-in has ended. Sign in again."


@dataclass(frozen=True, slots=True)
class _Proof:
    """Something that was typed to prove who holds a token."""

    token: str
    typed: str
    now: datetime
    address: str
    factor_key: bytes | None
    """Where a one-time code will do as well."""


def unlock(
    database: Database, token: str, password: str, now: datetime, *, address: str = ""
) -> Outcome:
    """Open a sign-in that was locked: the password alone does, within its twelve hours."""
    return _prove(database, _Proof(token, password, now, address, None), Event.UNLOCKED)


def step_up(  # noqa: PLR0913 -- what was typed, when, from where, and what opens the seed
    database: Database,
    token: str,
    typed: str,
    now: datetime,
    factor_key: bytes,
    *,
    address: str = "",
) -> Outcome:
    """Take the password, or a one-time code where there is a second factor, as a fresh sign-in."""
    return _prove(database, _Proof(token, typed, now, address, factor_key), Event.STEPPED_UP)


def _prove(database: Database, proof: _Proof, event: Event) -> Outcome:
    """Check a password before the transaction and a code inside it; both end in a new token."""
    with database.read() as session:
        found = find(session, proof.token, proof.now)
        wait = found and throttle.wait_for(
            session, proof.now, account=_key(found[0]), address=proof.address
        )
    if found is None or found[0].passed_at is None:
        return Outcome(refusal=ENDED)
    if wait:
        return Outcome(refusal=throttle.words(wait))
    row, has_factor = found
    is_code = bool(has_factor and proof.factor_key and ONE_TIME_CODE.fullmatch(proof.typed))
    kept = row.account.password_hash
    fits = not is_code and passwords.matches(kept, proof.typed)
    with writing(database, None, proof.now) as work:
        again = find(work.session, proof.token, proof.now)
        if again is None or again[0].account.password_hash != kept:
            return Outcome(refusal=ENDED)
        return _settle(work, again[0], proof, event, fits=fits, is_code=is_code)


def _settle(  # noqa: PLR0913 -- the try, its sign-in, and what is known of both
    work: UnitOfWork, row: SignIn, proof: _Proof, event: Event, *, fits: bool, is_code: bool
) -> Outcome:
    key = _key(row)
    wait = throttle.wait_for(work.session, work.now, account=key, address=proof.address)
    if wait:  # others tried at the same time
        return Outcome(refusal=throttle.words(wait))
    if event is Event.STEPPED_UP and is_idle(row, work.now):
        return Outcome(refusal=ENDED)
    if is_code and proof.factor_key:
        fits = second_factor.accept(work, row.account_id, proof.typed, proof.factor_key)
    about = Subject("account", row.account_id)
    if fits:
        throttle.forget(work, account=key)
        token = renew(work, row)
        work.audit(event, about)
        return Outcome(token)
    work.audit(Event.STEP_UP_REFUSED, about)
    throttle.count_failure(work, account=key, address=proof.address, about=row.account_id)
    wait = throttle.wait_for(work.session, work.now, account=key, address=proof.address)
    return Outcome(refusal=throttle.words(wait) if wait else NOT_RIGHT)


def _key(row: SignIn) -> str:
    """Name what wrong tries of somebody who is signed in are counted against."""
    return f"signed in {row.account_id}"

"""The telephone as a second factor: six digits that change every half minute (RFC 6238).

A code is taken in its own half minute and once. One that fits the half minute before or after is
not taken, but the person is told to look at the clocks; it is used up by that, so that nobody can
try codes of the future and come back with one in time.
"""

import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from hmac import compare_digest
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pyotp import TOTP, random_base32
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Account, RecoveryCode, SecondFactor
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

ISSUER = "IPT Tracker"
STEP, DIGITS = 30, 6
SEED_CHARACTERS = 32
"""Of five bits each: 160 bits."""
NONCE_BYTES = 12
WRONG = "This is not the code that the telephone shows now. Enter the next one it shows."
CHECK_CLOCKS = (
    "This code belongs to the half minute before or after. Check that the clock of the telephone "
    "and the clock of this machine are right, then enter the next code."
)


class Answer(StrEnum):
    """What a code turned out to be."""

    ACCEPTED = "accepted"
    CLOCK = "clock"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A second factor that is being set up: nothing of it is kept in the records yet."""

    seed: str = field(repr=False)
    uri: str = field(repr=False)
    """What the telephone reads from the picture."""
    sealed: str
    """The seed for the way through the browser, sealed for this person and this use."""


def begin(work: UnitOfWork, account: Account, factor_key: bytes) -> Enrolment:
    """Draw a seed for this person. The factor in use, if any, holds until the new one is tried."""
    seed = random_base32(SEED_CHARACTERS)
    work.audit(Event.FACTOR_BEGUN, Subject("account", account.id))
    return _enrolment(account, seed, _seal(factor_key, _pending(account.id), seed).hex())


def resume(account: Account, sealed: str, factor_key: bytes) -> Enrolment | None:
    """Take up an enrolment that was begun; None when it is not this person's."""
    try:
        seed = _unseal(factor_key, _pending(account.id), bytes.fromhex(sealed))
    except (InvalidTag, ValueError):
        return None
    return _enrolment(account, seed, sealed)


def _enrolment(account: Account, seed: str, sealed: str) -> Enrolment:
    uri = TOTP(seed).provisioning_uri(name=account.email or "", issuer_name=ISSUER)
    return Enrolment(seed, uri, sealed)


def confirm(work: UnitOfWork, account: Account, sealed: str, code: str, factor_key: bytes) -> None:
    """Keep the new factor once its first code was typed; it replaces the one before.

    Raises RuleBroken on "code" when it is not the code of this moment.
    """
    begun = resume(account, sealed, factor_key)
    if begun is None:
        raise RuleBroken("This was begun too long ago. Begin again.", "code")
    step = _fitting(begun.seed, code, _step(work))
    if step is None:
        raise RuleBroken(WRONG, "code")
    if step != _step(work):
        raise RuleBroken(CHECK_CLOCKS, "code")
    row = work.session.get(SecondFactor, account.id)
    if row is None:
        row = SecondFactor(account_id=account.id)
        work.session.add(row)
    row.sealed_seed = _seal(factor_key, _kept(account.id), begun.seed)
    row.made_at = row.confirmed_at = work.now
    row.last_step = step
    work.audit(Event.FACTOR_CONFIRMED, Subject("account", account.id))


def has_factor(session: Session, account_id: UUID) -> bool:
    """Say whether this person has a second factor that was confirmed."""
    found = select(SecondFactor.account_id).where(
        SecondFactor.account_id == account_id, SecondFactor.confirmed_at.is_not(None)
    )
    return session.scalar(found) is not None


def accept(work: UnitOfWork, account_id: UUID, code: str, factor_key: bytes) -> bool:
    """Say whether this is the code of this moment, and use it up."""
    return check(work, account_id, code, factor_key) is Answer.ACCEPTED


def check(work: UnitOfWork, account_id: UUID, code: str, factor_key: bytes) -> Answer:
    """Say what this code is, and use it up. The unit of work must be kept, whatever the answer."""
    row = work.session.get(SecondFactor, account_id)
    if row is None or row.confirmed_at is None:
        return Answer.REFUSED
    try:
        seed = _unseal(factor_key, _kept(account_id), row.sealed_seed)
    except InvalidTag:  # not sealed for this person, or not here
        return Answer.REFUSED
    step = _fitting(seed, code, _step(work))
    if step is None or (row.last_step is not None and step <= row.last_step):
        return Answer.REFUSED
    row.last_step = step
    return Answer.ACCEPTED if step == _step(work) else Answer.CLOCK


def remove(work: UnitOfWork, account_id: UUID) -> None:
    """Take the second factor away, with its recovery codes."""
    work.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    work.session.execute(delete(SecondFactor).where(SecondFactor.account_id == account_id))
    work.audit(Event.FACTOR_REMOVED, Subject("account", account_id))


def _step(work: UnitOfWork) -> int:
    return int(work.now.timestamp()) // STEP


def _fitting(seed: str, code: str, step: int) -> int | None:
    """Give the half minute of this code: this one, else the one before or after, else none."""
    typed = "".join(code.split())
    if len(typed) != DIGITS or not (typed.isascii() and typed.isdecimal()):
        return None
    codes = TOTP(seed, digits=DIGITS, interval=STEP)
    fitting = [s for s in (step, step - 1, step + 1) if _same(codes.generate_otp(s), typed)]
    return fitting[0] if fitting else None


def _same(code: str, typed: str) -> bool:
    return compare_digest(code.encode(), typed.encode())


def _seal(factor_key: bytes, purpose: bytes, seed: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(factor_key).encrypt(nonce, seed.encode(), purpose)


def _unseal(factor_key: bytes, purpose: bytes, sealed: bytes) -> str:
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    return AESGCM(factor_key).decrypt(nonce, rest, purpose).decode()


def _kept(account_id: UUID) -> bytes:
    return b"kept " + account_id.bytes


def _pending(account_id: UUID) -> bytes:
    return b"pending " + account_id.bytes

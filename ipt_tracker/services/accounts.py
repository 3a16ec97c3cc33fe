"""Accounts, passwords and who is signed in."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Actor, Permission, Role
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.engine import Database
from ipt_tracker.persistence.models import Account, SignIn, Supervision
from ipt_tracker.persistence.visibility import holds
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork, writing

SHORTEST, LONGEST = 15, 128
"""Characters in a password. Longer ones are refused before they are hashed."""
IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
"""How often a sign-in is written as seen: often enough for the idle limit, not on each page."""


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    """Give a hash to check when there is no such account: the time taken tells nothing."""
    return _hasher().hash(secrets.token_urlsafe())


def hash_password(password: str) -> str:
    """Hash a new password, or raise RuleBroken when it is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise RuleBroken(
            f"Use {SHORTEST} to {LONGEST} characters. A few unrelated words work well.", "password"
        )
    return _hasher().hash(password)


def _matches(password_hash: str | None, password: str) -> bool:
    if len(password) > LONGEST:
        return False
    try:
        _hasher().verify(password_hash or _nobodys_hash(), password)
    except VerificationError:
        return False
    return password_hash is not None


def sign_in(database: Database, email: str, password: str, now: datetime) -> str | None:
    """Give a new token for this person, or None. A refusal does not say what was wrong."""
    with database.read() as session:
        account = session.scalar(select(Account).where(Account.email == email.strip().lower()))
    usable = account if account and account.enabled else None
    accepted = _matches(usable.password_hash if usable else None, password)
    with writing(database, None, now) as work:
        if account is None or not accepted:
            work.audit(Event.SIGN_IN_REFUSED, Subject("account", account.id if account else ""))
            return None
        token = secrets.token_urlsafe(32)
        work.session.add(
            SignIn(
                account_id=account.id,
                token_digest=_digest(token),
                created_at=now,
                passed_at=now,
                last_seen_at=now,
            )
        )
        work.audit(Event.SIGNED_IN, Subject("account", account.id))
        return token


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who a token belongs to, or why it no longer counts."""

    actor: Actor | None
    idle: bool = False
    """True when it ended because nothing was done for a while."""


def recognise(
    database: Database, token: str, now: datetime, today: date, *, active: bool = True
) -> SignedIn:
    """Say who holds this token, and note at most once a minute that they were seen.

    What a page does by itself is not `active`: it does not keep a sign-in alive.
    """
    with database.read() as session:
        found = session.scalar(
            select(SignIn)
            .where(SignIn.token_digest == _digest(token), SignIn.revoked_at.is_(None))
            .options(joinedload(SignIn.account))
        )
        if found is None or not found.account.enabled or now - found.created_at > ABSOLUTE:
            return SignedIn(None)
        if now - found.last_seen_at > IDLE:
            return SignedIn(None, idle=True)
        actor = _actor(session, found.account, today)
    if active and now - found.last_seen_at > SEEN_EVERY:
        _seen(database, found.id, now)
    return SignedIn(actor)


def _actor(session: Session, account: Account, today: date) -> Actor:
    role, supervisees = Role(account.role), frozenset[UUID]()
    if role is Role.SUPERVISOR:
        found = select(Supervision.supervisee_id).where(
            Supervision.supervisor_id == account.id, holds(Supervision, today)
        )
        supervisees = frozenset(session.scalars(found))
    return Actor(account.id, role, account.display_name, supervisees)


def _seen(database: Database, sign_in_id: UUID, now: datetime) -> None:
    with database.write() as session, session.begin():
        row = session.get(SignIn, sign_in_id)
        if row is not None:
            row.last_seen_at = now


def sign_out(database: Database, token: str, now: datetime) -> None:
    """End the sign-in of this token, everywhere and at once."""
    with writing(database, None, now) as work:
        row = work.session.scalar(select(SignIn).where(SignIn.token_digest == _digest(token)))
        if row is not None and row.revoked_at is None:
            row.revoked_at = now
            work.audit(Event.SIGNED_OUT, Subject("account", row.account_id))


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What is needed to create an account that can sign in."""

    email: str
    display_name: str
    role: Role
    password: str
    needs_cosign: bool = False


def create_account(work: UnitOfWork, new: NewAccount) -> Account:
    """Create an enabled account. The first administrator comes from the command line."""
    if work.actor is not None:
        work.require(Permission.MANAGE_USERS)
    _check_cosign(new.role, new.needs_cosign)
    email = _free_email(work, new.email)
    account = Account(
        email=email,
        display_name=new.display_name.strip(),
        role=new.role,
        password_hash=hash_password(new.password),
        password_set_at=work.now,
        enabled=True,
        needs_cosign=new.needs_cosign,
        created_at=work.now,
    )
    work.session.add(account)
    work.session.flush()
    work.audit(Event.ACCOUNT_CREATED, Subject("account", account.id), role=new.role)
    return account


def _free_email(work: UnitOfWork, email: str, besides: UUID | None = None) -> str:
    email = email.strip().lower()
    holder = work.session.scalar(select(Account.id).where(Account.email == email))
    if holder is not None and holder != besides:
        raise RuleBroken("Another account has this e-mail address.", "email")
    return email


@dataclass(frozen=True, slots=True)
class AccountChange:
    """The fields of an account that an administrator sets; an empty password keeps the old one."""

    email: str | None
    display_name: str
    enabled: bool
    password: str | None = None
    needs_cosign: bool = False
    """Whether the supervisor signs this therapist's notes too, from the next signature on."""


def change_account(work: UnitOfWork, account: Account, change: AccountChange) -> None:
    """Change an account. Disabling it, or a new password, ends every sign-in at once."""
    work.require(Permission.MANAGE_USERS)
    if account.id == work.person.id and not change.enabled:
        raise RuleBroken("You cannot disable your own account.", "enabled")
    _check_cosign(account.role, change.needs_cosign)
    account.email = _free_email(work, change.email, account.id) if change.email else None
    account.display_name = change.display_name.strip()
    if change.password:
        account.password_hash = hash_password(change.password)
        account.password_set_at = work.now
        work.audit(Event.PASSWORD_SET, Subject("account", account.id))
    if change.enabled and not (account.email and account.password_hash):
        raise RuleBroken("An account that can sign in needs an e-mail and a password.", "email")
    account.enabled = change.enabled
    account.needs_cosign = change.needs_cosign
    if change.password or not change.enabled:
        _end_sign_ins(work, account.id)
    said = {"enabled": change.enabled, "needs_cosign": change.needs_cosign}
    work.audit(Event.ACCOUNT_CHANGED, Subject("account", account.id), **said)


def _check_cosign(role: str, needs_cosign: bool) -> None:  # noqa: FBT001 -- what was ticked
    if needs_cosign and role != Role.THERAPIST:
        raise RuleBroken("Only the notes of a therapist are co-signed.", "needs_cosign")


def _end_sign_ins(work: UnitOfWork, account_id: UUID) -> None:
    live = select(SignIn).where(SignIn.account_id == account_id, SignIn.revoked_at.is_(None))
    for row in work.session.scalars(live):
        row.revoked_at = work.now

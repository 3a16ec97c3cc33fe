"""Whose sign-in a token is, and whether it still counts."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, joinedload

from ipt_tracker.governance.access import CLINICIANS, Actor, Permission, Role
from ipt_tracker.persistence.engine import Database
from ipt_tracker.persistence.models import Account, SecondFactor, SignIn, Supervision
from ipt_tracker.persistence.visibility import holds
from ipt_tracker.services.emergency.running import emergencies_of

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)
SECOND_STEP = timedelta(minutes=5)
"""How long the one-time code may be waited for after the password."""
FRESH = timedelta(minutes=10)
"""How long a password or one-time code counts as just given."""
SEEN_EVERY = timedelta(minutes=1)
"""How often a sign-in is written as seen: often enough for the idle limit, not on each page."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who a token belongs to, or why it opens nothing now."""

    actor: Actor | None
    idle: bool = False
    """Nothing was done for a while: locked until the password is given again."""
    name: str = ""
    """Whose lock it is."""
    awaits_code: bool = False
    """The password was right; the second step is still to come."""
    fresh: bool = False
    """The person proved who they are within the last ten minutes."""
    has_factor: bool = False


NOBODY = SignedIn(None)


def digest(token: str) -> str:
    """Give what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def recognise(
    database: Database, token: str, now: datetime, today: date, *, active: bool = True
) -> SignedIn:
    """Say who holds this token, and note at most once a minute that they were seen.

    What a page does by itself is not `active`: it does not keep a sign-in alive.
    """
    with database.read() as session:
        found = find(session, token, now)
        if found is None:
            return NOBODY
        row, has_factor = found
        if row.passed_at is None:
            return SignedIn(None, name=row.account.display_name, awaits_code=True)
        if is_idle(row, now):
            return SignedIn(None, idle=True, name=row.account.display_name)
        actor = _actor(session, row.account, now, today)
    if active and now - row.last_seen_at > SEEN_EVERY:
        with suppress(OperationalError):  # locked or full: the page is read, the lock comes earlier
            _seen(database, row.id, now)
    return SignedIn(actor, name=actor.display_name, fresh=is_fresh(row, now), has_factor=has_factor)


def find(session: Session, token: str, now: datetime) -> tuple[SignIn, bool] | None:
    """Find the sign-in of a token, locked ones and ones that await a code too.

    The second value says whether the person has a confirmed second factor.
    """
    factor = exists().where(
        SecondFactor.account_id == SignIn.account_id, SecondFactor.confirmed_at.is_not(None)
    )
    row = session.execute(
        select(SignIn, factor)
        .where(SignIn.token_digest == digest(token), SignIn.revoked_at.is_(None))
        .options(joinedload(SignIn.account))
    ).one_or_none()
    if row is None or not _counts(row[0], now):
        return None
    return row[0], row[1]


def _counts(row: SignIn, now: datetime) -> bool:
    """Say whether a sign-in is within its time, and its account and password still the same."""
    longest = ABSOLUTE if row.passed_at else SECOND_STEP
    proved, password_set = row.stepped_up_at or row.created_at, row.account.password_set_at
    same_password = password_set is not None and password_set <= proved
    return row.account.enabled and same_password and now - row.created_at <= longest


def is_idle(row: SignIn, now: datetime) -> bool:
    """Say whether nothing was done for so long that the sign-in is locked."""
    return now - row.last_seen_at > IDLE


def is_fresh(row: SignIn, now: datetime) -> bool:
    """Say whether the person proved who they are just now."""
    return row.stepped_up_at is not None and now - row.stepped_up_at <= FRESH


def _actor(session: Session, account: Account, now: datetime, today: date) -> Actor:
    """Give the person with the ties that hold today, and the emergency access that runs now."""
    role, supervisees = Role(account.role), frozenset[UUID]()
    if role is Role.SUPERVISOR:
        found = select(Supervision.supervisee_id).where(
            Supervision.supervisor_id == account.id, holds(Supervision, today)
        )
        supervisees = frozenset(session.scalars(found))
    opened = emergencies_of(session, account.id, now) if role in CLINICIANS else {}
    granted = frozenset({Permission.EXPORT_FIDELITY}) if account.exports_fidelity else frozenset()
    return Actor(account.id, role, account.display_name, supervisees, opened, granted)


def _seen(database: Database, sign_in_id: UUID, now: datetime) -> None:
    with database.write() as session, session.begin():
        row = session.get(SignIn, sign_in_id)
        if row is not None:
            row.last_seen_at = now

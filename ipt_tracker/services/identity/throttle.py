"""Wrong tries: after a few of them one waits, ever longer and never for good.

Counted in the database, so that a restart forgives nothing. What was typed is kept as a digest:
an e-mail address that nobody has is slowed down exactly like one that somebody has. Whoever waits
is told so before any password is checked; tries while one waits are not counted.
"""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Throttle
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

FREE = 4
"""Wrong tries against one account before one waits; the next one starts the first wait."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)
FORGOTTEN = timedelta(days=1)
"""After a day without a wrong try an account starts afresh."""
SLICE = timedelta(minutes=1)
"""The tries of an address are counted by the minute, so that old ones fall out one by one."""


class Counted(StrEnum):
    """What wrong tries are counted against; accounts and one-time codes each on their own."""

    ACCOUNT = "account"
    CODE = "code"
    ADDRESS = "address"
    GLOBAL = "global"


class Limit(NamedTuple):
    """So many wrong tries in so long a time."""

    failures: int
    within: timedelta


LIMITS = {
    Counted.ADDRESS: Limit(30, timedelta(minutes=15)),
    Counted.GLOBAL: Limit(200, timedelta(minutes=5)),
}


def wait_for(
    session: Session, now: datetime, *, account: str, address: str, kind: Counted = Counted.ACCOUNT
) -> timedelta | None:
    """Say how long to wait before the next try; None when one may try now.

    `account` is what was typed, or the id of what is known already.
    """
    row = session.get(Throttle, (kind, digest(account)))
    until = [row.blocked_until if row else None]
    until += [_full_until(session, now, each, address) for each in LIMITS]
    latest = max((each for each in until if each), default=now)
    return latest - now if latest > now else None


def _full_until(session: Session, now: datetime, kind: Counted, address: str) -> datetime | None:
    """Say until when too many of the last tries still count; None when there is room."""
    limit = LIMITS[kind]
    rows = select(Throttle.last_at, Throttle.failures).where(
        Throttle.kind == kind, Throttle.key_digest.in_(_slices(kind, address, now))
    )
    counted = 0
    for last_at, failures in session.execute(rows.order_by(Throttle.last_at.desc())):
        counted += failures
        if counted >= limit.failures and last_at + limit.within > now:
            return last_at + limit.within
    return None


def _slices(kind: Counted, address: str, now: datetime) -> list[str]:
    """Name the minutes whose tries can still count, the newest first."""
    newest, many = _minute(now), ceil(LIMITS[kind].within / SLICE)
    return [_slice(kind, address, newest - back) for back in range(many + 1)]


def _slice(kind: Counted, address: str, minute: int) -> str:
    return digest(f"{address if kind is Counted.ADDRESS else ''}|{minute}")


def _minute(now: datetime) -> int:
    return int(now.timestamp() // SLICE.total_seconds())


def digest(key: str) -> str:
    """Give what a key is kept as; what was typed is not kept."""
    return hashlib.sha256(key.strip().lower().encode()).hexdigest()


def count_failure(
    work: UnitOfWork,
    *,
    account: str,
    address: str,
    kind: Counted = Counted.ACCOUNT,
    about: UUID | None = None,
) -> None:
    """Count one wrong try against the account, the address and everybody.

    When somebody has to wait from now on, that is written down once; `about` is whose account
    it is, where that is known.
    """
    subject = Subject("account", about or "")
    _forget_old(work)
    row = _one_more(work, kind, digest(account))
    if row.failures > FREE:
        doublings = min(row.failures - FREE - 1, 10)
        row.blocked_until = work.now + min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)
        work.audit(Event.LOCKED_OUT, subject, counted=kind)
    for each in LIMITS:
        had_room = _full_until(work.session, work.now, each, address) is None
        _one_more(work, each, _slice(each, address, _minute(work.now)))
        if had_room and _full_until(work.session, work.now, each, address):
            work.audit(Event.LOCKED_OUT, subject, counted=each)


def _one_more(work: UnitOfWork, kind: Counted, key_digest: str) -> Throttle:
    row = work.session.get(Throttle, (kind, key_digest))
    if row is None:
        row = Throttle(kind=kind, key_digest=key_digest, failures=0)
        work.session.add(row)
    row.failures += 1
    row.last_at = work.now
    work.session.flush()
    return row


def _forget_old(work: UnitOfWork) -> None:
    old = delete(Throttle).where(Throttle.last_at <= work.now - FORGOTTEN)
    work.session.execute(old, execution_options={"synchronize_session": "fetch"})


def forget(work: UnitOfWork, *, account: str, kind: Counted = Counted.ACCOUNT) -> None:
    """Forget the wrong tries against one account: it was the right person after all."""
    row = work.session.get(Throttle, (kind, digest(account)))
    if row is not None:
        work.session.delete(row)


def words(wait: timedelta) -> str:
    """Say how long to wait, in one sentence that is the same for everybody."""
    seconds = max(1, ceil(wait.total_seconds()))
    if seconds < 2 * SLICE.total_seconds():
        long = f"{seconds} second{'s' if seconds > 1 else ''}"
    else:
        long = f"{ceil(seconds / SLICE.total_seconds())} minutes"
    return f"Too many tries did not succeed. Try again in {long}."

"""A person's own password: a new one for the old one."""

from dataclasses import dataclass, field
from datetime import datetime

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Actor
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.engine import Database
from ipt_tracker.persistence.models import Account
from ipt_tracker.services.identity import own_sign_ins, passwords, throttle
from ipt_tracker.services.identity.recognition import find
from ipt_tracker.services.identity.sign_ins import Outcome, renew
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork, writing

NOT_YOURS = "This is not your password. Check it and try again."
ENDED = "This sign-in has ended. Sign in again."
SAME = "This is the password that you have now. Choose another one."


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """The password so far and the one from now on."""

    old: str = field(repr=False)
    new: str = field(repr=False)


def hash_for(account: Account, password: str, *, has_factor: bool) -> str:
    """Hash a new password of this person, or raise RuleBroken on "password"."""
    shortest = passwords.WITH_FACTOR if has_factor else passwords.SHORTEST
    about = (account.display_name, account.email or "")
    return passwords.hash_password(password, about, shortest=shortest)


def change(  # noqa: PLR0913 -- whose, from what to what, when, and from where
    database: Database,
    actor: Actor,
    token: str,
    asked: PasswordChange,
    now: datetime,
    *,
    address: str = "",
) -> Outcome:
    """Change a person's own password: this sign-in gets a new token, every other one ends.

    Raises RuleBroken on "password" when the new one will not do. Passwords are checked and made
    before the transaction, which would keep other writers waiting.
    """
    key = f"signed in {actor.id}"
    with database.read() as session:
        found = find(session, token, now)
        wait = throttle.wait_for(session, now, account=key, address=address)
    if found is None or found[0].account_id != actor.id:
        return Outcome(refusal=ENDED)
    if wait:
        return Outcome(refusal=throttle.words(wait))
    account, has_factor = found[0].account, found[1]
    kept = account.password_hash
    if not passwords.matches(kept, asked.old):
        with writing(database, actor, now) as work:
            return _refused(work, key, address)
    if asked.new == asked.old:
        raise RuleBroken(SAME, "password")
    made = hash_for(account, asked.new, has_factor=has_factor)
    with writing(database, actor, now) as work:
        return _changed(work, token, kept, made)


def _refused(work: UnitOfWork, key: str, address: str) -> Outcome:
    throttle.count_failure(work, account=key, address=address, about=work.person.id)
    work.audit(Event.STEP_UP_REFUSED, Subject("account", work.person.id), asked_for="password")
    wait = throttle.wait_for(work.session, work.now, account=key, address=address)
    return Outcome(refusal=throttle.words(wait) if wait else NOT_YOURS)


def _changed(work: UnitOfWork, token: str, kept: str | None, made: str) -> Outcome:
    found = find(work.session, token, work.now)
    if found is None or found[0].account.password_hash != kept:  # changed in the meantime
        return Outcome(refusal=ENDED)
    row = found[0]
    row.account.password_hash, row.account.password_set_at = made, work.now
    work.audit(Event.PASSWORD_CHANGED, Subject("account", row.account_id))
    own_sign_ins.end_others(work, row.id)
    return Outcome(renew(work, row))

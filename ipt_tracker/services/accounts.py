"""Accounts: who may sign in, as what. Nobody here sets a password for somebody else."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import CLINICIANS, Permission, Role
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import (
    Account,
    Assignment,
    Course,
    GroupLeader,
    Supervision,
    TherapyGroup,
)
from ipt_tracker.services.identity import access_codes, own_sign_ins
from ipt_tracker.services.identity.own_password import hash_for
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

LAST = "This is the last administrator who can sign in. Make somebody else administrator first."
PAIRED = "supervises somebody or is supervised"


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A person who works here. Without a password they set their own, with a one-time code.

    A password is given by the command line alone: for an administrator at that very machine, and
    for invented people.
    """

    email: str
    display_name: str
    role: Role
    password: str | None = field(default=None, repr=False)
    needs_cosign: bool = False


def create_account(work: UnitOfWork, new: NewAccount) -> Account:
    """Create an enabled account. The first administrator comes from the command line."""
    if work.actor is not None:
        work.require(Permission.MANAGE_USERS)
    _check_cosign(new.role, new.needs_cosign)
    account = Account(
        email=_free_email(work, new.email),
        display_name=new.display_name.strip(),
        role=new.role,
        enabled=True,
        needs_cosign=new.needs_cosign,
        created_at=work.now,
    )
    if new.password is not None:
        account.password_hash = hash_for(account, new.password, has_factor=False)
        account.password_set_at = work.now
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
    """The fields of an account that an administrator sets."""

    email: str | None
    display_name: str
    enabled: bool
    needs_cosign: bool = False
    """Whether the supervisor signs this therapist's notes too, from the next signature on."""
    exports_fidelity: bool = False
    """Whether this clinician may take fidelity ratings out as a table."""


def change_account(work: UnitOfWork, account: Account, change: AccountChange) -> None:
    """Change an account. Disabling it ends every sign-in at once, and every code is void.

    A code goes with an e-mail, so another e-mail makes it void too.
    """
    work.require(Permission.MANAGE_USERS)
    if not change.enabled:
        _check_disabling(work, account)
    _check_cosign(account.role, change.needs_cosign)
    _check_fidelity(account.role, change.exports_fidelity)
    email = _free_email(work, change.email, account.id) if change.email else None
    if change.enabled and not email:
        raise RuleBroken("An account that can sign in needs an e-mail.", "email")
    if email != account.email or not change.enabled:
        access_codes.withdraw_all(work, account.id)
    if not change.enabled:
        own_sign_ins.end_all(work, account.id)
    account.email, account.enabled = email, change.enabled
    account.display_name = change.display_name.strip()
    account.needs_cosign = change.needs_cosign
    account.exports_fidelity = change.exports_fidelity
    said = {
        "enabled": change.enabled,
        "needs_cosign": change.needs_cosign,
        "exports_fidelity": change.exports_fidelity,
    }
    work.audit(Event.ACCOUNT_CHANGED, Subject("account", account.id), **said)


def _check_disabling(work: UnitOfWork, account: Account) -> None:
    if account.id == work.person.id:
        raise RuleBroken("You cannot disable your own account.", "enabled")
    if account.enabled and _is_last_administrator(work, account):
        raise RuleBroken(LAST, "enabled")


def change_role(work: UnitOfWork, account: Account, role: Role) -> None:
    """Give somebody another role; every sign-in of theirs ends, so that the old role is gone.

    Raises RuleBroken on "role" for the last administrator, and while patients or supervisees
    depend on the old role.
    """
    work.require(Permission.MANAGE_USERS)
    old = account.role
    if role == old:
        raise RuleBroken("This is the role that the account has. Choose another one.", "role")
    if account.enabled and _is_last_administrator(work, account):
        raise RuleBroken(LAST, "role")
    _check_ties(work, account)
    account.role = role
    account.needs_cosign = account.needs_cosign and role is Role.THERAPIST
    account.exports_fidelity = account.exports_fidelity and role in CLINICIANS
    work.audit(Event.ROLE_CHANGED, Subject("account", account.id), old=old, new=role)
    own_sign_ins.end_all(work, account.id)


def _is_last_administrator(work: UnitOfWork, account: Account) -> bool:
    """Say whether nobody else could let people in; who has no password yet cannot."""
    if account.role != Role.ADMINISTRATOR:
        return False
    others = select(func.count(Account.id)).where(
        Account.role == Role.ADMINISTRATOR,
        Account.enabled,
        Account.password_hash.is_not(None),
        Account.id != account.id,
    )
    return work.session.scalar(others) == 0


def _check_ties(work: UnitOfWork, account: Account) -> None:
    """Refuse while somebody's care or supervision would be left without anybody."""
    own = account.id
    patients = (
        select(Assignment.id)
        .join(Course)
        .where(Assignment.therapist_id == own, Course.ended_on.is_(None), _runs(work, Assignment))
    )
    groups = (
        select(GroupLeader.id)
        .join(TherapyGroup)
        .where(
            GroupLeader.account_id == own, TherapyGroup.ended_on.is_(None), _runs(work, GroupLeader)
        )
    )
    pairs = select(Supervision.id).where(
        or_(Supervision.supervisor_id == own, Supervision.supervisee_id == own),
        _runs(work, Supervision),
    )
    for tie, said in ((patients, "has patients"), (groups, "leads a group"), (pairs, PAIRED)):
        if work.session.scalar(tie.limit(1)) is not None:
            raise RuleBroken(
                f"{account.display_name} still {said}. Hand that over or end it first.", "role"
            )


def _runs(
    work: UnitOfWork, table: type[Assignment | GroupLeader | Supervision]
) -> ColumnElement[bool]:
    return or_(table.ended_on.is_(None), table.ended_on > work.today)


def _check_cosign(role: str, needs_cosign: bool) -> None:  # noqa: FBT001 -- what was ticked
    if needs_cosign and role != Role.THERAPIST:
        raise RuleBroken("Only the notes of a therapist are co-signed.", "needs_cosign")


def _check_fidelity(role: str, exports_fidelity: bool) -> None:  # noqa: FBT001 -- what was ticked
    if exports_fidelity and role not in CLINICIANS:
        raise RuleBroken("Only a therapist or supervisor has ratings to take.", "exports_fidelity")

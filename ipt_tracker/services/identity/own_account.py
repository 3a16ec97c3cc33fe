"""A person's own account, as they see it themselves."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ipt_tracker.governance.access import AccessDenied
from ipt_tracker.persistence.models import Account, SecondFactor
from ipt_tracker.services.identity import own_sign_ins, recovery_codes
from ipt_tracker.services.identity.own_sign_ins import OwnSignIn
from ipt_tracker.services.identity.recognition import find
from ipt_tracker.services.identity.recovery_codes import Left
from ipt_tracker.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """What the page of one's own account says."""

    name: str
    email: str
    role: str
    password_set_at: datetime | None
    factor_since: datetime | None
    codes: Left
    sign_ins: tuple[OwnSignIn, ...]

    @property
    def others(self) -> int:
        """How many other browsers are signed in."""
        return sum(not each.is_this for each in self.sign_ins)


def own_account(work: UnitOfWork) -> Account:
    """Hand over the account of whoever asks: nobody reaches another one by this door."""
    account = work.session.get(Account, work.person.id)
    if account is None:
        raise AccessDenied("own_account")
    return account


def this_sign_in(work: UnitOfWork, token: str) -> UUID | None:
    """Give the id of the sign-in that asks."""
    found = find(work.session, token, work.now)
    return found[0].id if found else None


def read_own(work: UnitOfWork, token: str) -> OwnAccount:
    """Read a person's own account, in a fixed number of statements."""
    account = own_account(work)
    factor = work.session.get(SecondFactor, account.id)
    return OwnAccount(
        account.display_name,
        account.email or "",
        account.role,
        account.password_set_at,
        factor.confirmed_at if factor else None,
        recovery_codes.left(work.session, account.id),
        own_sign_ins.listed(work, this_sign_in(work, token)),
    )

"""Second factors and codes of invented people: set up through the services, as people do."""

from pyotp import TOTP
from sqlalchemy import select

from ipt_tracker.persistence.keys import Keys
from ipt_tracker.persistence.models import Account
from ipt_tracker.services.identity import access_codes, recovery_codes, second_factor
from ipt_tracker.services.identity.access_codes import CodeFor
from tests.factories.clinic import Clinic
from tests.factories.people import Person
from tests.factories.stores import KEY

FACTOR_KEY = Keys(KEY).factor


def enrol(clinic: Clinic, person: Person) -> tuple[TOTP, tuple[str, ...]]:
    """Set up a second factor; give what makes its codes, and the recovery codes."""
    with clinic.writing(person) as work:
        account = work.session.get(Account, person.id)
        begun = second_factor.begin(work, account, FACTOR_KEY)
        code = TOTP(begun.seed).at(work.now)
        second_factor.confirm(work, account, begun.sealed, code, FACTOR_KEY)
        return TOTP(begun.seed), recovery_codes.make_set(work, account)


def code_for(clinic: Clinic, person: Person, kind: CodeFor = CodeFor.PASSWORD) -> str:
    """Make a one-time code for somebody, as an administrator does."""
    with clinic.writing(clinic.admin) as work:
        account = work.session.scalars(select(Account).filter_by(id=person.id)).one()
        return access_codes.make(work, account, kind).code

"""A telephone that shows one-time codes, and the people who have one."""

from datetime import datetime

from pyotp import TOTP

from ipt_tracker.persistence.keys import Keys
from ipt_tracker.persistence.models import Account
from ipt_tracker.services.identity import second_factor
from ipt_tracker.services.unit_of_work import writing
from tests.factories.clinic import Clinic
from tests.factories.people import Person
from tests.factories.stores import KEY

FACTOR_KEY = Keys(KEY).factor


class Telephone:
    """Shows the code of a moment."""

    def __init__(self, seed: str) -> None:
        self._codes = TOTP(seed)

    def code(self, at: datetime) -> str:
        return self._codes.at(at)


def enrol(clinic: Clinic, person: Person, at: datetime) -> Telephone:
    """Give a person a confirmed second factor; the code of that moment is used up by it."""
    with writing(clinic.database, person.actor(), at) as work:
        account = work.session.get(Account, person.id)
        begun = second_factor.begin(work, account, FACTOR_KEY)
        telephone = Telephone(begun.seed)
        second_factor.confirm(work, account, begun.sealed, telephone.code(at), FACTOR_KEY)
    return telephone

"""People who work in an invented clinic, and signing in as one of them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from argon2 import PasswordHasher

from ipt_tracker.governance.access import Actor, Role
from ipt_tracker.persistence.models import Account, Supervision
from ipt_tracker.services.unit_of_work import UnitOfWork

PASSWORD = "correct horse battery staple"
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in with PASSWORD."""

    id: UUID
    email: str
    name: str
    role: Role

    def actor(self, *supervisees: "Person") -> Actor:
        """Give the person as services know them, with whom they supervise today."""
        return Actor(self.id, self.role, self.name, frozenset(p.id for p in supervisees))


@lru_cache(maxsize=1)
def cheap_hash() -> str:
    """Hash PASSWORD at the lowest cost: the real form accepts it, in a thousandth of the time."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def add_person(work: UnitOfWork, email: str, name: str, role: Role) -> Person:
    """Add an account that can sign in."""
    account = Account(
        email=email,
        display_name=name,
        role=role,
        password_hash=cheap_hash(),
        password_set_at=work.now - A_DAY,  # before whatever hour a test sets its clock to
        enabled=True,
        created_at=work.now,
    )
    work.session.add(account)
    work.session.flush()
    return Person(account.id, email, name, role)


def add_supervision(
    work: UnitOfWork, supervisor: Person, supervisee: Person, start: date, end: date | None = None
) -> None:
    """Let one supervise the other, from a day and until a day."""
    work.session.add(
        Supervision(
            supervisor_id=supervisor.id,
            supervisee_id=supervisee.id,
            started_on=start,
            ended_on=end,
        )
    )
    work.session.flush()


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def today(self) -> date:
        return self.now.astimezone().date()

"""Ten codes on paper for the day on which the telephone is lost. Each works once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Account, RecoveryCode
from ipt_tracker.services.identity import access_codes, codes, second_factor
from ipt_tracker.services.identity.access_codes import CodeFor
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

MANY = 10
FEW = 3
"""With so few left, a page says that it is time for new ones."""


@dataclass(frozen=True, slots=True)
class Left:
    """How many codes can still be used, and when they were made."""

    many: int
    made_at: datetime | None

    @property
    def few(self) -> bool:
        """Whether it is time for new ones."""
        return self.many <= FEW


def make_set(work: UnitOfWork, account: Account) -> tuple[str, ...]:
    """Make a new set and give it, this once; the set before it is void."""
    if not second_factor.has_factor(work.session, account.id):
        raise RuleBroken("Recovery codes stand in for a second factor. Set that up first.")
    work.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    made = tuple(codes.new_code() for _ in range(MANY))
    work.session.add_all(
        RecoveryCode(
            account_id=account.id, code_digest=codes.digest(code, account.id), made_at=work.now
        )
        for code in made
    )
    work.audit(Event.RECOVERY_CODES_MADE, Subject("account", account.id))
    return made


def left(session: Session, account_id: UUID) -> Left:
    """Say how many of a person's codes can still be used."""
    unused = func.count().filter(RecoveryCode.used_at.is_(None))
    of_person = select(unused, func.max(RecoveryCode.made_at)).where(
        RecoveryCode.account_id == account_id
    )
    row = session.execute(of_person).one()
    return Left(row[0], row[1])


def use(work: UnitOfWork, account_id: UUID, code: str) -> bool:
    """Say whether this is a code that can stand in for the telephone now, and use it up.

    That is one of the person's own, or the one that an administrator handed over because the
    telephone and these codes are lost: with that one the factor itself is taken away.
    """
    if not codes.could_be(code):
        return False
    digest = codes.digest(code, account_id)
    own = select(RecoveryCode).where(
        RecoveryCode.account_id == account_id,
        RecoveryCode.code_digest == digest,
        RecoveryCode.used_at.is_(None),
    )
    row = work.session.scalar(own)
    if row is not None:
        row.used_at = work.now
        work.audit(Event.RECOVERY_CODE_USED, Subject("account", account_id))
        return True
    return access_codes.use(work, account_id, CodeFor.SECOND_FACTOR, digest)

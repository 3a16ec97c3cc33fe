"""The one object a service needs, and the only thing that commits."""

from dataclasses import dataclass
from datetime import date, datetime
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from sqlalchemy.exc import DBAPIError as DatabaseFailed
from sqlalchemy.exc import OperationalError as DatabaseBusy
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError as ChangedMeanwhile

from ipt_tracker.governance.access import Actor, Permission, require
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.audit_chain import anchor_when_due, append
from ipt_tracker.persistence.engine import Database
from ipt_tracker.persistence.models import AuditEntry

__all__ = [
    "ChangedMeanwhile",
    "DatabaseBusy",
    "DatabaseFailed",
    "Subject",
    "UnitOfWork",
    "reading",
    "writing",
]


@dataclass(frozen=True, slots=True)
class Subject:
    """What an audited act was about, by id."""

    kind: str
    id: UUID | str
    patient_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """One actor, one moment, one transaction: all a service needs, nothing from the web.

    A unit that only reads cannot write: the database refuses. Its audit rows are committed at
    once in a short transaction of their own, before anything is shown.
    """

    database: Database
    session: Session
    actor: Actor | None
    now: datetime
    today: date
    reading: bool
    page: str | None = None
    """Which page asks: named in the audit of what is read in an emergency."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, failure: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        try:
            if failure:
                self.session.rollback()
            elif not self.reading:
                self.session.commit()
                anchor_when_due(self.session, self.database.audit, self.now)
        finally:
            self.session.close()  # what was read stays readable; a rollback would empty it

    @property
    def person(self) -> Actor:
        """The actor, where the work is somebody's: everything but the set-up of an instance."""
        if self.actor is None:
            raise RuntimeError("this needs an actor")
        return self.actor

    def require(self, permission: Permission) -> None:
        """Raise AccessDenied unless the actor may do this in the clinic at large."""
        require(self.person, permission)

    def audit(self, event: Event, subject: Subject, **details: Any) -> None:  # noqa: ANN401 -- audit details are free JSON
        """Write one audit row: with this transaction, or at once when this unit only reads.

        What is read in an emergency is marked with it, and with the page.
        """
        emergency = self._emergency(subject)
        if emergency is not None and self.page is not None:
            details["page"] = self.page
        entry = AuditEntry(
            at=self.now,
            actor_id=self.actor.id if self.actor else None,
            event=event,
            subject_kind=subject.kind,
            subject_id=str(subject.id),
            patient_id=subject.patient_id,
            details=details or None,
            emergency_id=emergency,
        )
        if not self.reading:
            append(self.session, self.database.audit, entry)
            return
        # Let go of what was read so far: with a rollback journal a reader keeps writers out.
        self.session.commit()
        with self.database.write() as short:
            append(short, self.database.audit, entry)
            short.commit()
            anchor_when_due(short, self.database.audit, self.now)

    def _emergency(self, subject: Subject) -> UUID | None:
        if self.actor is None or subject.patient_id is None:
            return None
        return self.actor.emergencies.get(subject.patient_id)


def writing(
    database: Database, actor: Actor | None, now: datetime, today: date | None = None
) -> UnitOfWork:
    """Begin a unit of work that may change records."""
    day = today or now.astimezone().date()
    return UnitOfWork(database, database.write(), actor, now, day, reading=False)


def reading(
    database: Database,
    actor: Actor | None,
    now: datetime,
    today: date | None = None,
    *,
    page: str | None = None,
) -> UnitOfWork:
    """Begin a unit of work that the database keeps from changing anything."""
    day = today or now.astimezone().date()
    return UnitOfWork(database, database.read(), actor, now, day, reading=True, page=page)

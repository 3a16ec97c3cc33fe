"""One batch of reports: whose it is, how far it is, and how long it is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import update

from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import ReportBatch, ReportBatchPart
from ipt_tracker.persistence.queries import report_batches as query
from ipt_tracker.persistence.queries.report_batches import PartFound
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

KEPT = timedelta(hours=24)
"""For how long reports wait to be taken, from when they were asked for."""
LISTED = 10
NEEDED = Permission.EXPORT_CASELOAD


class Kind(StrEnum):
    """What is made of each course."""

    PROGRESS = "progress"
    LETTER = "letter"


class State(StrEnum):
    """How far a batch is. What has expired was neither taken nor cancelled in time."""

    MAKING = "making"
    READY = "ready"
    TAKEN = "taken"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Seen:
    """A batch as its page shows it."""

    batch: ReportBatch
    state: State
    parts: tuple[PartFound, ...]

    @property
    def made(self) -> int:
        """How many reports were made, whether they are still here or not."""
        return sum(part.was_made and part.left_out is None for part in self.parts)

    @property
    def left_out(self) -> tuple[PartFound, ...]:
        """The courses of which there is no report."""
        return tuple(part for part in self.parts if part.left_out is not None)

    @property
    def done(self) -> int:
        """How many courses need nothing more."""
        return self.made + len(self.left_out)

    @property
    def until(self) -> datetime:
        """Until when the reports wait."""
        return self.batch.asked_at + KEPT


@dataclass(frozen=True, slots=True)
class Line:
    """A batch in the list of one's own."""

    batch: ReportBatch
    state: State
    courses: int


def batch_subject(batch: ReportBatch) -> Subject:
    """Name a batch for the audit."""
    return Subject("report_batch", batch.id)


def state_of(batch: ReportBatch, now: datetime) -> State:
    """Say how far a batch is at a moment."""
    until = batch.asked_at + KEPT
    if batch.taken_at is not None:
        return State.TAKEN
    if batch.cancelled_at is not None and batch.cancelled_at < until:
        return State.CANCELLED
    if now >= until:
        return State.EXPIRED
    return State.MAKING if batch.finished_at is None else State.READY


def open_batch(work: UnitOfWork, batch_id: UUID) -> ReportBatch:
    """Hand over a batch to who asked for it, or raise AccessDenied.

    On a writing unit nobody else changes it until the transaction ends.
    """
    work.require(NEEDED)
    if work.reading:
        batch = work.session.get(ReportBatch, batch_id)
    else:
        batch = query.held(work.session, batch_id)
    if batch is None or batch.asked_by != work.person.id:
        raise AccessDenied(NEEDED)
    return batch


def read_batch(work: UnitOfWork, batch_id: UUID) -> Seen:
    """Read how far a batch is; that its page was opened is written down."""
    batch = open_batch(work, batch_id)
    work.audit(Event.BATCHES_LISTED, batch_subject(batch))
    return Seen(batch, state_of(batch, work.now), query.parts(work.session, batch.id))


def own_batches(work: UnitOfWork) -> tuple[Line, ...]:
    """List what the actor asked for last, the newest first."""
    found = query.newest(work.session, work.person.id, LISTED)
    counted = query.counts(work.session, [each.id for each in found])
    return tuple(Line(each, state_of(each, work.now), counted.get(each.id, 0)) for each in found)


def drop_reports(work: UnitOfWork, batch: ReportBatch) -> None:
    """Remove the reports themselves; what was made and what was left out stays known."""
    own = update(ReportBatchPart).where(ReportBatchPart.batch_id == batch.id)
    work.session.execute(own.values(content=None))

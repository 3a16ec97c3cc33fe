"""Making the reports of a batch one by one, each whole or not at all.

A report is drawn in a unit that only reads, so that nobody who saves has to wait for it, and is
kept in a short one afterwards: unless the batch was cancelled meanwhile. What was asked for stands
in the database, so making goes on after a restart where it stopped.
"""

from dataclasses import dataclass
from uuid import UUID

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.governance.disguise import Disguise
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import ReportBatch, ReportBatchPart
from ipt_tracker.persistence.queries import report_batches as query
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.report_batches.batches import (
    KEPT,
    State,
    batch_subject,
    drop_reports,
    open_batch,
    state_of,
)
from ipt_tracker.services.reports.files import report_file
from ipt_tracker.services.unit_of_work import UnitOfWork

NO_ACCESS = "You may no longer report on this course."
OVER = {
    State.TAKEN: "These reports were taken already.",
    State.CANCELLED: "These reports were cancelled already.",
    State.EXPIRED: "These reports were removed after 24 hours.",
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """One part of a batch that was drawn and is not kept yet: a report, or why there is none."""

    part_id: UUID
    content: bytes | None = None
    left_out: str | None = None


def draw_next(work: UnitOfWork, batch_id: UUID, version: str, disguise: Disguise) -> Drawn | None:
    """Draw the next report of a batch as who asked for it; None when nothing is awaited."""
    batch = open_batch(work, batch_id)
    if state_of(batch, work.now) is not State.MAKING:
        return None
    part = query.next_part(work.session, batch.id)
    if part is None:
        return None
    with_disguise = disguise if batch.disguised else None
    try:
        course = open_course(work, part.course_id, Permission.PRINT_REPORT)
        content = report_file(work, course, batch.kind, version, with_disguise)
    except AccessDenied:
        return Drawn(part.id, left_out=NO_ACCESS)
    except RuleBroken as broken:
        return Drawn(part.id, left_out=broken.message)
    return Drawn(part.id, content)


def keep_drawn(work: UnitOfWork, batch_id: UUID, drawn: Drawn | None) -> bool:
    """Keep what was drawn, finish the batch when it was the last, and say whether more is awaited.

    What was drawn for a batch that has been cancelled meanwhile is dropped.
    """
    batch = open_batch(work, batch_id)
    if state_of(batch, work.now) is not State.MAKING:
        return False
    part = work.session.get(ReportBatchPart, drawn.part_id) if drawn else None
    if drawn and part and part.made_at is None and part.left_out is None:
        part.content, part.left_out = drawn.content, drawn.left_out
        part.made_at = work.now if drawn.content is not None else None
        work.session.flush()
    if query.next_part(work.session, batch.id) is not None:
        return True
    _finish(work, batch)
    return False


def _finish(work: UnitOfWork, batch: ReportBatch) -> None:
    batch.finished_at = work.now
    parts = query.parts(work.session, batch.id)
    without = [part for part in parts if part.left_out is not None]
    work.audit(
        Event.BATCH_FINISHED,
        batch_subject(batch),
        reports=len(parts) - len(without),
        left_out=[str(part.course_id) for part in without],
    )


def cancel(work: UnitOfWork, batch_id: UUID) -> None:
    """Cancel a batch that is being made or waits to be taken, and remove its reports."""
    batch = open_batch(work, batch_id)
    state = state_of(batch, work.now)
    if state in OVER:
        raise RuleBroken(OVER[state])
    end(work, batch, why="cancelled by who asked")


def remove_expired(work: UnitOfWork) -> int:
    """Remove what nobody took within a day. It is the clock's work: it needs no actor."""
    expired = query.old(work.session, work.now - KEPT)
    for batch in expired:
        end(work, batch, why="not taken in 24 hours")
    return len(expired)


def end(work: UnitOfWork, batch: ReportBatch, why: str) -> None:
    """Cancel a batch, remove its reports, and write down why."""
    made = sum(part.has_report for part in query.parts(work.session, batch.id))
    drop_reports(work, batch)
    batch.finished_at, batch.cancelled_at = None, work.now
    work.audit(Event.BATCH_CANCELLED, batch_subject(batch), reports=made, why=why)

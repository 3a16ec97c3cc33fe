"""Taking a finished batch away: one file, made when it is whole, after which nothing is kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange.report_zip import Member, report_zip
from ipt_tracker.governance.disguise import Disguise
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import ReportBatch
from ipt_tracker.persistence.queries import report_batches as query
from ipt_tracker.persistence.queries.report_batches import PartFound
from ipt_tracker.services.report_batches.batches import (
    Kind,
    State,
    batch_subject,
    drop_reports,
    open_batch,
    state_of,
)
from ipt_tracker.services.report_batches.making import NO_ACCESS, OVER, end
from ipt_tracker.services.unit_of_work import UnitOfWork

NOT_YET = "Not all reports are made yet."
UNNAMED = "There is no report of this course."
"""The one reason in a file without names: the others can tell of a course what no report does."""
CALLED = {Kind.PROGRESS: "progress-report", Kind.LETTER: "letter"}


@dataclass(frozen=True, slots=True)
class Taken:
    """A file to take away, and how many reports it holds."""

    name: str
    content: bytes
    reports: int


def take(work: UnitOfWork, batch_id: UUID, disguise: Disguise) -> Taken | None:
    """Put the reports of a batch into one file and remove them here.

    Courses that the actor may no longer report on are left out and named. None when no report is
    left to take: the batch then ends as cancelled. Raises RuleBroken while it is not finished, or
    when it is over.
    """
    batch = open_batch(work, batch_id)
    state = state_of(batch, work.now)
    if state is not State.READY:
        raise RuleBroken(OVER.get(state, NOT_YET))
    _check_again(work, batch)
    parts = query.parts(work.session, batch.id)
    members = list(_members(work, batch, parts, disguise))
    if batch.disguised:
        members.sort(key=lambda each: each.code)  # an order by clinic code would tell whose each is
    reports = sum(each.content is not None for each in members)
    if not reports:
        end(work, batch, why="no report is left to take")
        return None
    drop_reports(work, batch)
    called = CALLED[Kind(batch.kind)]
    content = report_zip(members, called, batch.asked_at)
    batch.taken_at = work.now
    work.audit(
        Event.BATCH_TAKEN,
        batch_subject(batch),
        reports=reports,
        left_out=len(members) - reports,
        courses=[str(part.course_id) for part in parts if part.left_out is None],
        bytes=len(content),
        sha256=sha256(content).hexdigest(),
    )
    return Taken(f"{called}s-{work.today.isoformat()}.zip", content, reports)


def _check_again(work: UnitOfWork, batch: ReportBatch) -> None:
    """Leave out what the actor may no longer see: it was made when they still might."""
    seen = query.visible(work.session, work.person, work.today, batch.id)
    for part in query.with_reports(work.session, batch.id):
        if part.course_id not in seen:
            part.content, part.left_out = None, NO_ACCESS
    work.session.flush()


def _members(
    work: UnitOfWork, batch: ReportBatch, parts: tuple[PartFound, ...], disguise: Disguise
) -> Iterator[Member]:
    reports = {part.id: part.content for part in query.with_reports(work.session, batch.id)}
    for part in parts:
        code = disguise.code(part.patient_id) if batch.disguised else part.code
        why = UNNAMED if batch.disguised and part.left_out else part.left_out
        yield Member(code, reports.get(part.id), why)

"""Asking for the reports of many courses. Nothing is drawn yet: each part is awaited."""

from dataclasses import dataclass
from uuid import UUID

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import ReportBatch, ReportBatchPart
from ipt_tracker.persistence.queries import report_batches as query
from ipt_tracker.persistence.queries.report_batches import Choice
from ipt_tracker.services.report_batches.batches import KEPT, NEEDED, Kind, batch_subject
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

MOST = 200
"""Reports in one file: it is put together in memory."""
ONE_AT_A_TIME = "You have reports that are being made or wait for you. Take or cancel these first."
NO_COURSE = "There is no open course to report on."
TOO_MANY = f"One file holds {MOST} reports at most. Choose the courses."
NONE_CHOSEN = "Tick at least one course."
NOT_YOURS = "One of these courses is no longer open to you. Open this page again."
A_LETTER_HAS_A_NAME = "A letter is written to the patient by name. Leave this unticked."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; without `courses` every open one is meant."""

    kind: Kind
    disguised: bool
    reason: str
    courses: frozenset[UUID] | None = None


def choices_of(work: UnitOfWork) -> tuple[Choice, ...]:
    """List the courses that can be asked for, those under way first."""
    work.require(NEEDED)
    work.audit(Event.BATCHES_LISTED, Subject("list", "reports"))
    return query.choices(work.session, work.person, work.today)


def ask(work: UnitOfWork, wanted: Wanted) -> ReportBatch:
    """Ask for a batch of reports, one for each course, in the order of the patients' codes."""
    work.require(NEEDED)
    if wanted.kind is Kind.LETTER and wanted.disguised:
        raise RuleBroken(A_LETTER_HAS_A_NAME, field="disguised")
    if query.running(work.session, work.person.id, work.now - KEPT) is not None:
        raise RuleBroken(ONE_AT_A_TIME)
    chosen = _chosen(work, wanted)
    batch = ReportBatch(
        asked_by=work.person.id,
        asked_at=work.now,
        kind=wanted.kind.value,
        disguised=wanted.disguised,
        reason=wanted.reason,
    )
    work.session.add(batch)
    work.session.flush()
    work.session.add_all(
        ReportBatchPart(batch_id=batch.id, course_id=each.course_id, place=place)
        for place, each in enumerate(chosen, 1)
    )
    work.audit(
        Event.BATCH_ASKED,
        batch_subject(batch),
        kind=wanted.kind.value,
        disguised=wanted.disguised,
        courses=len(chosen),
        which="all open" if wanted.courses is None else "chosen",
        reason=wanted.reason,
    )
    return batch


def _chosen(work: UnitOfWork, wanted: Wanted) -> list[Choice]:
    every = query.choices(work.session, work.person, work.today)
    if wanted.courses is None:
        chosen, nothing = [each for each in every if each.is_open], NO_COURSE
    else:
        chosen, nothing = [each for each in every if each.course_id in wanted.courses], NONE_CHOSEN
        if len(chosen) < len(wanted.courses):
            raise RuleBroken(NOT_YOURS, field="courses")
    field = "which" if wanted.courses is None else "courses"
    if not chosen:
        raise RuleBroken(nothing, field=field)
    if len(chosen) > MOST:
        raise RuleBroken(TOO_MANY, field=field)
    return sorted(chosen, key=lambda each: each.code)

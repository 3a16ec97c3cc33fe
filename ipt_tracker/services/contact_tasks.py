"""Same-day contact after a missed visit: asked for, each attempt written down, closed."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.clinical.course.attendance import OWN_ABSENCES
from ipt_tracker.clinical.course.codes import known
from ipt_tracker.clinical.missed_visits import (
    REACHED,
    ContactOutcome,
    ContactWay,
    because,
    found_lately,
)
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import ContactAttempt, ContactTask, Course, SessionRecord
from ipt_tracker.persistence.queries.contacts import AttemptRow, attempts_of, name_of
from ipt_tracker.services.outline import Outline
from ipt_tracker.services.risk_findings import findings_of
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

ANOTHER_WAS_KEPT = (
    "Another attempt was written down since you opened this page. Look at it first; save again "
    "if this one is not the same."
)


@dataclass(frozen=True, slots=True)
class AttemptEntry:
    """One attempt to reach the patient, or somebody for them."""

    way: str
    reached: bool
    what: str


@dataclass(frozen=True, slots=True)
class Contact:
    """One request for contact with its slot, its attempts in order, and who closed it."""

    task: ContactTask
    slot: int
    held_on: date
    attendance: str
    attempts: tuple[AttemptRow, ...]
    closed_by: str | None


def ask_for_contact(
    work: UnitOfWork, course: Course, facts: Outline, record: SessionRecord
) -> ContactTask | None:
    """Ask for contact when the patient stayed away from a visit and was at risk lately.

    Nothing is asked twice for one slot, nor when the patient was seen since: on a later day, or
    later on the same one.
    """
    if record.attendance not in OWN_ABSENCES or _asked_for(work, record):
        return None
    missed = (record.held_on, record.slot)
    if any((slot.held_on, slot.slot) > missed for slot in facts.held if slot.id != record.id):
        return None
    found = found_lately(findings_of(work, course.id), record.held_on)
    if not found:
        return None
    task = ContactTask(
        course_id=course.id,
        session_id=record.id,
        because=because(found),
        raised_at=work.now,
    )
    work.session.add(task)
    work.session.flush()
    work.audit(Event.CONTACT_ASKED, _subject(course, task), slot=record.slot)
    return task


def _asked_for(work: UnitOfWork, record: SessionRecord) -> bool:
    own = select(ContactTask.id).where(ContactTask.session_id == record.id)
    return work.session.scalar(own) is not None


def _subject(course: Course, task: ContactTask) -> Subject:
    return Subject("contact_task", task.id, course.patient_id)


def find_contact(work: UnitOfWork, course: Course, task_id: UUID) -> ContactTask:
    """Give one request of a course that was opened already, or raise AccessDenied."""
    wanted = select(ContactTask).where(
        ContactTask.id == task_id, ContactTask.course_id == course.id
    )
    task = work.session.scalar(wanted)
    if task is None:
        raise AccessDenied(Permission.RECORD_SESSION)
    return task


def read_contact(work: UnitOfWork, course: Course, task_id: UUID) -> Contact:
    """Read everything of one request."""
    task = find_contact(work, course, task_id)
    record = work.session.get_one(SessionRecord, task.session_id)
    closed_by = name_of(work.session, task.closed_by) if task.closed_by else None
    attempts = attempts_of(work.session, task.id)
    return Contact(task, record.slot, record.held_on, record.attendance, attempts, closed_by)


def record_contact(  # noqa: PLR0913 -- what was tried, how it ended, and what the person had seen
    work: UnitOfWork,
    course: Course,
    task: ContactTask,
    attempt: AttemptEntry | None,
    outcome: str | None,
    *,
    seen: int | None = None,
) -> None:
    """Write down an attempt, how the request ended, or both.

    `seen` is how many attempts stood there when the page was opened: a form sent twice is refused.
    """
    if task.closed_at is not None:
        raise RuleBroken("This was closed already.")
    before = attempts_of(work.session, task.id)
    if seen is not None and seen != len(before):
        raise RuleBroken(ANOTHER_WAS_KEPT)
    if attempt is None and outcome is None:
        raise RuleBroken("Write down an attempt, or say how it ended.", "way")
    reached = [each.reached for each in before]
    if attempt is not None:
        _keep_attempt(work, course, task, attempt)
        reached.append(attempt.reached)
    if outcome is not None:
        _check_outcome(outcome, reached)
        _close(work, course, task, outcome, work.now)


def _keep_attempt(work: UnitOfWork, course: Course, task: ContactTask, entry: AttemptEntry) -> None:
    if known(ContactWay, entry.way) is None:
        raise RuleBroken("Say how contact was sought.", "way")
    if not entry.what:
        raise RuleBroken("Say in a few words what happened.", "what")
    row = ContactAttempt(
        task_id=task.id,
        way=entry.way,
        reached=entry.reached,
        what=entry.what,
        tried_by=work.person.id,
        tried_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    work.audit(Event.CONTACT_TRIED, _subject(course, task), way=entry.way, reached=entry.reached)


def _check_outcome(outcome: str, reached: list[bool]) -> None:
    """Hold an outcome to the attempts: nobody is reached, or given up, without one."""
    if known(ContactOutcome, outcome) is None:
        raise RuleBroken("Choose one of the list.", "outcome")
    if outcome in REACHED and not any(reached):
        raise RuleBroken("No attempt says that somebody was reached. Add it first.", "outcome")
    if outcome != ContactOutcome.MOVED and not reached:
        raise RuleBroken("Write down at least one attempt first.", "outcome")


def _close(
    work: UnitOfWork, course: Course, task: ContactTask, outcome: str, now: datetime
) -> None:
    task.outcome, task.closed_at, task.closed_by = outcome, now, work.person.id
    work.audit(Event.CONTACT_CLOSED, _subject(course, task), outcome=outcome)

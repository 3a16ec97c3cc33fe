"""Psychotherapy (process) notes: a store of its own with a door of its own, for the writer alone.

Nothing else reads this table: no page of the record, no print, no export, no other person.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import func, select

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Course, ProcessNote, SessionRecord
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, Subject, UnitOfWork

OWN = Permission.WRITE_PROCESS_NOTE


@dataclass(frozen=True, slots=True)
class ProcessEntry:
    """What is written, and the slot that it is about where there is one."""

    text: str | None
    slot: int | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One process note in the writer's list: when, how often, about which slot, not a word of it.

    A note that was struck out is empty in its newest edition.
    """

    thread: UUID
    editions: int
    begun_on: date
    slot: int | None
    is_empty: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """One process note with its editions, oldest first, and the slot that it is about."""

    editions: tuple[ProcessNote, ...]
    slot: int | None

    @property
    def newest(self) -> ProcessNote:
        """What it says now."""
        return self.editions[-1]


def list_own(work: UnitOfWork, course: Course) -> tuple[Listed, ...]:
    """List the actor's own process notes of a course that was opened, newest first."""
    newest = (
        select(
            ProcessNote.thread,
            func.max(ProcessNote.edition).label("editions"),
            func.min(ProcessNote.written_at).label("begun"),
        )
        .where(ProcessNote.course_id == course.id, ProcessNote.written_by == work.person.id)
        .group_by(ProcessNote.thread)
        .subquery()
    )
    rows = work.session.execute(
        select(newest, SessionRecord.slot, ProcessNote.text)
        .join(
            ProcessNote,
            (ProcessNote.thread == newest.c.thread) & (ProcessNote.edition == newest.c.editions),
        )
        .outerjoin(SessionRecord, SessionRecord.id == ProcessNote.session_id)
        .order_by(newest.c.begun.desc(), newest.c.thread)
    )
    return tuple(
        Listed(row.thread, row.editions, row.begun.astimezone().date(), row.slot, not row.text)
        for row in rows
    )


def open_own(work: UnitOfWork, course_id: UUID, thread: UUID) -> tuple[Course, Opened]:
    """Hand over one process note to its writer while the course is theirs, and nobody else."""
    course = open_course(work, course_id, OWN)
    rows = work.session.execute(
        select(ProcessNote, SessionRecord.slot)
        .outerjoin(SessionRecord, SessionRecord.id == ProcessNote.session_id)
        .where(
            ProcessNote.thread == thread,
            ProcessNote.course_id == course.id,
            ProcessNote.written_by == work.person.id,
        )
        .order_by(ProcessNote.edition)
    ).all()
    if not rows:
        raise AccessDenied(OWN)
    found = Opened(tuple(row[0] for row in rows), rows[-1].slot)
    if work.reading:
        work.audit(Event.PROCESS_NOTE_OPENED, _subject(course, thread))
    return course, found


def write_new(work: UnitOfWork, course: Course, entry: ProcessEntry) -> ProcessNote:
    """Keep the first edition of a new process note."""
    if not entry.text:
        raise RuleBroken("Write something, or leave the page.", "text")
    return _edition(work, course, entry, uuid4(), 1)


def write_on(
    work: UnitOfWork,
    course: Course,
    found: Opened,
    entry: ProcessEntry,
    *,
    seen_edition: int | None,
) -> ProcessNote:
    """Keep another edition. The ones before stay; an empty text strikes the note out."""
    newest = found.newest
    if seen_edition != newest.edition:
        raise ChangedMeanwhile
    if (entry.text or "") == newest.text and entry.slot == found.slot:
        raise RuleBroken("Nothing was changed.", "text")
    return _edition(work, course, entry, newest.thread, newest.edition + 1)


def _edition(
    work: UnitOfWork, course: Course, entry: ProcessEntry, thread: UUID, edition: int
) -> ProcessNote:
    made = ProcessNote(
        thread=thread,
        edition=edition,
        course_id=course.id,
        session_id=_session_id(work, course, entry.slot),
        text=entry.text or "",
        written_by=work.person.id,
        written_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    work.audit(Event.PROCESS_NOTE_WRITTEN, _subject(course, thread), edition=edition)
    return made


def _session_id(work: UnitOfWork, course: Course, slot: int | None) -> UUID | None:
    if slot is None:
        return None
    found = work.session.scalar(
        select(SessionRecord.id).where(
            SessionRecord.course_id == course.id, SessionRecord.slot == slot
        )
    )
    if found is None:
        raise RuleBroken("Choose a session of this course, or none.", "slot")
    return found


def _subject(course: Course, thread: UUID) -> Subject:
    return Subject("process_note", thread, course.patient_id)

"""Everything that is known of one slot, and the list of all slots, as pages read them."""

from dataclasses import dataclass
from uuid import UUID

from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import (
    Addendum,
    Amendment,
    Assignment,
    Course,
    Measure,
    NoteStep,
    SessionRecord,
)
from ipt_tracker.persistence.queries.notes import addenda_of, steps_of
from ipt_tracker.persistence.queries.records import (
    MeasureRow,
    amendments_of,
    measures_at_sessions,
    measures_of,
)
from ipt_tracker.persistence.queries.sessions import measures_at, newest_sessions
from ipt_tracker.services.doors import holds_on, open_session
from ipt_tracker.services.outline import Outline, outline
from ipt_tracker.services.paging import Page
from ipt_tracker.services.safety import prompts_by_measure
from ipt_tracker.services.scores import scores_of
from ipt_tracker.services.session_prompts import settled_of
from ipt_tracker.services.unit_of_work import UnitOfWork

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot with what was filed under it and how it was corrected."""

    facts: Outline
    record: SessionRecord
    measures: tuple[Measure, ...]
    amendments: tuple[Amendment, ...]
    steps: tuple[tuple[NoteStep, str], ...]
    """The steps of its note, oldest first, each with the name of who took it."""
    addenda: tuple[tuple[Addendum, str], ...]
    """What was added after signing, with who wrote it."""
    settled: frozenset[UUID] = frozenset()
    """The measures whose prompt on suicide the session's own question about risk answered."""

    @property
    def neighbours(self) -> tuple[int | None, int | None]:
        """The slots before and after this one."""
        own = self.record.slot
        before = max((s.slot for s in self.facts.slots if s.slot < own), default=None)
        return before, min((s.slot for s in self.facts.slots if s.slot > own), default=None)


@dataclass(frozen=True, slots=True)
class SlotList:
    """One page of the slots of a course, newest first, with the measures made at each."""

    page: Page
    records: tuple[SessionRecord, ...]
    measures: dict[UUID, tuple[MeasureRow, ...]]


@dataclass(frozen=True, slots=True)
class Note:
    """One slot as its note tells of it: with the first result of each form given at it."""

    slot: Slot
    firsts: dict[str, MeasureRow]
    """By instrument; the form of this very slot where that is the first."""
    main: str | None
    """Key of the instrument that the course is followed with."""
    therapist: str | None
    """Who had the course on the day of the slot."""
    is_anothers: bool
    """Whether that is not who has it today."""


def read_slot(
    work: UnitOfWork, course_id: UUID, slot: int, permission: Permission = Permission.OPEN_COURSE
) -> Slot:
    """Open one slot of a course and read all of it."""
    course, record = open_session(work, course_id, slot, permission)
    measures = measures_at(work.session, record.id)
    own = {record.id, *(m.id for m in measures)}
    own |= {part.id for part in (record.risk, record.medication) if part is not None}
    amendments = amendments_of(work.session, course.id)
    return Slot(
        outline(work, course),
        record,
        measures,
        tuple(a for a in amendments if a.subject_id in own),
        steps_of(work.session, [record.id]).get(record.id, ()),
        addenda_of(work.session, record.id),
        _settled(work, course),
    )


def _settled(work: UnitOfWork, course: Course) -> frozenset[UUID]:
    prompts = prompts_by_measure(work, course)
    return frozenset(measure for measure, each in prompts.items() if settled_of(each))


def read_note(work: UnitOfWork, course_id: UUID, slot: int, permission: Permission) -> Note:
    """Open one slot of a course and read what its note says."""
    found = read_slot(work, course_id, slot, permission)
    rows = measures_of(work.session, [course_id]).get(course_id, ())
    firsts: dict[str, MeasureRow] = {}
    for row in rows:
        if row.total is not None and row.withdrawn_at is None:
            firsts.setdefault(row.instrument, row)
    then = _assigned_then(found)
    names = [assignment.therapist.display_name for assignment in then]
    anothers = bool(then) and not any(holds_on(each, work) for each in then)
    main = scores_of(rows, found.facts.slots).main_key(found.facts.course)
    return Note(found, firsts, main, ", ".join(names) or None, anothers)


def _assigned_then(found: Slot) -> tuple[Assignment, ...]:
    day = found.record.held_on
    return tuple(
        each
        for each in found.facts.course.assignments
        if each.started_on <= day and (each.ended_on is None or each.ended_on > day)
    )


def measures_of_slot(work: UnitOfWork, record: SessionRecord) -> tuple[Measure, ...]:
    """Read the measures of a slot that was opened already."""
    return measures_at(work.session, record.id)


def list_slots(work: UnitOfWork, course: Course, total: int, number: int) -> SlotList:
    """Read one page of the slots of a course; a page past the last is the last."""
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, number), pages)
    before = (number - 1) * PAGE_SIZE
    records = newest_sessions(work.session, course.id, PAGE_SIZE, offset=before)
    first = before + 1 if records else 0
    page = Page(number, pages, first, before + len(records), total)
    return SlotList(page, records, measures_at_sessions(work.session, [r.id for r in records]))

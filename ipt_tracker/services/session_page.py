"""Everything that is known of one slot, and the list of all slots, as pages read them."""

from dataclasses import dataclass
from uuid import UUID

from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import Amendment, Course, Measure, SessionRecord
from ipt_tracker.persistence.queries.records import MeasureRow, amendments_of, measures_at_sessions
from ipt_tracker.persistence.queries.sessions import measures_at, newest_sessions
from ipt_tracker.services.doors import open_session
from ipt_tracker.services.outline import Outline, outline
from ipt_tracker.services.paging import Page
from ipt_tracker.services.unit_of_work import UnitOfWork

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot with what was filed under it and how it was corrected."""

    facts: Outline
    record: SessionRecord
    measures: tuple[Measure, ...]
    amendments: tuple[Amendment, ...]

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


def read_slot(work: UnitOfWork, course_id: UUID, slot: int) -> Slot:
    """Open one slot of a course and read all of it."""
    course, record = open_session(work, course_id, slot, Permission.OPEN_COURSE)
    measures = measures_at(work.session, record.id)
    own = {record.id, *(m.id for m in measures)}
    own |= {part.id for part in (record.risk, record.medication) if part is not None}
    amendments = amendments_of(work.session, course.id)
    return Slot(
        outline(work, course),
        record,
        measures,
        tuple(a for a in amendments if a.subject_id in own),
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

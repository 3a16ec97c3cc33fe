"""Every row that a report of one course is made from, before anything of it is put into words."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ipt_tracker.clinical.course.notes import OPEN, NoteState
from ipt_tracker.governance.disguise import age_band
from ipt_tracker.persistence.models import Amendment, ContractChange, Course
from ipt_tracker.persistence.queries.events import SlotEvent, contract_changes_of, slot_events
from ipt_tracker.persistence.queries.notes import NoteRow, open_in_course
from ipt_tracker.persistence.queries.records import (
    MeasureRow,
    SlotRow,
    amendments_of,
    measures_of,
    slots_of,
)
from ipt_tracker.services.doors import holds_on
from ipt_tracker.services.outline import Outline, outline_of
from ipt_tracker.services.progress_facts import Facts, facts_of
from ipt_tracker.services.scores import scores_of
from ipt_tracker.services.unit_of_work import UnitOfWork

UNDATED = date.min
"""Stands for today, so that every date is written with its year: paper is read in other years, and
equal records make equal bytes on any day."""


@dataclass(frozen=True, slots=True)
class CourseRows:
    """One course as it is stored; nothing here is words yet.

    `unsigned` are the notes that nobody signed, `awaiting` those that a supervisor has to co-sign.
    `is_disguised`: names nobody, all dates are shifted, and what was typed is gone.
    """

    course: Course
    slots: tuple[SlotRow, ...]
    measures: tuple[MeasureRow, ...]
    amendments: tuple[Amendment, ...]
    contract_changes: tuple[ContractChange, ...]
    events: tuple[SlotEvent, ...]
    unsigned: int
    awaiting: int
    age_band: str
    therapist: str = ""
    supervisor: str = ""
    is_disguised: bool = False

    @property
    def outline(self) -> Outline:
        """Where the course stands."""
        return outline_of(self.course, self.slots, UNDATED)

    @property
    def facts(self) -> Facts | None:
        """The scores and the dated events; None where none of our instruments was ever used."""
        where = self.outline
        chosen = facts_of(where, scores_of(self.measures, where.slots, self.amendments))
        if chosen is None:
            return None
        return Facts(
            chosen.course,
            chosen.slots,
            chosen.scores,
            chosen.main,
            chosen.second,
            self.contract_changes,
            self.events,
        )

    @property
    def newest(self) -> datetime | None:
        """When the newest score was recorded or corrected: it dates the file."""
        rows: tuple[MeasureRow | Amendment, ...] = (*self.measures, *self.amendments)
        return max((each.recorded_at for each in rows), default=None)


def read_rows(work: UnitOfWork, course: Course) -> CourseRows:
    """Read a course that was opened: a fixed number of statements, whatever its length."""
    therapist, supervisor = _staff(work, course)
    states = [note.note_state for note in _open_notes(work, course.id)]
    return CourseRows(
        course=course,
        slots=slots_of(work.session, [course.id]).get(course.id, ()),
        measures=measures_of(work.session, [course.id]).get(course.id, ()),
        amendments=amendments_of(work.session, course.id),
        contract_changes=contract_changes_of(work.session, course.id),
        events=slot_events(work.session, course.id),
        unsigned=sum(state in OPEN for state in states),
        awaiting=sum(state == NoteState.AWAITING_COSIGN for state in states),
        age_band=age_band(course.patient.birth_date, course.started_on),
        therapist=therapist,
        supervisor=supervisor,
    )


def _open_notes(work: UnitOfWork, course_id: UUID) -> tuple[NoteRow, ...]:
    states = OPEN | {NoteState.AWAITING_COSIGN}
    return open_in_course(work.session, work.person, work.today, course_id, states)


def _staff(work: UnitOfWork, course: Course) -> tuple[str, str]:
    """Name who has the course today, else who had it last, and the supervisor of the case."""
    held = [each for each in course.assignments if holds_on(each, work)]
    newest = next(reversed(held or course.assignments), None)
    if newest is None:
        return "", ""
    supervisor = newest.supervisor.display_name if newest.supervisor else ""
    return newest.therapist.display_name, supervisor

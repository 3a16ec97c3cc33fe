"""Measures: score in the clinical room, keep what was answered, never guess what was not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.clinical.instruments.instrument import Instrument, score, score_total
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Amendment, Course, Measure, SessionRecord
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

COMPLETE, INCOMPLETE, PLANNED = "complete", "incomplete", "planned"
"""Planned: it has a day on which it is due, and has not been done."""
NOT_DONE = {
    "not_returned": "Not returned",
    "declined": "Declined",
    "not_administered": "Not given",
}
"""Why there is no score. Each differs from the others, and from a row that is not there."""
EARLIEST = timedelta(days=366)
"""Before the course began. What is dated earlier is a typing mistake, and would be the baseline."""


@dataclass(frozen=True, slots=True)
class MeasureEntry:
    """What a person entered for one form: answers by item, or a total, or why there is neither."""

    instrument: Instrument
    taken_on: date
    answers: Mapping[str, int | None] = field(default_factory=dict)
    total: int | None = None
    not_done: str | None = None
    assessor: str | None = None
    blind: bool | None = None
    point: str | None = None

    @property
    def by_items(self) -> bool:
        """Whether at least one item was answered."""
        return any(answer is not None for answer in self.answers.values())

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was entered."""
        return not self.by_items and self.total is None and self.not_done is None


def record_measure(
    work: UnitOfWork, course: Course, entry: MeasureEntry, session: SessionRecord | None = None
) -> Measure:
    """Score one form and file it under the course, and under a session when it was given there.

    It takes the place of the planned one of its kind for the same point of the course, and keeps
    the day on which that was due. Raises RuleBroken for an answer or total that the form does not
    have, for answers and a total that disagree, and for a day outside the course.
    """
    if entry.is_empty:
        raise RuleBroken("Enter the items, the total, or why there is no form.", "total")
    check_day(entry.taken_on, course.started_on, work.today)
    values = {
        "session_id": session.id if session else None,
        "taken_on": entry.taken_on,
        "assessor": entry.assessor,
        "blind": entry.blind,
        "recorded_by": work.person.id,
        "recorded_at": work.now,
        **scored(entry),
    }
    measure = _planned(work, course, entry) or Measure(
        course_id=course.id, instrument=entry.instrument.key, point=entry.point
    )
    for name, value in values.items():
        setattr(measure, name, value)
    work.session.add(measure)
    work.session.flush()
    subject = Subject("measure", measure.id, course.patient_id)
    work.audit(
        Event.MEASURE_RECORDED, subject, instrument=entry.instrument.key, status=measure.status
    )
    return measure


def _planned(work: UnitOfWork, course: Course, entry: MeasureEntry) -> Measure | None:
    """Find the planned row that this form fulfils: same instrument, same point.

    A follow-up fulfils the first one that is due, whatever the months after the end.
    """
    if entry.point is None:
        return None
    wanted = select(Measure).where(
        Measure.course_id == course.id,
        Measure.instrument == entry.instrument.key,
        Measure.point.startswith(entry.point),
        Measure.status == PLANNED,
    )
    return work.session.scalars(wanted.order_by(Measure.due_on)).first()


def check_day(taken_on: date, course_started_on: date, today: date) -> None:
    """Refuse a day that has not come, and one long before the course began."""
    if taken_on > today:
        raise RuleBroken("The date is in the future.", "taken_on")
    if taken_on < course_started_on - EARLIEST:
        raise RuleBroken("The date is more than a year before the course began.", "taken_on")


def scored(entry: MeasureEntry) -> dict[str, object]:
    """Give the columns of a measure that its answers decide."""
    instrument = entry.instrument
    if entry.not_done is not None and (entry.by_items or entry.total is not None):
        raise RuleBroken("There is a score, and a reason why there is none. Keep one.", "not_done")
    if entry.by_items:
        answers = [entry.answers.get(item.key) for item in instrument.items]
        result = score(instrument, answers)
        if entry.total is not None and entry.total != result.total:
            raise RuleBroken(_disagree(entry.total, result.total), "total")
        return {
            "status": COMPLETE if result.complete else INCOMPLETE,
            "total": result.total,
            "answers": dict(zip((i.key for i in instrument.items), answers, strict=True)),
            "answered": result.answered,
            "lowest": result.lowest,
            "highest": result.highest,
        }
    if entry.total is not None:
        result = score_total(instrument, entry.total)
        return {
            "status": COMPLETE,
            "total": result.total,
            "lowest": result.lowest,
            "highest": result.highest,
        }
    if entry.not_done not in NOT_DONE:
        raise RuleBroken("Say why there is no form.", "not_done")
    return {"status": entry.not_done}


def _disagree(typed: int, added: int | None) -> str:
    if added is None:
        return "Some items are blank, so there is no total. Answer them, or enter the total alone."
    return f"The items add up to {added}, the total says {typed}. Correct one of them."


@dataclass(frozen=True, slots=True)
class Correction:
    """A total as it should have been, and why it was not."""

    total: int
    reason: str | None


def find_measure(work: UnitOfWork, course: Course, measure_id: UUID) -> Measure:
    """Give one measure of a course that was opened already, or raise AccessDenied."""
    measure = work.session.scalar(
        select(Measure).where(Measure.id == measure_id, Measure.course_id == course.id)
    )
    if measure is None:
        raise AccessDenied(Permission.RECORD_MEASURE)
    return measure


def correct_total(
    work: UnitOfWork, course: Course, measure: Measure, instrument: Instrument, new: Correction
) -> None:
    """Correct a total. The old one, who, when and why stay; answers by item stay as given."""
    if not new.reason:
        raise RuleBroken("Say why the total is corrected.", "reason")
    result = score_total(instrument, new.total)
    if result.total == measure.total:
        raise RuleBroken("That is the total already.", "total")
    work.session.add(
        Amendment(
            course_id=course.id,
            subject_kind="measure",
            subject_id=measure.id,
            field="total",
            old=measure.total,
            new=result.total,
            reason=new.reason,
            author=work.person.display_name,
            author_id=work.person.id,
            amended_on=work.today,
            recorded_at=work.now,
        )
    )
    measure.total, measure.status = result.total, COMPLETE
    measure.lowest = measure.highest = result.total
    measure.recorded_at = work.now
    work.audit(Event.MEASURE_CORRECTED, Subject("measure", measure.id, course.patient_id))

"""Every rule that one slot of a course must keep, and the columns that come of it."""

from collections.abc import Collection
from dataclasses import fields

from sqlalchemy import select

from ipt_tracker.clinical.course.attendance import Attendance, took_place, was_delivered
from ipt_tracker.clinical.course.focal_areas import DISPUTE
from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.course.position import next_number
from ipt_tracker.clinical.course.session_rules import SessionFacts, check_session
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.persistence.models import Course, SessionRecord
from ipt_tracker.services.outline import Outline, contract_kind, phase_map
from ipt_tracker.services.session_entries import SessionEntry
from ipt_tracker.services.session_questions import ask_first
from ipt_tracker.services.unit_of_work import UnitOfWork


def checked(
    work: UnitOfWork,
    facts: Outline,
    entry: SessionEntry,
    record: SessionRecord | None,
    confirmed: Collection[str] = (),
) -> dict[str, object]:
    """Check every rule, and give the columns of the record.

    `record` is the one that is changed, None for a new one. Raises RuleBroken, naming the field,
    and AskFirst for what is not among `confirmed`.
    """
    number = number_of(facts, entry)
    derived = derived_phase(facts, entry.kind, number)
    check_session(_facts(entry, number, derived), facts.course.started_on, work.today)
    _check_free(work, facts.course, entry.kind, number, record)
    _check_focus(facts.course, entry)
    _check_group(facts, entry, record)
    ask_first(facts, entry, number, record, confirmed, now=work.now.astimezone())
    values = {f.name: getattr(entry, f.name) for f in fields(entry)}
    phase = entry.phase or derived
    return values | {
        "number": number,
        "phase": str(phase),
        "phase_reason": entry.phase_reason if phase != derived else None,
        "tasks": list(entry.tasks),
        "techniques": list(entry.techniques),
        "dispute_stage": entry.dispute_stage if entry.focal_area == DISPUTE else None,
    }


def _check_group(facts: Outline, entry: SessionEntry, record: SessionRecord | None) -> None:
    """Only a group can be cancelled as a whole; a record that says so already may go on to."""
    if entry.attendance != Attendance.GROUP_CANCELLED or entry.kind == Kind.GROUP:
        return
    stands = record is not None and record.attendance == Attendance.GROUP_CANCELLED
    if contract_kind(facts.course) is not Kind.GROUP and not stands:
        raise RuleBroken("This course has no group whose session could be cancelled.", "attendance")


def number_of(facts: Outline, entry: SessionEntry) -> int | None:
    """Give the number of the session: the one said, else the next of its kind.

    One that did not take place has none, unless it is a group session: that has the group's.
    """
    following = next_number(s.number for s in facts.slots if s.kind == entry.kind)
    if took_place(entry.attendance):
        return following if entry.number is None else entry.number
    if entry.kind != Kind.GROUP:
        return None
    met = was_delivered(entry.kind, entry.number, entry.attendance)
    return following if met and entry.number is None else entry.number


def derived_phase(facts: Outline, kind: str, number: int | None) -> Phase:
    """Give the phase that the protocol's map has for a session of this kind and number."""
    own = contract_kind(facts.course)
    counted = max((s.number or 0 for s in facts.slots if s.kind == own), default=0)
    following = next_number(s.number for s in facts.slots if s.kind == kind)
    position = following if number is None else number
    return phase_map(facts.course).phase_of(kind, position, counted or None)


def _facts(entry: SessionEntry, number: int | None, derived: Phase) -> SessionFacts:
    return SessionFacts(
        attendance=entry.attendance,
        kind=entry.kind,
        held_on=entry.held_on,
        number=number,
        duration_min=entry.duration_minutes,
        minutes_late=entry.minutes_late,
        mood=entry.mood,
        tasks=entry.tasks,
        techniques=entry.techniques,
        phase=entry.phase or derived,
        derived_phase=derived,
        phase_reason=entry.phase_reason,
    )


def _check_free(
    work: UnitOfWork,
    course: Course,
    kind: str,
    number: int | None,
    record: SessionRecord | None,
) -> None:
    if number is None:
        return
    if number < 0:
        raise RuleBroken("A session number cannot be negative.", "number")
    taken = work.session.scalar(
        select(SessionRecord).where(
            SessionRecord.course_id == course.id,
            SessionRecord.kind == kind,
            SessionRecord.number == number,
        )
    )
    if taken is not None and taken is not record:
        day = f"{taken.held_on.day} {taken.held_on:%b %Y}"
        raise RuleBroken(f"Session {number} is logged already, on {day}.", "number")


def _check_focus(course: Course, entry: SessionEntry) -> None:
    """A focal area worked on must be one that the course had taken up on that day.

    On the day on which it was left it may still have been the focus: of that session.
    """
    if entry.focal_area is None:
        return
    day = entry.held_on
    own = [spell for spell in course.focal_areas if spell.area == entry.focal_area]
    if not own:
        raise RuleBroken("This focal area is not part of the course. Open it first.", "focal_area")
    if not any(s.started_on <= day and (s.ended_on is None or day <= s.ended_on) for s in own):
        raise RuleBroken(
            f"This focal area was not open on {day.day} {day:%b %Y}. Choose another, or none.",
            "focal_area",
        )

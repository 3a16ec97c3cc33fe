"""Sessions: log one, change one that is not signed. Rules, then the change, then the audit."""

from dataclasses import dataclass, fields
from datetime import date, time

from sqlalchemy import select

from ipt_tracker.clinical.course.attendance import is_slot, took_place
from ipt_tracker.clinical.course.focal_areas import DISPUTE
from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.records import RiskCheck as RiskAnswer
from ipt_tracker.clinical.course.session_rules import SessionFacts, check_session
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import (
    Amendment,
    Course,
    MedicationChange,
    RiskCheck,
    SessionRecord,
)
from ipt_tracker.services.measures import MeasureEntry, record_measure
from ipt_tracker.services.outline import Outline, outline, phase_map
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True)
class RiskEntry:
    """Was risk asked about, and what came of it. Not asked is never the same as none."""

    answer: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class MedicationEntry:
    """A change of medication that the patient reports."""

    drug: str
    change: str | None = None
    dose: str | None = None
    changed_by: str | None = None
    changed_on: date | None = None


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """Everything that is written down about one slot. Its names are the names of the columns."""

    kind: str
    number: int | None
    held_on: date
    starts_at: time | None
    duration_minutes: int | None
    minutes_late: int
    modality: str | None
    attendance: str
    phase: str | None
    phase_reason: str | None
    focal_area: str | None
    dispute_stage: str | None
    mood: int | None
    linked_event: str | None
    tasks: tuple[str, ...]
    techniques: tuple[str, ...]
    homework: str | None
    plan: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Attached:
    """What is entered on the same page and kept in tables of its own."""

    risk: RiskEntry | None = None
    medication: MedicationEntry | None = None
    measures: tuple[MeasureEntry, ...] = ()


def log_session(
    work: UnitOfWork, course: Course, entry: SessionEntry, attached: Attached
) -> SessionRecord:
    """Keep a new slot of a course with its measures, risk check and medication change.

    Raises RuleBroken, naming the field, when a rule is not kept; then nothing is kept at all.
    """
    facts = outline(work, course)
    values = _checked(work, facts, entry, None)
    record = SessionRecord(
        course_id=course.id,
        slot=facts.next.slot,
        note_state=UNSIGNED,
        created_at=work.now,
        changed_at=work.now,
        **values,
    )
    work.session.add(record)
    work.session.flush()
    _attach(work, course, record, attached)
    subject = Subject("session", record.id, course.patient_id)
    work.audit(Event.SESSION_LOGGED, subject, slot=record.slot, attendance=record.attendance)
    return record


def change_session(
    work: UnitOfWork, course: Course, record: SessionRecord, entry: SessionEntry, attached: Attached
) -> None:
    """Change a slot that is not signed. What stood there before is kept as an amendment."""
    if not can_change(record):
        raise RuleBroken("This session is signed. A signed record is not changed.")
    values = _checked(work, outline(work, course), entry, record)
    changed = [name for name, value in values.items() if getattr(record, name) != value]
    for name in changed:
        work.session.add(_amendment(work, course, record, name, values[name]))
        setattr(record, name, values[name])
    record.changed_at = work.now
    _attach(work, course, record, attached)
    subject = Subject("session", record.id, course.patient_id)
    work.audit(Event.SESSION_CHANGED, subject, slot=record.slot, fields=sorted(changed))


def can_change(record: SessionRecord) -> bool:
    """Say whether a slot can still be changed: until its note is signed."""
    return record.note_state == UNSIGNED


def _checked(
    work: UnitOfWork, facts: Outline, entry: SessionEntry, record: SessionRecord | None
) -> dict[str, object]:
    """Check every rule, and give the columns of the record."""
    course = facts.course
    held = took_place(entry.attendance)
    number = entry.number if held or entry.kind == Kind.GROUP else None
    derived = phase_map(course).phase_of(entry.kind, entry.number or facts.next.number)
    check_session(
        SessionFacts(
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
        ),
        course.started_on,
        work.today,
    )
    if held and number is None:
        raise RuleBroken("A session that took place has a number.", "number")
    _check_free(work, course, entry.kind, number, record)
    _check_focus(course, entry)
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
    """A focal area worked on must be one that the course has taken up."""
    if entry.focal_area is None:
        return
    if entry.focal_area not in {spell.area for spell in course.focal_areas}:
        raise RuleBroken("This focal area is not part of the course. Open it first.", "focal_area")


def _attach(work: UnitOfWork, course: Course, record: SessionRecord, attached: Attached) -> None:
    if attached.risk and is_slot(record.attendance):
        _keep_risk(work, course, record, attached.risk)
    if attached.medication:
        _keep_medication(work, course, record, attached.medication)
    for entry in attached.measures:
        record_measure(work, course, entry, record)


def _keep_risk(work: UnitOfWork, course: Course, record: SessionRecord, entry: RiskEntry) -> None:
    asked = entry.answer != RiskAnswer.NOT_ASKED
    present = entry.answer == RiskAnswer.ASKED_PRESENT
    if (present or not asked) and not entry.detail:
        what = "what was found and done" if present else "why it was not asked"
        raise RuleBroken(f"Say in a few words {what}.", "risk_detail")
    result = ("present" if present else "none") if asked else None
    values = {"asked": asked, "result": result, "detail": entry.detail}
    if record.risk is None:
        work.session.add(RiskCheck(session_id=record.id, **values))
        return
    for name, value in values.items():
        if getattr(record.risk, name) != value:
            work.session.add(_amendment(work, course, record.risk, name, value))
            setattr(record.risk, name, value)


def _keep_medication(
    work: UnitOfWork, course: Course, record: SessionRecord, entry: MedicationEntry
) -> None:
    values = {f.name: getattr(entry, f.name) for f in fields(entry)}
    if record.medication is None:
        work.session.add(MedicationChange(session_id=record.id, **values))
        return
    for name, value in values.items():
        if getattr(record.medication, name) != value:
            work.session.add(_amendment(work, course, record.medication, name, value))
            setattr(record.medication, name, value)


def _amendment(
    work: UnitOfWork,
    course: Course,
    subject: SessionRecord | RiskCheck | MedicationChange,
    name: str,
    new: object,
) -> Amendment:
    return Amendment(
        course_id=course.id,
        subject_kind=subject.__tablename__,
        subject_id=subject.id,
        field=name,
        old=_plain(getattr(subject, name)),
        new=_plain(new),
        reason="changed before signing",
        author=work.person.display_name,
        author_id=work.person.id,
        amended_on=work.today,
        note_state=UNSIGNED,
        recorded_at=work.now,
    )


def _plain(value: object) -> object:
    """Give a value that JSON can hold."""
    return value.isoformat() if isinstance(value, date | time) else value

"""Sessions: log one, change one that is not signed. Rules, then the change, then the audit."""

from dataclasses import fields

from ipt_tracker.clinical.course.notes import NoteState
from ipt_tracker.clinical.rules import AskFirst, RuleBroken
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Course, Measure, MedicationChange, SessionRecord
from ipt_tracker.persistence.queries.appointments import of_course
from ipt_tracker.services.appointments import AppointmentEntry, book, settle
from ipt_tracker.services.contact_tasks import ask_for_contact
from ipt_tracker.services.measures import MeasureEntry, record_measure
from ipt_tracker.services.notes import can_change
from ipt_tracker.services.outline import outline
from ipt_tracker.services.session_amendments import amend_columns
from ipt_tracker.services.session_checks import checked
from ipt_tracker.services.session_entries import (
    Attached,
    MedicationEntry,
    RiskEntry,
    SessionEntry,
)
from ipt_tracker.services.session_prompts import reopen_prompts, settle_prompts
from ipt_tracker.services.session_risk import check_risk, keep_risk
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, Subject, UnitOfWork

__all__ = [
    "Attached",
    "MedicationEntry",
    "RiskEntry",
    "SessionEntry",
    "can_change",
    "change_session",
    "check_risk",
    "log_session",
]

ANOTHER_WAS_SAVED = (
    "Another appointment of this course was saved since you opened this page. Look at it first; "
    "save again if this one is not the same."
)


def log_session(
    work: UnitOfWork,
    course: Course,
    entry: SessionEntry,
    attached: Attached,
    expected_slot: int | None = None,
) -> SessionRecord:
    """Keep a new slot of a course with its measures, risk check and medication change.

    `expected_slot` is the slot that the person meant to fill: a form sent twice is refused.
    Raises RuleBroken, naming the field, when a rule is not kept; then nothing is kept at all.
    A field of a measure is named "<instrument key>.<field>".
    """
    facts = outline(work, course)
    if expected_slot is not None and expected_slot != facts.next.slot:
        raise RuleBroken(ANOTHER_WAS_SAVED)
    values = checked(work, facts, entry, None, attached.confirmed)
    check_risk(entry.attendance, attached.risk)
    record = SessionRecord(
        course_id=course.id,
        slot=facts.next.slot,
        note_state=NoteState.UNSIGNED,
        created_at=work.now,
        changed_at=work.now,
        **values,
    )
    work.session.add(record)
    work.session.flush()
    _attach(work, course, record, attached)
    settle(work, course, record)
    if attached.following is not None:
        _book_next(work, course, attached.following)
    subject = Subject("session", record.id, course.patient_id)
    work.audit(Event.SESSION_LOGGED, subject, slot=record.slot, attendance=record.attendance)
    ask_for_contact(work, course, facts, record)
    return record


def change_session(  # noqa: PLR0913 -- what changes, where, and from which version on
    work: UnitOfWork,
    course: Course,
    record: SessionRecord,
    entry: SessionEntry,
    attached: Attached,
    *,
    seen_version: int | None = None,
) -> None:
    """Change a slot that is not signed. What stood there before is kept as an amendment.

    Raises ChangedMeanwhile when the record is no longer the version that the person has seen.
    """
    if not can_change(record):
        raise RuleBroken("This session is signed. A signed record is not changed.")
    if seen_version is not None and seen_version != record.version:
        raise ChangedMeanwhile
    facts = outline(work, course)
    values = checked(work, facts, entry, record, attached.confirmed)
    if attached.risk is not None:
        check_risk(entry.attendance, attached.risk)
    changed = amend_columns(work, course, record, record, values)
    record.changed_at = work.now
    _attach(work, course, record, attached)
    subject = Subject("session", record.id, course.patient_id)
    work.audit(Event.SESSION_CHANGED, subject, slot=record.slot, fields=sorted(changed))
    if "attendance" in changed:
        ask_for_contact(work, course, facts, record)


def _attach(work: UnitOfWork, course: Course, record: SessionRecord, attached: Attached) -> None:
    if attached.risk:
        keep_risk(work, course, record, attached.risk)
        reopen_prompts(work, course, record, attached.risk)
    if attached.medication:
        _keep_medication(work, course, record, attached.medication)
    measures = [_keep_measure(work, course, record, entry) for entry in attached.measures]
    if attached.risk:
        settle_prompts(work, course, record, attached.risk, measures)


def _keep_measure(
    work: UnitOfWork, course: Course, record: SessionRecord, entry: MeasureEntry
) -> Measure:
    """Several forms may be entered at once: a broken rule says of which one it speaks."""
    try:
        return record_measure(work, course, entry, record)
    except RuleBroken as broken:
        field = f"{entry.instrument.key}.{broken.field or 'total'}"
        if isinstance(broken, AskFirst):
            raise AskFirst(broken.message, field, broken.key) from broken
        raise RuleBroken(broken.message, field) from broken


def _keep_medication(
    work: UnitOfWork, course: Course, record: SessionRecord, entry: MedicationEntry
) -> None:
    values = {f.name: getattr(entry, f.name) for f in fields(entry)}
    if record.medication is None:
        work.session.add(MedicationChange(session_id=record.id, **values))
        return
    amend_columns(work, course, record, record.medication, values)


def _book_next(work: UnitOfWork, course: Course, entry: AppointmentEntry) -> None:
    """Book the next appointment, unless that very time is booked; a rule names our own field."""
    booked = of_course(work.session, course.id, work.today)
    if any((a.planned_on, a.starts_at) == (entry.planned_on, entry.starts_at) for a in booked):
        return
    try:
        book(work, course, entry)
    except RuleBroken as broken:
        field = "next_at" if broken.field == "starts_at" else "next_on"
        raise RuleBroken(broken.message, field) from broken

"""Sessions: log one, change one that is not signed. Rules, then the change, then the audit."""

from collections.abc import Mapping
from dataclasses import fields

from ipt_tracker.clinical.course.attendance import took_place
from ipt_tracker.clinical.course.records import RiskCheck as RiskAnswer
from ipt_tracker.clinical.rules import AskFirst, RuleBroken
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import (
    Course,
    MedicationChange,
    RiskCheck,
    SessionRecord,
)
from ipt_tracker.services.amendments import amend
from ipt_tracker.services.measures import MeasureEntry, record_measure
from ipt_tracker.services.outline import outline
from ipt_tracker.services.session_checks import checked
from ipt_tracker.services.session_entries import (
    Attached,
    MedicationEntry,
    RiskEntry,
    SessionEntry,
)
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

UNSIGNED = "unsigned"
BEFORE_SIGNING = "changed before signing"
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
    values = checked(work, facts, entry, None)
    check_risk(entry.attendance, attached.risk)
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
    values = checked(work, outline(work, course), entry, record)
    if attached.risk is not None:
        check_risk(entry.attendance, attached.risk)
    changed = [name for name, value in values.items() if getattr(record, name) != value]
    for name in changed:
        _keep_old(work, course, record, name, values[name])
        setattr(record, name, values[name])
    record.changed_at = work.now
    _attach(work, course, record, attached)
    subject = Subject("session", record.id, course.patient_id)
    work.audit(Event.SESSION_CHANGED, subject, slot=record.slot, fields=sorted(changed))


def can_change(record: SessionRecord) -> bool:
    """Say whether a slot can still be changed: until its note is signed."""
    return record.note_state == UNSIGNED


def _attach(work: UnitOfWork, course: Course, record: SessionRecord, attached: Attached) -> None:
    if attached.risk:
        _keep_risk(work, course, record, attached.risk)
    if attached.medication:
        _keep_medication(work, course, record, attached.medication)
    for entry in attached.measures:
        _keep_measure(work, course, record, entry)


def _keep_measure(
    work: UnitOfWork, course: Course, record: SessionRecord, entry: MeasureEntry
) -> None:
    """Several forms may be entered at once: a broken rule says of which one it speaks."""
    try:
        record_measure(work, course, entry, record)
    except RuleBroken as broken:
        field = f"{entry.instrument.key}.{broken.field or 'total'}"
        if isinstance(broken, AskFirst):
            raise AskFirst(broken.message, field, broken.key) from broken
        raise RuleBroken(broken.message, field) from broken


def check_risk(attendance: str, risk: RiskEntry | None) -> None:
    """Refuse a session that took place without a word on risk, and a bare present or not asked."""
    if risk is None:
        if took_place(attendance):
            raise RuleBroken(
                "Say whether you asked. “Not asked” with a reason is an answer.", "risk"
            )
        return
    if risk.answer != RiskAnswer.ASKED_NONE and not risk.detail:
        found = risk.answer == RiskAnswer.ASKED_PRESENT
        what = "what was found and done" if found else "why it was not asked"
        raise RuleBroken(f"Say in a few words {what}.", "risk_detail")


def _keep_risk(work: UnitOfWork, course: Course, record: SessionRecord, entry: RiskEntry) -> None:
    asked = entry.answer != RiskAnswer.NOT_ASKED
    present = entry.answer == RiskAnswer.ASKED_PRESENT
    result = ("present" if present else "none") if asked else None
    values = {"asked": asked, "result": result, "detail": entry.detail}
    if record.risk is None:
        work.session.add(RiskCheck(session_id=record.id, **values))
        return
    _amend(work, course, record.risk, values)


def _keep_medication(
    work: UnitOfWork, course: Course, record: SessionRecord, entry: MedicationEntry
) -> None:
    values = {f.name: getattr(entry, f.name) for f in fields(entry)}
    if record.medication is None:
        work.session.add(MedicationChange(session_id=record.id, **values))
        return
    _amend(work, course, record.medication, values)


def _amend(
    work: UnitOfWork,
    course: Course,
    subject: RiskCheck | MedicationChange,
    values: Mapping[str, object],
) -> None:
    for name, value in values.items():
        if getattr(subject, name) != value:
            _keep_old(work, course, subject, name, value)
            setattr(subject, name, value)


def _keep_old(
    work: UnitOfWork,
    course: Course,
    subject: SessionRecord | RiskCheck | MedicationChange,
    name: str,
    new: object,
) -> None:
    change = (getattr(subject, name), new)
    amend(work, course, subject, name, change, reason=BEFORE_SIGNING, note_state=UNSIGNED)

"""Courses and patients: start one, change it, open and close focal areas."""

from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from ipt_tracker.clinical.course.focal_areas import FOCAL_AREAS, Spell, check_open_spells
from ipt_tracker.clinical.course.protocols import CUSTOM, PROTOCOLS, Protocol, custom_phase_map
from ipt_tracker.clinical.course.records import ContractChange as ChangeKind
from ipt_tracker.clinical.course.records import CourseStatus
from ipt_tracker.clinical.course.schedule import Schedule
from ipt_tracker.clinical.course.session_rules import check_minutes
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import (
    Account,
    Assignment,
    ContractChange,
    Course,
    FocalAreaSpell,
    Patient,
    SessionRecord,
    Supervision,
)
from ipt_tracker.persistence.visibility import holds
from ipt_tracker.services.amendments import amend
from ipt_tracker.services.doors import course_subject
from ipt_tracker.services.outline import contract_kind
from ipt_tracker.services.schedules import plan_course, replan
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, Subject, UnitOfWork


def require_version(record: Patient | Course | Account, version: int | None) -> None:
    """Raise ChangedMeanwhile unless the record is still the one that a form was filled in for."""
    if record.version != version:
        raise ChangedMeanwhile(f"version {version} of this record was changed meanwhile")


@dataclass(frozen=True, slots=True)
class PatientEntry:
    """What is known of a patient. Its names are the names of the columns."""

    code: str
    name: str | None
    birth_date: date | None
    phone: str | None
    emergency_contact: str | None
    prescriber: str | None
    primary_diagnosis: str
    primary_diagnosis_text: str | None
    precipitating_event: str
    precipitating_event_text: str | None
    notes: str | None


@dataclass(frozen=True, slots=True)
class CourseEntry:
    """What is agreed when a course starts."""

    protocol: str
    planned_sessions: int
    started_on: date
    session_minutes: int | None
    spacing: str | None
    manual: str | None
    adaptations: str | None
    criterion_a: bool | None = None
    schedule: Schedule | None = None
    """None: nothing is planned."""


def start_course(work: UnitOfWork, patient: PatientEntry, entry: CourseEntry) -> Course:
    """Take on a patient with a course of their own, assigned to the actor from its first day."""
    work.require(Permission.START_COURSE)
    _check_patient(work, patient, None)
    if entry.protocol not in PROTOCOLS:
        raise RuleBroken("Choose a protocol.", "protocol")
    _check_minutes(entry.session_minutes)
    if entry.started_on > work.today:
        raise RuleBroken("The first day is in the future. Start the course on it.", "started_on")
    protocol = PROTOCOLS[entry.protocol]
    person = Patient(created_at=work.now, **_columns(patient))
    work.session.add(person)
    work.session.flush()
    course = Course(
        patient_id=person.id,
        format=protocol.format,
        phase_map=_phase_map(protocol, entry.planned_sessions),
        engagement_sessions=protocol.engagement_sessions,
        maintenance_sessions=protocol.maintenance_planned,
        status=CourseStatus.ACTIVE,
        created_at=work.now,
        **_columns(entry) | {"schedule": entry.schedule.to_json() if entry.schedule else None},
    )
    work.session.add(course)
    work.session.flush()
    plan_course(work, course)
    first_day = min(entry.started_on, work.today)
    work.session.add(assigned(work, course, work.person.id, first_day))
    work.audit(Event.COURSE_STARTED, course_subject(course), protocol=entry.protocol)
    return course


def _check_minutes(minutes: int | None) -> None:
    """Refuse a length that no session can have, naming the field of the contract."""
    try:
        check_minutes(minutes)
    except RuleBroken as broken:
        raise RuleBroken(broken.message, "session_minutes") from broken


def _columns(entry: PatientEntry | CourseEntry) -> dict[str, object]:
    return {f.name: getattr(entry, f.name) for f in fields(entry)}


def _phase_map(protocol: Protocol, planned: int) -> dict[str, list[int]]:
    """Keep the protocol's own map when its number is kept, else propose one for the number."""
    if protocol.key != CUSTOM and planned == protocol.planned_sessions:
        return protocol.phase_map.as_json()
    return custom_phase_map(planned).as_json()


def assigned(work: UnitOfWork, course: Course, therapist_id: UUID, day: date) -> Assignment:
    """Make the tie of a course to a therapist from a day on, with who supervises them today."""
    supervisor = work.session.scalar(
        select(Supervision.supervisor_id)
        .where(Supervision.supervisee_id == therapist_id, holds(Supervision, work.today))
        .order_by(Supervision.started_on)
    )
    return Assignment(
        course_id=course.id, therapist_id=therapist_id, supervisor_id=supervisor, started_on=day
    )


def _check_patient(work: UnitOfWork, entry: PatientEntry, patient: Patient | None) -> None:
    if not entry.code:
        raise RuleBroken("Enter the clinic code.", "code")
    holder = work.session.scalar(select(Patient).where(Patient.code == entry.code))
    if holder is not None and holder is not patient:
        raise RuleBroken("Another patient has this code.", "code")
    if entry.birth_date and entry.birth_date > work.today:
        raise RuleBroken("The birth date is in the future.", "birth_date")


def change_patient(work: UnitOfWork, course: Course, entry: PatientEntry) -> None:
    """Change what is known of the patient of a course; the old values are kept."""
    patient = course.patient
    _check_patient(work, entry, patient)
    changed = _amend(work, course, patient, _columns(entry))
    subject = Subject("patient", patient.id, patient.id)
    work.audit(Event.PATIENT_CHANGED, subject, fields=changed)


@dataclass(frozen=True, slots=True)
class ContractEntry:
    """The parts of a contract that can be agreed anew, and why they were."""

    planned_sessions: int
    session_minutes: int | None
    spacing: str | None
    maintenance_sessions: int
    manual: str | None
    adaptations: str | None
    reason: str | None
    patient_agreed: bool
    criterion_a: bool | None = None
    """Whether the index event meets it, a fact that needs no reason."""


def change_contract(work: UnitOfWork, course: Course, entry: ContractEntry) -> None:
    """Agree another contract. A different number of sessions or spacing is a record of its own."""
    agreed = {
        "planned_sessions": (course.planned_sessions, entry.planned_sessions),
        "spacing": (course.spacing, entry.spacing),
        "maintenance_sessions": (course.maintenance_sessions, entry.maintenance_sessions),
    }
    different = {name: pair for name, pair in agreed.items() if pair[0] != pair[1]}
    if different and not entry.reason:
        raise RuleBroken("Say why the contract changes.", "reason")
    _check_minutes(entry.session_minutes)
    _check_not_below_held(work, course, entry.planned_sessions)
    if entry.maintenance_sessions < 0:
        raise RuleBroken("A number of visits cannot be negative.", "maintenance_sessions")
    for name, (old, new) in different.items():
        work.session.add(_contract_change(work, course, name, (old, new), entry))
    if "planned_sessions" in different:
        protocol = PROTOCOLS.get(course.protocol, PROTOCOLS[CUSTOM])
        course.phase_map = _phase_map(protocol, entry.planned_sessions)
    changed = _amend(
        work,
        course,
        course,
        {
            "planned_sessions": entry.planned_sessions,
            "session_minutes": entry.session_minutes,
            "spacing": entry.spacing,
            "maintenance_sessions": entry.maintenance_sessions,
            "manual": entry.manual,
            "adaptations": entry.adaptations,
            "criterion_a": entry.criterion_a,
        },
    )
    if different:
        replan(work, course)
    work.audit(Event.COURSE_CHANGED, course_subject(course), fields=changed)


def _check_not_below_held(work: UnitOfWork, course: Course, planned: int) -> None:
    held = work.session.scalar(
        select(func.max(SessionRecord.number)).where(
            SessionRecord.course_id == course.id, SessionRecord.kind == contract_kind(course)
        )
    )
    if planned != course.planned_sessions and held is not None and 1 <= planned < held:
        raise RuleBroken(
            f"Session {held} was logged already. Plan at least {held}, or end the course.",
            "planned_sessions",
        )


def _contract_change(
    work: UnitOfWork, course: Course, name: str, change: tuple[object, object], entry: ContractEntry
) -> ContractChange:
    old, new = change
    return ContractChange(
        course_id=course.id,
        changed_on=work.today,
        kind=_change_kind(name, old, new),
        old=None if old is None else str(old),
        new=None if new is None else str(new),
        reason=entry.reason,
        patient_agreed=entry.patient_agreed,
    )


def _change_kind(name: str, old: object, new: object) -> ChangeKind:
    if name == "spacing":
        return ChangeKind.SPACING_CHANGE
    if name == "maintenance_sessions":
        return ChangeKind.MAINTENANCE_ADDED
    fewer = isinstance(old, int) and isinstance(new, int) and new < old
    return ChangeKind.EARLY_END if fewer else ChangeKind.EXTENSION


def _amend(
    work: UnitOfWork, course: Course, record: Patient | Course, values: dict[str, object]
) -> list[str]:
    """Set columns, keeping each old value as an amendment; give the names that changed."""
    changed = sorted(name for name, value in values.items() if getattr(record, name) != value)
    for name in changed:
        amend(work, course, record, name, (getattr(record, name), values[name]), reason=None)
        setattr(record, name, values[name])
    return changed


@dataclass(frozen=True, slots=True)
class FocusEntry:
    """A focal area taken up: which, from when, with whom or about what, and why."""

    area: str
    started_on: date
    detail: str | None
    reason: str | None


def open_focus(work: UnitOfWork, course: Course, entry: FocusEntry) -> FocalAreaSpell:
    """Take up a focal area; at most two are open at once."""
    if entry.area not in FOCAL_AREAS:
        raise RuleBroken("Choose a focal area.", "focal_area")
    if course.ended_on is not None:
        raise RuleBroken("This course has ended.")
    if not course.started_on <= entry.started_on <= work.today:
        raise RuleBroken("The day must lie within the course, today at the latest.", "started_on")
    spells = [Spell(f.area, f.started_on, f.ended_on) for f in course.focal_areas]
    check_open_spells([*spells, Spell(entry.area, entry.started_on)])
    taken = {f.open_place for f in course.focal_areas}
    spell = FocalAreaSpell(
        course_id=course.id,
        area=entry.area,
        started_on=entry.started_on,
        detail=entry.detail,
        reason=entry.reason,
        open_place=2 if 1 in taken else 1,
    )
    work.session.add(spell)
    work.audit(Event.FOCUS_OPENED, course_subject(course), area=entry.area)
    return spell


def close_focus(
    work: UnitOfWork, course: Course, spell: FocalAreaSpell, day: date, reason: str | None
) -> None:
    """Leave a focal area from this day on."""
    if spell.ended_on is not None:
        raise RuleBroken("The work on this area has ended already.")
    if not reason:
        raise RuleBroken("Say why the work on this area ends.", "reason")
    if not spell.started_on <= day <= work.today:
        raise RuleBroken("The day must lie between its start and today.", "ended_on")
    spell.ended_on, spell.open_place = day, None
    spell.reason = "; ".join(filter(None, (spell.reason, reason)))
    work.audit(Event.FOCUS_CLOSED, course_subject(course), area=spell.area)


def find_spell(course: Course, spell_id: UUID) -> FocalAreaSpell:
    """Give one focal area of a course that was opened already, or raise AccessDenied."""
    for spell in course.focal_areas:
        if spell.id == spell_id:
            return spell
    raise AccessDenied(Permission.EDIT_COURSE)

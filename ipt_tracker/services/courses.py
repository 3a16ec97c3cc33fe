"""Courses and patients: start a course, change what is known of its patient."""

from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.clinical.course.protocols import CUSTOM, PROTOCOLS, Protocol, custom_phase_map
from ipt_tracker.clinical.course.records import CourseStatus
from ipt_tracker.clinical.course.schedule import Schedule
from ipt_tracker.clinical.course.session_rules import check_minutes
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import (
    Account,
    Assignment,
    Course,
    Patient,
    Supervision,
)
from ipt_tracker.persistence.visibility import holds
from ipt_tracker.services.amendments import amend
from ipt_tracker.services.doors import course_subject
from ipt_tracker.services.schedules import plan_course
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
    check_length(entry.session_minutes)
    if entry.started_on > work.today:
        raise RuleBroken("The first day is in the future. Start the course on it.", "started_on")
    protocol = PROTOCOLS[entry.protocol]
    person = Patient(created_at=work.now, **_columns(patient))
    work.session.add(person)
    work.session.flush()
    course = Course(
        patient_id=person.id,
        format=protocol.format,
        phase_map=phase_map_for(protocol, entry.planned_sessions),
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


def check_length(minutes: int | None) -> None:
    """Refuse a length that no session can have, naming the field of the contract."""
    try:
        check_minutes(minutes)
    except RuleBroken as broken:
        raise RuleBroken(broken.message, "session_minutes") from broken


def _columns(entry: PatientEntry | CourseEntry) -> dict[str, object]:
    return {f.name: getattr(entry, f.name) for f in fields(entry)}


def phase_map_for(protocol: Protocol, planned: int) -> dict[str, list[int]]:
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
    changed = amend_columns(work, course, patient, _columns(entry))
    subject = Subject("patient", patient.id, patient.id)
    work.audit(Event.PATIENT_CHANGED, subject, fields=changed)


def amend_columns(
    work: UnitOfWork, course: Course, record: Patient | Course, values: dict[str, object]
) -> list[str]:
    """Set columns, keeping each old value as an amendment; give the names that changed."""
    changed = sorted(name for name, value in values.items() if getattr(record, name) != value)
    for name in changed:
        amend(work, course, record, name, (getattr(record, name), values[name]), reason=None)
        setattr(record, name, values[name])
    return changed

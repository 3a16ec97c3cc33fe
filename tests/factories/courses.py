"""Courses with sessions and measures, entered through the services as a therapist would."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from ipt_tracker.clinical.course.records import RiskCheck
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.persistence.models import Course, Measure, SessionRecord
from ipt_tracker.services.courses import CourseEntry, PatientEntry, start_course
from ipt_tracker.services.focal_areas import FocusEntry, open_focus
from ipt_tracker.services.measures import MeasureEntry, record_measure
from ipt_tracker.services.session_questions import EVERY_QUESTION
from ipt_tracker.services.sessions import (
    Attached,
    MedicationEntry,
    RiskEntry,
    SessionEntry,
    log_session,
)
from ipt_tracker.services.unit_of_work import UnitOfWork

PATIENT = PatientEntry(
    code="T-101",
    name="Imre Solberg",
    birth_date=date(1990, 5, 4),
    phone=None,
    emergency_contact=None,
    prescriber=None,
    primary_diagnosis="ptsd",
    primary_diagnosis_text=None,
    precipitating_event="interpersonal_trauma",
    precipitating_event_text=None,
    notes=None,
)
COURSE = CourseEntry(
    protocol="IPT-PTSD-14",
    planned_sessions=14,
    started_on=date(2026, 1, 5),
    session_minutes=50,
    spacing="weekly",
    manual=None,
    adaptations=None,
)
SESSION = SessionEntry(
    kind="individual",
    number=1,
    held_on=date(2026, 1, 5),
    starts_at=None,
    duration_minutes=50,
    minutes_late=0,
    modality="in_person",
    attendance="attended",
    phase=None,
    phase_reason=None,
    focal_area=None,
    dispute_stage=None,
    mood=4,
    linked_event=None,
    tasks=(),
    techniques=(),
    homework=None,
    plan=None,
    note=None,
)


@dataclass(frozen=True, slots=True)
class CourseRef:
    """A course in the database, by what a test needs to reach it and to recognise it."""

    id: UUID
    patient_id: UUID
    code: str
    name: str
    slots: tuple[int, ...]
    measures: tuple[UUID, ...]
    spells: tuple[UUID, ...]


def measure(key: str, taken_on: date, total: int | None = None, **more: Any) -> MeasureEntry:
    """Give the entry of one form, by its total or by what `more` says."""
    return MeasureEntry(INSTRUMENTS[key], taken_on, total=total, **more)


def add_course(work: UnitOfWork, started_on: date = COURSE.started_on, **patient: Any) -> Course:
    """Start a course for a patient of whom `patient` says what differs from PATIENT."""
    return start_course(work, replace(PATIENT, **patient), replace(COURSE, started_on=started_on))


def add_session(
    work: UnitOfWork, course: Course, *measures: MeasureEntry, **differs: Any
) -> SessionRecord:
    """Log a session that differs from SESSION as said; `risk`, `medication` go with it.

    Every question that it raises is answered with yes, unless `confirmed` says which.
    """
    risk = differs.pop("risk", RiskEntry(RiskCheck.ASKED_NONE))
    medication: MedicationEntry | None = differs.pop("medication", None)
    confirmed = differs.pop("confirmed", EVERY_QUESTION)
    attached = Attached(risk, medication, measures, confirmed=confirmed)
    return log_session(work, course, replace(SESSION, **differs), attached)


def add_measure(work: UnitOfWork, course: Course, entry: MeasureEntry) -> Measure:
    """Record a measure outside a session."""
    return record_measure(work, course, entry)


def add_focus(work: UnitOfWork, course: Course, area: str, started_on: date) -> None:
    """Take up a focal area."""
    open_focus(work, course, FocusEntry(area, started_on, None, None))

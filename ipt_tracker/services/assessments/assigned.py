"""What a blinded assessor was asked: the one door, and nothing of the treatment behind it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.clinical.safety import Prompt
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import AssessmentRequest, Course, Measure, Patient
from ipt_tracker.services.assessments.requests import request_subject, settle
from ipt_tracker.services.clinic_settings import assessors_see_names
from ipt_tracker.services.corrections import correct_measure
from ipt_tracker.services.measure_entries import MeasureEntry
from ipt_tracker.services.measures import DUPLICATE, record_measure
from ipt_tracker.services.safety import open_prompts, words_of
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

DAY = timedelta(days=1)
CORRECTED = "Corrected by the assessor on the day of entry"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as its assessor may know it."""

    id: UUID
    code: str
    name: str | None
    instrument: Instrument
    due_on: date | None
    note: str | None
    asked_on: date
    done_on: date | None


@dataclass(frozen=True, slots=True)
class Assigned:
    """One request with the records behind it. They stay in this room: pages are given `asked`."""

    asked: Asked
    request: AssessmentRequest
    course: Course
    measure: Measure | None

    @property
    def is_open(self) -> bool:
        """Whether the form is still to come."""
        return self.measure is None


def list_asked(work: UnitOfWork) -> tuple[tuple[Asked, ...], tuple[Asked, ...]]:
    """Give what the actor has to do, the first due first, and what they did today."""
    work.require(Permission.ASSESS)
    work.audit(Event.ASSESSMENTS_LISTED, Subject("assessment_request", "list"))
    shows = assessors_see_names(work)
    rows = work.session.execute(
        select(AssessmentRequest, Patient)
        .join(Course, Course.id == AssessmentRequest.course_id)
        .join(Patient, Patient.id == Course.patient_id)
        .where(
            AssessmentRequest.assessor_id == work.person.id,
            AssessmentRequest.withdrawn_at.is_(None),
            AssessmentRequest.done_at.is_(None) | (AssessmentRequest.done_at > work.now - DAY),
        )
        .order_by(AssessmentRequest.due_on, AssessmentRequest.asked_at)
    )
    every = [_asked(*row, shows=shows) for row in rows]
    waiting = sorted((each for each in every if each.done_on is None), key=_first_due)
    return tuple(waiting), tuple(each for each in every if each.done_on == work.today)


def _first_due(asked: Asked) -> tuple[bool, date]:
    return asked.due_on is None, asked.due_on or asked.asked_on


def _asked(request: AssessmentRequest, patient: Patient, *, shows: bool) -> Asked:
    return Asked(
        request.id,
        patient.code,
        patient.name if shows else None,
        INSTRUMENTS[request.instrument],
        request.due_on,
        request.note,
        request.asked_at.astimezone().date(),
        request.done_at.astimezone().date() if request.done_at else None,
    )


def open_assigned(work: UnitOfWork, request_id: UUID) -> Assigned:
    """Hand over what the actor was asked, while it is open and on the day it was done.

    AccessDenied for what others were asked, what was taken back, and what was done earlier: that
    belongs to the course then.
    """
    work.require(Permission.ASSESS)
    request = work.session.get(AssessmentRequest, request_id)
    if (
        request is None
        or request.assessor_id != work.person.id
        or request.withdrawn_at is not None
        or request.instrument not in INSTRUMENTS
    ):
        raise AccessDenied(Permission.ASSESS)
    course = work.session.get_one(Course, request.course_id)
    measure = work.session.get(Measure, request.measure_id) if request.measure_id else None
    asked = _asked(request, course.patient, shows=assessors_see_names(work))
    if asked.done_on not in {None, work.today}:
        raise AccessDenied(Permission.ASSESS)
    if work.reading:
        work.audit(Event.ASSESSMENT_OPENED, request_subject(course, request))
    return Assigned(asked, request, course, measure)


def record_assessment(work: UnitOfWork, assigned: Assigned, entry: MeasureEntry) -> Measure:
    """File the form under the course as made by a blinded assessor, and close the request.

    Whether the course has a form of that day already is not asked here: the assessor must not
    learn of earlier ones.
    """
    if not assigned.is_open:
        raise AccessDenied(Permission.ASSESS)
    _check(assigned, entry)
    measure = record_measure(work, assigned.course, _by_assessor(work, entry))
    request = assigned.request
    request.measure_id, request.done_at = measure.id, work.now
    work.audit(
        Event.ASSESSMENT_RECORDED,
        request_subject(assigned.course, request),
        instrument=request.instrument,
        measure=str(measure.id),
    )
    return measure


def correct_assessment(
    work: UnitOfWork, assigned: Assigned, entry: MeasureEntry, seen_version: int | None
) -> None:
    """Correct one's own entry on the day of entry. What it said before is kept."""
    if assigned.measure is None:
        raise AccessDenied(Permission.ASSESS)
    _check(assigned, entry)
    own = replace(_by_assessor(work, entry), point=assigned.measure.point)
    correct_measure(
        work,
        assigned.course,
        assigned.measure,
        own,
        reason=CORRECTED,
        seen_version=seen_version or 0,
    )


def _check(assigned: Assigned, entry: MeasureEntry) -> None:
    if entry.instrument != assigned.asked.instrument:
        raise RuleBroken("You were asked for another form.", "total")
    if entry.taken_on < assigned.asked.asked_on:
        raise RuleBroken("That is before you were asked.", "taken_on")


def _by_assessor(work: UnitOfWork, entry: MeasureEntry) -> MeasureEntry:
    return replace(
        entry,
        assessor=work.person.display_name,
        blind=entry.unblinding is None,
        confirmed=entry.confirmed | {DUPLICATE},
    )


def decline(work: UnitOfWork, assigned: Assigned, why: str | None) -> None:
    """Say that one cannot make this assessment, and why. Whoever asked sees it on the course."""
    if not assigned.is_open:
        raise AccessDenied(Permission.ASSESS)
    settle(work, assigned.course, assigned.request, why)


def asks_of(work: UnitOfWork, assigned: Assigned) -> tuple[Prompt, ...]:
    """Give the words of what an answer of this form calls for, as long as nobody has answered."""
    measure = assigned.measure
    if measure is None:
        return ()
    stand = (p for p in open_prompts(work, assigned.course) if p.measure_id == measure.id)
    return tuple(words_of(prompt, measure.instrument) for prompt in stand)

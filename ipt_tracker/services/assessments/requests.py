"""Asking a blinded assessor for one form of a course, and taking that back."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission, Role
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Account, AssessmentRequest, Course
from ipt_tracker.persistence.queries.people import names_of
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork


class RequestState(StrEnum):
    """What became of a request."""

    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class RequestEntry:
    """Who shall assess, with which form, until when. Nothing in the note may unblind."""

    assessor_id: UUID | None
    instrument: str
    due_on: date | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request as the course shows it."""

    id: UUID
    assessor: str
    instrument: str
    due_on: date | None
    note: str | None
    asked_by: str
    asked_at: datetime
    state: RequestState
    settled_at: datetime | None
    why: str | None
    measure_id: UUID | None


def assessors(work: UnitOfWork) -> tuple[tuple[UUID, str], ...]:
    """Give the assessors who can sign in, by name."""
    rows = work.session.execute(
        select(Account.id, Account.display_name)
        .where(Account.role == Role.ASSESSOR, Account.enabled)
        .order_by(Account.display_name, Account.id)
    )
    return tuple((row.id, row.display_name) for row in rows)


def ask_assessment(work: UnitOfWork, course: Course, entry: RequestEntry) -> AssessmentRequest:
    """Ask somebody for one form of a course that was opened already. RuleBroken says what fails."""
    _check(work, course, entry)
    request = AssessmentRequest(
        course_id=course.id,
        assessor_id=entry.assessor_id,
        instrument=entry.instrument,
        due_on=entry.due_on,
        note=entry.note,
        asked_by=work.person.id,
        asked_at=work.now,
    )
    work.session.add(request)
    work.session.flush()
    work.audit(
        Event.ASSESSMENT_ASKED,
        request_subject(course, request),
        instrument=entry.instrument,
        assessor=str(entry.assessor_id),
    )
    return request


def _check(work: UnitOfWork, course: Course, entry: RequestEntry) -> None:
    if entry.assessor_id not in {person for person, _ in assessors(work)}:
        raise RuleBroken("Choose an assessor.", "assessor")
    if entry.instrument not in INSTRUMENTS:
        raise RuleBroken("Choose a form or an interview.", "instrument")
    if entry.due_on and entry.due_on < work.today:
        raise RuleBroken("Choose today or a later day.", "due_on")
    same = select(AssessmentRequest.id).where(
        AssessmentRequest.course_id == course.id,
        AssessmentRequest.assessor_id == entry.assessor_id,
        AssessmentRequest.instrument == entry.instrument,
        AssessmentRequest.done_at.is_(None),
        AssessmentRequest.withdrawn_at.is_(None),
    )
    if work.session.scalar(same.limit(1)) is not None:
        raise RuleBroken("This assessor was asked for it already.", "instrument")


def request_subject(course: Course, request: AssessmentRequest) -> Subject:
    """Name a request for the audit."""
    return Subject("assessment_request", request.id, course.patient_id)


def requests_of(work: UnitOfWork, course: Course) -> tuple[RequestLine, ...]:
    """Give every request of a course that was opened already, the newest first."""
    wanted = select(AssessmentRequest).where(AssessmentRequest.course_id == course.id)
    rows = work.session.scalars(wanted.order_by(AssessmentRequest.asked_at.desc())).all()
    people = {person for row in rows for person in (row.assessor_id, row.asked_by)}
    names = names_of(work.session, people)
    return tuple(
        RequestLine(
            row.id,
            names[row.assessor_id],
            row.instrument,
            row.due_on,
            row.note,
            names[row.asked_by],
            row.asked_at,
            state_of(row),
            row.done_at or row.withdrawn_at,
            row.withdrawn_why,
            row.measure_id,
        )
        for row in rows
    )


def state_of(row: AssessmentRequest) -> RequestState:
    """Say what became of a request."""
    if row.done_at is not None:
        return RequestState.DONE
    if row.withdrawn_at is None:
        return RequestState.OPEN
    own = row.withdrawn_by == row.assessor_id
    return RequestState.DECLINED if own else RequestState.TAKEN_BACK


def find_open_request(work: UnitOfWork, course: Course, request_id: UUID) -> AssessmentRequest:
    """Give an open request of a course that was opened already, or raise AccessDenied."""
    row = work.session.get(AssessmentRequest, request_id)
    if row is None or row.course_id != course.id or state_of(row) is not RequestState.OPEN:
        raise AccessDenied(Permission.ASK_ASSESSMENT)
    return row


def take_back(work: UnitOfWork, course: Course, request_id: UUID, why: str | None) -> None:
    """Take back what was asked and has not been done, with a reason."""
    settle(work, course, find_open_request(work, course, request_id), why)


def settle(work: UnitOfWork, course: Course, request: AssessmentRequest, why: str | None) -> None:
    """End a request without a form: taken back by a clinician, or declined by its assessor."""
    if not why:
        raise RuleBroken("Say why.", "why")
    request.withdrawn_at, request.withdrawn_by = work.now, work.person.id
    request.withdrawn_why = why
    declined = state_of(request) is RequestState.DECLINED
    work.audit(Event.ASSESSMENT_WITHDRAWN, request_subject(course, request), by_assessor=declined)

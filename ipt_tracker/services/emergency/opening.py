"""Opening the record of one patient in an emergency: by clinic code, with a reason, for an hour."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import AuditEntry, Course, EmergencyAccess, Patient
from ipt_tracker.persistence.visibility import visible_to
from ipt_tracker.services.emergency.running import LASTS, courses_of, emergencies_of
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

SHORTEST_REASON = 20
MOST_WRONG, WRONG_WITHIN = 10, timedelta(hours=1)
WRONG_CODE = Subject("clinic_code", "unknown")
"""What was typed is not kept: it can be anything, a patient's name too."""
STOPPED = Subject("emergency", "stopped")
NO_SUCH_CODE = "No patient has this code. Check it on the file; capitals count."
TOO_MANY = (
    f"{MOST_WRONG} wrong codes within an hour. No more tries are taken for now. "
    "Ask the patient’s therapist or the clinic’s administrator."
)
OWN = "You can open this course already. Find it in the caseload."
OPEN_ALREADY = "This record is open to you already. It stands below."
TOO_SHORT = f"Say in {SHORTEST_REASON} characters or more why it cannot wait."
SAME_REASON = "That is the reason of the last time. Say why it is needed again."


@dataclass(frozen=True, slots=True)
class EmergencyEntry:
    """Whose record, by the clinic code, and why it cannot wait."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The course that is open now, or what was wrong. Both have left an audit row."""

    course_id: UUID | None
    refusal: RuleBroken | None = None


def open_in_emergency(work: UnitOfWork, entry: EmergencyEntry) -> Answer:
    """Let the actor read the courses of one patient for an hour.

    What refuses is an answer and no exception, so that its audit row is kept: wrong codes are
    counted there.
    """
    work.require(Permission.BREAK_GLASS)
    if _wrong_codes(work) >= MOST_WRONG:
        return _refused(work, STOPPED, RuleBroken(TOO_MANY, "code"))
    patient = work.session.scalar(select(Patient).where(Patient.code == entry.code.strip()))
    courses = courses_of(work, patient.id) if patient else ()
    if patient is None or not courses:
        return _refused(work, WRONG_CODE, RuleBroken(NO_SUCH_CODE, "code"))
    wrong = _obstacle(work, patient, entry)
    if wrong is not None:
        return _refused(work, Subject("patient", patient.id, patient.id), wrong)
    access = _opened(work, patient, entry)
    subject = Subject("emergency", access.id, patient.id)
    work.audit(Event.EMERGENCY_STARTED, subject, ends_at=access.ends_at.isoformat())
    return Answer(courses[0])


def _wrong_codes(work: UnitOfWork) -> int:
    """Count the wrong codes of the last hour, in the audit: no restart forgets them."""
    wanted = select(func.count()).where(
        AuditEntry.actor_id == work.person.id,
        AuditEntry.at > work.now - WRONG_WITHIN,
        AuditEntry.event == Event.EMERGENCY_REFUSED,
        AuditEntry.subject_kind == WRONG_CODE.kind,
    )
    return work.session.scalar(wanted) or 0


def _refused(work: UnitOfWork, subject: Subject, broken: RuleBroken) -> Answer:
    work.audit(Event.EMERGENCY_REFUSED, subject)
    return Answer(None, broken)


def _obstacle(work: UnitOfWork, patient: Patient, entry: EmergencyEntry) -> RuleBroken | None:
    if patient.id in emergencies_of(work.session, work.person.id, work.now):
        return RuleBroken(OPEN_ALREADY, "code")
    if _is_own(work, patient):
        return RuleBroken(OWN, "code")
    reason = entry.reason.strip()
    if len(reason) < SHORTEST_REASON:
        return RuleBroken(TOO_SHORT, "reason")
    return RuleBroken(SAME_REASON, "reason") if reason == _last_reason(work, patient) else None


def _is_own(work: UnitOfWork, patient: Patient) -> bool:
    """Say whether nothing of this patient is closed to the actor."""
    closed = select(Course.id).where(
        Course.patient_id == patient.id, ~visible_to(work.person, work.today)
    )
    return work.session.scalar(closed.limit(1)) is None


def _last_reason(work: UnitOfWork, patient: Patient) -> str | None:
    return work.session.scalar(
        select(EmergencyAccess.reason)
        .where(
            EmergencyAccess.account_id == work.person.id,
            EmergencyAccess.patient_id == patient.id,
        )
        .order_by(EmergencyAccess.started_at.desc())
        .limit(1)
    )


def _opened(work: UnitOfWork, patient: Patient, entry: EmergencyEntry) -> EmergencyAccess:
    access = EmergencyAccess(
        account_id=work.person.id,
        patient_id=patient.id,
        reason=entry.reason.strip(),
        started_at=work.now,
        ends_at=work.now + LASTS,
    )
    work.session.add(access)
    work.session.flush()
    return access

"""Notes on their way: signed, sent back, co-signed; and a process note for each course."""

from uuid import UUID

from sqlalchemy import select

from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import Account, Addendum, NoteStep, ProcessNote, SessionRecord
from ipt_tracker.services.doors import open_course, open_session
from ipt_tracker.services.notes import cosign, request_changes, sign_note
from ipt_tracker.services.process_notes import ProcessEntry, write_new
from tests.factories.clinic import Clinic
from tests.factories.courses import CourseRef
from tests.factories.people import Person


def owner_of(clinic: Clinic, course: CourseRef) -> Person:
    """Give the therapist of one of the clinic's two courses."""
    return clinic.therapist if course is clinic.course else clinic.therapist2


def thread_of(clinic: Clinic, course: CourseRef) -> UUID:
    """Give a process note of the course's therapist; the first call writes it."""
    own = select(ProcessNote.thread).where(ProcessNote.course_id == course.id)
    with clinic.reading() as work:
        found = work.session.scalars(own).first()
    if found is not None:
        return found
    with clinic.writing(owner_of(clinic, course)) as work:
        opened = open_course(work, course.id, Permission.WRITE_PROCESS_NOTE)
        return write_new(work, opened, ProcessEntry("a thought of my own")).thread


def noted(clinic: Clinic, course: CourseRef) -> None:
    """Put a step with a comment and an addendum to the first slot, past the services."""
    by = owner_of(clinic, course).id
    with clinic.writing() as work:
        record = work.session.scalars(
            select(SessionRecord).where(
                SessionRecord.course_id == course.id, SessionRecord.slot == course.slots[0]
            )
        ).one()
        asked = {"step": "changes_requested", "comment": "say more"}
        step = NoteStep(session_id=record.id, taken_by=by, taken_at=work.now, **asked)
        said = {"text": "she called", "reason": "came later"}
        addendum = Addendum(session_id=record.id, written_by=by, written_at=work.now, **said)
        work.session.add_all([step, addendum])


def make_trainee(clinic: Clinic, person: Person) -> None:
    """Let the supervisor co-sign this person's notes."""
    with clinic.writing() as work:
        work.session.get(Account, person.id).needs_cosign = True


def sign(clinic: Clinic, slot: int, person: Person | None = None) -> None:
    """Sign the note of a slot of the first course, as it is now."""
    with clinic.writing(person or clinic.therapist) as work:
        course, record = open_session(work, clinic.course.id, slot, Permission.SIGN_NOTE)
        sign_note(work, course, record, seen_version=record.version)


def send_back(clinic: Clinic, slot: int, comment: str = "say more about risk") -> None:
    """Request changes of the note of a slot, as the supervisor."""
    with clinic.writing(clinic.supervisor) as work:
        course, record = open_session(work, clinic.course.id, slot, Permission.COSIGN_NOTE)
        request_changes(work, course, record, comment, seen_version=record.version)


def approve(clinic: Clinic, slot: int) -> None:
    """Co-sign the note of a slot, as the supervisor."""
    with clinic.writing(clinic.supervisor) as work:
        course, record = open_session(work, clinic.course.id, slot, Permission.COSIGN_NOTE)
        cosign(work, course, record, seen_version=record.version)

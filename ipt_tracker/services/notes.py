"""Notes: sign one, send it back, co-sign it. Rules, then the step, then the audit."""

from dataclasses import dataclass

from sqlalchemy import select

from ipt_tracker.clinical.course.attendance import took_place
from ipt_tracker.clinical.course.notes import TRAINEE, Act, NoteState, Step, after, allows, is_late
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Account, Course, NoteStep, SessionRecord
from ipt_tracker.services.note_corrections import Correction, add_addendum, correct_note
from ipt_tracker.services.risk_tasks import RiskTask, open_tasks
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, Subject, UnitOfWork

__all__ = [
    "Correction",
    "NotReady",
    "NoteState",
    "Obstacle",
    "acknowledge_changes",
    "add_addendum",
    "can_change",
    "correct_note",
    "cosign",
    "missing_from",
    "needs_cosign",
    "obstacles",
    "request_changes",
    "sign_note",
]

NO_WORD_ON_RISK = (
    "Nothing is recorded about risk at this session. Say whether you asked; “Not asked” with a "
    "reason is an answer."
)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that must be done before a note can be signed; `task` where it is a risk task."""

    text: str
    task: RiskTask | None = None


class NotReady(RuleBroken):
    """A note cannot be signed yet; `obstacles` names all that stands in the way."""

    def __init__(self, found: tuple[Obstacle, ...]) -> None:
        super().__init__(" ".join(each.text for each in found))
        self.obstacles = found


def can_change(record: SessionRecord) -> bool:
    """Say whether a slot can still be changed itself: until its note is signed, or if sent back."""
    return allows(record.note_state, Act.EDIT)


def obstacles(work: UnitOfWork, course: Course, record: SessionRecord) -> tuple[Obstacle, ...]:
    """Name what stands in the way of signing: open risk tasks, and no word on risk."""
    tasks = open_tasks(work, [course.id])[course.id]
    waiting = tuple(Obstacle(f"{task.title}. {task.text}", task) for task in tasks)
    return waiting + missing_from(record)


def missing_from(record: SessionRecord) -> tuple[Obstacle, ...]:
    """Name what a record itself lacks before it can be signed."""
    lacks = took_place(record.attendance) and record.risk is None
    return (Obstacle(NO_WORD_ON_RISK),) if lacks else ()


def needs_cosign(work: UnitOfWork, course: Course) -> bool:
    """Say whether what the actor signs in this course waits for the supervisor: a trainee's."""
    account = work.session.get(Account, work.person.id)
    return course.therapist_role == TRAINEE or (account is not None and account.needs_cosign)


def sign_note(
    work: UnitOfWork, course: Course, record: SessionRecord, *, seen_version: int | None
) -> None:
    """Sign a note that was read in this version. It is locked from then on."""
    require_seen(record, seen_version)
    state = after(record.note_state, Act.SIGN, needs_cosign=needs_cosign(work, course))
    found = obstacles(work, course, record)
    if found:
        raise NotReady(found)
    if not _was_signed_before(work, record):
        record.late_entry = is_late(record.held_on, work.today)
    record.note_state = state
    record.signed_by, record.signed_at = work.person.id, work.now
    record.note_signed_on, record.note_service_on = work.today, record.held_on
    _step(work, record, Step.SIGNED)
    late = record.late_entry
    work.audit(Event.NOTE_SIGNED, _subject(course, record), slot=record.slot, late=late)


def request_changes(
    work: UnitOfWork,
    course: Course,
    record: SessionRecord,
    comment: str | None,
    *,
    seen_version: int | None,
) -> None:
    """Send a note back to its author with a comment. The signature stays as a step."""
    require_seen(record, seen_version)
    state = after(record.note_state, Act.REQUEST_CHANGES)
    if not comment:
        raise RuleBroken("Say what shall be changed.", "comment")
    record.note_state = state
    record.signed_by = record.signed_at = record.note_signed_on = record.note_service_on = None
    _step(work, record, Step.CHANGES_REQUESTED, comment)
    work.audit(Event.NOTE_CHANGES_REQUESTED, _subject(course, record), slot=record.slot)


def cosign(
    work: UnitOfWork, course: Course, record: SessionRecord, *, seen_version: int | None
) -> None:
    """Approve a trainee's note, which is never one's own."""
    require_seen(record, seen_version)
    state = after(record.note_state, Act.COSIGN)
    if record.signed_by == work.person.id:
        raise RuleBroken("You signed this note yourself. Somebody else co-signs it.")
    record.note_state = state
    record.note_cosigned_by = work.person.display_name[:60]
    record.note_cosigned_on = work.today
    _step(work, record, Step.COSIGNED)
    work.audit(Event.NOTE_COSIGNED, _subject(course, record), slot=record.slot)


def acknowledge_changes(
    work: UnitOfWork, course: Course, record: SessionRecord, *, seen_version: int | None
) -> None:
    """Keep that the supervisor has seen what was added or corrected after co-signing."""
    require_seen(record, seen_version)
    if record.note_state != NoteState.COSIGNED:
        raise RuleBroken("This note is not co-signed.")
    _step(work, record, Step.SEEN)
    work.audit(Event.NOTE_CHANGES_SEEN, _subject(course, record), slot=record.slot)


def require_seen(record: SessionRecord, seen_version: int | None) -> None:
    """Raise ChangedMeanwhile unless the note is still the one that the person has read."""
    if seen_version != record.version:
        raise ChangedMeanwhile


def _was_signed_before(work: UnitOfWork, record: SessionRecord) -> bool:
    own = select(NoteStep.id).where(NoteStep.session_id == record.id, NoteStep.step == Step.SIGNED)
    return work.session.scalar(own.limit(1)) is not None


def _step(work: UnitOfWork, record: SessionRecord, step: Step, comment: str | None = None) -> None:
    work.session.add(
        NoteStep(
            session_id=record.id,
            step=step,
            comment=comment,
            taken_by=work.person.id,
            taken_at=work.now,
        )
    )


def _subject(course: Course, record: SessionRecord) -> Subject:
    return Subject("session", record.id, course.patient_id)

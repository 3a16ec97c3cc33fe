"""Notes that wait: for their therapist to finish, for the supervisor to co-sign or to look at."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from ipt_tracker.clinical.course.notes import OPEN, OVERDUE_DAYS, NoteState, Step
from ipt_tracker.governance.access import Permission, Role
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Course
from ipt_tracker.persistence.queries import notes as query
from ipt_tracker.persistence.queries.notes import NoteRow, OverduePart
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

MOST = 100
"""Rows of each list: what waits longest comes first, the rest moves up."""
AWAITING = frozenset({NoteState.AWAITING_COSIGN})


@dataclass(frozen=True, slots=True)
class Comment:
    """What a supervisor asked for, and who that was."""

    text: str
    who: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """The old notes of a supervisee that are not signed, by their state."""

    parts: tuple[OverduePart, ...]

    @property
    def therapist_id(self) -> UUID:
        """Whose they are."""
        return self.parts[0].therapist_id

    @property
    def therapist(self) -> str:
        """Whose they are, by name."""
        return self.parts[0].therapist

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(part.count for part in self.parts)

    @property
    def oldest(self) -> date:
        """The day of the session whose note waits longest."""
        return min(part.oldest for part in self.parts)


@dataclass(frozen=True, slots=True)
class NoteList:
    """What waits in the notes that a person may see. `overdue` is a supervisor's alone.

    `unsigned_count` is a therapist's notes to sign; a supervisor's includes those sent back.
    """

    unsigned: tuple[NoteRow, ...]
    unsigned_count: int
    requested: tuple[NoteRow, ...]
    comments: dict[UUID, Comment]
    awaiting: tuple[NoteRow, ...]
    changed: tuple[NoteRow, ...]
    overdue: tuple[Overdue, ...]
    overdue_count: int


def read_notes(work: UnitOfWork) -> NoteList:
    """Read what waits for the actor. A supervisor sees the open notes of others as counts."""
    work.require(Permission.SEE_CASELOAD)
    work.audit(Event.NOTES_LISTED, Subject("caseload", work.person.id))
    if work.person.role is Role.SUPERVISOR:
        return _of_supervisor(work)
    requested = _in(work, frozenset({NoteState.CHANGES_REQUESTED}))
    unsigned = frozenset({NoteState.UNSIGNED})
    count = query.count_in(work.session, work.person, work.today, unsigned)
    return NoteList(
        unsigned=_in(work, unsigned),
        unsigned_count=count,
        requested=requested,
        comments=_comments(work, requested),
        awaiting=_in(work, AWAITING),
        changed=(),
        overdue=(),
        overdue_count=0,
    )


def next_to_sign(work: UnitOfWork) -> NoteRow | None:
    """Give the note that its therapist could sign next: the oldest, those sent back included."""
    found = query.notes_in(work.session, work.person, work.today, OPEN, 1)
    return found[0] if found else None


def open_note_of(work: UnitOfWork, course: Course, session_id: UUID | None) -> NoteRow | None:
    """Give the open note of this slot, else that of the newest session of the course."""
    found = query.open_in_course(work.session, work.person, work.today, course.id, OPEN)
    own = (note for note in found if note.session_id == session_id)
    return next(own, found[-1] if found else None)


def next_to_cosign(work: UnitOfWork) -> NoteRow | None:
    """Give the note that waits longest for the supervisor."""
    found = query.notes_in(work.session, work.person, work.today, AWAITING, 1)
    return found[0] if found else None


def _of_supervisor(work: UnitOfWork) -> NoteList:
    before = work.today - timedelta(days=OVERDUE_DAYS)
    return NoteList(
        unsigned=(),
        unsigned_count=query.count_in(work.session, work.person, work.today, OPEN),
        requested=(),
        comments={},
        awaiting=_in(work, AWAITING),
        changed=query.changed_since_cosigned(work.session, work.person, work.today, MOST),
        overdue=_overdue(work, before),
        overdue_count=query.count_in(work.session, work.person, work.today, OPEN, before),
    )


def _overdue(work: UnitOfWork, before: date) -> tuple[Overdue, ...]:
    """Put the counts of each supervisee together; whose note waits longest comes first."""
    found: dict[UUID, list[OverduePart]] = {}
    for part in query.overdue_of(work.session, work.person, work.today, before, OPEN):
        found.setdefault(part.therapist_id, []).append(part)
    return tuple(Overdue(tuple(parts)) for parts in found.values())


def _in(work: UnitOfWork, states: frozenset[NoteState]) -> tuple[NoteRow, ...]:
    return query.notes_in(work.session, work.person, work.today, states, MOST)


def _comments(work: UnitOfWork, rows: tuple[NoteRow, ...]) -> dict[UUID, Comment]:
    found: dict[UUID, Comment] = {}
    for session_id, steps in query.steps_of(work.session, [r.session_id for r in rows]).items():
        for step, who in steps:
            if step.step == Step.CHANGES_REQUESTED:
                found[session_id] = Comment(step.comment or "", who)
    return found

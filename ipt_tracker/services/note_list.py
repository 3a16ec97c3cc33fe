"""Notes that wait: for their therapist to finish, for the supervisor to co-sign or to look at."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from ipt_tracker.clinical.course.notes import OPEN, OVERDUE_DAYS, NoteState, Step
from ipt_tracker.governance.access import Permission, Role
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.queries import notes as query
from ipt_tracker.persistence.queries.notes import NoteRow, OverdueRow
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
class NoteList:
    """What waits in the notes that a person may see. `overdue` is a supervisor's alone."""

    unsigned: tuple[NoteRow, ...]
    unsigned_count: int
    requested: tuple[NoteRow, ...]
    comments: dict[UUID, Comment]
    awaiting: tuple[NoteRow, ...]
    changed: tuple[NoteRow, ...]
    overdue: tuple[OverdueRow, ...]


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
    )


def next_to_sign(work: UnitOfWork) -> NoteRow | None:
    """Give the note that its therapist could sign next: the oldest, those sent back included."""
    found = query.notes_in(work.session, work.person, work.today, OPEN, 1)
    return found[0] if found else None


def next_to_cosign(work: UnitOfWork) -> NoteRow | None:
    """Give the note that waits longest for the supervisor."""
    found = query.notes_in(work.session, work.person, work.today, AWAITING, 1)
    return found[0] if found else None


def _of_supervisor(work: UnitOfWork) -> NoteList:
    before = work.today - timedelta(days=OVERDUE_DAYS)
    return NoteList(
        unsigned=(),
        unsigned_count=0,
        requested=(),
        comments={},
        awaiting=_in(work, AWAITING),
        changed=query.changed_since_cosigned(work.session, work.person, work.today, MOST),
        overdue=query.overdue_of(work.session, work.person, work.today, before, OPEN),
    )


def _in(work: UnitOfWork, states: frozenset[NoteState]) -> tuple[NoteRow, ...]:
    return query.notes_in(work.session, work.person, work.today, states, MOST)


def _comments(work: UnitOfWork, rows: tuple[NoteRow, ...]) -> dict[UUID, Comment]:
    found: dict[UUID, Comment] = {}
    for session_id, steps in query.steps_of(work.session, [r.session_id for r in rows]).items():
        for step, who in steps:
            if step.step == Step.CHANGES_REQUESTED:
                found[session_id] = Comment(step.comment or "", who)
    return found

"""The notes that wait, in the words of their list."""

from dataclasses import dataclass
from datetime import date

from flask import url_for

from ipt_tracker.clinical.course.attendance import Attendance
from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.persistence.queries.notes import NoteRow
from ipt_tracker.services.note_list import Comment, NoteList
from ipt_tracker.web.notes.overdue import OverdueLine, Unsigned, overdue_line, unsigned_words
from ipt_tracker.web.sessions.rows import slot_title
from ipt_tracker.web.work import given


@dataclass(frozen=True, slots=True)
class Line:
    """One note that waits; `since` is the day from which the waiting is counted."""

    url: str
    title: str
    code: str
    name: str | None
    therapist: str
    held_on: date
    attendance: str
    waiting: str
    comment: Comment | None
    found_risk: bool


@dataclass(frozen=True, slots=True)
class ListView:
    """The lists of the page, and the sentence above them."""

    lead: str
    not_signed: Unsigned | None
    """What a supervisor is told of the notes of others."""
    unsigned: tuple[Line, ...]
    hidden: int
    requested: tuple[Line, ...]
    awaiting: tuple[Line, ...]
    changed: tuple[Line, ...]
    overdue: tuple[OverdueLine, ...]


def list_view(found: NoteList, *, of_others: bool) -> ListView:
    """Put the lists into words; `of_others` as a supervisor sees them."""
    counts = (found.unsigned_count, found.overdue_count)
    not_signed = unsigned_words(*counts) if of_others else None
    return ListView(
        lead=_lead(found, of_others=of_others),
        not_signed=not_signed,
        unsigned=tuple(_line(row, "notes.sign", row.held_on) for row in found.unsigned),
        hidden=found.unsigned_count - len(found.unsigned),
        requested=tuple(
            _line(row, "sessions.show", row.held_on, found.comments.get(row.session_id))
            for row in found.requested
        ),
        awaiting=tuple(_line(row, "notes.cosign", row.signed_on) for row in found.awaiting),
        changed=tuple(_line(row, "notes.cosign", row.signed_on) for row in found.changed),
        overdue=tuple(overdue_line(row) for row in found.overdue),
    )


def _line(row: NoteRow, endpoint: str, since: date | None, comment: Comment | None = None) -> Line:
    return Line(
        url=url_for(endpoint, course_id=row.course_id, slot=row.slot),
        title=slot_title(row),
        code=row.code,
        name=row.name,
        therapist=row.therapist,
        held_on=row.held_on,
        attendance=label_of(Attendance, row.attendance),
        waiting=_days((given().today() - since).days) if since else "",
        comment=comment,
        found_risk=row.found_risk,
    )


def _days(count: int) -> str:
    if count <= 0:
        return "today"
    return "1 day" if count == 1 else f"{count} days"


def _lead(found: NoteList, *, of_others: bool) -> str:
    """Say in a sentence how much waits; nothing where only notes of others do."""
    to_sign = 0 if of_others else found.unsigned_count
    parts = [
        _many(len(found.requested), "note sent back to you", "notes sent back to you"),
        _many(to_sign, "note to sign", "notes to sign"),
        _many(len(found.awaiting), "note awaits a co-signature", "notes await a co-signature"),
        _many(len(found.changed), "changed since you co-signed", "changed since you co-signed"),
    ]
    said = [part for part in parts if part]
    if not said:
        return "" if of_others and found.unsigned_count else "Nothing waits."
    return f"{', '.join(said)}."


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}" if count else ""

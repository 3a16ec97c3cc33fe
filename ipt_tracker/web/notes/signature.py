"""The signature of a note in words, and what can be done next: the panel beside a session."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request, url_for

from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.notes import Act, NoteState, Step, allows, is_late, is_signed
from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.queries.notes import NoteRow
from ipt_tracker.services.doors import may_with
from ipt_tracker.services.note_list import next_to_cosign, next_to_sign
from ipt_tracker.services.notes import missing_from, obstacles
from ipt_tracker.services.session_page import Slot
from ipt_tracker.services.unit_of_work import UnitOfWork
from ipt_tracker.web.page import day, day_year
from ipt_tracker.web.risk_tasks import task_url
from ipt_tracker.web.sessions.rows import NOTE_TAGS, note_words
from ipt_tracker.web.work import given

Row = Any
"""A row of a table: this room works with rows and does not know the tables."""
THEN = "then"
"""The parameter of an address that says what was just done, so that the next note is offered."""


@dataclass(frozen=True, slots=True)
class Link:
    """Something to press."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Quote:
    """What a supervisor asked for."""

    text: str
    who: str


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that must be done before signing, and where."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Signature:
    """The state of a note, how it came to it, and the next action."""

    words: str
    tag: str | None
    is_late: bool
    facts: tuple[tuple[str, str], ...]
    quote: Quote | None
    missing: tuple[str, ...]
    """What the record lacks. Open risk tasks stand above, on every page of the course."""
    main: Link | None
    others: tuple[Link, ...]
    then: tuple[Link, ...]
    """What is offered after signing or co-signing: Today, then the next note."""
    history: tuple[str, ...]


def signature_of(work: UnitOfWork, found: Slot) -> Signature:
    """Put the signature of one slot into words for whoever looks at it."""
    record, may = found.record, may_with(work, found.facts.course)
    can_sign = Permission.SIGN_NOTE in may and allows(record.note_state, Act.SIGN)
    return Signature(
        words=note_words(record.note_state),
        tag=NOTE_TAGS.get(record.note_state or ""),
        is_late=record.late_entry and is_signed(record.note_state),
        facts=signed_facts(found),
        quote=_quote(found),
        missing=tuple(each.text for each in missing_from(record)) if can_sign else (),
        main=_main(found, can_sign=can_sign, may=may),
        others=_others(found, may),
        then=_then(work, may) if request.args.get(THEN) == "next" else (),
        history=tuple(_step_words(step, who) for step, who in found.steps),
    )


def obstacles_of(work: UnitOfWork, found: Slot) -> tuple[Obstacle, ...]:
    """Name what stands in the way of signing, each with the page on which it is answered."""
    course, record = found.facts.course, found.record
    edit = url_for("sessions.edit", course_id=course.id, slot=record.slot)
    return tuple(
        Obstacle(each.text, task_url(each.task) if each.task else edit)
        for each in obstacles(work, course, record)
    )


def signed_facts(found: Slot) -> tuple[tuple[str, str], ...]:
    """Say who signed and co-signed when, with day of service and of entry where entry was late."""
    record = found.record
    facts = [
        ("Signed", _signed_words(found)),
        ("Logged", _logged_late(found)),
        ("Co-signed", _cosigned_words(found)),
    ]
    if record.late_entry and record.note_signed_on:
        facts.append(("Day of service", day_year(record.note_service_on or record.held_on)))
        facts.append(("Day of entry", day_year(record.note_signed_on)))
    return tuple((label, text) for label, text in facts if text)


def _signed_words(found: Slot) -> str | None:
    record = found.record
    if record.signed_at is None:
        return day_year(record.note_signed_on) if record.note_signed_on else None
    who = next((name for step, name in reversed(found.steps) if step.step == Step.SIGNED), "")
    return f"{who}, {moment(record.signed_at)}"


def _cosigned_words(found: Slot) -> str | None:
    """Say who and when; a note that arrived co-signed in a file has its day alone."""
    record = found.record
    at = next(
        (step.taken_at for step, _ in reversed(found.steps) if step.step == Step.COSIGNED), None
    )
    said = (record.note_cosigned_by, moment(at) if at else day_year(record.note_cosigned_on))
    return ", ".join(part for part in said if part) or None


def _logged_late(found: Slot) -> str | None:
    """Give the day of the first entry where that was late; what a file brought has none."""
    record, course = found.record, found.facts.course
    from_file = course.case_id is not None and record.created_at == course.created_at
    entered = given().day_of(record.created_at)
    if from_file or not is_late(record.held_on, entered):
        return None
    return f"{day_year(entered)}, for {day_year(record.held_on)}"


def _quote(found: Slot) -> Quote | None:
    asked = [each for each in found.steps if each[0].step == Step.CHANGES_REQUESTED]
    if found.record.note_state != NoteState.CHANGES_REQUESTED or not asked:
        return None
    step, who = asked[-1]
    return Quote(step.comment or "", f"{who}, {moment(step.taken_at)}")


def _main(found: Slot, *, can_sign: bool, may: frozenset[Permission]) -> Link | None:
    if can_sign:
        return Link("Read and sign", _at("notes.sign", found))
    if Permission.COSIGN_NOTE not in may:
        return None
    if allows(found.record.note_state, Act.COSIGN):
        return Link("Read and co-sign", _at("notes.cosign", found))
    if changed_since_cosigned(found):
        return Link("Look at what was changed", _at("notes.cosign", found))
    return None


def changed_since_cosigned(found: Slot) -> bool:
    """Say whether anything was added or corrected after the supervisor last looked."""
    if found.record.note_state != NoteState.COSIGNED:
        return False
    looked = [s.taken_at for s, _ in found.steps if s.step in {Step.COSIGNED, Step.SEEN}]
    kept = (a for a in found.amendments if a.note_state == NoteState.COSIGNED and a.author_id)
    own = [amendment.recorded_at for amendment in kept]
    own += [addendum.written_at for addendum, _ in found.addenda]
    return bool(own) and (not looked or max(own) > max(looked))


def _others(found: Slot, may: frozenset[Permission]) -> tuple[Link, ...]:
    links = []
    if Permission.SIGN_NOTE in may and allows(found.record.note_state, Act.ADD):
        links.append(Link("Add to the note", _at("notes.add", found)))
        links.append(Link("Correct the note", _at("notes.choose", found)))
    return (*links, Link("Print the note", _at("notes.printed", found)))


def _then(work: UnitOfWork, may: frozenset[Permission]) -> tuple[Link, ...]:
    """Offer Today, then the note that waits next, with whose it is and of which day."""
    find, endpoint, verb = _NEXT[Permission.SIGN_NOTE in may]
    today, row = Link("Today", url_for("today.show")), find(work)
    if row is None:
        return today, Link("All your notes are done", url_for("notes.list_all"))
    where = url_for(endpoint, course_id=row.course_id, slot=row.slot)
    return today, Link(f"Next note to {verb}: {row.code}, {day(row.held_on)}", where)


_NEXT: dict[bool, tuple[Callable[[UnitOfWork], NoteRow | None], str, str]] = {
    True: (next_to_sign, "notes.sign", "sign"),
    False: (next_to_cosign, "notes.cosign", "co-sign"),
}


def _at(endpoint: str, found: Slot) -> str:
    return url_for(endpoint, course_id=found.facts.course.id, slot=found.record.slot)


def _step_words(step: Row, who: str) -> str:
    return f"{label_of(Step, step.step)}: {who}, {moment(step.taken_at)}"


def moment(at: datetime) -> str:
    """Write a moment as "9 Mar, 14:10", with its year when it is not this one."""
    return f"{day(given().day_of(at))}, {at.astimezone():%H:%M}"


def state_words(found: Slot) -> str:
    """Say on paper where the note stands."""
    record = found.record
    if not is_signed(record.note_state):
        return "Draft, not signed"
    late = record.late_entry and record.note_state != NoteState.LATE_ENTRY
    return f"{note_words(record.note_state)}{', late entry' if late else ''}"

"""The timeline of a course: what happened in the patient's life, beside what happened in it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from ipt_tracker.clinical.course.codes import known
from ipt_tracker.clinical.course.timeline import (
    BEFORE_BIRTH,
    LONGEST_WHAT,
    EventKind,
    Exactness,
    When,
    check_when,
)
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Course, InventoryPerson, LifeEvent
from ipt_tracker.persistence.queries.inventory import people_of
from ipt_tracker.services.inventory import find_person
from ipt_tracker.services.kept_rows import (
    change_row,
    find_row,
    put_row_back,
    require_seen,
    row_subject,
    take_row_off,
)
from ipt_tracker.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class EventEntry:
    """What is known of one event."""

    kind: str
    when: When | None
    end: When | None
    what: str | None
    effect: str | None = None
    person_id: UUID | None = None
    confirmed: frozenset[str] = frozenset()


def add_event(work: UnitOfWork, course: Course, entry: EventEntry) -> LifeEvent:
    """Put an event onto the timeline.

    Raises RuleBroken for a day in the future or an end before the beginning; AskFirst for what
    lies before the patient's birth.
    """
    event = LifeEvent(
        course_id=course.id,
        recorded_by=work.person.id,
        recorded_at=work.now,
        **_values(work, course, entry, None),
    )
    work.session.add(event)
    work.session.flush()
    work.audit(Event.EVENT_RECORDED, row_subject(course, event), act="added")
    return event


def change_event(
    work: UnitOfWork, course: Course, event_id: UUID, entry: EventEntry, seen: int | None
) -> LifeEvent:
    """Change what is known of an event. The old values stay readable.

    Raises what `add_event` raises, RuleBroken where nothing changes, and ChangedMeanwhile for
    another version than was seen.
    """
    event = find_event(work, course, event_id)
    require_seen(event, seen)
    fields = change_row(work, course, event, _values(work, course, entry, event))
    work.audit(Event.EVENT_RECORDED, row_subject(course, event), act="changed", fields=fields)
    return event


def take_off(work: UnitOfWork, course: Course, event_id: UUID) -> LifeEvent:
    """Take an event off the timeline; what was written stays readable."""
    event = find_event(work, course, event_id)
    take_row_off(work, course, event)
    work.audit(Event.EVENT_RECORDED, row_subject(course, event), act="taken off")
    return event


def put_back(work: UnitOfWork, course: Course, event_id: UUID) -> LifeEvent:
    """Put an event back onto the timeline."""
    event = find_event(work, course, event_id)
    put_row_back(work, course, event)
    work.audit(Event.EVENT_RECORDED, row_subject(course, event), act="put back")
    return event


def find_event(work: UnitOfWork, course: Course, event_id: UUID) -> LifeEvent:
    """Give an event of this course's timeline."""
    return find_row(work, course, LifeEvent, event_id)


def linkable(
    work: UnitOfWork, course: Course, event: LifeEvent | None = None
) -> tuple[InventoryPerson, ...]:
    """Give the people an event can be tied to; who was taken off stays where it is tied already."""
    own = event.person_id if event else None
    people = everybody(work, course)
    return tuple(each for each in people if each.removed_at is None or each.id == own)


def everybody(work: UnitOfWork, course: Course) -> tuple[InventoryPerson, ...]:
    """Give the people of the inventory, also those who were taken off."""
    return people_of(work.session, course.id)


def when_stored(day: date, exactness: str) -> When:
    """Give a stored day as exactly as it is known."""
    return When(day, known(Exactness, exactness) or Exactness.DAY)


def _values(
    work: UnitOfWork, course: Course, entry: EventEntry, before: LifeEvent | None
) -> dict[str, Any]:
    """Check an entry, and give its columns."""
    if known(EventKind, entry.kind) is None:
        raise RuleBroken("Choose what it is.", "kind")
    if not entry.what:
        raise RuleBroken("Say in a few words what happened.", "what")
    if len(entry.what) > LONGEST_WHAT:
        raise RuleBroken(f"There is room for {LONGEST_WHAT} characters here.", "what")
    born = course.patient.birth_date
    is_confirmed = BEFORE_BIRTH in entry.confirmed
    when = check_when(entry.when, entry.end, work.today, born, is_confirmed=is_confirmed)
    if entry.person_id is not None:
        _check_person(work, course, entry.person_id, before)
    return {
        "kind": entry.kind,
        "happened_on": when.start,
        "exactness": str(when.exactness),
        "ended_on": entry.end.start if entry.end else None,
        "what": entry.what,
        "effect": entry.effect,
        "person_id": entry.person_id,
    }


def _check_person(
    work: UnitOfWork, course: Course, person_id: UUID, before: LifeEvent | None
) -> None:
    stays = before is not None and before.person_id == person_id
    try:
        person = find_person(work, course, person_id)
    except AccessDenied as denied:
        raise RuleBroken("Choose somebody of this course.", "person_id") from denied
    if person.removed_at is not None and not stays:
        raise RuleBroken("This person was taken off. Put them back first.", "person_id")

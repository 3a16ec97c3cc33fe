"""The interpersonal inventory of a course: who there is, how close, and how that moved."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from ipt_tracker.clinical.course.inventory import Move, RingChange, check_person, moves_of
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Course, InventoryPerson
from ipt_tracker.persistence.queries.inventory import changes_of, people_of
from ipt_tracker.services.doors import course_subject
from ipt_tracker.services.kept_rows import (
    REMOVED,
    Change,
    by_row,
    change_row,
    find_row,
    put_row_back,
    require_seen,
    row_subject,
    take_row_off,
)
from ipt_tracker.services.unit_of_work import UnitOfWork

TABLE = InventoryPerson.__tablename__


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """What is known of one person. Its names are the names of the columns."""

    name: str | None
    relation: str | None
    ring: int
    given: str | None = None
    expected: str | None = None
    missing: str | None = None
    to_change: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One person with where they moved, and every earlier value."""

    row: InventoryPerson
    moves: tuple[Move, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Inventory:
    """The people of a course, the closest first, and those who were taken off."""

    people: tuple[Listed, ...]
    removed: tuple[Listed, ...]


def add_person(work: UnitOfWork, course: Course, entry: PersonEntry) -> InventoryPerson:
    """Put a person into the inventory."""
    check_person(entry.name, entry.ring)
    person = InventoryPerson(
        course_id=course.id,
        recorded_by=work.person.id,
        recorded_at=work.now,
        **asdict(entry),
    )
    work.session.add(person)
    work.session.flush()
    work.audit(Event.PERSON_RECORDED, row_subject(course, person), act="added")
    return person


def change_person(
    work: UnitOfWork, course: Course, person_id: UUID, entry: PersonEntry, seen: int | None
) -> InventoryPerson:
    """Change what is known of a person. The old values stay readable.

    Raises RuleBroken where nothing changes, ChangedMeanwhile for another version than was seen.
    """
    person = find_person(work, course, person_id)
    require_seen(person, seen)
    check_person(entry.name, entry.ring)
    fields = change_row(work, course, person, asdict(entry))
    work.audit(Event.PERSON_RECORDED, row_subject(course, person), act="changed", fields=fields)
    return person


def move_person(work: UnitOfWork, course: Course, person_id: UUID, ring: int) -> InventoryPerson:
    """Put a person into another circle; where they stood before stays readable."""
    person = find_person(work, course, person_id)
    check_person(person.name, ring)
    change_row(work, course, person, {"ring": ring})
    work.audit(Event.PERSON_RECORDED, row_subject(course, person), act="moved")
    return person


def take_off(work: UnitOfWork, course: Course, person_id: UUID) -> InventoryPerson:
    """Take a person off the page; what was written stays readable."""
    person = find_person(work, course, person_id)
    take_row_off(work, course, person)
    work.audit(Event.PERSON_RECORDED, row_subject(course, person), act="taken off")
    return person


def put_back(work: UnitOfWork, course: Course, person_id: UUID) -> InventoryPerson:
    """Put a person back onto the page."""
    person = find_person(work, course, person_id)
    put_row_back(work, course, person)
    work.audit(Event.PERSON_RECORDED, row_subject(course, person), act="put back")
    return person


def find_person(work: UnitOfWork, course: Course, person_id: UUID) -> InventoryPerson:
    """Give a person of this course's inventory."""
    return find_row(work, course, InventoryPerson, person_id)


def read_inventory(work: UnitOfWork, course: Course) -> Inventory:
    """Read the whole inventory: two statements, whatever its length."""
    changes = by_row(changes_of(work.session, course.id, [TABLE]))
    everybody = [
        _listed(row, changes.get(row.id, ())) for row in people_of(work.session, course.id)
    ]
    return Inventory(
        tuple(each for each in everybody if each.row.removed_at is None),
        tuple(each for each in everybody if each.row.removed_at is not None),
    )


def _listed(row: InventoryPerson, changes: tuple[Change, ...]) -> Listed:
    written_on = row.recorded_at.astimezone().date()
    rings = [RingChange(c.day, c.old, c.new) for c in changes if c.field == "ring"]
    told = tuple(c for c in changes if c.field != REMOVED)
    return Listed(row, moves_of(written_on, rings), told)


def note_download(work: UnitOfWork, course: Course, **choice: Any) -> None:  # noqa: ANN401 -- audit details
    """Write down that the picture leaves the building, before it does."""
    work.audit(
        Event.CHART_DOWNLOADED,
        course_subject(course),
        permission=Permission.DOWNLOAD_CHART,
        **choice,
    )

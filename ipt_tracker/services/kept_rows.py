"""Rows of the inventory and the timeline, and goals: changed, taken off the page, never lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.persistence.models import Amendment, Course, Goal, InventoryPerson, LifeEvent
from ipt_tracker.services.amendments import amend
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, Subject, UnitOfWork

REMOVED = "removed"
"""Field of amendments that say when a row was taken off and put back."""

Kept = InventoryPerson | LifeEvent | Goal
K = TypeVar("K", InventoryPerson, LifeEvent, Goal)


@dataclass(frozen=True, slots=True)
class Change:
    """One earlier value of one field, and who changed it when."""

    field: str
    old: Any
    new: Any
    day: date
    author: str | None


def find_row(work: UnitOfWork, course: Course, table: type[K], row_id: UUID) -> K:
    """Give a row of this course; one of another course is refused like one that is not there."""
    row = work.session.get(table, row_id)
    if row is None or row.course_id != course.id:
        raise AccessDenied(Permission.EDIT_COURSE)
    return row


def require_seen(row: Kept, seen_version: int | None) -> None:
    """Raise ChangedMeanwhile unless the row is still the one that a form was filled in for."""
    if row.version != seen_version:
        raise ChangedMeanwhile(f"version {seen_version} of this row was changed meanwhile")


def row_subject(course: Course, row: Kept) -> Subject:
    """Name a row for the audit."""
    return Subject(row.__tablename__, row.id, course.patient_id)


def change_row(
    work: UnitOfWork, course: Course, row: Kept, values: Mapping[str, Any]
) -> tuple[str, ...]:
    """Set these fields, keep the old value of each that differs, and name them.

    Raises RuleBroken for a row that was taken off, and where nothing changes.
    """
    if row.removed_at is not None:
        raise RuleBroken("This was taken off the page. Put it back first.")
    differ = {name: new for name, new in values.items() if getattr(row, name) != new}
    if not differ:
        raise RuleBroken("That is what it says already. Nothing was changed.")
    for name, new in differ.items():
        amend(work, course, row, name, (plain(getattr(row, name)), plain(new)), reason=None)
        setattr(row, name, new)
    return tuple(sorted(differ))


def take_row_off(work: UnitOfWork, course: Course, row: Kept) -> None:
    """Take a row off the page; it stays readable and can be put back."""
    if row.removed_at is not None:
        raise RuleBroken("This was taken off already.")
    amend(work, course, row, REMOVED, (False, True), reason=None)
    row.removed_at, row.removed_by = work.now, work.person.id


def put_row_back(work: UnitOfWork, course: Course, row: Kept) -> None:
    """Put a row back onto the page."""
    if row.removed_at is None:
        raise RuleBroken("This is on the page already.")
    amend(work, course, row, REMOVED, (True, False), reason=None)
    row.removed_at = row.removed_by = None


def plain(value: object) -> object:
    """Give a value that an amendment can hold."""
    return str(value) if isinstance(value, UUID) else value


def by_row(amendments: tuple[Amendment, ...]) -> dict[UUID, tuple[Change, ...]]:
    """Sort what was changed by the row it was changed in, oldest first."""
    found: dict[UUID, tuple[Change, ...]] = {}
    for each in amendments:
        change = Change(each.field, each.old, each.new, each.amended_on, each.author)
        found[each.subject_id] = (*found.get(each.subject_id, ()), change)
    return found

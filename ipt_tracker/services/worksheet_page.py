"""What the page of formulation and contract and the page of one sheet are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ipt_tracker.clinical.course.worksheets.sheet import Sheet
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.persistence.models import Amendment, ContractChange, Course
from ipt_tracker.persistence.queries.events import contract_changes_of
from ipt_tracker.persistence.queries.people import names_of
from ipt_tracker.persistence.queries.worksheets import (
    GoalRow,
    SheetRow,
    counts_of,
    editions_of,
    goals_of,
    newest_sheets,
    not_taken_in,
    risk_last_asked,
    tasks_by_session,
)
from ipt_tracker.services.outline import Outline, outline
from ipt_tracker.services.progress_facts import facts_of, read_scores
from ipt_tracker.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Ticked:
    """The first session at which a task was ticked."""

    number: int | None
    held_on: date


@dataclass(frozen=True, slots=True)
class Plan:
    """All that was agreed and planned in a course."""

    facts: Outline
    sheets: Mapping[str, SheetRow]
    goals: tuple[GoalRow, ...]
    changes: tuple[ContractChange, ...]
    """Oldest first."""
    names: Mapping[UUID, str]
    people: int
    events: int
    ticked: Mapping[str, Ticked]
    risk_asked_on: date | None
    """The day of the last session at which risk was asked about."""

    @property
    def course(self) -> Course:
        """The course itself."""
        return self.facts.course


@dataclass(frozen=True, slots=True)
class Point:
    """One total of the instrument that a course is followed with."""

    taken_on: date
    total: int


@dataclass(frozen=True, slots=True)
class Change:
    """The first and the newest total up to a day."""

    instrument: Instrument
    first: Point
    last: Point


@dataclass(frozen=True, slots=True)
class SheetPage:
    """Every edition of one sheet, newest first, and the scores that stand beside it.

    `newest` is the newest edition of each sheet of the course.
    """

    facts: Outline
    editions: tuple[SheetRow, ...]
    not_taken: Mapping[UUID, list[Amendment]]
    """Texts that were left for another edition's, by the edition saved with them."""
    change: Change | None
    newest: Mapping[str, SheetRow]
    risk_asked_on: date | None


def read_plan(work: UnitOfWork, course: Course) -> Plan:
    """Read what was agreed in a course: a fixed number of statements, whatever its length."""
    changes = contract_changes_of(work.session, course.id)
    people, events = counts_of(work.session, course.id)
    return Plan(
        outline(work, course),
        newest_sheets(work.session, course.id),
        goals_of(work.session, course.id),
        changes,
        names_of(work.session, {c.recorded_by for c in changes if c.recorded_by is not None}),
        people,
        events,
        _first_ticks(work, course),
        risk_last_asked(work.session, course.id),
    )


def read_sheet(work: UnitOfWork, course: Course, sheet: Sheet) -> SheetPage:
    """Read one sheet of a course with its history."""
    facts = outline(work, course)
    editions = editions_of(work.session, course.id, sheet.key)
    change = change_until(work, facts, work.today) if sheet.shows_scores else None
    return SheetPage(
        facts,
        editions,
        not_taken_in(work.session, course.id),
        change,
        newest_sheets(work.session, course.id),
        risk_last_asked(work.session, course.id),
    )


def change_until(work: UnitOfWork, facts: Outline, day: date) -> Change | None:
    """Give the first and the newest total up to a day; None with fewer than two."""
    found = facts_of(facts, read_scores(work, facts))
    if found is None:
        return None
    given = (g.administration for g in found.scores.by_key[found.main.key])
    points = sorted(
        (Point(a.taken_on, a.total) for a in given if a.total is not None and a.taken_on <= day),
        key=lambda point: point.taken_on,
    )
    return Change(found.main, points[0], points[-1]) if points[1:] else None


def _first_ticks(work: UnitOfWork, course: Course) -> dict[str, Ticked]:
    found: dict[str, Ticked] = {}
    for number, day, tasks in tasks_by_session(work.session, course.id):
        for code in tasks:
            found.setdefault(code, Ticked(number, day))
    return found

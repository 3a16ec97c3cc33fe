"""What would become of each row: a new score, one that is here already, or a reason why not."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from ipt_tracker.clinical.instruments.judging import doubts
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.clinical.safety import ASK_FROM
from ipt_tracker.exchange.score_sheet import Sheet
from ipt_tracker.persistence.queries.score_imports import (
    CourseLine,
    courses_by_code,
    forms_there,
)
from ipt_tracker.services.measure_entries import check_day
from ipt_tracker.services.score_imports.matching import Matching
from ipt_tracker.services.score_imports.reading import FormIn, Problem, read_forms
from ipt_tracker.services.unit_of_work import UnitOfWork

NOT_YOURS = "None of your patients has this code."
RECENT = timedelta(days=28)
"""So long an answer on suicide raises its question, whatever came after it."""


class Becomes(StrEnum):
    """What a form of the file is beside the record."""

    NEW = "new"
    SAME = "same"
    """A form of that day with the same total is there already."""
    OTHER = "other"
    """A form of that day with another total is there already."""


@dataclass(frozen=True, slots=True)
class Line:
    """One form of the file that can be taken in."""

    form: FormIn
    course: UUID
    started_on: date
    becomes: Becomes
    there: int | None
    """The total that is there already; None where there is none, or no form."""
    is_odd: bool
    """Whether two of its answers contradict each other."""
    asks: bool
    """Whether a question about suicide is raised, as at an entry by hand."""
    answer: int | None
    """The answer on suicide, where the form has one."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would become of a spreadsheet as the records stand now."""

    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]
    left_out: int
    blank: int

    @property
    def same(self) -> tuple[Line, ...]:
        """The forms that are here already with the same total."""
        return tuple(line for line in self.lines if line.becomes is Becomes.SAME)

    @property
    def other(self) -> tuple[Line, ...]:
        """The forms of a day that has one with another total."""
        return tuple(line for line in self.lines if line.becomes is Becomes.OTHER)

    @property
    def odd(self) -> tuple[Line, ...]:
        """The forms whose answers contradict each other."""
        return tuple(line for line in self.lines if line.is_odd)

    @property
    def asking(self) -> int:
        """How many forms raise a question about suicide."""
        return sum(line.asks for line in self.lines)

    @property
    def earlier_answers(self) -> int:
        """How many answers on suicide of 1 or more are kept without a question."""
        return sum((line.answer or 0) >= ASK_FROM and not line.asks for line in self.lines)

    @property
    def seal(self) -> str:
        """Stand for all of it: what was looked at is what is taken in."""
        said = repr([(_facts(line)) for line in self.lines])
        return hashlib.sha256(said.encode()).hexdigest()[:32]


def _facts(line: Line) -> tuple[object, ...]:
    form = line.form
    facts = (form.row, form.entry.instrument.key, form.entry.taken_on, line.course)
    return (*facts, line.becomes, line.there, line.asks)


def plan_of(work: UnitOfWork, sheet: Sheet, matching: Matching) -> Plan:
    """Read every row and compare it with the records, in a fixed number of statements."""
    reading = read_forms(sheet, matching)
    courses = courses_by_code(work.session, work.person, work.today)
    problems = list(reading.problems)
    found: list[tuple[FormIn, CourseLine]] = []
    for form in reading.forms:
        try:
            found.append((form, _course_of(form, courses.get(form.code.casefold(), []), work)))
        except RuleBroken as broken:
            place = matching.day if broken.field == "taken_on" else matching.patient
            problems.append(Problem(form.row, sheet.column(place), broken.message))
    lines = _compared(work, found)
    problems.sort(key=lambda problem: problem.row)
    return Plan(lines, tuple(problems), reading.left_out, reading.blank)


def _course_of(form: FormIn, courses: list[CourseLine], work: UnitOfWork) -> CourseLine:
    """Choose the newest course that had begun on the day, else the first, if not long before it."""
    if not courses:
        raise RuleBroken(NOT_YOURS, "patient")
    day = form.entry.taken_on
    begun = [course for course in courses if course[2] <= day]
    chosen = begun[-1] if begun else courses[0]
    check_day(day, chosen[2], work.today)
    return chosen


def _compared(work: UnitOfWork, found: Iterable[tuple[FormIn, CourseLine]]) -> tuple[Line, ...]:
    """Say of each form whether it is there already: in the record, or in a row above."""
    there: dict[tuple[UUID, str, date], list[int | None]] = {}
    newest: dict[tuple[UUID, str], date] = {}
    for course_id, instrument, day, total in forms_there(work.session, work.person, work.today):
        there.setdefault((course_id, instrument, day), []).append(total)
        newest[course_id, instrument] = max(day, newest.get((course_id, instrument), day))
    lines = []
    for form, course in found:
        line = _line(form, course, there)
        lines.append(line)
        place = (course[1], form.entry.instrument.key)
        day = form.entry.taken_on
        there.setdefault((*place, day), []).append(form.total)
        newest[place] = max(day, newest.get(place, day))
    ended = {course[1] for _, course in found if course[3] is not None}
    return tuple(_asked(lines, newest, ended, work.today))


def _line(
    form: FormIn, course: CourseLine, there: dict[tuple[UUID, str, date], list[int | None]]
) -> Line:
    entry = form.entry
    totals = there.get((course[1], entry.instrument.key, entry.taken_on), [])
    becomes = Becomes.NEW
    if totals:
        becomes = Becomes.SAME if form.total in totals else Becomes.OTHER
    is_odd = entry.entered is not None and bool(doubts(entry.entered))
    item = entry.instrument.suicidality_item
    answer = entry.answers.get(item) if item else None
    shown = totals[0] if totals else None
    return Line(form, course[1], course[2], becomes, shown, is_odd, asks=False, answer=answer)


def _asked(
    lines: Iterable[Line], newest: dict[tuple[UUID, str], date], ended: set[UUID], today: date
) -> Iterator[Line]:
    """Say which answers on suicide raise a question, as they would when entered by hand.

    Those of the last four weeks do, and the newest form of its kind in a course that goes on. An
    older one is history: the answer is kept and shown, and a newer one has been given since.
    """
    for line in lines:
        entry = line.form.entry
        is_newest = newest[line.course, entry.instrument.key] == entry.taken_on
        is_open = is_newest and line.course not in ended
        is_now = is_open or entry.taken_on >= today - RECENT
        calls = entry.instrument.suicidality_item is not None
        calls = calls and (line.answer is None or line.answer >= ASK_FROM)
        yield replace(line, asks=is_now and calls)

"""What the pages of taking in scores show of a plan and of what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from ipt_tracker.services.paging import Page, page_of
from ipt_tracker.services.score_imports.plan import Becomes, Line, Plan
from ipt_tracker.services.score_imports.taking import TakenScore

FIRST_ROWS = 3
PAGE_SIZE = 50
MOST_PROBLEMS = 100
STATES = {
    Becomes.NEW: ("open", "New"),
    Becomes.SAME: ("same", "Here already, same total"),
    Becomes.OTHER: ("flag", "Another of that day"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One form of the file as the page shows it."""

    row: int
    code: str
    form: str
    day: date
    score: str
    source: str
    kind: str
    state: str
    remarks: tuple[str, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of rows."""

    page: Page
    rows: tuple[Shown, ...]


def counted(number: int, thing: str) -> str:
    """Say how many: "1 score", "1,200 scores"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def rows_of(plan: Plan, number: int) -> Found:
    """Give one page of what would be taken in, in the order of the file."""
    page, part = _part(plan.lines, number)
    return Found(page, tuple(_row(line) for line in part))


def _part(rows: Sequence[Any], number: int) -> tuple[Page, Sequence[Any]]:
    page = page_of(len(rows), number, PAGE_SIZE)
    return page, rows[max(0, page.first - 1) : page.last]


def _row(line: Line) -> Shown:
    form, entry = line.form, line.form.entry
    kind, state = STATES[line.becomes]
    items = sum(answer is not None for answer in entry.answers.values())
    remarks = (
        _there(line),
        "two answers contradict each other" if line.is_odd else "",
        "asks about suicide" if line.asks else "",
    )
    return Shown(
        form.row,
        form.code,
        entry.instrument.version,
        entry.taken_on,
        _score(form.total, form.lowest, form.highest),
        _source(items, len(entry.instrument.answer_keys)),
        kind,
        state,
        tuple(filter(None, remarks)),
    )


def _there(line: Line) -> str:
    if line.becomes is not Becomes.OTHER:
        return ""
    return "there: no total" if line.there is None else f"there: {line.there}"


def _source(items: int, asked: int) -> str:
    return f"{items} of {asked} answers" if items else "total alone"


def _score(total: int | None, lowest: int | None, highest: int | None) -> str:
    if total is not None:
        return str(total)
    return f"no total, {lowest} to {highest}"


def taken_rows(found: Sequence[TakenScore], number: int) -> Found:
    """Give one page of the scores that came of a spreadsheet."""
    page, part = _part(found, number)
    return Found(page, tuple(_taken(each) for each in part))


def _taken(score: TakenScore) -> Shown:
    measure = score.measure
    items = sum(answer is not None for answer in (measure.answers or {}).values())
    withdrawn = measure.withdrawn_at is not None
    kind, state = ("same", "Withdrawn") if withdrawn else ("done", "In the record")
    return Shown(
        score.row,
        score.code,
        score.instrument,
        measure.taken_on,
        _score(measure.total, measure.lowest, measure.highest),
        _source(items, len(measure.answers or ())),
        kind,
        state,
        (),
        url_for("measures.show", course_id=measure.course_id, measure_id=measure.id),
    )

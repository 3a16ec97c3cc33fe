"""One sheet on its page: an edition in full, who wrote it down, and what each edition changed."""

from dataclasses import dataclass
from datetime import date

from flask import url_for

from ipt_tracker.clinical.course.focal_areas import focal_area_label
from ipt_tracker.clinical.course.worksheets.sheet import Answered, Sheet
from ipt_tracker.persistence.queries.worksheets import SheetRow
from ipt_tracker.services.outline import Outline
from ipt_tracker.services.worksheet_page import Change, SheetPage
from ipt_tracker.web.page import day_year, signed
from ipt_tracker.web.work import given
from ipt_tracker.web.worksheets.compare import Differing, differing


@dataclass(frozen=True, slots=True)
class Edition:
    """One line of the history."""

    number: int
    who: str
    on: date
    why: str
    changes: tuple[Differing, ...]
    not_taken: tuple[tuple[str, str], ...]
    """Label and text of what was written at the same time and not taken."""


@dataclass(frozen=True, slots=True)
class SheetView:
    """One edition of a sheet in words; `newest` is the number of the newest one."""

    edition: int
    newest: int
    who: str
    on: date
    why: str
    summary: str
    answered: tuple[Answered, ...]
    history: tuple[Edition, ...]


def sheet_view(sheet: Sheet, page: SheetPage, wanted: int | None) -> SheetView | None:
    """Put one edition into words, the newest unless another is wanted; None where it is not."""
    number = page.editions[0].edition if wanted is None and page.editions else wanted
    shown = next((row for row in page.editions if row.edition == number), None)
    if shown is None:
        return None
    return SheetView(
        shown.edition,
        page.editions[0].edition,
        shown.who,
        day_of(shown),
        shown.reason or "",
        sheet.summary(shown.content),
        sheet.answered(shown.content),
        _history(sheet, page),
    )


def _history(sheet: Sheet, page: SheetPage) -> tuple[Edition, ...]:
    pairs = zip(page.editions, (*page.editions[1:], None), strict=True)
    labels = {field.key: field.label for field in sheet.fields}
    return tuple(
        Edition(
            row.edition,
            row.who,
            day_of(row),
            row.reason or "",
            differing(sheet, before, row) if before else (),
            tuple((labels.get(a.field, a.field), a.old) for a in page.not_taken.get(row.id, ())),
        )
        for row, before in pairs
    )


def day_of(row: SheetRow) -> date:
    """Give the clinic's day on which an edition was saved."""
    return given().day_of(row.recorded_at)


def switches(facts: Outline) -> tuple[tuple[str, str], ...]:
    """Give each open focal area with where it is switched for another one."""
    return tuple(
        (
            focal_area_label(spell.area).lower(),
            url_for("courses.switch_focus", course_id=facts.course.id, spell_id=spell.id),
        )
        for spell in facts.open_focus
    )


def score_words(change: Change | None) -> tuple[tuple[str, str], ...]:
    """Give the scores of the record as facts: then, now, and the difference."""
    if change is None:
        return ()
    name, first, last = change.instrument.version, change.first, change.last
    return (
        ("Then", f"{name} {first.total}, {day_year(first.taken_on)}"),
        ("Now", f"{name} {last.total}, {day_year(last.taken_on)}"),
        ("Change", f"{signed(last.total - first.total)} points"),
    )

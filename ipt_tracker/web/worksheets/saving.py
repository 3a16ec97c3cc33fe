"""Saving a sheet, and bringing two editions together that were written at the same time."""

from uuid import UUID

from ipt_tracker.clinical.course.worksheets.fields import FieldKind, Value
from ipt_tracker.clinical.course.worksheets.sheet import Sheet
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.queries.worksheets import SheetRow
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.drafts import Key
from ipt_tracker.services.merging import Meeting
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, UnitOfWork
from ipt_tracker.services.worksheet_page import SheetPage
from ipt_tracker.services.worksheets import keep_not_taken, record_sheet
from ipt_tracker.web.drafts.kept import drop_draft
from ipt_tracker.web.drafts.meeting import draw_merge
from ipt_tracker.web.merging import is_merging, merge, not_taken, undecided
from ipt_tracker.web.work import begin_work
from ipt_tracker.web.worksheets.forms import SheetForm

TOGETHER = "Two editions were written at the same time and brought together."


def saved(form: SheetForm, course_id: UUID, sheet: Sheet) -> bool:
    """Save what the form says; False when nothing was kept, and the form says why."""
    if undecided():
        form.stale = True
        return False
    if not form.validate_on_submit():
        return False
    try:
        with begin_work() as work:
            _save(work, form, course_id, sheet)
    except RuleBroken as broken:
        form.reject(broken)
    except ChangedMeanwhile:
        form.stale = True
    else:
        return True
    return False


def _save(work: UnitOfWork, form: SheetForm, course_id: UUID, sheet: Sheet) -> None:
    course = open_course(work, course_id, Permission.EDIT_COURSE)
    reason = form.reason.data or (TOGETHER if is_merging() else None)
    seen = form.version.data
    kept = record_sheet(
        work, course, sheet.key, form.content(), seen, reason, confirmed=form.confirmed
    )
    keep_not_taken(work, course, kept, not_taken())
    drop_draft(work)


def merge_sheet(work: UnitOfWork, page: SheetPage, form: SheetForm, held: Key | None) -> str:
    """Show what was typed and the newest edition side by side, field by field."""
    sheet, newest = form.sheet, page.editions[0]
    seen = next((e for e in page.editions if e.edition == form.version.data), None)
    names = [field.key for field in sheet.fields]
    meeting = Meeting(
        newest.edition,
        frozenset(names),
        newest.who,
        newest.who_id,
        newest.recorded_at,
        _before(sheet, seen, newest),
    )

    def show_theirs() -> None:
        form.fill(newest.content)

    merged = merge(form, names, show_theirs, meeting)
    about = f"the {sheet.label.lower()}"
    return draw_merge(work, page.facts, merged, meeting, about=about, held=held)


def _before(sheet: Sheet, seen: SheetRow | None, newest: SheetRow) -> dict[str, Value | None]:
    """Give the answers that changed since the edition that was seen, as they were in it."""
    before = seen.content if seen else {}
    fields = sheet.changed(before, newest.content)
    lines = {f.key for f in fields if f.kind is FieldKind.LINES and f.key in before}
    kept: dict[str, Value | None] = {field.key: before.get(field.key) for field in fields}
    return kept | {key: "\n".join(before[key]) for key in lines}

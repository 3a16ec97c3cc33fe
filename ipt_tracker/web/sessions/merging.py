"""Two people changed one session: both versions on one page."""

from dataclasses import fields
from typing import Any

from wtforms import StringField

from ipt_tracker.services.merging import keep_not_taken, meeting_of
from ipt_tracker.services.session_entries import SessionEntry
from ipt_tracker.services.session_start import SessionStart
from ipt_tracker.services.unit_of_work import UnitOfWork
from ipt_tracker.web.drafts.kept import take_up
from ipt_tracker.web.drafts.meeting import draw_merge, hold_draft
from ipt_tracker.web.merging import merge, not_taken
from ipt_tracker.web.sessions.forms import SessionForm
from ipt_tracker.web.sessions.prefilled import of_record
from ipt_tracker.web.sessions.rows import slot_title
from ipt_tracker.web.work import begin_reading

Row = Any
"""A row of a table: this room works with rows and does not know the tables."""
COLUMNS = frozenset(f.name for f in fields(SessionEntry))
OF_RISK = {
    "risk_detail": "detail",
    **{name: name for name in ("action", "told_who", "override_reason")},
}
OF_MEDICATION = {name: name for name in ("drug", "dose", "changed_by")}


def merge_slot(form: SessionForm, start: SessionStart, record: Row) -> str:
    """Show one's own version of a slot and the one that was saved meanwhile."""
    seen = form.version.data or 0
    held = hold_draft()
    ids = [part.id for part in (record, record.risk, record.medication) if part is not None]

    def show_theirs() -> None:
        form.process(None, data=of_record(start, record))

    title = slot_title(record)
    with begin_reading() as work:
        meeting = meeting_of(work, ids, seen, record.version, COLUMNS)
        merged = merge(form, form.mirrored, show_theirs, meeting)
        about = title[:1].lower() + title[1:]
        return draw_merge(work, start.facts, merged, meeting, about=about, held=held)


def texts_not_saved(form: SessionForm, start: SessionStart, record: Row) -> list[tuple[str, str]]:
    """Give what was typed for a slot that was signed meanwhile, so that none of it is lost."""
    if form.is_submitted():
        hold_draft()
    else:
        with begin_reading() as work:
            take_up(work, form)
    stored = of_record(start, record)
    texts = (field for field in form if isinstance(field, StringField))
    return [(f.label.text, f.data) for f in texts if f.data and f.data != stored.get(f.name)]


def keep_texts(work: UnitOfWork, course: Row, record: Row) -> None:
    """Keep the texts of one's own that were left for the other version, each beside its record."""
    texts = not_taken()
    own = {name: text for name, text in texts.items() if name in COLUMNS}
    keep_not_taken(work, course, record, own, record.note_state)
    for part, names in ((record.risk, OF_RISK), (record.medication, OF_MEDICATION)):
        if part is not None:
            found = {names[name]: text for name, text in texts.items() if name in names}
            keep_not_taken(work, course, part, found, record.note_state)

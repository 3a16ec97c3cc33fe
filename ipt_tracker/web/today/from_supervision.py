"""The panel of what waits from supervision: feedback, meetings to read, actions to do."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from flask import url_for

from ipt_tracker.persistence.queries.meetings import ActionRow
from ipt_tracker.services.fidelity.feedback import FeedbackDue
from ipt_tracker.services.supervision.waiting import Waiting
from ipt_tracker.web.page import day
from ipt_tracker.web.today.agenda import Tag
from ipt_tracker.web.today.rows import PanelRow


def supervision_rows(found: Waiting, today: date) -> tuple[PanelRow, ...]:
    """Say what waits, a line for each kind; none where there is nothing."""
    return (
        *_feedback(found.feedback),
        *_meetings(found.meetings),
        *_actions(found.actions, today),
    )


def _feedback(due: tuple[FeedbackDue, ...]) -> Iterator[PanelRow]:
    if not due:
        return
    writers = ", ".join(sorted({name for each in due for name in each.people}))
    sealed = sum(each.is_sealed for each in due)
    opens = "it opens" if len(due) == sealed == 1 else f"{sealed} open{'s' * (sealed == 1)}"
    yield PanelRow(
        f"Feedback on {_count(len(due), 'session')} to read",
        "",
        f"from {writers}" if writers else "",
        url_for("fidelity.mine"),
        "Read",
        sub=f"{opens} once you have rated the session yourself" if sealed else "",
    )


def _meetings(rows: tuple[tuple[UUID, date], ...]) -> Iterator[PanelRow]:
    if not rows:
        return
    meeting_id, held_on = rows[0]
    alone = url_for("meetings.show", meeting_id=meeting_id)
    yield PanelRow(
        f"{_count(len(rows), 'meeting')} to read",
        "",
        f"of {day(held_on)}" if len(rows) == 1 else f"the first of {day(held_on)}",
        alone if len(rows) == 1 else url_for("meetings.list_all"),
        "Read",
    )


def _actions(rows: tuple[ActionRow, ...], today: date) -> Iterator[PanelRow]:
    if not rows:
        return
    late = sum(row.due_on is not None and row.due_on < today for row in rows)
    coming = [row.due_on for row in rows if row.due_on is not None and row.due_on >= today]
    alone = url_for("meetings.show", meeting_id=rows[0].meeting_id)
    if coming:
        said = f"{'next ' * (len(rows) > 1)}due {day(coming[0])}"
    else:
        said = "" if late else "no day set"
    yield PanelRow(
        f"{_count(len(rows), 'action')} to do",
        "",
        said,
        alone if len(rows) == 1 else url_for("meetings.list_all"),
        "Open",
        Tag("late", f"{late} overdue" if len(rows) > 1 else "overdue") if late else None,
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"

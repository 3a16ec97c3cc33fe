"""The words of supervision meetings: who with, how long, and what is still to be done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.records import Modality
from ipt_tracker.clinical.fidelity.meetings import MeetingSize
from ipt_tracker.persistence.queries.meetings import ActionRow
from ipt_tracker.services.supervision.hours import Hours
from ipt_tracker.services.supervision.meeting_page import MeetingFound, MeetingLine
from ipt_tracker.web.page import day, day_year


@dataclass(frozen=True, slots=True)
class State:
    """One state as its tag shows it."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class LineRow:
    """One meeting of a list."""

    url: str
    held_on: date
    people: str
    form: str
    minutes: int
    cases: int
    actions: str
    state: State | None


@dataclass(frozen=True, slots=True)
class HoursRow:
    """The hours of one supervisee, written out."""

    name: str
    meetings: int
    individual: str
    group: str
    own_cases: str


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One action that is not done."""

    text: str
    said: str
    url: str
    state: State | None


def meeting_title(found: MeetingFound) -> str:
    """Name a meeting: "Supervision of 11 Mar 2026"."""
    return f"Supervision of {day_year(found.meeting.held_on)}"


def form_words(meeting: Any) -> str:  # noqa: ANN401 -- a row of a table
    """Say how a meeting was held: "individual, 50 minutes, by video"."""
    said = [label_of(MeetingSize, meeting.form).lower(), f"{meeting.minutes} minutes"]
    if meeting.modality:
        said.append(label_of(Modality, meeting.modality).lower())
    return ", ".join(said)


def line_rows(lines: Iterable[MeetingLine]) -> tuple[LineRow, ...]:
    """Put the meetings of a list into words."""
    return tuple(
        LineRow(
            url=url_for("meetings.show", meeting_id=line.meeting.id),
            held_on=line.meeting.held_on,
            people=", ".join(line.people),
            form=label_of(MeetingSize, line.meeting.form),
            minutes=line.meeting.minutes,
            cases=line.cases,
            actions=_actions(line),
            state=line_state(line),
        )
        for line in lines
    )


def line_state(line: MeetingLine) -> State | None:
    """Say whether a meeting was struck or waits to be read; None where it is as usual."""
    if line.meeting.struck_at is not None:
        return State("same", "Struck")
    return State("open", "Not read yet") if line.waits else None


def _actions(line: MeetingLine) -> str:
    if not line.actions:
        return "–"
    done = sum(each.done_at is not None for each in line.actions)
    return f"{done} of {len(line.actions)} done"


def hours_words(rows: Iterable[tuple[str, Hours]]) -> tuple[HoursRow, ...]:
    """Write out hours."""
    return tuple(
        HoursRow(
            name,
            each.meetings,
            in_hours(each.individual),
            in_hours(each.group),
            in_hours(each.own_cases),
        )
        for name, each in rows
    )


def in_hours(minutes: int) -> str:
    """Write minutes as hours: "1 h 40 min"."""
    hours, rest = divmod(minutes, 60)
    return (
        " ".join(filter(None, (f"{hours} h" if hours else "", f"{rest} min" if rest else "")))
        or "0"
    )


def action_rows(rows: Iterable[ActionRow], today: date, *, names: bool) -> tuple[ActionLine, ...]:
    """Put actions that are not done into words; `names`: say whose each is."""
    return tuple(
        ActionLine(
            row.text,
            ", ".join(
                filter(None, (row.therapist if names else "", f"meeting of {day(row.held_on)}"))
            ),
            url_for("meetings.show", meeting_id=row.meeting_id),
            action_state(row, today),
        )
        for row in rows
    )


def action_state(row: Any, today: date) -> State | None:  # noqa: ANN401 -- a row of a table or a query
    """Say how an open action stands: over its date, due, acknowledged, or not read."""
    if row.due_on is not None and row.due_on < today:
        days = (today - row.due_on).days
        return State("late", f"{days} {'day' if days == 1 else 'days'} over")
    if row.due_on is not None:
        return State("due", f"By {day(row.due_on)}")
    return State("open", "Acknowledged" if row.acknowledged_at else "Not acknowledged")

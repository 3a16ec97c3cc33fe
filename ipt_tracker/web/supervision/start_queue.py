"""What waits for a supervisor, a line each, the oldest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from flask import url_for

from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.fidelity.codes import RaterRole, Selection
from ipt_tracker.persistence.queries.meetings import ActionRow
from ipt_tracker.persistence.queries.open_notes import OpenNote
from ipt_tracker.persistence.queries.supervision import Origin
from ipt_tracker.services.fidelity.feedback import FeedbackDue
from ipt_tracker.services.fidelity.requests import Asked
from ipt_tracker.services.supervision.page import StartPage
from ipt_tracker.web.page import day
from ipt_tracker.web.supervision.words import State, action_state
from ipt_tracker.web.today.words import short_name

SHOWN = 12
"""Lines of the queue; of the others the number is said."""
LONGEST_TEXT = 70


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line: what to do, with which session, whose, why, until or since when."""

    what: str
    label: str
    sub: str
    therapist: str
    why: str
    why_sub: str
    state: State | None
    since: str
    action: str
    url: str
    order: date


def queue_rows(found: StartPage) -> tuple[QueueRow, ...]:
    """Put the whole queue into lines, by the day it is due or waits since."""
    queue, today = found.queue, found.last
    rows = [
        *(_rate(each, found) for each in queue.to_rate),
        *_cosign(queue.to_cosign, found.holders),
        *(_answer(each) for each in queue.to_answer),
        *(_overdue(each, today) for each in queue.overdue),
    ]
    return tuple(sorted(rows, key=lambda row: (row.order, row.what, row.label, row.sub)))


def _rate(each: Asked, found: StartPage) -> QueueRow:
    as_supervisor = each.role == RaterRole.SUPERVISOR
    origin = found.queue.origins.get(each.request_id, Origin({}, None))
    own = {person.id for person in found.people}
    names = sorted(n for id_, n in origin.therapists.items() if as_supervisor or id_ in own)
    why = label_of(Selection, each.selection)
    if each.reason:
        why = f"{why}: {each.reason}"
    return QueueRow(
        what="Rate",
        label=f"{each.code}, {short_name(each.session_kind, each.number)}",
        sub=day(each.held_on),
        therapist=", ".join(names) or "not named to a second rater",
        why=why if as_supervisor else f"Second rater, asked by {each.asked_by}",
        why_sub=_drawn(each, origin.seed) if as_supervisor else "",
        state=_due(each.due_on, found.last),
        since="" if each.due_on else "no date",
        action="Rate blind",
        url=url_for("fidelity.rate", kind=each.kind, rated_id=each.rated_id),
        order=each.due_on or found.last,
    )


def _drawn(each: Asked, seed: int | None) -> str:
    phase = f"{label_of(Phase, each.phase).lower()} phase"
    return phase if seed is None else f"{phase}, seed {seed}"


def _due(due_on: date | None, today: date) -> State | None:
    if due_on is None:
        return None
    over = (today - due_on).days
    if over > 0:
        return State("late", f"{over} {'day' if over == 1 else 'days'} over")
    return State("due", "Today") if over == 0 else State("open", f"{due_on:%a} {day(due_on)}")


def _cosign(notes: Iterable[OpenNote], whose: Mapping[UUID, str]) -> list[QueueRow]:
    """Put the notes of one supervisee into one line; a single one is named."""
    by_name = sorted(notes, key=lambda note: (whose.get(note.course_id, ""), note.held_on))
    lines = groupby(by_name, key=lambda note: whose.get(note.course_id, ""))
    return [_notes(name, list(group)) for name, group in lines]


def _notes(therapist: str, notes: list[OpenNote]) -> QueueRow:
    first, several = notes[0], len(notes) > 1
    since = min(
        note.signed_at.astimezone().date() if note.signed_at else note.held_on for note in notes
    )
    named = f"{first.code}, {short_name(first.kind, first.number)}"
    show = url_for("sessions.show", course_id=first.course_id, slot=first.slot)
    return QueueRow(
        what="Co-sign",
        label=f"{len(notes)} notes" if several else named,
        sub="" if several else day(first.held_on),
        therapist=therapist,
        why="Notes of a trainee",
        why_sub="",
        state=None,
        since=f"since {day(since)}",
        action="Review notes" if several else "Review note",
        url=url_for("notes.list_all") if several else show,
        order=since,
    )


def _answer(each: FeedbackDue) -> QueueRow:
    rated = each.at.astimezone().date()
    return QueueRow(
        what="Feed back",
        label=f"{each.code}, {short_name(each.session_kind, each.number)}",
        sub=day(each.held_on),
        therapist=", ".join(each.people),
        why="Rated, no feedback sent",
        why_sub="",
        state=None,
        since=f"since {day(rated)}",
        action="Write feedback",
        url=url_for("fidelity.feedback", kind=each.kind, rated_id=each.rated_id),
        order=rated,
    )


def _overdue(each: ActionRow, today: date) -> QueueRow:
    text = each.text if len(each.text) <= LONGEST_TEXT else f"{each.text[:LONGEST_TEXT].rstrip()}…"
    return QueueRow(
        what="Ask about",
        label=text,
        sub="",
        therapist=each.therapist,
        why="Action not done",
        why_sub=f"meeting of {day(each.held_on)}",
        state=action_state(each, today),
        since="",
        action="Open meeting",
        url=url_for("meetings.show", meeting_id=each.meeting_id),
        order=each.due_on or today,
    )

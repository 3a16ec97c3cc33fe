"""What comes after an answered task about risk: the note that it kept from being signed."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for

from ipt_tracker.clinical.course.attendance import took_place
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.doors import may_with
from ipt_tracker.services.note_list import open_note_of
from ipt_tracker.services.outline import Outline
from ipt_tracker.services.risk_tasks import open_tasks
from ipt_tracker.services.unit_of_work import UnitOfWork
from ipt_tracker.web.risk_tasks import task_url
from ipt_tracker.web.sessions.rows import slot_title


@dataclass(frozen=True, slots=True)
class Onward:
    """Something to go on to."""

    label: str
    url: str


def onward(work: UnitOfWork, course: Any, session_id: UUID | None) -> tuple[Onward, ...]:  # noqa: ANN401 -- a row of a table
    """Give what to go on to after a task of this slot: the next task, else the note; then Today."""
    today = Onward("Today", url_for("today.show"))
    tasks = open_tasks(work, [course.id])[course.id]
    if tasks:
        return Onward(f"Next: {tasks[0].title}", task_url(tasks[0])), today
    if Permission.SIGN_NOTE not in may_with(work, course):
        return (today,)
    note = open_note_of(work, course, session_id)
    if note is None:
        return (today,)
    title = slot_title(note)
    where = url_for("notes.sign", course_id=course.id, slot=note.slot)
    return Onward(f"Sign the note of {title[:1].lower()}{title[1:]}", where), today


def screener_of(work: UnitOfWork, facts: Outline, session_id: UUID | None) -> str:
    """Give the session form with the screener: of this open slot, else of a new one.

    Empty once the course has ended.
    """
    course_id = facts.course.id
    own = next((slot for slot in facts.slots if slot.id == session_id), None)
    note = open_note_of(work, facts.course, session_id)
    is_open = note is not None and note.session_id == session_id
    if own is not None and is_open and took_place(own.attendance):
        return url_for("sessions.edit", course_id=course_id, slot=own.slot)
    return "" if facts.course.ended_on else url_for("sessions.log", course_id=course_id)

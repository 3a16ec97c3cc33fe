"""What stands in the form of a meeting before anybody typed, and whose rows it has."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request

from ipt_tracker.clinical.course.catalogue import GROUP, TaskGroup, tasks_for
from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.phases import Phase, PhaseMap
from ipt_tracker.services.group_changes import risk_of
from ipt_tracker.services.group_meeting import MeetingPage
from ipt_tracker.services.group_page import Standing, in_order, usual_meeting
from ipt_tracker.web.groups.meeting_forms import PREFIX, MeetingForm, with_rows
from ipt_tracker.web.groups.page import called

Row = Any
"""A row of a table: this room works with rows and does not know the tables."""
OF_THE_GROUP = (
    *("held_on", "starts_at", "duration_minutes", "modality", "theme"),
    *("tasks", "techniques", "note", "plan"),
)
OF_A_RECORD = ("attendance", "minutes_late", "mood", "linked_event", "note", "plan")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The tasks of a group session: its own first, those of the phase after, the rest folded."""

    shown: tuple[TaskGroup, ...]
    others: tuple[TaskGroup, ...]
    phase: str


def next_form(facts: Standing) -> MeetingForm:
    """Make the form of the next session, with the usual hour and a row for each member."""
    usual = usual_meeting(facts)
    booked = {
        "held_on": facts.today,
        "starts_at": usual.starts_at,
        "duration_minutes": usual.minutes,
        "modality": usual.modality or "",
    }
    return _form(facts, booked, {})


def form_of(found: MeetingPage) -> MeetingForm:
    """Make the form of a session that is there, with the members' records in their rows."""
    meeting = found.meeting
    own = {name: getattr(meeting, name) for name in OF_THE_GROUP}
    rows = {line.member.id: _of_record(line.record) for line in found.lines if line.record}
    return _form(found.standing, own | {"modality": own["modality"] or ""}, rows)


def _form(facts: Standing, own: dict[str, Any], rows: Mapping[Any, dict[str, Any]]) -> MeetingForm:
    day = _day_in_form() or own["held_on"]
    here = {member.id for member in facts.members_on(day)}
    members = [m for m in in_order(facts.group.members) if m.id in here or _was_sent(m)]
    given = {f"{PREFIX}{key.hex}": values for key, values in rows.items()}
    form = with_rows(members)(data=own | given)
    form.offer(own)
    form.here = frozenset(here)
    for member, part in zip(members, form.parts, strict=True):
        part.member_id, part.code = member.id, member.course.patient.code
        part.title = called(member, by_name=True)
        part.attendance.label.text = part.title
        part.note.label.text = f"Note, {part.code}"
    return form


def _of_record(record: Row) -> dict[str, Any]:
    own = {name: getattr(record, name) for name in OF_A_RECORD}
    risk = risk_of(record)
    said = {"risk": risk.answer, "risk_detail": risk.detail} if risk else {}
    late = {"minutes_late": record.minutes_late or None}
    return own | said | late | {"seen": record.version}


def _day_in_form() -> date | None:
    """Read the day that was sent, to know whose rows the form has."""
    try:
        return date.fromisoformat(request.form.get("held_on", "").strip())
    except ValueError:
        return None


def _was_sent(member: Row) -> bool:
    return f"{PREFIX}{member.id.hex}-attendance" in request.form


def sheet_of(facts: Standing, number: int | None, phase: str | None = None) -> Sheet:
    """Give the tasks for a session of the group, its own first."""
    phases = PhaseMap.from_json(facts.group.phase_map)
    now = phase or phases.phase_of(Kind.GROUP, number or facts.next_number)
    sheet = tasks_for(now, None, facts.group.protocol)
    own = tuple(group for group in sheet.shown if group.section == GROUP)
    rest = tuple(group for group in sheet.shown if group.section != GROUP)
    words = Phase(now).words if now in set(Phase) else now
    return Sheet(own, (*rest, *sheet.others), words)

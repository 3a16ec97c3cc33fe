"""One meeting of a group in words: the group's record, the members' notes, what was changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from ipt_tracker.clinical.course.attendance import Attendance, took_place
from ipt_tracker.clinical.course.catalogue import TASKS, TITLES, task_text, technique_label
from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.groups import ENTERED_IN_ERROR, in_error
from ipt_tracker.clinical.course.records import Modality
from ipt_tracker.services.group_changes import CHANGED
from ipt_tracker.services.group_meeting import MeetingLine, MeetingPage
from ipt_tracker.services.group_page import Standing
from ipt_tracker.web.groups.page import called
from ipt_tracker.web.page import day
from ipt_tracker.web.sessions.rows import note_words, phase_label, risk_words

Row = Any
"""A row of a table: this room works with rows and does not know the tables."""
Fact = tuple[str, str]


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One member's note of a meeting."""

    name: str
    course_id: Any
    slot: int | None
    attendance: str
    away: bool
    facts: tuple[Fact, ...]
    note: str
    state: str
    risk: str


def meeting_title(meeting: Row) -> str:
    """Name a meeting: "Group session 7", or by its day when it was cancelled."""
    if in_error(meeting.cancel_reason):
        return f"Session of {day(meeting.held_on)}, entered in error"
    if meeting.cancelled:
        return f"Cancelled session of {day(meeting.held_on)}"
    return f"Group session {meeting.number}"


def meeting_words(facts: Standing, meeting: Row) -> str:
    """Say under the heading when it was, and where in the course of the group."""
    when = f"{day(meeting.held_on)}, {meeting.starts_at:%H:%M}" if meeting.starts_at else ""
    when = when or day(meeting.held_on)
    phase = f"{phase_label(meeting.phase).lower()} phase"
    if in_error(meeting.cancel_reason):
        return f"{when}. Entered in error: it has no number and counts nowhere."
    if meeting.cancelled:
        return f"{when}. It has no number, and counts for nobody's attendance."
    return f"{when}. Session {meeting.number} of {facts.group.planned_sessions}, {phase}."


def group_facts(page: MeetingPage) -> tuple[Fact, ...]:
    """Give what the group's own record says, in order."""
    meeting = page.meeting
    minutes = f"{meeting.duration_minutes} minutes" if meeting.duration_minutes else None
    setting = label_of(Modality, meeting.modality) if meeting.modality else None
    return facts_of(
        ("Why", (meeting.cancel_reason or "").removeprefix(ENTERED_IN_ERROR)),
        ("Theme", meeting.theme),
        ("Length", minutes),
        ("Setting", setting),
        ("Plan for the group", meeting.plan),
        ("Recorded by", page.names.get(meeting.recorded_by)),
    )


def tasks_of(meeting: Row) -> tuple[Fact, ...]:
    """Give the tasks with the heading that each stands under, and the techniques."""
    found: dict[str, list[str]] = {}
    for code in meeting.tasks:
        section = TASKS[code].section if code in TASKS else ""
        title = TITLES.get(section, "From another catalogue")
        found.setdefault(title, []).append(task_text(code))
    lines = [(title, "; ".join(texts)) for title, texts in found.items()]
    techniques = ", ".join(technique_label(code) for code in meeting.techniques)
    return (*lines, ("Techniques", techniques)) if techniques else tuple(lines)


def note_rows(page: MeetingPage) -> tuple[NoteRow, ...]:
    """Put the members' notes of a meeting into words."""
    leads = page.own is not None
    return tuple(_note_row(line, leads) for line in page.lines)


def _note_row(line: MeetingLine, leads: bool) -> NoteRow:  # noqa: FBT001 -- who is looking
    record, name = line.record, called(line.member, by_name=leads or line.can_open)
    course_id = line.member.course_id if line.can_open else None
    if record is None:
        return NoteRow(name, course_id, None, "Not logged", True, (), "", "", "")  # noqa: FBT003 -- away
    return NoteRow(
        name=name,
        course_id=course_id,
        slot=record.slot,
        attendance=label_of(Attendance, record.attendance),
        away=not took_place(record.attendance),
        facts=facts_of(
            ("Late", f"{record.minutes_late} minutes" if record.minutes_late else None),
            ("Mood", None if record.mood is None else f"{record.mood} of 10"),
            ("Event", record.linked_event),
            ("Plan", record.plan),
        ),
        note=record.note or "",
        state=note_words(record.note_state),
        risk=_risk(record),
    )


def _risk(record: Row) -> str:
    if record.risk is None:
        return "not recorded" if took_place(record.attendance) else ""
    said = risk_words(record.risk).replace(": ", ", ", 1)  # it stands after "Risk:"
    detail = (record.risk.detail or "").strip().rstrip(".")
    return f"{said}. {detail[:1].upper()}{detail[1:]}." if detail else f"{said}."


def facts_of(*pairs: tuple[str, str | None]) -> tuple[Fact, ...]:
    """Keep what was said."""
    return tuple((label, text) for label, text in pairs if text)


@dataclass(frozen=True, slots=True)
class Before:
    """What stood in a field of the group's record before it was changed."""

    what: str
    old: str
    who: str
    at: date


NAMES = {
    "number": "Session number",
    "held_on": "Date",
    "starts_at": "Start",
    "duration_minutes": "Minutes",
    "modality": "Setting",
    "note": "How the group worked",
    "plan": "Plan for the group",
    "cancel_reason": "Why it was cancelled",
}


def changes_of(page: MeetingPage) -> tuple[Before, ...]:
    """Give what was changed in the group's record, oldest first."""
    return tuple(
        Before(
            _field(step.step),
            _old(step.step, step.comment),
            page.names.get(step.taken_by, ""),
            step.taken_at.astimezone().date(),
        )
        for step in page.steps
        if step.step.startswith(CHANGED) and not _says_nothing(step)
    )


def _says_nothing(step: Row) -> bool:
    """Say whether it is a reason that was not there before: the page itself says it now."""
    name = step.step.removeprefix(CHANGED)
    return name == "cancelled" or (name == "cancel_reason" and step.comment is None)


def _field(step: str) -> str:
    name = step.removeprefix(CHANGED)
    return NAMES.get(name, name.capitalize())


def _old(step: str, text: str | None) -> str:
    name = step.removeprefix(CHANGED)
    if not text:
        return "nothing"
    if name in {"tasks", "techniques"}:
        said = {"tasks": task_text, "techniques": technique_label}[name]
        return "; ".join(said(code) for code in text.split())
    if name == "modality":
        return label_of(Modality, text)
    return day(date.fromisoformat(text)) if name == "held_on" else text


def signer_of(page: MeetingPage) -> str:
    """Name who signed the group's record."""
    signer = page.meeting.signed_by
    return page.names.get(signer, "") if signer else ""


def count_words(number: int, thing: str) -> str:
    """Write "1 note", "6 notes"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def sign_words(page: MeetingPage) -> str:
    """Say what a press on the button would sign; nothing where nothing waits for one."""
    if page.own is None or in_error(page.meeting.cancel_reason):
        return ""
    notes = _yours(page.to_sign) if page.to_sign else ""
    record = "the group record" if page.meeting.signed_at is None else ""
    said = " and ".join(filter(None, (record, notes)))
    return f"Sign {said}" if said else ""


def _yours(number: int) -> str:
    return "the note that is yours" if number == 1 else f"the {number} notes that are yours"


def signed_words(signed: Row) -> Iterable[tuple[str, str]]:
    """Say what was signed and what was not, for messages: words and their kind."""
    done = [
        "the group's record" if signed.record else "",
        count_words(signed.notes, "note") if signed.notes else "",
    ]
    if any(done):
        said = " and ".join(filter(None, done))
        yield f"Signed: {said}.", "success"
    for code, why in signed.refused:
        yield f"The note of {code} is not signed. {why}", "warning"

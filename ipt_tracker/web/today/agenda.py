"""Today's sessions, a line each: when, who, where in the course, the last time, what to do."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from flask import url_for

from ipt_tracker.clinical.course.attendance import Attendance
from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.focal_areas import focal_area_label
from ipt_tracker.clinical.course.notes import NoteState
from ipt_tracker.clinical.course.position import Position
from ipt_tracker.clinical.outcome.wording import move_words
from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.queries.day import BookedRow, LastTime, LoggedRow
from ipt_tracker.persistence.queries.open_notes import DraftRow
from ipt_tracker.services.caseload import Line, Standing
from ipt_tracker.services.day import Day, Entry
from ipt_tracker.services.outline import Outline
from ipt_tracker.web.due.words import form_name, state_of
from ipt_tracker.web.page import Place
from ipt_tracker.web.today import words

LONGEST_LINE = 140
MOST_DUE = 2


@dataclass(frozen=True, slots=True)
class Tag:
    """A state with its shape."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """One line of today. `css`: "next" is the one to prepare for, "past" is logged."""

    time: str
    meta: str
    code: str
    name: str
    url: str
    position: str
    prep: tuple[str, ...]
    tags: tuple[Tag, ...]
    action: Place | None
    css: str = ""
    ends: int | None = None
    """The minute of the day at which it is over; None without an hour."""

    @property
    def waits(self) -> bool:
        """Whether it is still to come or to be logged."""
        return self.css != "past"


def agenda(found: Day, may: frozenset[Permission], now: datetime) -> tuple[AgendaRow, ...]:
    """Put today into lines, and mark the one that comes next."""
    drafts = {draft.address: draft for draft in found.notes.drafts}
    rows = [_row(entry, drafts, may, now) for entry in found.entries]
    coming = _coming(rows, now)
    return tuple(_marked(row) if row is coming else row for row in rows)


def _coming(rows: Iterable[AgendaRow], now: datetime) -> AgendaRow | None:
    """Choose the next one: the first that is not over, else the first not logged."""
    waiting = [row for row in rows if row.waits]
    ahead = [r for r in waiting if r.ends is not None and r.ends > words.minute(now.time())]
    return next(iter(ahead or waiting), None)


def _marked(row: AgendaRow) -> AgendaRow:
    return replace(row, css="next")


def _row(
    entry: Entry, drafts: dict[str, DraftRow], may: frozenset[Permission], now: datetime
) -> AgendaRow:
    if entry.line is None:
        return _group_row(entry.booked, now) if entry.booked else _bare_row(entry)
    if entry.waits:
        return _waiting_row(entry, entry.line, drafts, may, now)
    return _logged_row(entry, entry.line, drafts, may)


def _waiting_row(
    entry: Entry,
    line: Line,
    drafts: dict[str, DraftRow],
    may: frozenset[Permission],
    now: datetime,
) -> AgendaRow:
    booked, patient = entry.booked, line.course.patient
    starts_at = booked.starts_at if booked else None
    log = url_for("sessions.log", course_id=line.course.id)
    draft = drafts.get(log)
    meta = (words.until(booked, now), words.place(booked.modality if booked else None))
    action = Place(_log_words(line.facts), log, current=False)
    remark = _one_line(booked.remark) if booked and booked.remark else ""
    kept = f"Draft kept at {draft.saved_at.astimezone():%H:%M}, not saved." if draft else ""
    return AgendaRow(
        words.clock(starts_at),
        ", ".join(filter(None, meta)),
        patient.code,
        patient.name or "",
        url_for("courses.show", course_id=line.course.id),
        _with_whose(next_words(line.facts), line, may),
        tuple(filter(None, (kept, remark, last_words(entry.last_time), _scores(line.standing)))),
        _tags(line),
        action if Permission.RECORD_SESSION in may else None,
        ends=words.end_of(booked),
    )


def _with_whose(said: str, line: Line, may: frozenset[Permission]) -> str:
    """Add whose patient it is, for those who do not see them themselves."""
    if Permission.RECORD_SESSION in may:
        return said
    return ", ".join(filter(None, (said, *line.therapists)))


def _log_words(facts: Outline) -> str:
    """Name what the button logs: "Log session 12"."""
    return f"Log {words.short_name(facts.next.kind, facts.next.number)}"


def next_words(facts: Outline) -> str:
    """Say which session it would be: "session 12 of 16, middle phase"."""
    course, following = facts.course, facts.next
    said = Position(
        planned=course.planned_sessions,
        number=following.number,
        kind=following.kind,
        phase=following.phase,
        maintenance_planned=course.maintenance_sessions,
    ).words
    return said[:1].lower() + said[1:]


def last_words(last: LastTime | None) -> str:
    """Say in a line what stays of the last time: its plan, else the event it was about."""
    if last is None:
        return "First session."
    plan, event = last.plan, last.linked_event
    if plan:
        return f"Planned last time: {_one_line(plan)}"
    return f"Last time: {_one_line(event)}" if event else ""


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    if len(line) > LONGEST_LINE:
        return f"{line[: LONGEST_LINE - 1].rstrip()}…"
    return line if line[-1:] in ".!?…" else f"{line}."


def _scores(standing: Standing | None) -> str:
    """Say the last score and how far it is from the first."""
    if standing is None or standing.judged.last is None:
        return ""
    name, judged = standing.instrument.name, standing.judged
    if judged.points is None or judged.last is None:
        return f"{name} {judged.last.total if judged.last else ''}, one score so far."
    klass = f", {judged.change.klass}" if judged.change else ""
    return f"{name} {judged.last.total}, {move_words(judged.points)} from the start{klass}."


def _tags(line: Line) -> tuple[Tag, ...]:
    areas = [focal_area_label(spell.area).lower() for spell in line.facts.open_focus]
    focus = (Tag("here", f"Focus: {' and '.join(areas)}"),) if areas else ()
    due = (each for each in line.dues.open[:MOST_DUE])
    tags = (Tag(state_of(each).kind, f"{form_name(each)} {state_of(each).word}") for each in due)
    return (*focus, *tags)


def _logged_row(
    entry: Entry, line: Line, drafts: dict[str, DraftRow], may: frozenset[Permission]
) -> AgendaRow:
    logged, patient = entry.logged, line.course.patient
    if logged is None:  # pragma: no cover -- it is logged
        raise ValueError("nothing is logged of it")
    booked = entry.booked.starts_at if entry.booked else None
    return AgendaRow(
        words.clock(logged.starts_at or booked),
        _became(logged),
        patient.code,
        patient.name or "",
        url_for("courses.show", course_id=line.course.id),
        _with_whose(words.short_name(logged.kind, logged.number), line, may),
        (note_words(logged.note_state), _draft_of(logged, drafts)),
        (),
        note_action(logged, may),
        css="past",
    )


def _became(logged: LoggedRow) -> str:
    attended = logged.attendance == Attendance.ATTENDED
    return "held" if attended else label_of(Attendance, logged.attendance).lower()


def note_words(state: str | None) -> str:
    """Say of a note what is left to do."""
    if state is None:
        return ""
    words = {
        str(NoteState.UNSIGNED): "Note not signed.",
        str(NoteState.CHANGES_REQUESTED): "Changes of the note requested.",
        str(NoteState.AWAITING_COSIGN): "Note awaits co-signature.",
    }
    return words.get(state, "Note signed.")


def _draft_of(logged: LoggedRow, drafts: dict[str, DraftRow]) -> str:
    kept = drafts.get(url_for("sessions.edit", course_id=logged.course_id, slot=logged.slot))
    return f"Draft kept at {kept.saved_at.astimezone():%H:%M}." if kept else ""


def note_action(logged: LoggedRow, may: frozenset[Permission]) -> Place:
    """Give the way to the session's page, named by what is to be done there."""
    where = url_for("sessions.show", course_id=logged.course_id, slot=logged.slot)
    open_note = logged.note_state in {NoteState.UNSIGNED, NoteState.CHANGES_REQUESTED}
    finish = open_note and Permission.RECORD_SESSION in may
    return Place("Finish note" if finish else "Open session", where, current=False)


def _group_row(booked: BookedRow, now: datetime) -> AgendaRow:
    url = words.group_url(booked)
    logged = booked.logged is not None
    meta = "logged" if logged else words.until(booked, now)
    return AgendaRow(
        words.clock(booked.starts_at),
        ", ".join(filter(None, (meta, words.place(booked.modality)))),
        booked.code,
        "",
        url,
        "group session",
        (_one_line(booked.remark),) if booked.remark else (),
        (),
        Place("Open group", url, current=False) if url else None,
        css="past" if logged else "",
        ends=words.end_of(booked),
    )


def _bare_row(entry: Entry) -> AgendaRow:  # pragma: no cover -- what was logged is in a course
    raise ValueError(f"{entry} belongs to nothing")

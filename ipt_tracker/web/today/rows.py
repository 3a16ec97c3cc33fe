"""The panels beside the agenda: risk, notes, measures, courses not on track or not booked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import url_for
from markupsafe import Markup

from ipt_tracker.clinical.course.notes import NoteState
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.outcome.on_track import Rule
from ipt_tracker.clinical.outcome.rule_words import earlier_words
from ipt_tracker.clinical.outcome.wording import move_words
from ipt_tracker.persistence.queries.day import BookedRow
from ipt_tracker.persistence.queries.open_notes import OpenNote
from ipt_tracker.persistence.queries.unbooked import OpenGroup
from ipt_tracker.services.booking import Expected
from ipt_tracker.services.day import Asked, Day, Notes
from ipt_tracker.services.due import Line as DueLine
from ipt_tracker.services.off_track import Fired
from ipt_tracker.services.unbooked import Unbooked
from ipt_tracker.web.caseload.rows import spark
from ipt_tracker.web.due.words import form_name, point_words, state_of
from ipt_tracker.web.page import day
from ipt_tracker.web.risk_tasks import task_url, task_words
from ipt_tracker.web.today import words
from ipt_tracker.web.today.agenda import Tag

SHOWN = 6
"""Rows of a panel; of the others their number is said, with a way to all of them."""


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One line of a panel: whose, what, its state, and where to go."""

    label: str
    code: str
    text: str
    url: str
    action: str
    tag: Tag | None = None
    sub: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """Some rows, and how many more there are."""

    rows: tuple[PanelRow, ...]
    count: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class OffRow:
    """One course that is not on track."""

    label: str
    code: str
    url: str
    place: str
    whose: str
    spark: Markup | None
    tag: Tag
    source: str
    earlier: str


def risk_rows(asked: Iterable[Asked], *, may_answer: bool) -> tuple[PanelRow, ...]:
    """Name every open task: none is left out, whatever their number."""
    return tuple(
        PanelRow(
            each.name or each.code,
            each.code,
            task_words(each.task),
            task_url(each.task)
            if may_answer
            else url_for("courses.show", course_id=each.task.course_id),
            "Answer risk task" if may_answer else "Open course",
            Tag("risk", each.task.title),
        )
        for each in asked
    )


def whose(found: Day, course_id: UUID) -> str:
    """Say whose patient it is, on the page of somebody who supervises."""
    course = found.courses.get(course_id)
    return (course.therapist or "") if course and found.of_supervisees else ""


def notes_panel(found: Day, today: date) -> Panel:
    """List notes to finish: those that came back first, then the oldest."""
    rows = tuple(_note_row(note, found, today) for note in found.notes.to_finish[:SHOWN])
    return Panel(rows, len(found.notes.to_finish))


def _note_row(note: OpenNote, found: Day, today: date) -> PanelRow:
    notes, theirs = found.notes, whose(found, note.course_id)
    asked = notes.asked_by.get(note.id)
    tag = Tag("note", f"Changes asked by {asked or 'the supervisor'}")
    returned = note.note_state == NoteState.CHANGES_REQUESTED
    return PanelRow(
        note.name or note.code,
        note.code,
        words.short_name(note.kind, note.number),
        url_for("sessions.show", course_id=note.course_id, slot=note.slot),
        _to_do(found, returned=returned),
        tag if returned else None,
        ", ".join(filter(None, (_since(note.held_on, today), theirs, _kept(note, notes)))),
    )


def _to_do(found: Day, *, returned: bool) -> str:
    if found.of_supervisees:
        return "Read"
    return "Revise" if returned else "Finish"


def _since(held_on: date, today: date) -> str:
    days = (today - held_on).days
    if days == 0:
        return "today"
    return f"{day(held_on)}, {days} {'day' if days == 1 else 'days'} ago"


def _kept(note: OpenNote, notes: Notes) -> str:
    form = url_for("sessions.edit", course_id=note.course_id, slot=note.slot)
    kept = next((draft for draft in notes.drafts if draft.address == form), None)
    return f"draft kept {kept.saved_at.astimezone():%H:%M}" if kept else ""


def cosign_panel(found: Day, today: date) -> Panel:
    """List notes that wait for the supervisor, the oldest first."""
    notes = found.notes
    rows = tuple(
        PanelRow(
            note.name or note.code,
            note.code,
            words.short_name(note.kind, note.number),
            url_for("sessions.show", course_id=note.course_id, slot=note.slot),
            "Read",
            None,
            ", ".join(filter(None, (_since(note.held_on, today), whose(found, note.course_id)))),
        )
        for note in notes.to_cosign[:SHOWN]
    )
    return Panel(rows, len(notes.to_cosign))


def drafts_panel(found: Day) -> Panel:
    """List sessions that were typed and never saved, in courses under way."""
    forms = {
        url_for("sessions.log", course_id=course.id): course for course in found.courses.values()
    }
    rows = tuple(
        PanelRow(
            forms[draft.address].name or forms[draft.address].code,
            forms[draft.address].code,
            "session not saved",
            draft.address,
            "Go on",
            None,
            f"draft kept {_moment(draft.saved_at.astimezone().date())}"
            f"{draft.saved_at.astimezone():%H:%M}",
        )
        for draft in found.notes.drafts
        if draft.address in forms
    )
    return Panel(rows[:SHOWN], len(rows))


def _moment(on: date) -> str:
    return "" if on == words.local_now().date() else f"{day(on)}, "


def due_panel(found: Day) -> Panel:
    """List the most pressing measures of all."""
    ranked = sorted(found.dues, key=lambda line: line.due.due_on)
    return Panel(tuple(_due_row(found, line) for line in ranked[:SHOWN]), len(ranked))


def _due_row(found: Day, line: DueLine) -> PanelRow:
    course, said = line.course, state_of(line.due)
    return PanelRow(
        course.name or course.code,
        course.code,
        ", ".join(filter(None, (form_name(line.due), point_words(line.due)))),
        url_for("courses.show", course_id=course.id),
        "",
        Tag(said.kind, said.word.capitalize()),
        ", ".join(filter(None, (said.when, whose(found, course.id)))),
    )


def unbooked_panel(found: Day) -> Panel:
    """List courses and groups that nothing is booked for, the one expected first at the top."""
    rows = tuple(_unbooked_row(found, each) for each in found.unbooked[:SHOWN])
    return Panel(rows, len(found.unbooked))


def _unbooked_row(found: Day, each: Unbooked) -> PanelRow:
    course, may_book = each.whose, not found.of_supervisees
    if isinstance(course, OpenGroup):
        return _unbooked_group(course, each.expected, may_book=may_book)
    page = "appointments.book" if may_book else "courses.show"
    return PanelRow(
        course.name or course.code,
        course.code,
        expected_words(each.expected),
        url_for(page, course_id=course.id),
        "Book" if may_book else "",
        sub=whose(found, course.id),
    )


def _unbooked_group(group: OpenGroup, expected: Expected, *, may_book: bool) -> PanelRow:
    url = url_for("groups.book" if may_book else "groups.show", group_id=group.id)
    return PanelRow(
        group.code, "", f"group, {expected_words(expected)}", url, "Book" if may_book else ""
    )


def expected_words(expected: Expected) -> str:
    """Say when the next one is expected by the contract: an expectation, nothing is booked."""
    if expected.on is None:
        return f"{expected.why}, nothing booked"
    past = expected.on < words.local_now().date()
    verb = "was expected" if past else "expected"
    return f"{verb} {day(expected.on)} ({expected.why}), not booked"


def earlier_panel(found: Day) -> Panel:
    """List appointments of earlier days of which nothing was logged, the newest first."""
    may_record = not found.of_supervisees
    ours = tuple(_earlier_row(row, may_record=may_record) for row in reversed(found.earlier))
    return Panel(ours[:SHOWN], len(ours))


def _earlier_row(row: BookedRow, *, may_record: bool) -> PanelRow:
    when = f"{words.weekday(row.planned_on)}, {words.clock(row.starts_at)}"
    if row.course_id is None:
        return PanelRow(row.code, "", "group session", words.group_url(row), "Open group", sub=when)
    page = "sessions.log" if may_record else "courses.show"
    url = url_for(page, course_id=row.course_id)
    name, action = row.name or row.code, "Log it" if may_record else ""
    return PanelRow(name, row.code, "not logged", url, action, sub=when)


def off_rows(found: Day) -> tuple[OffRow, ...]:
    """Put the courses that are not on track into words, with their scores where these were read."""
    return tuple(_off_row(found, each) for each in found.off_track)


def _off_row(found: Day, each: Fired) -> OffRow:
    course, off = each.course, each.off
    line = found.lines.get(course.id)
    standing = line.standing if line else None
    return OffRow(
        course.name or course.code,
        course.code,
        url_for("progress.show", course_id=course.id),
        f"{course.held} of {course.planned_sessions}",
        whose(found, course.id),
        spark(standing) if standing and standing.series.complete else None,
        off_tag(each),
        off.source,
        earlier_words(off, words.local_now().year),
    )


def off_tag(each: Fired) -> Tag:
    """Name the rule that fired with what it saw: "Reliably worse: PCL-5 40 to 57, up 17"."""
    rule = each.off.rule
    return Tag("worse" if rule is Rule.WORSE else "same", f"{rule.label}: {moved_words(each)}")


def moved_words(each: Fired) -> str:
    """Say what the rule saw: "PCL-5 40 to 57, up 17"."""
    off, name = each.off, INSTRUMENTS[each.instrument].name
    return f"{name} {off.first} to {off.last}, {move_words(off.points)}"

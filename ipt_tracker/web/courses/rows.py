"""The newest sessions and the assessments of a course, each in the words of one row."""

from dataclasses import dataclass
from datetime import date

from flask import url_for

from ipt_tracker.clinical.course.attendance import Attendance, took_place
from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.due import AHEAD, LATE_DAYS, PLANNED
from ipt_tracker.clinical.course.focal_areas import DisputeStage, focal_area_label
from ipt_tracker.clinical.course.records import Modality
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.outcome.series import Status
from ipt_tracker.persistence.queries.courses import SessionLine
from ipt_tracker.persistence.queries.records import MeasureRow
from ipt_tracker.services.given import Given
from ipt_tracker.services.overview import Overview
from ipt_tracker.web.caseload.rows import WITHOUT, Said
from ipt_tracker.web.courses.line import session_name
from ipt_tracker.web.due.words import occasion_words
from ipt_tracker.web.page import day

NEWEST = 7
"""Slots that the overview lists; the rest is one link away."""
NOTES = {
    "draft": Said("Draft", "note"),
    "unsigned": Said("Unsigned", "note"),
    "changes_requested": Said("Changes requested", "flag"),
    "signed": Said("Signed", "lock"),
    "awaiting_cosign": Said("Awaiting co-signature", "note"),
    "cosigned": Said("Co-signed", "lock"),
    "late_entry": Said("Late entry", "lock"),
    "amended": Said("Amended", "lock"),
    "contact_note": Said("Contact note", "lock"),
}


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One slot of the sessions table."""

    name: str
    url: str
    held_on: date
    held_sub: str
    mood: int | None
    event: str
    score: str
    score_sub: str
    focus: str
    note: Said


@dataclass(frozen=True, slots=True)
class Assessment:
    """One planned measurement of the course: what it is, its value, and whether it was made."""

    title: str
    value: str
    sub: str
    state: Said


def session_rows(found: Overview) -> list[SessionRow]:
    """Give the newest slots, newest first."""
    given = found.given_at
    lines = reversed(found.lines[-NEWEST:])
    return [_session_row(line, given.get(line.slot.id)) for line in lines]


def _session_row(line: SessionLine, given: Given | None) -> SessionRow:
    slot = line.slot
    stage = label_of(DisputeStage, slot.dispute_stage).lower() if slot.dispute_stage else ""
    area = focal_area_label(slot.focal_area) if slot.focal_area else ""
    score, sub = _score(given)
    return SessionRow(
        name=session_name(slot),
        url=url_for("sessions.show", course_id=slot.course_id, slot=slot.slot),
        held_on=slot.held_on,
        held_sub=_held_sub(line),
        mood=line.mood,
        event=line.linked_event or "",
        score=score,
        score_sub=sub,
        focus=", ".join(filter(None, (area, stage))),
        note=NOTES.get(line.note_state or "", Said(plain(line.note_state or "no note"))),
    )


def _held_sub(line: SessionLine) -> str:
    if not took_place(line.slot.attendance):
        return label_of(Attendance, line.slot.attendance).lower()
    usual = line.modality in {None, Modality.IN_PERSON}
    where = "" if usual else label_of(Modality, line.modality or "").lower()
    late = f"{line.minutes_late} min late" if line.minutes_late else ""
    return ", ".join(filter(None, (where, late)))


def _score(given: Given | None) -> tuple[str, str]:
    if given is None:
        return "–", ""
    one = given.administration
    if one.total is not None:
        return str(one.total), ""
    if one.status is not Status.INCOMPLETE or one.answered is None:
        return "–", WITHOUT[one.status]
    asked = len(INSTRUMENTS[one.instrument_key].items)
    return f"{one.answered} of {asked}", "no total"


def assessments(found: Overview, today: date) -> list[Assessment]:
    """Give the measurements that belong to a point of the course, in their order.

    One that is planned and that another form stands for already is left out.
    """
    waiting = {due.measure_id for due in found.listed.dues.lines}
    soon = today + AHEAD
    rows = [
        row
        for row in found.assessments
        if row.status != PLANNED or row.id in waiting or (row.due_on or soon) >= soon
    ]
    return [_assessment(row, today) for row in sorted(rows, key=lambda r: r.due_on or r.taken_on)]


def _assessment(row: MeasureRow, today: date) -> Assessment:
    known = INSTRUMENTS.get(row.instrument)
    when = row.taken_on if row.total is not None else row.due_on
    blind = {True: "blind", False: "not blind", None: ""}[row.blind]
    words = [
        day(when) if row.total is not None else f"due {day(when)}" if when else "",
        row.assessor or "",
        blind,
        row.reason or row.unblinding or "",
    ]
    name, point = known.name if known else row.instrument, occasion_words(row.point or "")
    return Assessment(
        title=f"{name}, {point.lower()}",
        value="" if row.total is None else str(row.total),
        sub=", ".join(filter(None, words)),
        state=_state(row, today),
    )


def _state(row: MeasureRow, today: date) -> Said:
    due = row.due_on or row.taken_on
    if row.total is not None:
        late = (row.taken_on - due).days
        return Said(f"Done, {late} days late" if late > LATE_DAYS else "Done", "done")
    if row.status in WITHOUT:
        return Said(WITHOUT[Status(row.status)].capitalize(), "unsure")
    if row.status != PLANNED:
        return Said(plain(row.status), "unsure")
    days = (today - due).days
    if days < 0:
        return Said("Not due yet", "open")
    return Said(f"{days} days overdue", "late") if days > LATE_DAYS else Said("Due", "due")


def plain(code: str) -> str:
    """Write a code that is not one of ours in plain words."""
    return code.replace("_", " ").capitalize()

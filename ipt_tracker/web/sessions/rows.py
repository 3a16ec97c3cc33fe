"""Sessions in few words: their names, and one line of the list for each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from ipt_tracker.clinical.course.attendance import Attendance, took_place
from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.focal_areas import focal_area_label
from ipt_tracker.clinical.course.kinds import kind_of
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.web.measures.words import result_words, version_of
from ipt_tracker.web.page import day

Row = Any
"""A row of a table: this room works with rows and does not know the tables."""

NOTE_STATES = {
    "unsigned": "Not signed",
    "signed": "Signed",
    "cosigned": "Signed and co-signed",
    "late_entry": "Late entry",
    "amended": "Signed, amended since",
    "contact_note": "Contact note",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One slot in the list."""

    slot: int
    name: str
    held_on: date
    attendance: str
    away: bool
    phase: str
    focus: str
    mood: str
    scores: tuple[str, ...]
    risk: str
    is_at_risk: bool
    note: str
    is_signed: bool


def slot_title(record: Row) -> str:
    """Name a slot in a heading: "Session 12", "Maintenance visit 2", "Appointment of 3 Mar"."""
    kind = kind_of(record.kind)
    if record.number is None:
        return f"Appointment of {day(record.held_on)}"
    if kind is None or kind.counts_against_the_contract:
        return f"Session {record.number}"
    return f"{kind.label} {record.number}"


def slot_row(record: Row, measures: Iterable[Row]) -> Line:
    """Put one slot into the words of its line."""
    held = took_place(record.attendance)
    present = record.risk is not None and record.risk.result not in (None, "none")
    return Line(
        slot=record.slot,
        name=slot_title(record),
        held_on=record.held_on,
        attendance=label_of(Attendance, record.attendance),
        away=not held,
        phase=phase_label(record.phase),
        focus=focal_area_label(record.focal_area) if record.focal_area else "",
        mood="" if record.mood is None else str(record.mood),
        scores=tuple(f"{short_name(m.instrument)} {result_words(m)}" for m in measures),
        risk=risk_words(record.risk) if record.risk else ("not recorded" if held else ""),
        is_at_risk=present,
        note=note_words(record.note_state),
        is_signed=record.note_state != "unsigned",
    )


def risk_words(check: Row) -> str:
    """Say whether risk was asked about and what came of it; not asked is not the same as none."""
    if not check.asked:
        return "Not asked"
    if check.result is None:
        return "Asked, result not noted"
    return f"Asked: {check.result}"


def note_words(state: str | None) -> str:
    """Name the state of a note."""
    if not state:
        return "No note"
    return NOTE_STATES.get(state) or state.replace("_", " ").capitalize()


def phase_label(phase: str) -> str:
    """Name a phase; one of another clinic in its own words."""
    return Phase(phase).short if phase in set(Phase) else phase.replace("_", " ").capitalize()


def short_name(key: str) -> str:
    """Name an instrument without its lookback."""
    return INSTRUMENTS[key].name if key in INSTRUMENTS else key


def score_words(measure: Row) -> str:
    """Say what one form came to: "PCL-5, past week: 41"."""
    return f"{version_of(measure.instrument)}: {result_words(measure)}"

"""Sessions in few words: their names, and one line of the list for each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from ipt_tracker.clinical.course.attendance import Attendance, is_slot, took_place
from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.focal_areas import focal_area_label
from ipt_tracker.clinical.course.kinds import kind_of
from ipt_tracker.clinical.course.notes import NoteState
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.course.records import RiskBand
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.services.outline import Outline
from ipt_tracker.web.measures.words import result_words, short_words, version_of
from ipt_tracker.web.page import day

Row = Any
"""A row of a table: this room works with rows and does not know the tables."""

PCL5 = {"pcl5_week", "pcl5_month"}
NOTE_TAGS: dict[str, str] = {
    NoteState.UNSIGNED: "note",
    NoteState.CHANGES_REQUESTED: "flag",
    NoteState.AWAITING_COSIGN: "due",
}
"""The shape of each state in which something waits."""


@dataclass(frozen=True, slots=True)
class Line:
    """One slot in the list."""

    slot: int
    name: str
    held_on: date
    attendance: str
    late: str
    """By how much the patient came late."""
    away: bool
    phase: str
    focus: str
    mood: str
    scores: tuple[str, ...]
    risk: str
    is_at_risk: bool
    note: str
    note_tag: str | None
    """The shape of a note's state where it is not the usual one."""
    is_late: bool


def slot_title(record: Row) -> str:
    """Name a slot in a heading: "Session 12", "Maintenance visit 2", "Appointment of 3 Mar"."""
    kind = kind_of(record.kind)
    if record.number is None:
        return f"Appointment of {day(record.held_on)}"
    if kind is None or kind.counts_against_the_contract:
        return f"Session {record.number}"
    return f"{kind.label} {record.number}"


def next_words(facts: Outline) -> str:
    """Name the session that would be logged next: "session 12", "maintenance visit 2"."""
    kind = kind_of(facts.next.kind)
    if kind is None or kind.counts_against_the_contract:
        return f"session {facts.next.number}"
    return f"{kind.label.lower()} {facts.next.number}"


def list_words(facts: Outline) -> str:
    """Say in a sentence how many appointments there were and what became of them."""
    slots = [slot for slot in facts.slots if is_slot(slot.attendance)]
    if not slots:
        return "Nothing is logged yet."
    held = len(facts.held)
    appointments = "1 appointment" if len(slots) == 1 else f"{len(slots)} appointments"
    away = len(slots) - held
    return f"{appointments}: {held} took place, {away} did not." if away else f"{appointments}."


def slot_words(record: Row, planned: int) -> str:
    """Say under the heading of a slot when it was, what became of it, and where in the course."""
    said = f"{day(record.held_on)}, {label_of(Attendance, record.attendance).lower()}"
    return f"{said}. {place_words(record, planned)}."


def place_words(record: Row, planned: int) -> str:
    """Say where in the course a slot stands: "Session 7 of 14, middle phase"."""
    kind = kind_of(record.kind)
    phase = f"{phase_label(record.phase).lower()} phase"
    if record.number is None or (kind and not kind.counts_against_the_contract):
        return f"{phase[:1].upper()}{phase[1:]}"
    return f"Session {record.number} of {planned}, {phase}"


def slot_row(record: Row, measures: Iterable[Row]) -> Line:
    """Put one slot into the words of its line."""
    held = took_place(record.attendance)
    return Line(
        slot=record.slot,
        name=slot_title(record),
        held_on=record.held_on,
        attendance=label_of(Attendance, record.attendance),
        late=f"{record.minutes_late} min late" if record.minutes_late else "",
        away=not held,
        phase=phase_label(record.phase),
        focus=focal_area_label(record.focal_area) if record.focal_area else "",
        mood="" if record.mood is None else str(record.mood),
        scores=tuple(
            f"{short_name(m.instrument)} {short_words(m)}"
            for m in sorted(measures, key=lambda m: (m.instrument not in PCL5, m.instrument))
            if m.withdrawn_at is None
        ),
        risk=risk_words(record.risk) if record.risk else ("not recorded" if held else ""),
        is_at_risk=is_at_risk(record.risk),
        note=note_words(record.note_state),
        note_tag=NOTE_TAGS.get(record.note_state or ""),
        is_late=record.late_entry and record.note_state != NoteState.LATE_ENTRY,
    )


def risk_words(check: Row) -> str:
    """Say whether risk was asked about and what came of it; not asked is not the same as none."""
    if not check.asked:
        return "Not asked"
    if check.result is not None:
        return f"Asked: {check.result}"
    if check.band:
        return f"Asked: {label_of(RiskBand, check.band).lower()}"
    return "Asked, result not noted"


def is_at_risk(check: Row | None) -> bool:
    """Say whether something was found when risk was asked about."""
    found = () if check is None else (check.result, check.band, check.override_band)
    return any(each not in (None, RiskBand.NONE) for each in found)


def note_words(state: str | None) -> str:
    """Name the state of a note."""
    return label_of(NoteState, state) if state else "No note"


def phase_label(phase: str) -> str:
    """Name a phase; one of another clinic in its own words."""
    return Phase(phase).short if phase in set(Phase) else phase.replace("_", " ").capitalize()


def short_name(key: str) -> str:
    """Name an instrument without its lookback."""
    return INSTRUMENTS[key].name if key in INSTRUMENTS else key


def score_words(measure: Row) -> str:
    """Say what one form came to: "PCL-5, past week: 41"."""
    return f"{version_of(measure.instrument)}: {result_words(measure)}"

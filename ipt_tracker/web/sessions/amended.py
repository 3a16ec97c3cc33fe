"""Corrections in words: what stood there, what stands there now, who changed it, when and why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from ipt_tracker.clinical.course.attendance import Attendance
from ipt_tracker.clinical.course.catalogue import task_text, technique_label
from ipt_tracker.clinical.course.codes import Code, label_of
from ipt_tracker.clinical.course.focal_areas import DisputeStage, focal_area_label
from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.notes import is_signed
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.course.records import MedicationChange, Modality, RiskBand, RiskCheck
from ipt_tracker.services.session_page import Slot
from ipt_tracker.web.measures.history import Change, change_of
from ipt_tracker.web.measures.words import version_of
from ipt_tracker.web.page import day

Row = Any
"""A row of a table: this room works with rows and does not know the tables."""

LABELS = {
    "held_on": "Date",
    "starts_at": "Start",
    "duration_minutes": "Minutes",
    "modality": "Setting",
    "patient_location": "Where the patient was",
    "linked_event": "Event",
    "dispute_stage": "Stage of the dispute",
    "risk": "Risk: was it asked about",
    "risk_detail": "Risk: what was asked, found and done",
    "risk_action": "Risk: done",
    "risk_told_who": "Risk: who was told",
    "risk_told_on": "Risk: told on",
    "detail": "Risk: what was asked, found and done",
    "asked": "Risk: asked",
    "result": "Risk: result",
    "action": "Risk: done",
    "told_who": "Risk: who was told",
    "told_on": "Risk: told on",
    "answers": "Risk: answers",
    "band": "Risk: band of the answers",
    "override_band": "Risk: own band",
    "override_reason": "Risk: why an own band",
}
TOLD: dict[str, Callable[[str], str]] = {
    "focal_area": focal_area_label,
    "starts_at": lambda text: text[:5],
}
CODES: dict[str, type[Code]] = {
    "attendance": Attendance,
    "modality": Modality,
    "kind": Kind,
    "phase": Phase,
    "dispute_stage": DisputeStage,
    "change": MedicationChange,
    "risk": RiskCheck,
    "band": RiskBand,
    "override_band": RiskBand,
}


@dataclass(frozen=True, slots=True)
class Amended:
    """One corrected field; `after_signing` is what must be marked as a correction for good."""

    what: str
    old: str
    new: str
    who: str
    on: date
    why: str
    after_signing: bool


def amended(amendment: Row, found: Slot) -> Amended:
    """Put one correction into words."""
    instruments = {m.id: m.instrument for m in found.measures}
    field = amendment.field
    if amendment.subject_id in instruments:
        instrument = instruments[amendment.subject_id]
        change = change_of(amendment, instrument)
        what = f"{version_of(instrument)}: {change.what[:1].lower()}{change.what[1:]}"
    else:
        label = field_label(field)
        old, new = value_words(field, amendment.old), value_words(field, amendment.new)
        what, change = label, Change(label, old, new)
    return Amended(
        what=what,
        old=change.old,
        new=change.new,
        who=amendment.author or "not stated",
        on=amendment.amended_on,
        why=amendment.reason or "",
        after_signing=_after_signing(amendment, found),
    )


def _after_signing(amendment: Row, found: Slot) -> bool:
    """A form's correction knows no state of the note: there the day decides."""
    if amendment.note_state is not None:
        return is_signed(amendment.note_state)
    signed_at = found.record.signed_at
    return signed_at is not None and amendment.recorded_at > signed_at


def field_label(field: str) -> str:
    """Name a field of a session or of what belongs to it."""
    return LABELS.get(field) or field.replace("_", " ").replace(".", ", ").capitalize()


def value_words(field: str, value: object) -> str:
    """Write a value, kept or current, as the page of the record would."""
    if value in (None, "", []):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        told = {"tasks": task_text, "techniques": technique_label}.get(field, str)
        return "; ".join(told(str(each)) for each in value)
    text = str(value)
    if field in CODES:
        return label_of(CODES[field], text)
    if field.endswith("_on"):
        return day(date.fromisoformat(text))
    return TOLD.get(field, str)(text)

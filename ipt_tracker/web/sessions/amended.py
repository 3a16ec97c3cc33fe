"""Corrections in words: what stood there, what stands there now, who changed it, when and why."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from ipt_tracker.clinical.course.attendance import Attendance
from ipt_tracker.clinical.course.catalogue import task_text, technique_label
from ipt_tracker.clinical.course.codes import Code, label_of
from ipt_tracker.clinical.course.focal_areas import DisputeStage, focal_area_label
from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.course.records import MedicationChange, Modality
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
    "linked_event": "Event",
    "detail": "Risk: what was asked, found and done",
    "asked": "Risk: asked",
    "result": "Risk: result",
}
CODES: dict[str, type[Code]] = {
    "attendance": Attendance,
    "modality": Modality,
    "kind": Kind,
    "phase": Phase,
    "dispute_stage": DisputeStage,
    "change": MedicationChange,
}


@dataclass(frozen=True, slots=True)
class Amended:
    """One corrected field."""

    what: str
    old: str
    new: str
    who: str
    on: date
    why: str


def amended(amendment: Row, found: Slot) -> Amended:
    """Put one correction into words."""
    instruments = {m.id: m.instrument for m in found.measures}
    field = amendment.field
    if amendment.subject_id in instruments:
        instrument = instruments[amendment.subject_id]
        change = change_of(amendment, instrument)
        what = f"{version_of(instrument)}: {change.what[:1].lower()}{change.what[1:]}"
    else:
        label = LABELS.get(field) or field.replace("_", " ").replace(".", ", ").capitalize()
        old, new = _words(field, amendment.old), _words(field, amendment.new)
        what, change = label, Change(label, old, new)
    return Amended(
        what=what,
        old=change.old,
        new=change.new,
        who=amendment.author or "not stated",
        on=amendment.amended_on,
        why=amendment.reason or "",
    )


def _words(field: str, value: object) -> str:
    """Write a kept value as the page of the record would."""
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
    if field == "focal_area":
        return focal_area_label(text)
    return day(date.fromisoformat(text)) if field.endswith("_on") else text

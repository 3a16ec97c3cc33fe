"""What stands in the session form before anybody typed: the usual answers, or the record's own."""

from dataclasses import asdict, fields
from typing import Any

from ipt_tracker.clinical.course.records import RiskCheck
from ipt_tracker.services.session_checks import derived_phase
from ipt_tracker.services.session_start import SessionStart
from ipt_tracker.services.sessions import MedicationEntry, SessionEntry
from ipt_tracker.web.sessions.choices import OTHER, USUAL


def of_next(start: SessionStart) -> dict[str, Any]:
    """Give the answers that a routine session starts with."""
    return _of_entry(start.usual_answers())


def of_record(start: SessionStart, record: Any) -> dict[str, Any]:  # noqa: ANN401 -- a row of a table
    """Give the answers that a record holds."""
    columns = {f.name: getattr(record, f.name) for f in fields(SessionEntry)}
    derived = derived_phase(start.facts, record.kind, record.number)
    if record.phase == derived:
        columns["phase"] = None
    return _of_entry(SessionEntry(**columns)) | _risk(record.risk) | _medication(record.medication)


def _of_entry(entry: SessionEntry) -> dict[str, Any]:
    usual = entry.attendance in USUAL
    return asdict(entry) | {
        "attendance": entry.attendance if usual else OTHER,
        "other_attendance": "" if usual else entry.attendance,
        "modality": entry.modality or "",
        "focal_area": entry.focal_area or "",
        "dispute_stage": entry.dispute_stage or "",
        "phase": entry.phase or "",
        "tasks": list(entry.tasks),
        "techniques": list(entry.techniques),
    }


def _risk(check: Any) -> dict[str, Any]:  # noqa: ANN401 -- a row of a table
    if check is None:
        return {}
    asked = RiskCheck.ASKED_NONE if check.result == "none" else RiskCheck.ASKED_PRESENT
    return {"risk": asked if check.asked else RiskCheck.NOT_ASKED, "risk_detail": check.detail}


def _medication(change: Any) -> dict[str, Any]:  # noqa: ANN401 -- a row of a table
    if change is None:
        return {}
    columns = {f.name: getattr(change, f.name) for f in fields(MedicationEntry)}
    return columns | {"change": change.change or ""}

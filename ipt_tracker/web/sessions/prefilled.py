"""What stands in the session form before anybody typed: the usual answers, or the record's own."""

from dataclasses import asdict, fields
from typing import Any

from ipt_tracker.clinical.course.groups import meeting_beside
from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.records import RiskBand, RiskCheck
from ipt_tracker.clinical.suicide_screen import Question
from ipt_tracker.services.session_checks import derived_phase
from ipt_tracker.services.session_start import SessionStart
from ipt_tracker.services.sessions import MedicationEntry, SessionEntry
from ipt_tracker.web.sessions.choices import OTHER, USUAL
from ipt_tracker.web.sessions.fields import NO, YES

WORDS = {"True": YES, "False": NO}


def of_next(start: SessionStart) -> dict[str, Any]:
    """Give the answers that a routine session starts with."""
    following = start.following
    booked = {"next_on": following.planned_on, "next_at": following.starts_at} if following else {}
    return _of_entry(start.usual_answers()) | booked


def beside_the_group(start: SessionStart) -> dict[str, Any]:
    """Give the kind of meeting that is logged here while the group's are logged for everybody."""
    held = max((s.number or 0 for s in start.facts.slots if s.kind == Kind.GROUP), default=0)
    return {"kind": meeting_beside(held, start.facts.course.planned_sessions)}


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
    answers = check.answers or {}
    return {
        "risk": _asked(check),
        "risk_detail": check.detail,
        "action": check.action,
        "told_who": check.told_who,
        "told_on": check.told_on,
        "supervisor_told_on": check.supervisor_told_on,
        "override_band": check.override_band or "",
        "override_reason": check.override_reason,
        **{str(q): WORDS.get(str(answers.get(q)), "") for q in Question},
    }


def _asked(check: Any) -> str | None:  # noqa: ANN401 -- a row of a table
    """Say it in the words of the form; a file can leave open what came of it."""
    if not check.asked:
        return RiskCheck.NOT_ASKED
    if check.result is None and check.band is None:
        return None
    found = check.result if check.result is not None else check.band
    return RiskCheck.ASKED_NONE if found == RiskBand.NONE else RiskCheck.ASKED_PRESENT


def _medication(change: Any) -> dict[str, Any]:  # noqa: ANN401 -- a row of a table
    if change is None:
        return {}
    columns = {f.name: getattr(change, f.name) for f in fields(MedicationEntry)}
    return columns | {"change": change.change or ""}

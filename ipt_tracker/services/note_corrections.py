"""What can still be done to a signed note: add to it, or correct one field with a reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from ipt_tracker.clinical.course.attendance import is_slot, took_place
from ipt_tracker.clinical.course.focal_areas import DISPUTE
from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.notes import Act, after
from ipt_tracker.clinical.course.position import next_number
from ipt_tracker.clinical.course.records import RiskBand
from ipt_tracker.clinical.course.records import RiskCheck as RiskAnswer
from ipt_tracker.clinical.course.session_rules import (
    check_date,
    check_minutes,
    check_minutes_late,
    check_mood,
)
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Addendum, Course, RiskCheck, SessionRecord
from ipt_tracker.persistence.queries.records import slots_of
from ipt_tracker.services.amendments import amend
from ipt_tracker.services.contact_tasks import ask_for_contact
from ipt_tracker.services.outline import outline
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, Subject, UnitOfWork

OF_THE_SESSION = (
    "held_on",
    "starts_at",
    "duration_minutes",
    "minutes_late",
    "modality",
    "patient_location",
    "attendance",
    "mood",
    "linked_event",
    "focal_area",
    "dispute_stage",
    "tasks",
    "techniques",
    "homework",
    "plan",
    "note",
)
OF_THE_RISK_CHECK: Mapping[str, str] = MappingProxyType(
    {
        "risk_detail": "detail",
        "risk_action": "action",
        "risk_told_who": "told_who",
        "risk_told_on": "told_on",
    }
)
RISK = "risk"
CORRECTABLE = (*OF_THE_SESSION, RISK, *OF_THE_RISK_CHECK)
"""What can be corrected, in the order of the session form."""
ONLY_OF_A_HELD_SESSION: Mapping[str, Any] = MappingProxyType(
    {
        "duration_minutes": None,
        "minutes_late": 0,
        "modality": None,
        "mood": None,
        "focal_area": None,
        "dispute_stage": None,
        "tasks": [],
        "techniques": [],
    }
)
"""What a session that did not take place cannot have, and what stands there instead."""
CHECKS: Mapping[str, Callable[[Any], None]] = MappingProxyType(
    {"duration_minutes": check_minutes, "minutes_late": check_minutes_late, "mood": check_mood}
)


def add_addendum(
    work: UnitOfWork,
    course: Course,
    record: SessionRecord,
    text: str | None,
    reason: str | None,
) -> Addendum:
    """Add new information to a signed note. What was signed stays as it is."""
    after(record.note_state, Act.ADD)
    if not text:
        raise RuleBroken("Write what is to be added.", "text")
    if not reason:
        raise RuleBroken("Say why it is added now.", "reason")
    made = Addendum(
        session_id=record.id,
        text=text,
        reason=reason,
        written_by=work.person.id,
        written_at=work.now,
    )
    work.session.add(made)
    _touch(work, record)
    subject = Subject("session", record.id, course.patient_id)
    work.audit(Event.NOTE_ADDENDUM, subject, slot=record.slot)
    return made


@dataclass(frozen=True, slots=True)
class Correction:
    """What is right in one field, and why it was wrong."""

    field: str
    new: object
    reason: str | None


def correct_note(
    work: UnitOfWork,
    course: Course,
    record: SessionRecord,
    correction: Correction,
    *,
    seen_version: int | None,
) -> None:
    """Correct one field of a signed note. The old value stays readable, with the reason.

    A corrected attendance takes with it what only a session that took place can have.
    """
    if seen_version != record.version:
        raise ChangedMeanwhile
    after(record.note_state, Act.CORRECT)
    field, new, reason = correction.field, correction.new, correction.reason
    if not reason:
        raise RuleBroken("Say why it is corrected.", "reason")
    if field not in CORRECTABLE:
        raise RuleBroken("This cannot be corrected here.")
    changed = (
        _correct_session(record, _session_values(work, course, record, field, new))
        if field in OF_THE_SESSION
        else _correct_risk(work, record, _risk_values(record, field, new))
    )
    if not changed:
        raise RuleBroken("That is what the note says already.", "new")
    for subject, name, change in changed:
        amend(work, course, subject, name, change, reason=reason, note_state=record.note_state)
    _touch(work, record)
    about = Subject("session", record.id, course.patient_id)
    fields = sorted(name for _, name, _ in changed)
    work.audit(Event.NOTE_CORRECTED, about, slot=record.slot, fields=fields)
    if "attendance" in fields:
        ask_for_contact(work, course, outline(work, course), record)


def _touch(work: UnitOfWork, record: SessionRecord) -> None:
    """Count the version up whatever was changed: nobody co-signs what they have not read."""
    record.changed_at = work.now
    flag_modified(record, "changed_at")


Changed = list[tuple[SessionRecord | RiskCheck, str, tuple[object, object]]]
"""What was changed: of which row, which column, from what to what."""


def current(record: SessionRecord, field: str) -> object:
    """Give what a note says in a field that can be corrected."""
    if field in OF_THE_SESSION:
        return getattr(record, field)
    if record.risk is None:
        return None
    if field != RISK:
        return getattr(record.risk, OF_THE_RISK_CHECK[field])
    if not record.risk.asked:
        return RiskAnswer.NOT_ASKED.value
    found = {"none": RiskAnswer.ASKED_NONE, "present": RiskAnswer.ASKED_PRESENT}
    answer = found.get(record.risk.result or "")
    return answer.value if answer else None


def _session_values(
    work: UnitOfWork, course: Course, record: SessionRecord, field: str, new: object
) -> dict[str, object]:
    _check(work, course, record, field, new)
    values: dict[str, object] = {field: new}
    if field == "attendance" and new is not None:
        values |= _with_attendance(work, course, record, str(new))
    if field == "focal_area" and new != DISPUTE:
        values["dispute_stage"] = None
    return values


def _check(
    work: UnitOfWork, course: Course, record: SessionRecord, field: str, new: object
) -> None:
    if field in {"held_on", "attendance"} and not new:
        raise RuleBroken("This cannot be empty.", "new")
    if not took_place(record.attendance) and new and field in ONLY_OF_A_HELD_SESSION:
        raise RuleBroken(
            "The session did not take place. Correct the attendance first, if it did.", "new"
        )
    if field == "dispute_stage" and new and record.focal_area != DISPUTE:
        raise RuleBroken("The focus was not a dispute. Correct the focal area first.", "new")
    if field == "focal_area" and new and new not in {spell.area for spell in course.focal_areas}:
        raise RuleBroken("This focal area is not part of the course.", "new")
    try:
        CHECKS.get(field, lambda _: None)(new)
        if field == "held_on":
            check_date(new, course.started_on, work.today)  # type: ignore[arg-type]  # -- a day, as said above
    except RuleBroken as broken:
        raise RuleBroken(broken.message, "new") from broken


def _with_attendance(
    work: UnitOfWork, course: Course, record: SessionRecord, new: str
) -> dict[str, object]:
    """Give what a corrected attendance brings with it: a number, or the loss of much."""
    if not is_slot(new):
        return dict(ONLY_OF_A_HELD_SESSION) | {"number": None}
    if took_place(new) == took_place(record.attendance):
        return {}
    if took_place(new):
        if record.risk is None:
            raise RuleBroken(
                "A session that took place has a word on risk. Correct that first: "
                "“Not asked” with a reason is an answer.",
                "new",
            )
        slots = slots_of(work.session, [course.id]).get(course.id, ())
        own = record.number
        following = next_number(s.number for s in slots if s.kind == record.kind)
        return {"number": following if own is None else own}
    gone = dict(ONLY_OF_A_HELD_SESSION)
    return gone if record.kind == Kind.GROUP else gone | {"number": None}


def _correct_session(record: SessionRecord, values: Mapping[str, object]) -> Changed:
    changed = _set(record, values)
    if "held_on" in values and record.note_service_on is not None:
        record.note_service_on = record.held_on
    return changed


def _risk_values(record: SessionRecord, field: str, new: object) -> dict[str, object]:
    if field != RISK:
        if record.risk is None:
            raise RuleBroken("Nothing is recorded about risk yet. Correct the answer first.", "new")
        return {OF_THE_RISK_CHECK[field]: new}
    if not new:
        raise RuleBroken("Choose an answer. “Not asked” is one.", "new")
    _check_screener(record, str(new))
    asked = new != RiskAnswer.NOT_ASKED
    present = new == RiskAnswer.ASKED_PRESENT
    result = ("present" if present else "none") if asked else None
    return {"asked": asked, "result": result}


def _check_screener(record: SessionRecord, new: str) -> None:
    """An answer on risk may not contradict the screener of the same session."""
    risk = record.risk
    if risk is None or not risk.answers or new == RiskAnswer.ASKED_PRESENT:
        return
    band = risk.override_band or risk.band
    if new == RiskAnswer.NOT_ASKED or band not in {None, RiskBand.NONE}:
        raise RuleBroken(
            "The screener that was answered says something else. Say in an addendum what is right.",
            "new",
        )


def _correct_risk(work: UnitOfWork, record: SessionRecord, values: Mapping[str, object]) -> Changed:
    if record.risk is None:
        made = RiskCheck(session_id=record.id, **values)
        work.session.add(made)
        work.session.flush()
        return [(made, name, (None, value)) for name, value in values.items() if value is not None]
    return _set(record.risk, values)


def _set(row: SessionRecord | RiskCheck, values: Mapping[str, object]) -> Changed:
    changed: Changed = []
    for name, value in values.items():
        old = getattr(row, name)
        same = sorted(old) == sorted(value) if isinstance(value, list) else old == value
        if not same:
            changed.append((row, name, (old, value)))
            setattr(row, name, value)
    return changed

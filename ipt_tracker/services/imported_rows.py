"""From the values of an imported case to rows of our tables. Nothing is dropped on the way.

What a column cannot hold goes into the row's `extra` and is said in a warning.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from ipt_tracker.clinical.course.protocols import PROTOCOLS, custom_phase_map
from ipt_tracker.clinical.course.records import CourseStatus
from ipt_tracker.clinical.course.session_rules import BEST_MOOD
from ipt_tracker.clinical.fidelity.codes import RaterRole
from ipt_tracker.clinical.fidelity.item_set import OWN_SET
from ipt_tracker.clinical.instruments.judging import Criteria
from ipt_tracker.exchange.bundle_values import (
    AmendmentIn,
    CaseIn,
    Extra,
    RatingIn,
    SessionIn,
    SpellIn,
)
from ipt_tracker.persistence.base import Base
from ipt_tracker.persistence.models import (
    Amendment,
    ContractChange,
    Course,
    FidelityRating,
    FocalAreaSpell,
    MedicationChange,
    RatingAmendment,
    RiskCheck,
    SessionRecord,
)
from ipt_tracker.services.imported_contract import planned_sessions
from ipt_tracker.services.imported_measures import measure_rows

LONGEST_SESSION = 600
Row = dict[str, Any]


@dataclass(slots=True)
class CaseRows:
    """The rows of one case, by table, with the sentences about what had to be kept as text."""

    case: CaseIn
    patient_id: UUID
    course_id: UUID
    now: datetime
    today: date
    criteria: Mapping[str, Criteria]
    """By what results are judged, for each instrument."""
    tables: dict[type[Base], list[Row]] = field(default_factory=lambda: defaultdict(list))
    warnings: list[str] = field(default_factory=list)

    def warn(self, sentence: str) -> None:
        """Say what could not be put where it belongs."""
        self.warnings.append(f"{self.case.id} {sentence}")


def kept(extra: Extra, **more: object) -> Row | None:
    """Give what no column holds, or None."""
    found = {piece.key: piece.text for piece in extra}
    return {**found, **{k: v for k, v in more.items() if v}} or None


def case_rows(
    case: CaseIn, patient_id: UUID, now: datetime, today: date, criteria: Mapping[str, Criteria]
) -> CaseRows:
    """Give every row of one case but its patient and its people."""
    rows = CaseRows(case, patient_id, uuid4(), now, today, criteria)
    course = _course(rows)
    rows.tables[Course].append(course)
    _focal_areas(rows, course)
    _contract_changes(rows)
    _sessions(rows)
    return rows


def started_on(case: CaseIn) -> date | None:
    """Give the first day of a course: its first slot, else its first assessment."""
    days = [s.held_on for s in case.sessions]
    days += [day for a in case.assessments for day in (a.done_on, a.due_on) if day and not days]
    return min(days, default=case.first_contact)


def _course(rows: CaseRows) -> Row:
    case, contract = rows.case, rows.case.contract
    start = started_on(case) or rows.today
    protocol = PROTOCOLS.get(case.protocol)
    planned = planned_sessions(case)
    usual = protocol.phase_map if protocol else custom_phase_map(planned)
    agreed = contract.phase_map if contract else None
    status, ended = _ending(rows, start)
    outcome = case.outcome
    return {
        "id": rows.course_id,
        "patient_id": rows.patient_id,
        "case_id": case.id,
        "protocol": case.protocol,
        "format": case.format or "individual",
        "phase_map": (agreed or usual).as_json(),
        "planned_sessions": planned,
        "engagement_sessions": (contract.engagement if contract else None) or 0,
        "maintenance_sessions": (contract.maintenance_planned if contract else None) or 0,
        "session_minutes": contract.session_min if contract else None,
        "spacing": contract.frequency if contract else None,
        "contract_agreed": contract.agreed if contract else None,
        "contract_agreed_on": contract.agreed_on if contract else None,
        "contract_ends_on": contract.ends_on if contract else None,
        "manual": None,
        "adaptations": None,
        "recording_consent": case.recording_consent,
        "started_on": start,
        "ended_on": ended,
        "status": status,
        "disposition": outcome.disposition if outcome else None,
        "outcome_reason": outcome.reason if outcome else None,
        "label": case.label,
        "therapist_role": case.therapist_role,
        "extra": kept(
            case.extra,
            contract=kept(contract.extra) if contract else None,
            outcome=kept(outcome.extra) if outcome else None,
            edge_cases=list(case.edge_cases),
        ),
        "created_at": rows.now,
        "version": 1,
    }


def _ending(rows: CaseRows, start: date) -> tuple[str, date | None]:
    outcome = rows.case.outcome
    if outcome is None or outcome.status in (None, CourseStatus.ACTIVE):
        return CourseStatus.ACTIVE, None
    last = max((s.held_on for s in rows.case.sessions), default=start)
    return str(outcome.status), max(outcome.closed_on or last, start)


def _focal_areas(rows: CaseRows, course: Row) -> None:
    free = [1, 2]
    for spell in rows.case.focal_areas:
        opened = spell.opened_on or course["started_on"]
        closed = _left_on(rows.case, spell) or course["ended_on"]
        if closed and course["ended_on"]:
            closed = min(closed, course["ended_on"])
        if closed is None and not free:
            closed = opened
            rows.warn(f"focal area {spell.area}: a third open area, kept as closed at once")
        rows.tables[FocalAreaSpell].append(
            {
                "id": uuid4(),
                "course_id": rows.course_id,
                "area": spell.area,
                "detail": spell.detail,
                "from_session": spell.from_n,
                "to_session": spell.to_n,
                "started_on": opened,
                "ended_on": max(closed, opened) if closed else None,
                "open_place": free.pop(0) if closed is None else None,
                "reason": spell.reason,
                "end_reason": spell.end_reason,
                "extra": kept(spell.extra),
            }
        )


def _left_on(case: CaseIn, spell: SpellIn) -> date | None:
    """Give the first day without the area: that of the session after its last, else the next day.

    The file names the last session that belonged to it, and that session still does.
    """
    if spell.closed_on is None:
        return None
    later = [s.held_on for s in case.sessions if s.number and s.held_on > spell.closed_on]
    return min(later, default=spell.closed_on + timedelta(days=1))


def _contract_changes(rows: CaseRows) -> None:
    for change in rows.case.contract_changes:
        rows.tables[ContractChange].append(
            {
                "id": uuid4(),
                "course_id": rows.course_id,
                "at_session": change.number,
                "changed_on": change.changed_on or started_on(rows.case) or rows.today,
                "kind": change.kind or "not stated",
                "old": change.before,
                "new": change.after,
                "reason": change.reason,
                "reformulated": change.reformulated,
                "patient_agreed": change.patient_agreed,
                "supervisor_informed": change.supervisor_informed,
                "extra": kept(change.extra),
            }
        )


def _sessions(rows: CaseRows) -> None:
    taken: set[tuple[str, int]] = set()
    ids: dict[int, UUID] = {}
    for session in rows.case.sessions:
        ids[session.slot] = uuid4()
        row = _session(rows, session, ids[session.slot])
        place = (session.kind, session.number)
        if session.number is not None and place in taken:
            rows.warn(f"slot {session.slot}: number {session.number} is there twice, kept as text")
            row["number"], row["extra"] = None, {**(row["extra"] or {}), "n": session.number}
        elif session.number is not None:
            taken.add((session.kind, session.number))
        rows.tables[SessionRecord].append(row)
        _risk(rows, session, row["id"])
        _medication(rows, session, row["id"])
        _ratings(rows, session, row["id"])
    measures = measure_rows(rows, ids)
    for session in rows.case.sessions:
        _amendments(rows, session, ids[session.slot], measures.get(session.slot, {}))


def _session(rows: CaseRows, session: SessionIn, session_id: UUID) -> Row:
    note = session.note
    row = {
        "id": session_id,
        "course_id": rows.course_id,
        "slot": session.slot,
        "number": session.number,
        "kind": session.kind,
        "phase": session.phase or "not stated",
        "phase_reason": None,
        "held_on": session.held_on,
        "starts_at": None,
        "duration_minutes": session.duration_min,
        "minutes_late": session.minutes_late or 0,
        "modality": session.modality,
        "attendance": session.attendance,
        "focal_area": session.focal_area,
        "dispute_stage": session.dispute_stage,
        "mood": session.mood,
        "linked_event": session.linked_event,
        "tasks": list(session.tasks),
        "techniques": list(session.techniques),
        "homework": session.homework,
        "plan": session.plan,
        "note": None,
        "note_state": note.status if note else None,
        "note_signed_on": note.signed_on if note else None,
        "note_service_on": note.service_on if note else None,
        "note_cosigned_by": note.cosigned_by if note else None,
        "note_cosigned_on": note.cosigned_on if note else None,
        "late_entry": note is not None and note.status == "late_entry",
        "extra": kept(session.extra, note=kept(note.extra) if note else None),
        "created_at": rows.now,
        "changed_at": rows.now,
        "version": 1,
    }
    _only_possible(rows, session, row)
    return row


def _only_possible(rows: CaseRows, session: SessionIn, row: Row) -> None:
    """Keep impossible numbers as text: they are somebody's typing error, not ours to mend."""
    limits = {"mood": (0, BEST_MOOD), "duration_minutes": (1, LONGEST_SESSION)}
    limits["minutes_late"] = (0, LONGEST_SESSION)
    for name, (lowest, highest) in limits.items():
        value = row[name]
        if value is not None and not lowest <= value <= highest:
            rows.warn(f"slot {session.slot}: {name} {value} is not possible, kept as text")
            row["extra"] = {**(row["extra"] or {}), name: value}
            row[name] = 0 if name == "minutes_late" else None


def _risk(rows: CaseRows, session: SessionIn, session_id: UUID) -> None:
    risk = session.risk
    if risk is None:
        return
    rows.tables[RiskCheck].append(
        {
            "id": uuid4(),
            "session_id": session_id,
            "asked": risk.asked is not False,
            "result": risk.result if risk.asked is not False else None,
            "detail": risk.note,
            "trigger": risk.trigger,
            "instrument": risk.instrument,
            "answers": {a.question: a.yes for a in risk.answers} or None,
            "band": risk.band,
            "action": risk.action,
            "supervisor_told_on": risk.supervisor_notified_on,
            "extra": kept(risk.extra),
        }
    )


def _medication(rows: CaseRows, session: SessionIn, session_id: UUID) -> None:
    change = session.medication_change
    if change is None:
        return
    rows.tables[MedicationChange].append(
        {
            "id": uuid4(),
            "session_id": session_id,
            "drug": change.drug,
            "change": change.change,
            "dose": change.dose,
            "changed_by": change.by,
            "changed_on": change.changed_on,
            "extra": kept(change.extra),
        }
    )


def _ratings(rows: CaseRows, session: SessionIn, session_id: UUID) -> None:
    for rating in session.ratings:
        rating_id = uuid4()
        rows.tables[FidelityRating].append(
            {
                "id": rating_id,
                "session_id": session_id,
                "role": _role(rows.case, rating),
                "rater": rating.rater,
                "rater_id": None,
                "item_set": OWN_SET,
                "basis": rating.basis,
                "scope": rating.scope,
                "rated_on": rating.rated_on,
                "items": {i.code: {"d": i.delivered, "q": i.quality} for i in rating.items},
                "proscribed": {p.code: p.seen for p in rating.proscribed},
                "global_competence": rating.global_quality,
                "extra": kept(rating.extra),
                "version": 1,
            }
        )
        for place, amendment in enumerate(rating.amendments, 1):
            own = {"id": uuid4(), "rating_id": rating_id, "place": place}
            rows.tables[RatingAmendment].append(own | _amended(rows, amendment))


def _role(case: CaseIn, rating: RatingIn) -> RaterRole:
    """Say as what somebody rated: a supervisor of another case was a second rater of this one.

    A file's basis "consensus" stays a basis: reports count it as its rater's own, as files do.
    """
    if rating.rater in {"self", case.therapist}:
        return RaterRole.SELF
    return RaterRole.SUPERVISOR if rating.rater == case.supervisor else RaterRole.INDEPENDENT


def _amendments(
    rows: CaseRows, session: SessionIn, session_id: UUID, measures: dict[str, UUID]
) -> None:
    """File each correction under what it corrects: "measures.PCL-5.total" is of that measure."""
    for amendment in session.amendments:
        parts = (amendment.field or "").split(".")
        if parts[0] == "measures" and len(parts) > 1 and parts[1] in measures:
            _amendment(rows, amendment, "measure", measures[parts[1]], ".".join(parts[2:]))
        else:
            _amendment(rows, amendment, SessionRecord.__tablename__, session_id)


def _amendment(
    rows: CaseRows, amendment: AmendmentIn, kind: str, subject: UUID, name: str | None = None
) -> None:
    rows.tables[Amendment].append(
        {
            "id": uuid4(),
            "course_id": rows.course_id,
            "subject_kind": kind,
            "subject_id": subject,
            "note_state": amendment.note_status_at_time,
            **_amended(rows, amendment),
            "field": name or amendment.field or "not stated",
        }
    )


def _amended(rows: CaseRows, amendment: AmendmentIn) -> Row:
    """Give what every amendment says: old and new, who, when and why."""
    return {
        "field": amendment.field or "not stated",
        "old": _value(amendment.old),
        "new": _value(amendment.new),
        "reason": amendment.reason,
        "author": amendment.by,
        "author_id": None,
        "amended_on": amendment.amended_on or rows.today,
        "recorded_at": rows.now,
        "extra": kept(amendment.extra),
    }


def _value(text: str | None) -> object:
    return None if text is None else json.loads(text)


def staff_codes(cases: Iterable[CaseIn]) -> dict[str, str]:
    """Give every staff code in the cases with the role that it appears in."""
    roles: dict[str, str] = {}
    for case in cases:
        for code in (case.therapist, *case.co_therapists):
            roles.setdefault(code, "therapist")
        if case.supervisor:
            roles.setdefault(case.supervisor, "supervisor")
    for case in cases:
        for session in case.sessions:
            for rating in session.ratings:
                if rating.rater != "self":
                    roles.setdefault(rating.rater, "supervisor")
    return roles

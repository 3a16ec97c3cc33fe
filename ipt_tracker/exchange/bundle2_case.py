"""One case in the words of `ipt-course-bundle/1`, worked out from the rows of `/2` beside it.

A reader that knows only the older form finds here what that form can say. On the way back the
same words are worked out again, and a file whose two halves disagree is refused.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS, key_for

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]

LONGEST_CODE = 60
LONGEST_NAME = 200
NOT_THERE = ("missing", "not_returned", "not_administered", "declined")
OF_A_FORM = ("item9", "items_missing", "sum_of_answered")
DEMOGRAPHICS = ("age_band", "gender", "ethnicity_band", "employment", "relationship")


def case_id(course: Row, patient: Row) -> str:
    """Name a case: as the file that it came from did, else by the patient's code."""
    return str(course.get("case_id") or patient.get("code"))[:LONGEST_CODE]


def in_older_words(tables: Tables, staff: Mapping[str, str]) -> dict[str, Any]:
    """Give the keys of `/1` for the rows of one case; `staff` names accounts by staff code."""
    return _Case(tables, staff).keys()


class _Case:
    def __init__(self, tables: Tables, staff: Mapping[str, str]) -> None:
        self.tables = tables
        self.staff = staff
        self.course, self.patient = tables["course"][0], tables["patient"][0]
        self.sessions = sorted(tables.get("session_record", []), key=lambda row: row["slot"])
        days = [row["held_on"] for row in self.sessions]
        self.first = min(days, default=self.course["started_on"])

    def keys(self) -> dict[str, Any]:
        course = self.course
        therapist, supervisor = self._people()
        found = {
            "id": case_id(course, self.patient),
            "label": course["label"],
            "demographics": self._demographics(),
            "protocol": course["protocol"],
            "format": course["format"],
            "primary_diagnosis": self.patient["primary_diagnosis_text"]
            or self.patient["primary_diagnosis"],
            "precipitating_event": self.patient["precipitating_event_text"]
            or self.patient["precipitating_event"],
            "therapist": therapist,
            "therapist_role": course["therapist_role"],
            "supervisor": supervisor,
            "recording_consent": course["recording_consent"],
            "focal_areas": [_spell(row) for row in self._of("focal_area_spell")],
            "contract": self._contract(),
            "contract_changes": [self._change(row) for row in self._of("contract_change")],
            "sessions": [self._session(row) for row in self.sessions],
            "assessments": self._assessments(),
            "outcome": self._outcome(),
            **_said_before(course, ("edge_cases",)),
        }
        return found if self.sessions else {**found, **_without_days(found)}

    def _people(self) -> tuple[str, str | None]:
        mine = self._of("assignment")
        newest = max(mine, key=lambda row: (row["ended_on"] is None, row["started_on"]), default={})
        supervisor = newest.get("supervisor_id")
        return self._who(newest.get("therapist_id")), self._who(supervisor) if supervisor else None

    def _who(self, name: str | None) -> str:
        return self.staff.get(name or "", name or "not stated")[:LONGEST_CODE]

    def _demographics(self) -> dict[str, Any]:
        said = self.patient["demographics"] or {}
        return {key: _text(said.get(key)) for key in DEMOGRAPHICS}

    def _contract(self) -> dict[str, Any]:
        course = self.course
        return {
            "planned_sessions": course["planned_sessions"],
            "frequency": (course["spacing"] or "")[:LONGEST_CODE] or None,
            "session_min": course["session_minutes"],
            "agreed": course["contract_agreed"],
            "engagement": course["engagement_sessions"],
            "maintenance_planned": course["maintenance_sessions"],
            "phases": course["phase_map"],
            "agreed_day": self._day(course["contract_agreed_on"]),
            "end_day": self._day(course["contract_ends_on"]),
        }

    def _change(self, row: Row) -> dict[str, Any]:
        return {
            "n": row["at_session"],
            "kind": row["kind"],
            "from": row["old"],
            "to": row["new"],
            "reason": row["reason"],
            "reformulated": row["reformulated"],
            "patient_agreed": row["patient_agreed"],
            "supervisor_informed": row["supervisor_informed"],
            "day": self._day(row["changed_on"]),
        }

    def _session(self, row: Row) -> dict[str, Any]:
        return {
            "slot": row["slot"],
            "n": row["number"],
            "kind": row["kind"],
            "phase": row["phase"],
            "date": row["held_on"],
            "day": self._day(row["held_on"]),
            "attendance": row["attendance"],
            "modality": row["modality"],
            "duration_min": row["duration_minutes"],
            "minutes_late": row["minutes_late"],
            "mood_0_10": row["mood"],
            "linked_event": row["linked_event"],
            "focal_area": row["focal_area"],
            "dispute_stage": row["dispute_stage"],
            "tasks_done": row["tasks"],
            "techniques": row["techniques"],
            "homework": row["homework"],
            "plan": row["plan"],
            "measures": [_measure(each) for each in self._measures(row["id"])],
            "risk": self._risk(row),
            "medication_change": self._medication(row),
            "note": self._note(row),
            "amendments": self._amendments(row),
            "fidelity": [self._rating(each) for each in self._within("fidelity_rating", row)],
        }

    def _measures(self, session: str | None) -> Iterator[Row]:
        for row in self._of("measure"):
            if row["session_id"] == session and row["withdrawn_at"] is None:
                yield row

    def _risk(self, session: Row) -> dict[str, Any] | None:
        row = next(self._within("risk_check", session), None)
        if row is None:
            return None
        return {
            "asked": row["asked"],
            "result": row["result"],
            "trigger": row["trigger"],
            "instrument": (row["instrument"] or "")[:LONGEST_CODE] or None,
            **({"answers": row["answers"]} if row["answers"] else {}),
            "band": row["override_band"] or row["band"],
            "action": row["action"],
            "note": row["detail"],
            "supervisor_notified_day": self._day(row["supervisor_told_on"]),
        }

    def _medication(self, session: Row) -> dict[str, Any] | None:
        row = next(self._within("medication_change", session), None)
        if row is None:
            return None
        return {
            "drug": row["drug"],
            "change": (row["change"] or "")[:LONGEST_CODE] or None,
            "dose": (row["dose"] or "")[:LONGEST_CODE] or None,
            "by": row["changed_by"],
            "day": self._day(row["changed_on"]),
        }

    def _note(self, row: Row) -> dict[str, Any] | None:
        if row["note_state"] is None:
            return None
        return {
            "status": row["note_state"],
            "signed_day": self._day(row["note_signed_on"]),
            "service_day": self._day(row["note_service_on"]),
            "cosigned_by": row["note_cosigned_by"],
            "cosigned_day": self._day(row["note_cosigned_on"]),
        }

    def _amendments(self, session: Row) -> list[dict[str, Any]]:
        """Give the amendments of a session and of its forms, which are named by a path."""
        paths = {
            each["id"]: f"measures.{_form(each)[0]}." for each in self._measures(session["id"])
        }
        paths[session["id"]] = ""
        return [
            self._amendment(row)
            | {"field": paths[row["subject_id"]] + (row["field"] or "")}
            | {"note_status_at_time": row["note_state"]}
            for row in self._of("amendment")
            if row["subject_id"] in paths
        ]

    def _amendment(self, row: Row) -> dict[str, Any]:
        by = self._who(row["author_id"]) if row["author_id"] else (row["author"] or "")
        return {
            "field": row["field"],
            "old": row["old"],
            "new": row["new"],
            "reason": row["reason"],
            "by": by[:LONGEST_CODE] or None,
            "day": self._day(row["amended_on"]),
        }

    def _rating(self, row: Row) -> dict[str, Any]:
        amended = (r for r in self._of("rating_amendment") if r["rating_id"] == row["id"])
        return {
            "rater": "self" if row["role"] == "self" else self._who(row["rater_id"]),
            "basis": "consensus" if row["role"] == "consensus" else row["basis"],
            "scope": row["scope"],
            "rated_day": self._day(row["rated_on"]),
            "global_competence": row["global_competence"],
            "items": row["items"],
            "proscribed": row["proscribed"],
            "amendments": [self._amendment(each) for each in amended],
        }

    def _assessments(self) -> list[dict[str, Any]]:
        return [
            {
                **_named(row),
                "total": row["total"],
                "point": row["point"],
                "due_day": self._day(row["due_on"]),
                "done_day": None if row["status"] in NOT_THERE else self._day(row["taken_on"]),
                "assessor": (row["assessor"] or "")[:LONGEST_CODE] or None,
                "blind": row["blind"],
                "reason": row["reason"],
                "unblinding": row["unblinding"],
            }
            for row in self._measures(None)
        ]

    def _outcome(self) -> dict[str, Any]:
        course = self.course
        return {
            "status": course["status"],
            "disposition": course["disposition"],
            "closed_day": self._day(course["ended_on"]),
            "reason": course["outcome_reason"],
        }

    def _of(self, name: str) -> Sequence[Row]:
        return self.tables.get(name, [])

    def _within(self, name: str, session: Row) -> Iterator[Row]:
        return (row for row in self._of(name) if row["session_id"] == session["id"])

    def _day(self, day: str | None) -> int | None:
        if day is None or self.first is None:
            return None
        return (date.fromisoformat(day) - date.fromisoformat(self.first)).days


def _spell(row: Row) -> dict[str, Any]:
    return {
        "area": row["area"],
        "from_n": row["from_session"],
        "to_n": row["to_session"],
        "detail": row["detail"],
        "reason": row["reason"],
        "end_reason": row["end_reason"],
    }


def _measure(row: Row) -> dict[str, Any]:
    said = _said_before(row, OF_A_FORM)
    return {**_named(row), "total": row["total"], "status": row["status"], **said}


def _named(row: Row) -> dict[str, Any]:
    name, window = _form(row)
    return {"instrument": name, "window": window}


def _form(row: Row) -> tuple[str, str | None]:
    """Give name and time window of a form; the window only where the name alone means another."""
    one = INSTRUMENTS.get(row["instrument"])
    if one is None:
        return row["instrument"], None
    forms = [each for each in INSTRUMENTS.values() if each.family == one.family]
    is_meant = key_for(one.family) == one.key and (len(forms) == 1 or not one.self_report)
    return one.family, None if is_meant else str(one.lookback).replace(" ", "_")


def _said_before(row: Row, keys: Sequence[str]) -> dict[str, Any]:
    """Give what an imported file said under these keys and no column holds."""
    extra = row["extra"] or {}
    return {key: extra[key] for key in keys if key in extra}


def _without_days(found: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is counted in days: without a session there is no day to count from."""
    outcome = {**found["outcome"], "closed_day": None}
    contract = {**found["contract"], "agreed_day": None, "end_day": None}
    changes = [{**each, "day": None} for each in found["contract_changes"]]
    planned = [{**each, "due_day": None, "done_day": None} for each in found["assessments"]]
    return {
        "outcome": outcome,
        "contract": contract,
        "contract_changes": changes,
        "assessments": planned,
    }


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None

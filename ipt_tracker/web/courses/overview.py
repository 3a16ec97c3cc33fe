"""The overview of a course in the words of its panels."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from ipt_tracker.clinical.course.attendance import Attendance, rates, took_place
from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.focal_areas import DisputeStage, focal_area_label
from ipt_tracker.clinical.course.kinds import kind_of
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.course.protocols import PROTOCOLS
from ipt_tracker.clinical.course.records import ContractChange as ChangeKind
from ipt_tracker.clinical.course.records import (
    CourseStatus,
    Disposition,
    Modality,
    PrecipitatingEvent,
    PrimaryDiagnosis,
)
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.outcome.series import Status
from ipt_tracker.persistence.queries.courses import SessionLine
from ipt_tracker.persistence.queries.records import MeasureRow
from ipt_tracker.services.overview import Overview
from ipt_tracker.services.progress_chart import point_words
from ipt_tracker.services.scores import LATE_DAYS, Given
from ipt_tracker.web.caseload.rows import WITHOUT, Said, due
from ipt_tracker.web.courses.line import risk_words, session_name
from ipt_tracker.web.page import day

USUAL_KEY = "pcl5_week"
"""The form that is entered at sessions unless the course is followed with another one."""
NEWEST = 7
"""Slots that the overview lists; the rest is one link away."""
NOTES = {
    "draft": Said("Draft", "note"),
    "unsigned": Said("Unsigned", "note"),
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


@dataclass(frozen=True, slots=True)
class Changed:
    """One change of the contract in words."""

    on: date
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """What the overview's panels say."""

    sessions: list[SessionRow]
    assessments: list[Assessment]
    counts: str
    protocol: str
    contract: str
    changes: list[Changed]
    status: str
    disposition: str
    next: str
    log: str
    ending: str
    due: Said
    risk: str
    measure: str
    """Key of the form that is entered at sessions, and its name below."""
    enter: str
    measured: str
    """Name of the instrument that the course is followed with."""
    areas: dict[str, str]
    diagnosis: str
    event: str
    demographics: list[tuple[str, str]]
    remarks: list[tuple[str, list[str]]]


def page_of(found: Overview, today: date) -> OverviewPage:
    """Put a course into the words of its panels."""
    course, asked = found.course, found.last_risk
    usual = INSTRUMENTS[found.main.key if found.main and found.main.self_report else USUAL_KEY]
    return OverviewPage(
        sessions=session_rows(found),
        assessments=assessments(found, today),
        counts=counts_words(found),
        protocol=protocol_name(course.protocol),
        contract=contract_words(found),
        changes=contract_changes(found),
        status=label_of(CourseStatus, course.status),
        disposition=label_of(Disposition, course.disposition or ""),
        next=next_words(found),
        log=_coming(found).lower(),
        ending=ending_words(found),
        due=due(found.listed),
        risk=f"Last asked {day(asked.slot.held_on)}: {risk_words(asked)}." if asked else "",
        measure=usual.key,
        enter=usual.name,
        measured=found.main.name if found.main else usual.name,
        areas={spell.area: focal_area_label(spell.area) for spell in course.focal_areas},
        diagnosis=label_of(PrimaryDiagnosis, course.patient.primary_diagnosis),
        event=label_of(PrecipitatingEvent, course.patient.precipitating_event),
        demographics=demographics(found),
        remarks=remarks(found),
    )


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
        note=NOTES.get(line.note_state or "", Said(_plain(line.note_state or "no note"))),
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


def _plain(code: str) -> str:
    return code.replace("_", " ").capitalize()


def assessments(found: Overview, today: date) -> list[Assessment]:
    """Give the measurements that belong to a point of the course, in their order."""
    rows = sorted(found.assessments, key=lambda row: row.due_on or row.taken_on)
    return [_assessment(row, today) for row in rows]


def _assessment(row: MeasureRow, today: date) -> Assessment:
    known = INSTRUMENTS.get(row.instrument)
    when = row.taken_on if row.total is not None else row.due_on
    blind = {True: "blind", False: "not blind", None: ""}[row.blind]
    words = [day(when) if row.total is not None else f"due {day(when)}" if when else "", blind]
    return Assessment(
        title=f"{known.name if known else row.instrument}, {point_words(row.point)}",
        value="" if row.total is None else str(row.total),
        sub=", ".join(filter(None, [*words, row.reason or row.unblinding or ""])),
        state=_state(row, today),
    )


def _state(row: MeasureRow, today: date) -> Said:
    if row.total is not None:
        late = (row.taken_on - row.due_on).days if row.due_on else 0
        return Said(f"Done, {late} days late" if late > LATE_DAYS else "Done", "done")
    due = row.due_on or row.taken_on
    if due > today:
        return Said("Not due yet", "open")
    if row.status in WITHOUT:
        return Said(WITHOUT[Status(row.status)].capitalize(), "unsure")
    return Said(_plain(row.status), "unsure")


def counts_words(found: Overview) -> str:
    """Count the appointments: "13 appointments, 11 held, 2 did not take place"."""
    counts = rates(s.attendance for s in found.facts.slots)
    if not counts.slots:
        return "no appointment yet"
    missed = counts.slots - counts.attended
    words = [f"{counts.slots} appointment{'' if counts.slots == 1 else 's'}"]
    words.append(f"{counts.attended} held")
    return ", ".join([*words, f"{missed} did not take place"] if missed else words)


def protocol_name(key: str) -> str:
    """Name a protocol; one of another clinic is shown as it is written."""
    protocol = PROTOCOLS.get(key)
    return protocol.name if protocol else key


def contract_words(found: Overview) -> str:
    """Say the contract in one line: "16 sessions, weekly, 50 minutes"."""
    course = found.course
    minutes = f"{course.session_minutes} minutes" if course.session_minutes else ""
    sessions = f"{course.planned_sessions} session{'' if course.planned_sessions == 1 else 's'}"
    return ", ".join(filter(None, (sessions, (course.spacing or "").lower(), minutes)))


def contract_changes(found: Overview) -> list[Changed]:
    """Give the changes of the contract, oldest first."""
    return [
        Changed(
            change.changed_on,
            _change_words(label_of(ChangeKind, change.kind), change.old, change.new),
            change.reason or "",
        )
        for change in found.contract_changes
    ]


def _change_words(kind: str, old: str | None, new: str | None) -> str:
    before, after = (_term(old), _term(new))
    if before and after:
        return f"{kind}: {before} to {after}"
    return f"{kind}: {before or after}" if before or after else kind


def _term(text: str | None) -> str:
    return focal_area_label(text).lower() if text else ""


def next_words(found: Overview) -> str:
    """Name what would be logged next: "Session 12, middle phase"."""
    coming = found.facts.next
    kind = kind_of(coming.kind)
    in_phase = kind is None or kind.counts_against_the_contract
    phase = Phase(coming.phase).words if in_phase and coming.phase in set(Phase) else ""
    return ", ".join(filter(None, (_coming(found), phase)))


def _coming(found: Overview) -> str:
    coming = found.facts.next
    kind = kind_of(coming.kind)
    plain = kind is None or kind.counts_against_the_contract
    return f"{'Session' if plain or kind is None else kind.label} {coming.number}"


def ending_words(found: Overview) -> str:
    """Say when the ending phase starts, as long as it lies ahead."""
    span = found.course.phase_map.get(Phase.TERMINATION)
    if not span or found.facts.next.number >= span[0] or found.facts.position.held >= span[0]:
        return ""
    return f"Phase starts at session {span[0]}."


def remarks(found: Overview) -> list[tuple[str, list[str]]]:
    """Give what an imported file said of the course and no field holds, as written there."""
    course = found.course
    kept: dict[str, Any] = {"label": course.label, **(course.extra or {})}
    if course.case_id and course.case_id != course.patient.code:
        kept["case"] = course.case_id
    return [(_plain(key), list(_pieces(value))) for key, value in kept.items() if value]


def _pieces(value: object) -> Iterable[str]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield f"{_plain(str(key))}: {each}"
    elif isinstance(value, list):
        yield from (str(each) for each in value)
    else:
        yield str(value)


def demographics(found: Overview) -> list[tuple[str, str]]:
    """Give the bands that an imported file had for the patient."""
    bands = found.course.patient.demographics or {}
    return [(_plain(key), "; ".join(_pieces(value))) for key, value in bands.items()]

"""The overview of a course in the words of its panels."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from ipt_tracker.clinical.course.attendance import rates
from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.focal_areas import focal_area_label
from ipt_tracker.clinical.course.kinds import kind_of
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.course.protocols import PROTOCOLS
from ipt_tracker.clinical.course.records import ContractChange as ChangeKind
from ipt_tracker.clinical.course.records import (
    CourseStatus,
    Disposition,
    PrecipitatingEvent,
    PrimaryDiagnosis,
)
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.services.overview import Overview
from ipt_tracker.services.schedules import schedule_of
from ipt_tracker.web.courses.risk import risk_line
from ipt_tracker.web.courses.rows import Assessment, SessionRow, assessments, plain, session_rows
from ipt_tracker.web.due.words import Said as State
from ipt_tracker.web.due.words import enter_url, form_name, point_words, state_of
from ipt_tracker.web.page import day
from ipt_tracker.web.schedules.rows import session_lines

USUAL_KEY = "pcl5_week"
"""The form that is entered at sessions unless the course is followed with another one."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One change of the contract in words."""

    on: date
    text: str
    reason: str
    agreed: bool | None


CRITERION_A = {True: "met", False: "not met", None: "not recorded"}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One measure that waits, and where it is entered."""

    name: str
    state: State
    url: str | None


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
    waiting: tuple[Waiting, ...]
    gaps: str
    asks: int
    """Answers on suicide that nobody has acknowledged; the strip says each in full."""
    schedule: tuple[tuple[str, str], ...] | None
    """What is given at sessions; None where nothing was ever agreed."""
    risk: str
    measure: str
    """Key of the form that is entered at sessions, and its name below."""
    enter: str
    measured: str
    """Name of the instrument that the course is followed with."""
    areas: dict[str, str]
    diagnosis: str
    event: str
    criterion_a: str
    beginning: tuple[tuple[str, str, str], ...]
    """Parts of the work of the beginning: name, what is there, where it is."""
    formulation: str
    """The words shared with the patient; empty while there are none."""
    booked: str
    """The next appointment; empty while none is booked."""
    demographics: list[tuple[str, str]]
    remarks: list[tuple[str, list[str]]]


def page_of(found: Overview, today: date) -> OverviewPage:
    """Put a course into the words of its panels."""
    course = found.course
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
        waiting=waiting(found),
        gaps=gaps_words(found),
        asks=len(found.listed.safety.prompts),
        schedule=session_lines(schedule) if (schedule := schedule_of(course)) is not None else None,
        risk=risk_line(found),
        measure=usual.key,
        enter=usual.name,
        measured=found.main.name if found.main else usual.name,
        areas={spell.area: focal_area_label(spell.area) for spell in course.focal_areas},
        diagnosis=label_of(PrimaryDiagnosis, course.patient.primary_diagnosis),
        event=label_of(PrecipitatingEvent, course.patient.precipitating_event),
        criterion_a=CRITERION_A[course.criterion_a],
        beginning=beginning_work(found),
        formulation=formulation_words(found),
        booked=booked_words(found),
        demographics=demographics(found),
        remarks=remarks(found),
    )


SHEETS_OF_THE_START = (("suitability", "Suitability"), ("medication_evaluation", "Medication"))


def beginning_work(found: Overview) -> tuple[tuple[str, str, str], ...]:
    """Give the parts of the beginning phase with what is written down, and where."""
    done, course_id = found.done, found.course.id
    people = f"{done.people} {'person' if done.people == 1 else 'people'}"
    events = f"{done.events} event{'' if done.events == 1 else 's'}"
    counted = (
        ("Inventory", people if done.people else "", "inventory.show"),
        ("Timeline", events if done.events else "", "timeline.show"),
    )
    return (
        *((name, said, url_for(end, course_id=course_id)) for name, said, end in counted),
        *(
            (name, done.summary(kind), url_for("worksheets.show", course_id=course_id, sheet=kind))
            for kind, name in SHEETS_OF_THE_START
        ),
    )


def formulation_words(found: Overview) -> str:
    """Give the formulation as the patient knows it, else what it says in one line."""
    row = found.done.sheets.get("formulation")
    return (row.content.get("shared_words") or found.done.summary("formulation")) if row else ""


def booked_words(found: Overview) -> str:
    """Say when the next appointment is: "Thu 12 Mar 2026, 10:00"."""
    booked = found.done.appointment
    if booked is None:
        return ""
    time = f", {booked.starts_at:%H:%M}" if booked.starts_at else ""
    return f"{booked.planned_on:%a} {day(booked.planned_on)}{time}"


def waiting(found: Overview) -> tuple[Waiting, ...]:
    """Give what waits, the most pressing first, and what comes up soon."""
    course_id = found.course.id
    return tuple(
        Waiting(
            " ".join(filter(None, (form_name(due), point_words(due)))),
            state_of(due),
            enter_url(course_id, due) if due.key in INSTRUMENTS else None,
        )
        for due in found.listed.dues.lines
    )


def gaps_words(found: Overview) -> str:
    """Count the sessions before at which a form was due and nobody said a word about it."""
    return "; ".join(
        f"{INSTRUMENTS[key].name} missing at {number} earlier "
        f"{'session' if number == 1 else 'sessions'}"
        for key, number in found.listed.dues.missing
    )


def counts_words(found: Overview) -> str:
    """Count the appointments: "13 appointments, 11 held, 2 did not take place"."""
    counts = rates(s.attendance for s in found.facts.slots)
    if not counts.slots:
        return "no appointment" if found.course.ended_on else "no appointment yet"
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
            change.patient_agreed,
        )
        for change in found.contract_changes
    ]


def _change_words(kind: str, old: str | None, new: str | None) -> str:
    before, after = (_term(old), _term(new))
    if before and after:
        return f"{kind}: {before} to {after}"
    return f"{kind}: {before or after}" if before or after else kind


def _term(text: str | None) -> str:
    """Write a term of the contract: an area by its label, a day as a day, the rest as it is."""
    if not text:
        return ""
    try:
        when = date.fromisoformat(text)
    except ValueError:
        return focal_area_label(text).lower()
    return f"{when.day} {when:%b %Y}"


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
    return [(plain(key), list(_pieces(value))) for key, value in kept.items() if value]


def _pieces(value: object) -> Iterable[str]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield f"{plain(str(key))}: {each}"
    elif isinstance(value, list):
        yield from (str(each) for each in value)
    else:
        yield str(value)


def demographics(found: Overview) -> list[tuple[str, str]]:
    """Give the bands that an imported file had for the patient."""
    bands = found.course.patient.demographics or {}
    return [(plain(key), "; ".join(_pieces(value))) for key, value in bands.items()]

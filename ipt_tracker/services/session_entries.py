"""What is written down about one slot, as values: from a form, or from a record that is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from ipt_tracker.services.appointments import AppointmentEntry
from ipt_tracker.services.measure_entries import MeasureEntry


@dataclass(frozen=True, slots=True)
class RiskEntry:
    """Was risk asked about, and what came of it. Not asked is never the same as none."""

    answer: str
    detail: str | None = None
    action: str | None = None
    told_who: str | None = None
    told_on: date | None = None
    supervisor_told_on: date | None = None
    answers: Mapping[str, bool | None] | None = None
    """The answers to the suicide screener by their keys; a blank is None."""
    override_band: str | None = None
    override_reason: str | None = None
    """The clinician's own band where it differs from the one that follows, and why."""


@dataclass(frozen=True, slots=True)
class MedicationEntry:
    """A change of medication that the patient reports."""

    drug: str
    change: str | None = None
    dose: str | None = None
    changed_by: str | None = None
    changed_on: date | None = None


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """Everything that is written down about one slot. Its names are the names of the columns.

    Without a `number` a session that took place gets the next one of its kind; without a `phase`
    it has the one that the protocol gives.
    """

    kind: str
    number: int | None
    held_on: date
    starts_at: time | None
    duration_minutes: int | None
    minutes_late: int
    modality: str | None
    attendance: str
    phase: str | None
    phase_reason: str | None
    focal_area: str | None
    dispute_stage: str | None
    mood: int | None
    linked_event: str | None
    tasks: tuple[str, ...]
    techniques: tuple[str, ...]
    homework: str | None
    plan: str | None
    note: str | None
    patient_location: str | None = None
    """Where the patient is during a video or telephone session."""


@dataclass(frozen=True, slots=True)
class Attached:
    """What is entered on the same page and kept in tables of its own.

    `confirmed` names the questions that a person has answered with yes: see `session_questions`.
    """

    risk: RiskEntry | None = None
    medication: MedicationEntry | None = None
    measures: tuple[MeasureEntry, ...] = ()
    following: AppointmentEntry | None = None
    """The next appointment, where one was agreed."""
    confirmed: frozenset[str] = frozenset()

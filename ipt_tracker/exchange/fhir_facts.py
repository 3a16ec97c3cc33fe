"""What a FHIR file is made from: one course in plain values, its ids as text.

The file is only as free of names as these values are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.exchange.fhir_codes import Named


@dataclass(frozen=True, slots=True)
class Person:
    """The patient."""

    id: str
    code: str
    name: str | None = None
    birth_date: date | None = None
    age_band: str = ""


@dataclass(frozen=True, slots=True)
class Focus:
    """A focal area for part of the course."""

    area: Named
    started_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Slot:
    """One appointment. `took_place` says whether the patient was seen."""

    id: str
    held_on: date
    kind: Named
    attendance: Named
    phase: Named
    focal_area: Named | None
    number: int | None
    minutes: int | None
    is_remote: bool
    took_place: bool
    is_error: bool
    mood: int | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """One administration of an instrument, or of one that this program does not know.

    `is_withdrawn`: it was entered in error. `is_corrected`: it was put right after it was entered.
    """

    id: str
    instrument: Instrument | None
    name: str
    slot: str | None
    taken_on: date
    status: str
    total: int | None
    lowest: int | None
    highest: int | None
    answers: Mapping[str, int | None] | None
    beside: Mapping[str, int | bool | None]
    recorded_at: datetime | None
    is_withdrawn: bool
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class Course:
    """One course with everything that goes into its file. `made_at` is None without names."""

    id: str
    patient: Person
    protocol: Named
    planned_sessions: int
    started_on: date
    ended_on: date | None
    therapist: str
    focus: tuple[Focus, ...]
    slots: tuple[Slot, ...]
    forms: tuple[Form, ...]
    software: str
    made_at: datetime | None
    without_names: bool

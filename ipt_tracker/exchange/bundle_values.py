"""A course bundle as frozen values: everything a case says, typed, with its days made dates.

Codes stay text, because another clinic may use codes that are not known here. Whatever a typed
field cannot hold stands in `extra` as the JSON text it came as: nothing is dropped.
"""

from dataclasses import dataclass, field
from datetime import date

from ipt_tracker.clinical.course.phases import PhaseMap


@dataclass(frozen=True, slots=True)
class Kept:
    """A key that no field holds, with its value as JSON text."""

    key: str
    text: str


Extra = tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class AmendmentIn:
    """A change to a note or a rating; `old` and `new` are JSON text, `field` says of what."""

    field: str | None
    old: str | None
    new: str | None
    reason: str | None
    by: str | None
    amended_on: date | None
    note_status_at_time: str | None
    extra: Extra = ()


@dataclass(frozen=True, slots=True)
class MeasureIn:
    """One questionnaire at one session. `total` is None unless the form was complete.

    `items` are the answers in the order of the form, None for a blank; empty where only a total
    was written.
    """

    instrument: str
    window: str | None
    total: int | None
    status: str | None
    items_missing: int | None
    sum_of_answered: int | None
    item9: int | None
    items: tuple[int | None, ...] = ()
    extra: Extra = ()


@dataclass(frozen=True, slots=True)
class RiskAnswerIn:
    """One answer of a risk screener: None when it was not given."""

    question: str
    yes: bool | None


@dataclass(frozen=True, slots=True)
class RiskIn:
    """What was asked about risk at a session, and what was done."""

    asked: bool | None
    result: str | None
    trigger: str | None
    instrument: str | None
    answers: tuple[RiskAnswerIn, ...]
    band: str | None
    action: str | None
    note: str | None
    supervisor_notified_on: date | None
    extra: Extra = ()


@dataclass(frozen=True, slots=True)
class MedicationIn:
    """One change of a medicine."""

    drug: str | None
    change: str | None
    dose: str | None
    by: str | None
    changed_on: date | None
    extra: Extra = ()


@dataclass(frozen=True, slots=True)
class NoteIn:
    """The state of a session's note. `service_on` is given where the entry was late."""

    status: str | None
    signed_on: date | None
    service_on: date | None
    cosigned_by: str | None
    cosigned_on: date | None
    extra: Extra = ()


@dataclass(frozen=True, slots=True)
class ItemRatingIn:
    """One fidelity item: delivered 1, 0.5, 0 or None (not applicable); quality 1 to 5 or None."""

    code: str
    delivered: float | None
    quality: int | None


@dataclass(frozen=True, slots=True)
class ProscribedIn:
    """Whether something that does not belong to IPT was seen; None when it was not judged."""

    code: str
    seen: bool | None


@dataclass(frozen=True, slots=True)
class RatingIn:
    """One fidelity rating of a session; `rater` is "self" or the id of a supervisor."""

    rater: str
    basis: str | None
    scope: str | None
    rated_on: date | None
    global_quality: int | None
    items: tuple[ItemRatingIn, ...]
    proscribed: tuple[ProscribedIn, ...]
    amendments: tuple[AmendmentIn, ...]
    extra: Extra = ()


@dataclass(frozen=True, slots=True)
class SessionIn:
    """One slot of a course: `number` counts within the kind, None if it did not take place."""

    slot: int
    number: int | None
    kind: str
    phase: str | None
    held_on: date
    attendance: str
    modality: str | None
    duration_min: int | None
    minutes_late: int | None
    mood: int | None
    linked_event: str | None
    focal_area: str | None
    dispute_stage: str | None
    tasks: tuple[str, ...]
    techniques: tuple[str, ...]
    homework: str | None
    plan: str | None
    measures: tuple[MeasureIn, ...]
    risk: RiskIn | None
    medication_change: MedicationIn | None
    note: NoteIn | None
    amendments: tuple[AmendmentIn, ...]
    ratings: tuple[RatingIn, ...]
    extra: Extra = ()


@dataclass(frozen=True, slots=True)
class SpellIn:
    """One focal-area spell, by the session numbers of the bundle and by the days they fell on.

    `opened_on` is None when the bundle has no session of that number, `closed_on` while open.
    """

    area: str
    from_n: int | None
    to_n: int | None
    opened_on: date | None
    closed_on: date | None
    detail: str | None = None
    reason: str | None = None
    end_reason: str | None = None
    extra: Extra = ()


@dataclass(frozen=True, slots=True)
class ContractIn:
    """What was agreed at the start; minutes per session, spacing in words."""

    planned_sessions: int | None
    frequency: str | None
    session_min: int | None
    agreed: bool | None
    engagement: int | None
    maintenance_planned: int | None
    phase_map: PhaseMap | None
    agreed_on: date | None = None
    ends_on: date | None = None
    extra: Extra = ()


@dataclass(frozen=True, slots=True)
class ContractChangeIn:
    """One change of the contract at session `number`; `before` and `after` as words."""

    number: int | None
    kind: str | None
    before: str | None
    after: str | None
    reason: str | None
    reformulated: bool | None
    patient_agreed: bool | None
    supervisor_informed: bool | None
    changed_on: date | None
    extra: Extra = ()


@dataclass(frozen=True, slots=True)
class AssessmentIn:
    """One planned assessment; `done_on` and `total` are None when it did not happen."""

    instrument: str
    window: str | None
    point: str | None
    due_on: date | None
    done_on: date | None
    total: int | None
    assessor: str | None
    blind: bool | None
    reason: str | None
    unblinding: str | None
    extra: Extra = ()


@dataclass(frozen=True, slots=True)
class DemographicsIn:
    """What the bundle says of the person: bands and words, no name."""

    age_band: str | None = None
    gender: str | None = None
    ethnicity_band: str | None = None
    employment: str | None = None
    relationship: str | None = None
    extra: Extra = ()


@dataclass(frozen=True, slots=True)
class OutcomeIn:
    """How the course ended, or that it goes on."""

    status: str | None
    disposition: str | None
    closed_on: date | None
    reason: str | None
    extra: Extra = ()


@dataclass(frozen=True, slots=True)
class CaseIn:
    """One course of one patient.

    `first_contact` is the day that the bundle's whole days are counted from. `content` is the
    case as canonical JSON, without `expected`, as it stood in the file: `shift` leaves it alone.
    `expected` is the JSON text of the figures to reproduce; they are not data.
    """

    id: str
    label: str | None
    demographics: DemographicsIn
    protocol: str
    format: str | None
    primary_diagnosis: str | None
    precipitating_event: str | None
    therapist: str
    therapist_role: str | None
    supervisor: str | None
    recording_consent: bool | None
    focal_areas: tuple[SpellIn, ...]
    contract: ContractIn | None
    contract_changes: tuple[ContractChangeIn, ...]
    sessions: tuple[SessionIn, ...]
    assessments: tuple[AssessmentIn, ...]
    outcome: OutcomeIn | None
    edge_cases: tuple[str, ...]
    first_contact: date | None
    content: str = field(repr=False)
    expected: str | None = field(repr=False, default=None)
    extra: Extra = ()
    co_therapists: tuple[str, ...] = ()
    """Who leads beside the therapist, by staff code."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A file read whole: its cases, and a sentence for all that a typed field cannot hold."""

    cases: tuple[CaseIn, ...]
    warnings: tuple[str, ...]
    notice: str | None = None
    conventions: tuple[Kept, ...] = ()
    extra: Extra = ()

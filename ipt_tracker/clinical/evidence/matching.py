"""Which published subgroups a patient belongs to; the overall effect is the usual one."""

from dataclasses import dataclass

from ipt_tracker.clinical.course.records import PrecipitatingEvent, PrimaryDiagnosis
from ipt_tracker.clinical.evidence.library import effects
from ipt_tracker.clinical.evidence.trial_rows import smd_words

DIAGNOSES = {PrimaryDiagnosis.PTSD: "dx_ptsd", PrimaryDiagnosis.MDD: "dx_mdd"}
EVENTS = {
    PrecipitatingEvent.INTERPERSONAL: "event_interpersonal",
    PrecipitatingEvent.DISASTER: "event_disaster_violence",
    PrecipitatingEvent.PERINATAL: "event_perinatal",
}
SHORT = 12
"""Sessions up to which a course is in the shorter group of the paper."""


@dataclass(frozen=True, slots=True)
class Match:
    """One feature of the patient, and what is printed for patients like that."""

    feature: str
    words: str


def matches(diagnosis: str, event: str, planned_sessions: int) -> tuple[Match, ...]:
    """Give the printed subgroup for diagnosis, event and length, each with its test."""
    length = "sessions_le12" if planned_sessions <= SHORT else "sessions_gt12"
    known = {each.value: key for each, key in (*DIAGNOSES.items(), *EVENTS.items())}
    return (
        Match("Primary diagnosis", _said(known.get(diagnosis), diagnosis)),
        Match("Event", _said(known.get(event), event)),
        Match(f"{planned_sessions} sessions planned", _said(length, "")),
    )


def _said(key: str | None, code: str) -> str:
    if key is None:
        unsaid = code == PrimaryDiagnosis.NOT_CLASSIFIED
        return "not classified in this record" if unsaid else "the paper has no such group"
    effect = effects()[key]
    if effect.low is None:
        return f"{effect.label}: {effect.why_no_interval}"
    shown = f"{effect.label}: {smd_words(effect)}"
    return f"{shown}; no evidence that these groups differ (p = {effect.difference_p:.2f})"

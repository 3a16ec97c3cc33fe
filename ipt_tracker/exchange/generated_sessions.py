"""What is written down of each appointment of an invented course."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ipt_tracker.clinical.course.attendance import Attendance, took_place
from ipt_tracker.clinical.course.catalogue import tasks_for
from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.course.protocols import Protocol
from ipt_tracker.clinical.course.records import Modality, PrimaryDiagnosis
from ipt_tracker.exchange import generated_words as words
from ipt_tracker.exchange.generated_ratings import ratings
from ipt_tracker.exchange.generated_scores import (
    Severity,
    mood,
    pcl5_measure,
    phq9_measure,
    with_items,
)
from ipt_tracker.exchange.generated_timeline import Slot, happens

PHQ9_EVERY = 4
MEDICATION_AT = 3
ITEMS_FOR = 60
"""Days back from today for which forms are there item by item, and not only by their total."""
UNSIGNED_FOR, LATEST_ENTRY = 4, 9
"""Days for which some notes still wait for a signature; days after which a late one came."""
TECHNIQUES: dict[Phase, tuple[str, ...]] = {
    Phase.ENGAGEMENT: ("exploration_nondirective", "psychoeducation"),
    Phase.BEGINNING: ("psychoeducation", "exploration_directive", "clarification"),
    Phase.MIDDLE: (
        "encouragement_of_affect",
        "communication_analysis",
        "clarification",
        "decision_analysis",
        "role_play",
        "exploration_nondirective",
        "support_mobilisation",
    ),
    Phase.TERMINATION: ("encouragement_of_affect", "support_mobilisation", "clarification"),
    Phase.MAINTENANCE: ("clarification", "decision_analysis", "support_mobilisation"),
}
STAGES = ("renegotiation", "impasse", "impasse", "dissolution")


@dataclass(frozen=True, slots=True)
class Focus:
    """The areas worked on, each with the session numbers it is worked on from and to."""

    spells: tuple[tuple[str, int, int], ...]

    def at(self, number: int) -> str | None:
        """Give the area of a session of this number."""
        return next((area for area, first, last in self.spells if first <= number <= last), None)


@dataclass(slots=True)
class Course:
    """What is known of an invented course while its sessions are written."""

    protocol: Protocol
    primary: PrimaryDiagnosis
    focus: Focus
    severity: Severity
    first_day: date
    today: date
    reached: int = 0
    """The number of the last of the contract's sessions that was held."""

    @property
    def last_day(self) -> int:
        """Today, in whole days from first contact."""
        return (self.today - self.first_day).days


@dataclass(frozen=True, slots=True)
class Moment:
    """One appointment in its place: the phase, the area worked on, days since first contact."""

    slot: Slot
    phase: Phase
    area: str | None
    day: int


def sessions(rng: Random, course: Course, slots: list[Slot]) -> list[dict[str, object]]:
    """Write down the appointments, in order."""
    return [_session(rng, course, slot, index) for index, slot in enumerate(slots, start=1)]


def _session(rng: Random, course: Course, slot: Slot, index: int) -> dict[str, object]:
    day = slot.week * 7
    counted = slot.number if slot.kind is Kind.INDIVIDUAL and slot.number else course.reached + 1
    kind, number = slot.kind, slot.number or counted
    phase = course.protocol.phase_map.phase_of(kind, min(number, course.protocol.planned_sessions))
    area = None if kind is Kind.ENGAGEMENT else course.focus.at(counted)
    session: dict[str, object] = {
        "slot": index,
        "n": slot.number,
        "kind": kind.value,
        "phase": phase.value,
        "date": (course.first_day + timedelta(days=day)).isoformat(),
        "day": day,
        "attendance": slot.attendance.value,
        "focal_area": area,
        "dispute_stage": _stage(course, counted) if area == "dispute" else None,
        "homework": None,
        "medication_change": None,
        "amendments": [],
    }
    if not took_place(slot.attendance):
        return session | _missed(rng, slot, day)
    course.reached = counted if kind is Kind.INDIVIDUAL else course.reached
    return session | _held(rng, course, Moment(slot, phase, area, day))


def _missed(rng: Random, slot: Slot, day: int) -> dict[str, object]:
    return {
        "modality": None,
        "duration_min": None,
        "minutes_late": 0,
        "mood_0_10": None,
        "linked_event": None,
        "tasks_done": [],
        "techniques": [],
        "measures": [],
        "risk": None,
        "plan": rng.choice(words.MISSED_PLANS[slot.attendance]),
        "note": {"status": "contact_note", "signed_day": day},
        "fidelity": [],
    }


def _held(rng: Random, course: Course, moment: Moment) -> dict[str, object]:
    slot, phase, day = moment.slot, moment.phase, moment.day
    part = _part(course, slot)
    total = course.severity.pcl5(rng, part)
    measures = [pcl5_measure(rng, total, is_first=day == 0)]
    if course.primary is PrimaryDiagnosis.MDD or (slot.number or 0) % PHQ9_EVERY == 1:
        measures.append(phq9_measure(rng, course.severity.phq9(rng, part)))
    if course.last_day - day <= ITEMS_FOR:
        measures = [with_items(measure, total + day) for measure in measures]
    late = rng.randint(8, 25) if slot.attendance is Attendance.ATTENDED_LATE else 0
    short = 15 if slot.attendance is Attendance.LEFT_EARLY else late
    return {
        "modality": rng.choices(tuple(Modality), (80, 16, 4))[0].value,
        "duration_min": course.protocol.session_minutes - short,
        "minutes_late": late,
        "mood_0_10": mood(rng, total),
        "linked_event": _happening(rng, moment.area),
        "tasks_done": _tasks(rng, course, moment),
        "techniques": rng.sample(TECHNIQUES[phase], min(2, len(TECHNIQUES[phase]))),
        "measures": measures,
        "risk": _risk(rng, measures, phase, day),
        "plan": _plan(rng, phase),
        "medication_change": _medication(rng, slot, day),
        "note": _note(rng, course, day),
        "fidelity": ratings(rng, phase, day, course.last_day),
    }


def _part(course: Course, slot: Slot) -> float:
    if slot.kind is Kind.MAINTENANCE:
        return 1.0
    if slot.kind is Kind.ENGAGEMENT:
        return 0.0
    return ((slot.number or 1) - 1) / (course.protocol.planned_sessions - 1)


def _stage(course: Course, number: int) -> str:
    _, first, last = next(spell for spell in course.focus.spells if spell[0] == "dispute")
    reached = (number - first) / max(last - first, 1)
    ends = len(course.focus.spells) > 1
    stages = STAGES if ends else (*STAGES[:2], "renegotiation")
    return stages[min(int(reached * len(stages)), len(stages) - 1)]


def _happening(rng: Random, area: str | None) -> str:
    if area is None:
        return rng.choice(words.EARLY_HAPPENINGS)
    return rng.choice(words.HAPPENINGS[area]).format(who=rng.choice(words.PEOPLE[area]))


def _plan(rng: Random, phase: Phase) -> str | None:
    return rng.choice((None, *words.PLANS.get(phase, words.PLANS["beginning"])))


def _tasks(rng: Random, course: Course, moment: Moment) -> list[str]:
    """Tick what fits: the beginning's and the ending's tasks in order, the middle's at will."""
    slot, phase = moment.slot, moment.phase
    groups = tasks_for(phase, moment.area, course.protocol.key).shown
    own = [task.code for task in groups[0].tasks if task.code != "E08"]
    if phase in {Phase.BEGINNING, Phase.TERMINATION} and slot.kind is Kind.INDIVIDUAL:
        span = course.protocol.phase_map.span(phase)
        first, count = (span.first, span.last - span.first + 1) if span else (1, 1)
        ticked = own[((slot.number or first) - first) :: count]
    else:
        ticked = sorted(rng.sample(own, min(len(own), rng.randint(2, 4))))
    for group in groups[1:]:
        ticked.append(rng.choice(group.tasks).code)
    return ticked


def _risk(
    rng: Random, measures: list[dict[str, object]], phase: Phase, day: int
) -> dict[str, object] | None:
    """Ask early, now and then, and whenever the ninth item of the PHQ-9 is above zero."""
    item9 = next((measure["item9"] for measure in measures if "item9" in measure), 0)
    if item9:
        ever = happens(rng, 0.15)
        return {
            "asked": True,
            "trigger": f"PHQ-9 item 9 = {item9}",
            "instrument": "C-SSRS screener",
            "answers": {"q1": True, "q2": False, "q6_lifetime": ever, "q6_3_months": False},
            "band": "moderate" if ever else "low",
            "action": "safety plan written, supervisor told same day",
            "supervisor_notified_day": day,
        }
    early = phase in {Phase.ENGAGEMENT, Phase.BEGINNING}
    if early or happens(rng, 0.25):
        return {"asked": True, "result": "none"}
    return None


def _medication(rng: Random, slot: Slot, day: int) -> dict[str, object] | None:
    if slot.number != MEDICATION_AT or not happens(rng, 0.15):
        return None
    drug, dose = rng.choice(words.MEDICINES)
    return {"drug": drug, "change": "started", "dose": dose, "by": "prescriber", "day": day - 2}


def _note(rng: Random, course: Course, day: int) -> dict[str, object]:
    ago = course.last_day - day
    if ago <= UNSIGNED_FOR and happens(rng, 0.6):
        return {"status": "unsigned"}
    if ago > LATEST_ENTRY and happens(rng, 0.02):
        return {
            "status": "late_entry",
            "service_day": day,
            "signed_day": day + rng.randint(4, LATEST_ENTRY),
        }
    next_day = 1 if ago and happens(rng, 0.1) else 0
    return {"status": "signed", "signed_day": day + next_day}

"""One invented course from its contract to its outcome, as a case of a course bundle."""

from dataclasses import dataclass, replace
from datetime import date
from random import Random

from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.phases import Phase, PhaseMap, PhaseSpan
from ipt_tracker.clinical.course.protocols import PROTOCOLS, Protocol, Spacing
from ipt_tracker.clinical.course.records import PrimaryDiagnosis
from ipt_tracker.exchange import generated_words as words
from ipt_tracker.exchange.generated_people import Background
from ipt_tracker.exchange.generated_ratings import SUPERVISOR
from ipt_tracker.exchange.generated_scores import Severity
from ipt_tracker.exchange.generated_sessions import Course, Focus, sessions
from ipt_tracker.exchange.generated_timeline import Fate, Slot, happens, place, slots_of

Case = dict[str, object]

AREAS = ("role_transition", "dispute", "grief", "sensitivity")
AREA_WEIGHTS = (36, 30, 24, 10)
DISPUTES_THAT_END = 0.25
NOT_DONE = 0.1
LATE = 0.12
FOLLOW_UP_AFTER = 90


def long_protocol(maintenance: int) -> Protocol:
    """Give brief IPT with a great many maintenance visits, a week apart."""
    brief = PROTOCOLS["IPT-B-8-maintenance"]
    counted = tuple(span for span in brief.phase_map.spans if span.phase is not Phase.MAINTENANCE)
    first = brief.planned_sessions + 1
    kept_on = PhaseSpan(Phase.MAINTENANCE, first, first + maintenance - 1)
    phase_map = PhaseMap((*counted, kept_on))
    return replace(
        brief, maintenance_planned=maintenance, phase_map=phase_map, spacing=Spacing.WEEKLY
    )


def primary_of(protocol: Protocol) -> PrimaryDiagnosis:
    """Give the diagnosis that a protocol is taken for here."""
    return PrimaryDiagnosis.PTSD if protocol.for_ptsd else PrimaryDiagnosis.MDD


@dataclass(frozen=True, slots=True)
class Order:
    """What kind of course to invent, for whom, and up to which day."""

    case_id: str
    therapist: str
    protocol: Protocol
    fate: Fate
    about: Background
    today: date


@dataclass(frozen=True, slots=True)
class Point:
    """A planned assessment: its name, the day it is due, and the part of the course by then."""

    name: str
    due: int
    part: float


def case_of(rng: Random, order: Order) -> Case:
    """Invent one course. No event in it lies on `today` or after it."""
    protocol, fate, about = order.protocol, order.fate, order.about
    primary = primary_of(protocol)
    laid_out = slots_of(rng, protocol, fate.leaves_after)
    first_day, slots = place(rng, laid_out, fate, order.today)
    focus = _focus(rng, protocol)
    severity = Severity.of(rng, primary)
    course = Course(protocol, primary, focus, severity, first_day, order.today)
    held = sessions(rng, course, slots)
    changes = _changes(rng, course)
    return {
        "id": order.case_id,
        "label": _label(protocol, fate),
        "demographics": about.demographics,
        "protocol": protocol.key,
        "format": protocol.format.value,
        "primary_diagnosis": about.diagnosis,
        "precipitating_event": about.event,
        "focal_areas": _spells(course, fate),
        "contract": _contract(protocol, course),
        **({"contract_changes": changes} if changes else {}),
        "therapist": order.therapist,
        "supervisor": SUPERVISOR,
        "recording_consent": happens(rng, 0.9),
        "sessions": held,
        "assessments": _assessments(rng, course, laid_out, fate),
        "outcome": _outcome(rng, protocol, fate, slots),
        "edge_cases": [],
    }


def _label(protocol: Protocol, fate: Fate) -> str:
    how = "open" if fate.is_open else "left early" if fate.leaves_after else "completed"
    return f"Generated, {protocol.name}, {how}"


def _focus(rng: Random, protocol: Protocol) -> Focus:
    """Choose an area at the end of the beginning; some disputes end and the focus is switched."""
    beginning = protocol.phase_map.span(Phase.BEGINNING)
    first, last = (beginning.last if beginning else 1), protocol.planned_sessions
    area = rng.choices(AREAS, AREA_WEIGHTS)[0]
    if area == "dispute" and happens(rng, DISPUTES_THAT_END):
        turn = (first + last) // 2
        return Focus((("dispute", first, turn), ("role_transition", turn + 1, last)))
    return Focus(((area, first, last),))


def _spells(course: Course, fate: Fate) -> list[Case]:
    """Write down the spells that were reached; a course that goes on leaves the last one open."""
    reached = course.reached
    begun = [spell for spell in course.focus.spells if spell[1] <= reached]
    spells: list[Case] = []
    for area, first, last in begun:
        goes_on = fate.is_open and reached <= last
        spells.append(
            {"area": area, "from_n": first, "to_n": None if goes_on else min(last, reached)}
        )
    return spells


def _changes(rng: Random, course: Course) -> list[Case]:
    if len(course.focus.spells) == 1 or course.reached < course.focus.spells[1][1]:
        return []
    (before, _, _), (after, first, _) = course.focus.spells
    return [
        {
            "n": first,
            "kind": "focus_switch",
            "from": before,
            "to": after,
            "reason": rng.choice(words.SWITCH_REASONS),
            "reformulated": True,
            "patient_agreed": True,
            "supervisor_informed": happens(rng, 0.9),
        }
    ]


def _contract(protocol: Protocol, course: Course) -> Case:
    agreed_at = course.focus.spells[0][1]
    contract: Case = {
        "planned_sessions": protocol.planned_sessions,
        "frequency": protocol.spacing.value,
        "session_min": protocol.session_minutes,
        "agreed": course.reached >= agreed_at,
        "phases": protocol.phase_map.as_json(),
    }
    if protocol.engagement_sessions:
        contract["engagement"] = protocol.engagement_sessions
    if protocol.maintenance_planned:
        contract["maintenance_planned"] = protocol.maintenance_planned
    return contract


def _assessments(rng: Random, course: Course, laid_out: list[Slot], fate: Fate) -> list[Case]:
    """Plan the CAPS-5 at baseline, half way, end and three months on, and do most of those due."""
    planned = course.protocol.planned_sessions
    counted = [slot.week for slot in laid_out if slot.kind is Kind.INDIVIDUAL]
    end = (planned if fate.leaves_after is not None else counted[-1]) * 7
    points = [
        Point("baseline", 0, 0.0),
        Point("mid", planned // 2 * 7, 0.5),
        Point("end", end, 1.0),
    ]
    if fate.leaves_after is None:
        points.append(Point("follow_up_3m", end + FOLLOW_UP_AFTER, 1.0))
    return [_assessment(rng, course, fate, point) for point in points]


def _assessment(rng: Random, course: Course, fate: Fate, point: Point) -> Case:
    assessment: Case = {"instrument": "CAPS-5", "point": point.name, "due_day": point.due}
    is_baseline = point.name == "baseline"
    late = rng.randint(8, 12) if happens(rng, LATE) else rng.randint(0, 5)
    done = -rng.randint(1, 6) if is_baseline else point.due + late
    missing: Case = {"done_day": None, "total": None}
    left = fate.leaves_after is not None and not is_baseline
    if left and course.reached < point.part * course.protocol.planned_sessions:
        return assessment | missing | {"reason": "dropped out"}
    if done >= course.last_day:
        return assessment | missing
    if not is_baseline and happens(rng, NOT_DONE):
        return assessment | missing | {"reason": rng.choice(words.MISSING_REASONS)}
    return assessment | {
        "done_day": done,
        "total": course.severity.caps5(rng, point.part),
        "assessor": rng.choice(("IE-01", "IE-02")),
        "blind": happens(rng, 0.95),
    }


def _outcome(rng: Random, protocol: Protocol, fate: Fate, slots: list[Slot]) -> Case:
    if fate.is_open:
        return {"status": "active"}
    if fate.leaves_after is not None:
        return {
            "status": "dropped_out",
            "closed_day": slots[-1].week * 7 + rng.randint(7, 20),
            "disposition": rng.choice(("closed_by_service", "dropped_out")),
            "reason": rng.choice(words.DROPOUT_REASONS),
        }
    if protocol.maintenance_planned:
        return {"status": "completed_with_maintenance", "disposition": "ended_after_maintenance"}
    endings = ("ended", "ended_with_booster_offer", "referred", "sequenced_to_other_treatment")
    return {"status": "completed", "disposition": rng.choices(endings, (60, 25, 8, 7))[0]}

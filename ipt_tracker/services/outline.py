"""Where a course stands and what comes next: the facts on every page of a course."""

from dataclasses import dataclass
from datetime import date

from ipt_tracker.clinical.course.attendance import took_place, was_delivered
from ipt_tracker.clinical.course.kinds import Kind, kind_of
from ipt_tracker.clinical.course.phases import PhaseMap
from ipt_tracker.clinical.course.position import Position, next_number, next_slot
from ipt_tracker.clinical.course.protocols import Format
from ipt_tracker.persistence.models import Course, FocalAreaSpell
from ipt_tracker.persistence.queries.records import SlotRow, slots_of
from ipt_tracker.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class NextSession:
    """The session that would be logged next, if the patient came today."""

    slot: int
    kind: str
    number: int
    phase: str


@dataclass(frozen=True, slots=True)
class Outline:
    """A course with its slots, its position, its open focal areas and its next session."""

    course: Course
    slots: tuple[SlotRow, ...]
    position: Position
    next: NextSession

    @property
    def open_focus(self) -> tuple[FocalAreaSpell, ...]:
        """The focal areas that are being worked on."""
        return tuple(f for f in self.course.focal_areas if f.ended_on is None)

    @property
    def held(self) -> tuple[SlotRow, ...]:
        """The slots at which the patient was seen."""
        return tuple(s for s in self.slots if took_place(s.attendance))


def outline(work: UnitOfWork, course: Course) -> Outline:
    """Read where one course stands."""
    return outline_of(course, slots_of(work.session, [course.id]).get(course.id, ()), work.today)


def outline_of(course: Course, slots: tuple[SlotRow, ...], today: date) -> Outline:
    """Say where a course stands from slots that were read already."""
    return Outline(course, slots, _position(course, slots, today), next_session(course, slots))


def phase_map(course: Course) -> PhaseMap:
    """Give the phase map that this course was agreed with."""
    return PhaseMap.from_json(course.phase_map)


def contract_kind(course: Course) -> Kind:
    """Say which kind of session this course's contract counts."""
    return Kind.GROUP if course.format == Format.GROUP else Kind.INDIVIDUAL


def _position(course: Course, slots: tuple[SlotRow, ...], today: date) -> Position:
    held = [s for s in slots if took_place(s.attendance)]
    stands = [s for s in slots if took_place(s.attendance) or _group_met(course, s)]
    last = stands[-1] if stands else None
    counted = {k for k in Kind if k.counts_against_the_contract}
    return Position(
        planned=course.planned_sessions,
        number=last.number if last else None,
        kind=last.kind if last else Kind.INDIVIDUAL,
        phase=last.phase if last else None,
        maintenance_planned=course.maintenance_sessions,
        held=sum(kind_of(s.kind) in counted for s in held),
        ended_on=course.ended_on,
        today=today,
    )


def _group_met(course: Course, slot: SlotRow) -> bool:
    """Say whether the group met, with this member or without: the member stands where it does."""
    own = course.format == Format.GROUP and slot.number is not None
    return own and was_delivered(slot.kind, slot.number, slot.attendance)


def next_session(course: Course, slots: tuple[SlotRow, ...]) -> NextSession:
    """Work out the next session from the contract and the slots so far."""
    kind = _next_kind(course, slots)
    number = next_number(s.number for s in slots if s.kind == kind)
    phase = phase_map(course).phase_of(kind, number)
    return NextSession(next_slot(s.slot for s in slots), kind, number, phase)


def _next_kind(course: Course, slots: tuple[SlotRow, ...]) -> Kind:
    own = contract_kind(course)

    def held(kind: Kind) -> int:
        return sum(s.kind == kind and s.number is not None for s in slots)

    if held(Kind.ENGAGEMENT) < course.engagement_sessions and not held(own):
        return Kind.ENGAGEMENT
    done = held(own) >= course.planned_sessions
    if done and course.maintenance_sessions:
        return Kind.MAINTENANCE
    return own

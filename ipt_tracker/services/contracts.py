"""The contract of a course: agreed, and agreed anew. Each change is a record, never an edit."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from ipt_tracker.clinical.course.protocols import CUSTOM, PROTOCOLS
from ipt_tracker.clinical.course.records import ContractChange as ChangeKind
from ipt_tracker.clinical.course.schedule import GAP_DAYS, WEEK
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import ContractChange, Course, SessionRecord
from ipt_tracker.services.courses import amend_columns, check_length, phase_map_for
from ipt_tracker.services.doors import course_subject
from ipt_tracker.services.outline import Outline, contract_kind
from ipt_tracker.services.schedules import replan
from ipt_tracker.services.unit_of_work import UnitOfWork

RECORDED = ("planned_sessions", "spacing", "maintenance_sessions", "contract_ends_on")
"""Parts of which every change is a record of its own, with its reason."""


@dataclass(frozen=True, slots=True)
class ContractEntry:
    """The parts of a contract that can be agreed anew, and why they were."""

    planned_sessions: int
    session_minutes: int | None
    spacing: str | None
    maintenance_sessions: int
    manual: str | None
    adaptations: str | None
    reason: str | None
    patient_agreed: bool
    criterion_a: bool | None = None
    """Whether the index event meets it, a fact that needs no reason."""
    contract_agreed_on: date | None = None
    contract_ends_on: date | None = None


def change_contract(work: UnitOfWork, course: Course, entry: ContractEntry) -> None:
    """Agree another contract. What was agreed before stays readable, with why it changed."""
    different = _different(course, entry)
    if different and not entry.reason:
        raise RuleBroken("Say why the contract changes.", "reason")
    check_length(entry.session_minutes)
    _check_dates(work, course, entry)
    held = held_number(work, course)
    _check_not_below(held, course, entry.planned_sessions)
    if entry.maintenance_sessions < 0:
        raise RuleBroken("A number of visits cannot be negative.", "maintenance_sessions")
    for name, (old, new) in different.items():
        work.session.add(_change(work, course, (name, old, new), entry, held))
    if "planned_sessions" in different:
        protocol = PROTOCOLS.get(course.protocol, PROTOCOLS[CUSTOM])
        course.phase_map = phase_map_for(protocol, entry.planned_sessions)
    changed = amend_columns(work, course, course, _columns(course, entry))
    if different.keys() & {"planned_sessions", "spacing"}:
        replan(work, course)
    work.audit(Event.COURSE_CHANGED, course_subject(course), fields=changed)


def _different(course: Course, entry: ContractEntry) -> dict[str, tuple[object, object]]:
    """Give what a record is made of; to name an end date for the first time is no change."""
    pairs = {name: (getattr(course, name), getattr(entry, name)) for name in RECORDED}
    found = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if course.contract_ends_on is None:
        found.pop("contract_ends_on", None)
    return found


def _columns(course: Course, entry: ContractEntry) -> dict[str, object]:
    agreed = True if entry.contract_agreed_on else course.contract_agreed
    return {
        "planned_sessions": entry.planned_sessions,
        "session_minutes": entry.session_minutes,
        "spacing": entry.spacing,
        "maintenance_sessions": entry.maintenance_sessions,
        "manual": entry.manual,
        "adaptations": entry.adaptations,
        "criterion_a": entry.criterion_a,
        "contract_agreed": agreed,
        "contract_agreed_on": entry.contract_agreed_on,
        "contract_ends_on": entry.contract_ends_on,
    }


def _check_dates(work: UnitOfWork, course: Course, entry: ContractEntry) -> None:
    if entry.contract_agreed_on and entry.contract_agreed_on > work.today:
        raise RuleBroken("The day is in the future.", "contract_agreed_on")
    if entry.contract_ends_on and entry.contract_ends_on < course.started_on:
        raise RuleBroken("The end lies before the first day.", "contract_ends_on")


def held_number(work: UnitOfWork, course: Course) -> int | None:
    """Give the number of the last session held of those that the contract counts."""
    return work.session.scalar(
        select(func.max(SessionRecord.number)).where(
            SessionRecord.course_id == course.id, SessionRecord.kind == contract_kind(course)
        )
    )


def _check_not_below(held: int | None, course: Course, planned: int) -> None:
    if planned != course.planned_sessions and held is not None and 1 <= planned < held:
        raise RuleBroken(
            f"Session {held} was logged already. Plan at least {held}, or end the course.",
            "planned_sessions",
        )


def _change(
    work: UnitOfWork,
    course: Course,
    what: tuple[str, object, object],
    entry: ContractEntry,
    held: int | None,
) -> ContractChange:
    name, old, new = what
    return ContractChange(
        course_id=course.id,
        at_session=held,
        changed_on=work.today,
        kind=_kind(name, old, new),
        old=None if old is None else str(old),
        new=None if new is None else str(new),
        reason=entry.reason,
        patient_agreed=entry.patient_agreed,
        recorded_by=work.person.id,
    )


def _kind(name: str, old: object, new: object) -> ChangeKind:
    if name == "spacing":
        return ChangeKind.SPACING_CHANGE
    if name == "contract_ends_on":
        return ChangeKind.END_DATE
    if name == "maintenance_sessions":
        return ChangeKind.MAINTENANCE_ADDED
    fewer = isinstance(old, int) and isinstance(new, int) and new < old
    return ChangeKind.EARLY_END if fewer else ChangeKind.EXTENSION


def expected_end(facts: Outline, today: date) -> date | None:
    """Say when the last planned session would be, if every one from now on keeps the spacing."""
    course = facts.course
    gap = timedelta(days=GAP_DAYS.get(course.spacing or "", WEEK))
    left = course.planned_sessions - facts.position.held
    if left <= 0:
        return None
    last = max((s.held_on for s in facts.held), default=None)
    if last is not None:
        return last + left * gap
    return max(course.started_on, today) + (left - 1) * gap

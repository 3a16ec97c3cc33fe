"""Focal areas of a course: taken up, left, and switched for another one."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.clinical.course.focal_areas import Spell, check_open_spells
from ipt_tracker.clinical.course.records import ContractChange as ChangeKind
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import ContractChange, Course, FocalAreaSpell, SessionRecord
from ipt_tracker.services.clinic_settings import focal_areas
from ipt_tracker.services.contracts import held_number
from ipt_tracker.services.doors import course_subject
from ipt_tracker.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class FocusEntry:
    """A focal area taken up: which, from when, with whom or about what, and why."""

    area: str
    started_on: date
    detail: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class SwitchEntry:
    """One focal area left for another on the same day: a change of the contract."""

    focus: FocusEntry
    reformulated: bool
    patient_agreed: bool
    supervisor_informed: bool


def open_focus(work: UnitOfWork, course: Course, entry: FocusEntry) -> FocalAreaSpell:
    """Take up a focal area; at most two are open at once."""
    spell = _opened(work, course, entry)
    work.audit(Event.FOCUS_OPENED, course_subject(course), area=entry.area)
    return spell


def _opened(work: UnitOfWork, course: Course, entry: FocusEntry) -> FocalAreaSpell:
    if entry.area not in focal_areas(work).codes:
        raise RuleBroken("Choose a focal area.", "focal_area")
    if course.ended_on is not None:
        raise RuleBroken("This course has ended.")
    if not course.started_on <= entry.started_on <= work.today:
        raise RuleBroken("The day must lie within the course, today at the latest.", "started_on")
    spells = [Spell(f.area, f.started_on, f.ended_on) for f in course.focal_areas]
    check_open_spells([*spells, Spell(entry.area, entry.started_on)])
    taken = {f.open_place for f in course.focal_areas}
    spell = FocalAreaSpell(
        course_id=course.id,
        area=entry.area,
        started_on=entry.started_on,
        detail=entry.detail,
        reason=entry.reason,
        open_place=2 if 1 in taken else 1,
    )
    work.session.add(spell)
    return spell


def close_focus(
    work: UnitOfWork, course: Course, spell: FocalAreaSpell, day: date, reason: str | None
) -> None:
    """Leave a focal area from this day on."""
    _close(work, spell, day, reason)
    work.audit(Event.FOCUS_CLOSED, course_subject(course), area=spell.area)


def _close(work: UnitOfWork, spell: FocalAreaSpell, day: date, reason: str | None) -> None:
    if spell.ended_on is not None:
        raise RuleBroken("The work on this area has ended already.")
    if not reason:
        raise RuleBroken("Say why the work on this area ends.", "reason")
    if not spell.started_on <= day <= work.today:
        raise RuleBroken("The day must lie between its start and today.", "ended_on")
    spell.ended_on, spell.open_place = day, None
    spell.end_reason = reason


def switch_focus(
    work: UnitOfWork, course: Course, spell: FocalAreaSpell, entry: SwitchEntry
) -> FocalAreaSpell:
    """Leave one area and take up another on the same day, with a record in the contract.

    Raises RuleBroken, naming the field, and then changes nothing.
    """
    focus = entry.focus
    if focus.area == spell.area:
        raise RuleBroken("That is the area it is now. Choose another.", "focal_area")
    _close(work, spell, focus.started_on, focus.reason)
    work.session.flush()  # its place among the open ones is free from here on
    opened = _opened(work, course, focus)
    work.session.add(
        ContractChange(
            course_id=course.id,
            at_session=held_number(work, course),
            changed_on=focus.started_on,
            kind=ChangeKind.FOCUS_SWITCH,
            old=spell.area,
            new=focus.area,
            reason=focus.reason,
            reformulated=entry.reformulated,
            patient_agreed=entry.patient_agreed,
            supervisor_informed=entry.supervisor_informed,
            recorded_by=work.person.id,
        )
    )
    work.audit(Event.FOCUS_SWITCHED, course_subject(course), old=spell.area, new=focus.area)
    return opened


def find_spell(course: Course, spell_id: UUID) -> FocalAreaSpell:
    """Give one focal area of a course that was opened already, or raise AccessDenied."""
    for spell in course.focal_areas:
        if spell.id == spell_id:
            return spell
    raise AccessDenied(Permission.EDIT_COURSE)


@dataclass(frozen=True, slots=True)
class WorkedOn:
    """One slot at which an area was worked on: when, at which stage, with which tasks."""

    slot: int
    number: int | None
    held_on: date
    stage: str | None
    tasks: tuple[str, ...]


def worked_on(work: UnitOfWork, course: Course, spell: FocalAreaSpell) -> tuple[WorkedOn, ...]:
    """Read the slots at which this area was the focus while the spell lasted, oldest first."""
    columns = (
        SessionRecord.slot,
        SessionRecord.number,
        SessionRecord.held_on,
        SessionRecord.dispute_stage,
        SessionRecord.tasks,
    )
    rows = work.session.execute(
        select(*columns)
        .where(
            SessionRecord.course_id == course.id,
            SessionRecord.focal_area == spell.area,
            SessionRecord.held_on >= spell.started_on,
            SessionRecord.held_on <= (spell.ended_on or work.today),
        )
        .order_by(SessionRecord.held_on, SessionRecord.slot)
    )
    return tuple(WorkedOn(*row[:4], tuple(row[4] or ())) for row in rows)

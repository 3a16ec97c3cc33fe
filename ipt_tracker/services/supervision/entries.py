"""What is entered about a supervision meeting, and what of it is refused."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ipt_tracker.clinical.course.codes import known
from ipt_tracker.clinical.course.records import Modality
from ipt_tracker.clinical.fidelity.meetings import (
    check_case_minutes,
    check_day,
    check_form,
    check_length,
)
from ipt_tracker.clinical.rules import AskFirst, RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.persistence.queries import meetings as query
from ipt_tracker.services.unit_of_work import UnitOfWork

ANOTHER = "another_that_day"
"""The key of the question whether a second meeting of one day is meant."""


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """One course that was talked about."""

    course_id: UUID
    minutes: int | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class ActionEntry:
    """One thing that the supervisee is to do."""

    text: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class AttendeeEntry:
    """One supervisee who was there, with what is theirs alone."""

    therapist_id: UUID
    feedback: str | None = None
    cases: tuple[CaseEntry, ...] = ()
    actions: tuple[ActionEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class MeetingEntry:
    """One meeting as it was entered."""

    held_on: date
    minutes: int | None
    form: str | None
    modality: str | None
    remark: str | None
    people: tuple[AttendeeEntry, ...]
    confirmed: frozenset[str] = frozenset()


def check_meeting(work: UnitOfWork, entry: MeetingEntry, *, ask: bool) -> None:
    """Hold an entry to every rule. `ask`: a second meeting of the day is asked about."""
    check_day(entry.held_on, work.today)
    check_form(entry.form, len(entry.people))
    if entry.modality is not None and known(Modality, entry.modality) is None:
        raise RuleBroken("Choose a setting from the list.", "modality")
    _check_people(work, entry)
    _check_cases(work, entry)
    _check_actions(entry)
    ids = [each.therapist_id for each in entry.people]
    another = query.has_another(work.session, work.person.id, entry.held_on, ids)
    if ask and another and ANOTHER not in entry.confirmed:
        raise AskFirst("A meeting of that day is recorded already. Another one?", ANOTHER, ANOTHER)


def _check_people(work: UnitOfWork, entry: MeetingEntry) -> None:
    """Refuse somebody whom the actor did not supervise on the day; a stranger is not even named."""
    ids = [each.therapist_id for each in entry.people]
    supervised = query.supervised_on(work.session, work.person.id, entry.held_on)
    missing = set(ids) - set(supervised)
    if missing - work.person.supervisees:
        raise AccessDenied(Permission.SUPERVISE)
    if missing:
        raise RuleBroken("You did not supervise everybody in this list on that day.", "held_on")
    if len(set(ids)) < len(ids):
        raise RuleBroken("Somebody is named twice.")


def _check_cases(work: UnitOfWork, entry: MeetingEntry) -> None:
    ids = {each.therapist_id for each in entry.people}
    theirs = {
        (row.therapist_id, row.id) for row in query.courses_of(work.session, ids, entry.held_on)
    }
    named = [(p.therapist_id, case.course_id) for p in entry.people for case in p.cases]
    if set(named) - theirs:
        raise RuleBroken("A case in this list was not this supervisee's on that day.", "held_on")
    if len(set(named)) < len(named):
        raise RuleBroken("A case is named twice. Put both into one row.")
    minutes = [case.minutes for p in entry.people for case in p.cases]
    for each in minutes:
        check_case_minutes(each)
    check_length(entry.minutes, minutes)


def _check_actions(entry: MeetingEntry) -> None:
    for action in (action for p in entry.people for action in p.actions):
        if not action.text:
            raise RuleBroken("Say what is to be done.")
        if action.due_on is not None and action.due_on < entry.held_on:
            raise RuleBroken("An action is due on the day of the meeting or later.")

"""What is due and overdue in all courses of an actor, and saying that something was not done."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from ipt_tracker.clinical.course.due import AHEAD, Due, Dues, State, due_of
from ipt_tracker.clinical.course.schedule import Schedule
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.queries.due import CourseFact, SlotFact, due_facts
from ipt_tracker.persistence.queries.records import measures_of
from ipt_tracker.services.doors import open_course, open_session
from ipt_tracker.services.measure_entries import NOT_DONE, MeasureEntry
from ipt_tracker.services.measures import find_measure, record_measure
from ipt_tracker.services.outline import Outline, outline
from ipt_tracker.services.paging import Page, page_of
from ipt_tracker.services.schedules import dues_in
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

PAGE_SIZE = 25
SETTLED = "Something was entered for it meanwhile."


class Show(StrEnum):
    """The lists of what is due."""

    WAITING = "waiting"
    OVERDUE = "overdue"
    DUE = "due"
    COMING = "coming"

    def holds(self, due: Due) -> bool:
        """Whether something belongs to this list."""
        if self is Show.WAITING:
            return due.state is not State.COMING
        return due.state == self.value


@dataclass(frozen=True, slots=True)
class Line:
    """One measure that waits, with its course and the session it belongs to."""

    course: CourseFact
    due: Due
    session: SlotFact | None


@dataclass(frozen=True, slots=True)
class DueList:
    """One page of a list of what is due, with the counts of all lists.

    `by_therapist` counts the whole list by name, not the page alone.
    """

    show: Show
    counts: dict[Show, int]
    by_therapist: dict[str, int]
    lines: tuple[Line, ...]
    page: Page


def read_due(work: UnitOfWork, show: Show, number: int) -> DueList:
    """Read what is due in the actor's courses: a fixed number of statements, however many."""
    work.require(Permission.SEE_CASELOAD)
    work.audit(Event.MEASURES_DUE_LISTED, Subject("list", f"due {show}"))
    every = every_line(work)
    listed = [line for line in every if show.holds(line.due)]
    page = page_of(len(listed), number, PAGE_SIZE)
    shown = listed[page.first - 1 : page.last] if listed else []
    return DueList(
        show,
        {each: sum(each.holds(line.due) for line in every) for each in Show},
        dict(Counter(line.course.therapist for line in listed)),
        tuple(shown),
        page,
    )


def every_line(work: UnitOfWork) -> list[Line]:
    """Give everything that waits, by therapist, the most pressing first."""
    facts = due_facts(work.session, work.person, work.today, work.today + AHEAD)
    found = []
    for course in facts.courses:
        slots = facts.slots.get(course.id, ())
        by_slot = {slot.slot: slot for slot in slots}
        rows = facts.measures.get(course.id, ())
        schedule = Schedule.from_json(course.schedule)
        dues = due_of(schedule, slots, rows, work.today, course.ended_on)
        found += [Line(course, due, by_slot.get(due.slot or 0)) for due in dues.lines]
    return sorted(found, key=_rank)


def _rank(line: Line) -> tuple[object, ...]:
    pressing = list(State).index(line.due.state)
    return line.course.therapist, pressing, line.due.due_on, line.course.code, line.due.key


def dues_of(work: UnitOfWork, facts: Outline) -> Dues:
    """Say what waits in one course whose slots were read already."""
    course_id = facts.course.id
    rows = measures_of(work.session, [course_id]).get(course_id, ())
    return dues_in(facts, rows, work.today)


def settle_session(
    work: UnitOfWork, course_id: UUID, slot: int, instrument: Instrument, not_done: str
) -> None:
    """Say why a form of the newest session is not there. RuleBroken where it is not due."""
    course, session = open_session(work, course_id, slot, Permission.RECORD_MEASURE)
    waiting = dues_of(work, outline(work, course)).open
    if not any(due.slot == slot and due.key == instrument.key for due in waiting):
        raise RuleBroken(SETTLED)
    _check(instrument, not_done)
    entry = MeasureEntry(instrument, session.held_on, not_done=not_done)
    record_measure(work, course, entry, session)


def settle_planned(work: UnitOfWork, course_id: UUID, measure_id: UUID, not_done: str) -> None:
    """Say why a planned assessment was not made. RuleBroken where it is not due any more."""
    course = open_course(work, course_id, Permission.RECORD_MEASURE)
    measure = find_measure(work, course, measure_id)
    waiting = dues_of(work, outline(work, course)).lines
    instrument = INSTRUMENTS.get(measure.instrument)
    if instrument is None or not any(due.measure_id == measure.id for due in waiting):
        raise RuleBroken(SETTLED)
    _check(instrument, not_done)
    day = min(measure.taken_on, work.today)
    record_measure(
        work, course, MeasureEntry(instrument, day, not_done=not_done, point=measure.point)
    )


def _check(instrument: Instrument, not_done: str) -> None:
    if not_done not in reasons(instrument):
        raise RuleBroken("Say why there is no form.")


def reasons(instrument: Instrument) -> dict[str, str]:
    """Give what can be said: an interview is never returned, so it is not “not returned” either."""
    if instrument.self_report:
        return NOT_DONE
    return {code: words for code, words in NOT_DONE.items() if code != "not_returned"}

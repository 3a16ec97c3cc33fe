"""Moving a measure to the patient it is of, once somebody has said that this is the one."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from sqlalchemy import select, update

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.rules import AskFirst, RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Amendment, Course, Measure
from ipt_tracker.persistence.queries.caseload import named
from ipt_tracker.services.amendments import MOVED_AWAY, MOVED_HERE, amend
from ipt_tracker.services.corrections import can_change, plan_again
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.measure_entries import PLANNED, check_day
from ipt_tracker.services.measures import measure_subject
from ipt_tracker.services.safety import prompts_of
from ipt_tracker.services.unit_of_work import UnitOfWork

NOT_YOURS = "None of your patients has this code."
TARGET = "target"
"""The key of the question whether it goes to the right patient and course."""


def move_measure(  # noqa: PLR0913 -- what is moved, to whom, why, and what was confirmed
    work: UnitOfWork,
    course: Course,
    measure: Measure,
    code: str | None,
    reason: str | None,
    *,
    confirmed: frozenset[str] = frozenset(),
) -> Course:
    """File a measure under the patient it is of, and give their course.

    The record it leaves keeps that something was moved away, when, by whom and why, and nothing
    of the other patient; its own corrections and prompts go with it. Only between two patients
    for whom the actor may record measures. AskFirst says where it goes until that is confirmed.
    """
    can_change(measure, reason, None)
    target = _course_of(work, course, code)
    check_day(measure.taken_on, target.started_on, work.today)
    if TARGET not in confirmed:
        raise AskFirst(" ".join(_goes_to(work, target, measure)), TARGET, TARGET)
    seen = {"instrument": measure.instrument, "taken_on": measure.taken_on.isoformat()}
    place = seen | {"point": measure.point, "session": _id(measure.session_id)}
    amend(work, course, measure, MOVED_AWAY, (place, None), reason=reason)
    work.session.flush()
    plan_again(work, course, measure)
    measure.course_id, measure.session_id, measure.point = target.id, None, None
    _take_along(work, course, target, measure)
    amend(work, target, measure, MOVED_HERE, (None, seen), reason=reason)
    work.audit(Event.MEASURE_MOVED, measure_subject(course, measure), to=str(target.patient_id))
    work.audit(Event.MEASURE_MOVED, measure_subject(target, measure), here=True)
    return target


def _goes_to(work: UnitOfWork, target: Course, measure: Measure) -> Iterator[str]:
    """Say whose it will be, in which course, and what speaks against that."""
    patient, end = target.patient, target.ended_on
    until = f"to {_day(end)}" if end else "under way"
    who = f"{patient.code}, {patient.name}" if patient.name else patient.code
    yield f"It goes to {who}, course from {_day(target.started_on)}{' ' if end else ', '}{until}."
    if end is not None:
        yield "That course has ended."
        if measure.taken_on > end:
            yield "The form's date is after its end."
    if _has_one(work, target, measure):
        form = INSTRUMENTS.get(measure.instrument)
        yield f"There is a {form.version if form else measure.instrument} of that day already."


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _has_one(work: UnitOfWork, target: Course, measure: Measure) -> bool:
    same = select(Measure.id).where(
        Measure.course_id == target.id,
        Measure.instrument == measure.instrument,
        Measure.taken_on == measure.taken_on,
        Measure.status != PLANNED,
        Measure.withdrawn_at.is_(None),
    )
    return work.session.scalars(same).first() is not None


def _id(session_id: UUID | None) -> str | None:
    return str(session_id) if session_id else None


def _course_of(work: UnitOfWork, course: Course, code: str | None) -> Course:
    """Open the newest course of the patient with this code, one under way before one that ended."""
    wanted = (code or "").strip().casefold()
    if not wanted:
        raise RuleBroken("Enter the code of the patient it is of.", "code")
    if wanted == course.patient.code.casefold():
        raise RuleBroken("It is filed under this patient already.", "code")
    found = [n for n in named(work.session, work.person, work.today) if n.code.casefold() == wanted]
    if not found:
        raise RuleBroken(NOT_YOURS, "code")
    opened = [open_course(work, n.course_id, Permission.RECORD_MEASURE) for n in found]
    return max(opened, key=lambda c: (c.ended_on is None, c.started_on))


def _take_along(work: UnitOfWork, course: Course, target: Course, measure: Measure) -> None:
    work.session.execute(
        update(Amendment)
        .where(
            Amendment.subject_id == measure.id,
            Amendment.course_id == course.id,
            Amendment.field != MOVED_AWAY,
        )
        .values(course_id=target.id)
    )
    for prompt in prompts_of(work, measure.id):
        prompt.course_id = target.id

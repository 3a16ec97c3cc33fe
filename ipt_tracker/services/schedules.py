"""The schedule of a course: its assessments planned ahead, and moved when the course changes."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import select

from ipt_tracker.clinical.course.due import LATE_DAYS, Dues, due_of
from ipt_tracker.clinical.course.schedule import Schedule, Span, point_days
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Course, Measure
from ipt_tracker.persistence.queries.records import MeasureRow
from ipt_tracker.services.amendments import amend
from ipt_tracker.services.doors import course_subject
from ipt_tracker.services.measure_entries import PLANNED
from ipt_tracker.services.outline import Outline
from ipt_tracker.services.unit_of_work import UnitOfWork

PointKey = tuple[str, str]
"""A point of the course and the key of an instrument."""


def schedule_of(course: Course) -> Schedule | None:
    """Give what was agreed for a course; None where nothing ever was, as in imported ones."""
    return Schedule.from_json(course.schedule)


def dues_in(facts: Outline, measures: Iterable[MeasureRow], today: date) -> Dues:
    """Say what waits in one course, from rows that were read already."""
    course = facts.course
    return due_of(schedule_of(course), facts.slots, measures, today, course.ended_on)


def plan_course(work: UnitOfWork, course: Course) -> None:
    """Plan every assessment of a course that starts, also one that began some time ago."""
    _plan(work, course, schedule_of(course) or Schedule(), since=None)


def replan(work: UnitOfWork, course: Course) -> tuple[PointKey, ...]:
    """Bring the planned assessments in line with the course, after its contract or end changed.

    What was done, declined or not given stays, and so does what a file had planned. No assessment
    is added for a day that is long past; those points are given.
    """
    schedule = schedule_of(course)
    if schedule is None:
        return ()
    return _plan(work, course, schedule, since=work.today - timedelta(days=LATE_DAYS))


def change_schedule(
    work: UnitOfWork, course: Course, schedule: Schedule, reason: str | None
) -> tuple[PointKey, ...]:
    """Agree what is given when from now on. The schedule before stays readable, with the reason.

    Gives the points that are not planned, because their day has passed and nothing stands there.
    """
    before = schedule_of(course)
    if course.ended_on is not None:
        raise RuleBroken("This course has ended. Its schedule is what it was.")
    if schedule == before:
        raise RuleBroken("That is the schedule already. Nothing was changed.")
    if before is not None and not reason:
        raise RuleBroken("Say why the schedule changes.", "reason")
    change = (course.schedule, schedule.to_json())
    amend(work, course, course, "schedule", change, reason=reason)
    course.schedule = schedule.to_json()
    passed = replan(work, course)
    work.audit(Event.SCHEDULE_CHANGED, course_subject(course), first=before is None)
    return passed


def _plan(
    work: UnitOfWork, course: Course, schedule: Schedule, since: date | None
) -> tuple[PointKey, ...]:
    days = point_days(_span(course))
    wanted = {pair: days[pair[0]] for pair in schedule.points if pair[0] in days}
    rows = _rows_at_points(work, course)
    ours = [row for row in rows if row.status == PLANNED and row.recorded_by is not None]
    others = {(row.point or "", row.instrument) for row in rows if row not in ours}
    planned = _move(work, ours, {p: day for p, day in wanted.items() if p not in others})
    missing = sorted(wanted.keys() - others - planned)
    passed = tuple(pair for pair in missing if since is not None and wanted[pair] < since)
    for pair in (each for each in missing if each not in passed):
        work.session.add(_planned(work, course, pair, wanted[pair]))
    work.session.flush()
    return passed


def _span(course: Course) -> Span:
    return Span(
        course.started_on,
        course.planned_sessions,
        course.spacing,
        course.ended_on,
        course.status,
        course.disposition,
    )


def _rows_at_points(work: UnitOfWork, course: Course) -> list[Measure]:
    wanted = select(Measure).where(
        Measure.course_id == course.id,
        Measure.point.is_not(None),
        Measure.withdrawn_at.is_(None),
    )
    return list(work.session.scalars(wanted.order_by(Measure.due_on, Measure.id)))


def _move(work: UnitOfWork, ours: Iterable[Measure], wanted: dict[PointKey, date]) -> set[PointKey]:
    """Move what is still planned to its day and take away what is no longer; give what stays."""
    kept: set[PointKey] = set()
    for row in ours:
        pair = (row.point or "", row.instrument)
        if pair in kept or pair not in wanted:
            work.session.delete(row)
            continue
        row.due_on = row.taken_on = wanted[pair]
        kept.add(pair)
    return kept


def _planned(work: UnitOfWork, course: Course, pair: PointKey, day: date) -> Measure:
    point, key = pair
    return Measure(
        course_id=course.id,
        instrument=key,
        point=point,
        status=PLANNED,
        taken_on=day,
        due_on=day,
        recorded_by=work.person.id,
        recorded_at=work.now,
    )

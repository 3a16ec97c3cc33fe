"""What to book next: the last appointment of a course and the spacing of its contract."""

from dataclasses import dataclass, replace
from datetime import date

from ipt_tracker.clinical.course.attendance import is_slot, took_place
from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.records import Modality
from ipt_tracker.clinical.course.spacing import Rhythm
from ipt_tracker.persistence.models import Appointment, Course
from ipt_tracker.persistence.queries import appointments as query
from ipt_tracker.persistence.queries.appointments import Held
from ipt_tracker.persistence.queries.day import OpenCourse
from ipt_tracker.services.appointments import AppointmentEntry
from ipt_tracker.services.outline import Outline, contract_kind
from ipt_tracker.services.unit_of_work import UnitOfWork

LOOKED_BACK = 12
"""Slots from which the usual time and length are taken."""


@dataclass(frozen=True, slots=True)
class Booked:
    """What a booking starts from: the newest slots of a course and what is booked ahead."""

    times: tuple[Held, ...]
    ahead: tuple[Appointment, ...]

    @property
    def days(self) -> tuple[date, ...]:
        """The days that the next one follows: slots, and what is booked."""
        slots = [each.held_on for each in self.times if is_slot(each.attendance)]
        return (*slots, *(each.planned_on for each in self.ahead))


def read_booked(work: UnitOfWork, course: Course) -> Booked:
    """Read what is booked in a course and when its newest slots were: two statements."""
    return Booked(
        query.newest_times(work.session, course.id, LOOKED_BACK),
        query.of_course(work.session, course.id, work.today),
    )


def proposal(facts: Outline, booked: Booked, today: date) -> AppointmentEntry | None:
    """Propose the next time of a course: the last one and the spacing, at the same hour."""
    day = rhythm(facts).not_before(booked.days, today)
    return replace(usual(facts, booked), planned_on=day) if day else None


def rest_of(facts: Outline, booked: Booked, today: date) -> tuple[AppointmentEntry, ...]:
    """Propose all sessions of the contract that are not booked yet."""
    days = rhythm(facts).some(booked.days, today, left_to_book(facts, len(booked.ahead)))
    start = usual(facts, booked)
    return tuple(replace(start, planned_on=day) for day in days)


def left_to_book(facts: Outline, ahead: int) -> int:
    """Count the sessions of the contract that are neither logged nor booked.

    The sessions of a group are booked for the group.
    """
    course, following = facts.course, facts.next
    if course.ended_on is not None or contract_kind(course) is Kind.GROUP:
        return 0
    agreed = {
        Kind.MAINTENANCE: course.maintenance_sessions,
        Kind.ENGAGEMENT: course.engagement_sessions + course.planned_sessions,
    }.get(Kind(following.kind), course.planned_sessions)
    return max(agreed - (following.number - 1) - ahead, 0)


def rhythm(facts: Outline) -> Rhythm:
    """Say how far apart the next sessions of a course are."""
    return Rhythm(facts.course.spacing, facts.next.kind)


def usual(facts: Outline, booked: Booked) -> AppointmentEntry:
    """Give the hour and place of the last appointment, and the length that was agreed."""
    course = facts.course
    day, minutes = course.started_on, course.session_minutes
    if booked.ahead:
        last = booked.ahead[-1]
        return AppointmentEntry(day, last.starts_at, minutes or last.minutes, last.modality)
    seen = next((each for each in booked.times if took_place(each.attendance)), None)
    if seen is None:
        return AppointmentEntry(day, None, minutes, Modality.IN_PERSON)
    length = minutes or seen.duration_minutes
    return AppointmentEntry(day, seen.starts_at, length, seen.modality or Modality.IN_PERSON)


@dataclass(frozen=True, slots=True)
class Expected:
    """When the next session of a course is to be expected by its contract, and why that day.

    `on` is None once every session that was agreed has taken place.
    """

    on: date | None
    why: str


def expected_of(course: OpenCourse) -> Expected:
    """Say when a course that nothing is booked for should go on. Expected, never booked."""
    if course.last_on is None:
        return Expected(course.started_on, "first session, nobody seen yet")
    done = course.held >= course.planned_sessions
    if done and not course.maintenance_sessions:
        return Expected(None, f"all {course.planned_sessions} sessions agreed took place")
    kind = Kind.MAINTENANCE if done else Kind.INDIVIDUAL
    following = Rhythm(course.spacing, kind).after([course.last_on])
    return Expected(following, "monthly in maintenance" if done else course.spacing or "weekly")

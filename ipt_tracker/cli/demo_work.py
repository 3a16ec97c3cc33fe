"""What the demo's therapists have entered themselves, so that every list has something to show."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select

from ipt_tracker.cli.demo_beginning import write_beginning
from ipt_tracker.cli.demo_day import book_days
from ipt_tracker.cli.demo_group import Leaders, add_group
from ipt_tracker.clinical.course.focal_areas import ROLE_TRANSITION
from ipt_tracker.clinical.course.schedule import default_schedule
from ipt_tracker.clinical.instruments.caps4 import CAPS4
from ipt_tracker.clinical.instruments.caps5 import CAPS5_MONTH
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.instruments.phq9 import PHQ9
from ipt_tracker.governance.access import Actor, Role
from ipt_tracker.persistence.models import Account, Course, Patient
from ipt_tracker.services.doors import holds_on
from ipt_tracker.services.measures import MeasureEntry, record_measure
from ipt_tracker.services.schedules import change_schedule
from ipt_tracker.services.unit_of_work import UnitOfWork

RECORDED_EVENT = 3
"""Of so many courses, criterion A is still to be recorded in one."""
INTERVIEW = (3, 2, 1, 3, 2, 3, 2, 0, 2, 2, 3, 2, 1, 2, 2, 0, 3, 2, 2, 3)
BESIDE_INTERVIEW = {
    "over_a_month": True,
    "distress": 3,
    "social_impairment": 2,
    "work_impairment": 1,
    "impaired": True,
    "depersonalisation": 0,
    "derealisation": 1,
}
OLDER_INTERVIEW = (78, 52)
"""Two totals of the CAPS for DSM-IV, the only form on which the trials can be met in full."""
POSITIVE_FORM = (2, 2, 3, 2, 1, 2, 1, 1, 1)
"""Its last answer, to item 9, calls for a question that nobody has answered yet."""


def fill_in(work: UnitOfWork) -> None:
    """Give every open course a schedule, most an appointment, some of them the rest.

    One gets the work of its beginning, two a form by items; a group is started beside them.
    """
    courses = _open_courses(work)
    for index, course in enumerate(courses):
        own = _as_therapist(work, course)
        course.criterion_a = True if index % RECORDED_EVENT else None
        proposal = default_schedule(course.protocol, course.patient.primary_diagnosis)
        change_schedule(own, course, proposal.schedule, None)
    book_days(work, courses, lambda course: _as_therapist(work, course))
    first = _therapists(work)[0].id
    of_the_first = (c for c in courses if _as_therapist(work, c).person.id == first)
    with_beginning = next((c for c in of_the_first if _is_about_a_new_role(c)), None)
    if with_beginning is not None:
        write_beginning(_as_therapist(work, with_beginning), with_beginning)
    if courses:
        _record(work, courses[0], PHQ9, POSITIVE_FORM)
        _record(work, courses[-1], CAPS5_MONTH, INTERVIEW, BESIDE_INTERVIEW)
        _record_older(work, min(courses, key=lambda each: (each.started_on, each.patient.code)))


def start_group(work: UnitOfWork) -> None:
    """Let the first therapist lead a group, with the second beside them."""
    leader, co_leader = _therapists(work)[:2]
    actor = Actor(leader.id, Role.THERAPIST, leader.display_name)
    add_group(Leaders(replace(work, actor=actor), co_leader.id))


def _therapists(work: UnitOfWork) -> Sequence[Account]:
    """Give those who can sign in, "therapist@" before "therapist2@"."""
    wanted = select(Account).where(Account.role == Role.THERAPIST, Account.enabled)
    return work.session.scalars(wanted.order_by(Account.email.desc())).all()


def _is_about_a_new_role(course: Course) -> bool:
    return any(s.area == ROLE_TRANSITION and s.ended_on is None for s in course.focal_areas)


def _open_courses(work: UnitOfWork) -> Sequence[Course]:
    wanted = select(Course).join(Patient).where(Course.ended_on.is_(None)).order_by(Patient.code)
    return work.session.scalars(wanted).all()


def _as_therapist(work: UnitOfWork, course: Course) -> UnitOfWork:
    who = next(a.therapist for a in course.assignments if holds_on(a, work))
    return replace(work, actor=Actor(who.id, Role.THERAPIST, who.display_name))


def _record(
    work: UnitOfWork,
    course: Course,
    instrument: Instrument,
    answers: Sequence[int],
    beside: Mapping[str, int | bool | None] | None = None,
) -> None:
    entry = MeasureEntry(
        instrument,
        work.today,
        answers=dict(zip(instrument.answer_keys, answers, strict=True)),
        beside=beside or {},
        assessor=None if instrument.self_report else "IE-03",
    )
    record_measure(_as_therapist(work, course), course, entry)


def _record_older(work: UnitOfWork, course: Course) -> None:
    """Let one course be measured twice as most trials measured: at its start and now."""
    for day, total in zip((course.started_on, work.today), OLDER_INTERVIEW, strict=True):
        entry = MeasureEntry(CAPS4, day, total=total, assessor="IE-03")
        record_measure(_as_therapist(work, course), course, entry)

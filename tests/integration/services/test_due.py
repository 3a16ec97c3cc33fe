"""What is due in all courses of somebody, and saying that something was not done."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from ipt_tracker.clinical.course.schedule import Schedule
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.persistence.models import AuditEntry, Course, Measure, SessionRecord
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.due import (
    Show,
    dues_of,
    every_line,
    read_due,
    settle_planned,
    settle_session,
)
from ipt_tracker.services.outline import outline
from tests.factories.courses import add_measure, add_session, measure
from tests.factories.schedules import add_scheduled
from tests.factories.stores import on_every_engine

WEEK = timedelta(weeks=1)
WEEKLY = Schedule.of(every_session=["pcl5_week"], every_second_session=["phq9"], mid=["hamd17"])
PCL5 = INSTRUMENTS["pcl5_week"]


def listed(clinic, person, show=Show.WAITING):
    with clinic.reading(person) as work:
        found = read_due(work, show, 1)
    return [
        (line.course.code, line.due.key, line.due.occasion, line.due.days) for line in found.lines
    ]


@pytest.fixture
def course_id(clinic):
    """Give a course of five sessions, of which the last has no form; half way was last week."""
    start = clinic.today - timedelta(days=57)
    with clinic.writing(clinic.therapist) as work:
        course = add_scheduled(work, start, WEEKLY)
        for number in range(1, 8):
            forms = [measure("pcl5_week", start + (number - 1) * WEEK, 50)] if number < 7 else []
            if number in {1, 3, 5}:
                forms.append(measure("phq9", start + (number - 1) * WEEK, 12))
            held_on = start + (number - 1) * WEEK
            add_session(work, course, *forms, number=number, held_on=held_on)
        return course.id


@on_every_engine
def test_what_is_due_is_listed_with_its_days_the_most_pressing_first(clinic, course_id):
    assert listed(clinic, clinic.therapist) == [
        ("T-501", "pcl5_week", "every_session", 15),
        ("T-501", "phq9", "every_second_session", 15),
        ("T-501", "hamd17", "mid", 8),
    ]


@on_every_engine
@pytest.mark.parametrize(
    ("made", "waiting"), [(True, []), (False, [("T-501", "hamd17", "baseline", 57)])]
)
def test_an_old_measure_of_a_long_course_still_settles_its_point_and_nothing_else_does(
    clinic, made, waiting
):
    start = clinic.today - timedelta(days=57)
    with clinic.writing(clinic.therapist) as work:
        course = add_scheduled(work, start, Schedule.of(baseline=["hamd17"]))
        if made:
            add_measure(work, course, measure("hamd17", start, 20))
        for number in range(1, 9):
            add_session(work, course, number=number, held_on=start + number * timedelta(days=7))

    assert listed(clinic, clinic.therapist) == waiting


@on_every_engine
def test_it_is_the_same_as_what_each_whole_course_says(clinic, course_id):
    with clinic.writing(clinic.therapist) as work:
        start = clinic.today - timedelta(days=57)
        for number, held in enumerate([0, 1, 4, 8], 1):
            course = add_scheduled(work, start, WEEKLY, code=f"T-60{number}")
            for session in range(1, held + 1):
                day = start + (session - 1) * WEEK
                forms = [measure("pcl5_week", day, 50)] if session % 3 else []
                forms += [measure("phq9", day, 9)] if session % 2 else []
                add_session(work, course, *forms, number=session, held_on=day)

    with clinic.reading(clinic.therapist) as work:
        lines = every_line(work)
    for each in {line.course.id for line in lines} | {clinic.course.id}:
        with clinic.reading(clinic.therapist) as work:
            course = open_course(work, each, Permission.OPEN_COURSE)
            whole = dues_of(work, outline(work, course)).lines
        assert {line.due for line in lines if line.course.id == each} == set(whole)
    assert len({line.course.id for line in lines}) >= 5


@on_every_engine
@pytest.mark.parametrize(
    ("show", "keys"),
    [
        (Show.OVERDUE, ["pcl5_week", "phq9", "hamd17"]),
        (Show.DUE, []),
        (Show.COMING, ["caps5_month"]),
    ],
)
def test_the_lists_hold_what_their_names_say(clinic, course_id, show, keys):
    with clinic.writing(clinic.therapist) as work:
        start = clinic.today - timedelta(days=40)
        add_scheduled(work, start, Schedule.of(mid=["caps5_month"]), code="T-502")

    assert [key for _, key, _, _ in listed(clinic, clinic.therapist, show)] == keys


def test_a_course_that_has_ended_is_listed_for_its_end_but_not_for_its_middle(clinic, course_id):
    with clinic.writing() as work:
        course = work.session.get(Course, course_id)
        course.ended_on, course.status = clinic.today, "completed"
    assert listed(clinic, clinic.therapist) == []

    with clinic.writing() as work:
        work.session.execute(update(Measure).where(Measure.point == "mid").values(point="end"))

    assert listed(clinic, clinic.therapist) == [("T-501", "hamd17", "end", 8)]


def test_a_supervisor_sees_the_lists_of_supervisees_and_nobody_else_does(clinic, course_id):
    assert len(listed(clinic, clinic.supervisor)) == 3
    assert listed(clinic, clinic.therapist2) == []
    with pytest.raises(AccessDenied):
        listed(clinic, clinic.admin)


def test_looking_at_the_list_is_written_down(clinic):
    listed(clinic, clinic.supervisor)

    with clinic.reading() as work:
        row = work.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (row.event, row.actor_id) == ("measure.due_listed", clinic.supervisor.id)


@on_every_engine
@pytest.mark.parametrize("why", ["not_returned", "declined", "not_administered"])
def test_a_form_of_the_newest_session_is_settled_by_saying_why_it_is_not_there(
    clinic, course_id, why
):
    with clinic.writing(clinic.therapist) as work:
        settle_session(work, course_id, 7, PCL5, why)

    assert "pcl5_week" not in [key for _, key, _, _ in listed(clinic, clinic.therapist)]
    with clinic.reading() as work:
        row = work.session.scalar(
            select(Measure).where(Measure.course_id == course_id, Measure.status == why)
        )
        session = work.session.get(SessionRecord, row.session_id)
    assert (row.instrument, row.total, row.taken_on) == ("pcl5_week", None, session.held_on)
    assert (session.slot, row.recorded_by) == (7, clinic.therapist.id)


def planned_id(clinic, course_id):
    with clinic.reading() as work:
        return work.session.scalar(
            select(Measure.id).where(Measure.course_id == course_id, Measure.status == "planned")
        )


@on_every_engine
def test_a_planned_assessment_is_settled_in_its_own_row(clinic, course_id):
    measure_id = planned_id(clinic, course_id)

    with clinic.writing(clinic.therapist) as work:
        settle_planned(work, course_id, measure_id, "declined")

    with clinic.reading() as work:
        row = work.session.get(Measure, measure_id)
    assert (row.status, row.point, row.due_on) == (
        "declined",
        "mid",
        clinic.today - timedelta(days=8),
    )
    assert "hamd17" not in [key for _, key, _, _ in listed(clinic, clinic.therapist)]


def test_what_was_settled_meanwhile_is_not_settled_again(clinic, course_id):
    measure_id = planned_id(clinic, course_id)
    with clinic.writing(clinic.therapist) as work:
        settle_planned(work, course_id, measure_id, "declined")
        settle_session(work, course_id, 7, PCL5, "declined")

    with clinic.writing(clinic.therapist) as work:
        with pytest.raises(RuleBroken, match="entered for it meanwhile"):
            settle_planned(work, course_id, measure_id, "declined")
        with pytest.raises(RuleBroken, match="entered for it meanwhile"):
            settle_session(work, course_id, 7, PCL5, "declined")


@pytest.mark.parametrize("why", ["", "planned", "complete", "not_returned"])
def test_only_the_answers_of_the_list_are_taken_and_an_interview_is_never_returned(
    clinic, course_id, why
):
    measure_id = planned_id(clinic, course_id)

    with clinic.writing(clinic.therapist) as work, pytest.raises(RuleBroken, match="Say why"):
        settle_planned(work, course_id, measure_id, why)


def test_a_supervisor_and_a_stranger_settle_nothing(clinic, course_id):
    measure_id = planned_id(clinic, course_id)

    for person in (clinic.supervisor, clinic.therapist2, clinic.admin):
        with clinic.writing(person) as work:
            with pytest.raises(AccessDenied):
                settle_planned(work, course_id, measure_id, "declined")
            with pytest.raises(AccessDenied):
                settle_session(work, course_id, 7, PCL5, "declined")

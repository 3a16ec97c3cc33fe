"""The schedule of a course: assessments planned at its start, and moved when it changes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.course.schedule import FOR_PTSD, Occasion, Schedule
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import Amendment, AuditEntry, Course, Measure
from ipt_tracker.services.contracts import ContractEntry, change_contract
from ipt_tracker.services.corrections import withdraw_measure
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.endings import EndEntry, end_course
from ipt_tracker.services.schedules import change_schedule
from tests.factories.courses import add_measure, measure
from tests.factories.schedules import add_scheduled, planned_in
from tests.factories.stores import on_every_engine

START = date(2026, 2, 4)
CONTRACT = ContractEntry(14, 50, "weekly", 0, None, None, "agreed", patient_agreed=True)
CAPS = {
    ("baseline", "caps5_month"): "2026-02-04",
    ("mid", "caps5_month"): "2026-03-25",
    ("end", "caps5_month"): "2026-05-13",
    ("follow_up_3m", "caps5_month"): "2026-08-13",
}
PLANNED = CAPS | {("baseline", "pcl5_month"): "2026-02-04"}


@pytest.fixture
def course_id(clinic):
    with clinic.writing(clinic.therapist) as work:
        return add_scheduled(work, START).id


@pytest.fixture
def change(clinic, course_id):
    """Do something to the course in a unit of work of its therapist."""

    def do(what, *args):
        with clinic.writing(clinic.therapist) as work:
            course = open_course(work, course_id, Permission.EDIT_COURSE)
            return what(work, course, *args)

    return do


@pytest.fixture
def planned(clinic, course_id):
    def read():
        with clinic.reading() as work:
            return planned_in(work, course_id)

    return read


@on_every_engine
def test_a_course_starts_with_its_assessments_planned_on_their_days(clinic, planned, course_id):
    assert planned() == PLANNED
    with clinic.reading() as work:
        course = work.session.get(Course, course_id)
        assert course.schedule == FOR_PTSD.schedule.to_json()
        rows = work.session.scalars(select(Measure).where(Measure.course_id == course_id)).all()
    assert all(row.taken_on == row.due_on for row in rows)
    assert {row.recorded_by for row in rows} == {clinic.therapist.id}


def test_without_a_schedule_nothing_is_planned(clinic):
    with clinic.writing(clinic.therapist) as work:
        course = add_scheduled(work, START, schedule=None, code="T-502")
        assert course.schedule is None
        assert planned_in(work, course.id) == {}


def test_a_form_entered_for_its_point_takes_the_place_of_the_planned_one(change, planned):
    change(add_measure, measure("caps5_month", START, 40, point="baseline"))

    assert planned() == {p: d for p, d in PLANNED.items() if p != ("baseline", "caps5_month")}


@pytest.mark.parametrize(
    ("days_later", "more", "takes_it"),
    [
        (7, {"total": 40}, True),
        (8, {"total": 40}, False),
        (0, {"not_done": "declined"}, False),
    ],
)
def test_a_score_without_a_point_takes_the_place_of_one_planned_within_a_week(
    change, planned, days_later, more, takes_it
):
    change(add_measure, measure("caps5_month", START + timedelta(days=days_later), **more))

    assert (("baseline", "caps5_month") not in planned()) is takes_it


def test_points_whose_day_has_passed_are_named_and_not_planned(change, planned):
    wider = Schedule(
        FOR_PTSD.schedule.given | {(Occasion.BASELINE, "hamd17"), (Occasion.END, "hamd17")}
    )

    passed = change(change_schedule, wider, "asked by the ward")

    assert passed == (("baseline", "hamd17"),)
    assert planned() == PLANNED | {("end", "hamd17"): "2026-05-13"}


@on_every_engine
@pytest.mark.parametrize(
    ("differs", "days"),
    [
        ({"planned_sessions": 16}, ("2026-04-01", "2026-05-27", "2026-08-27")),
        ({"spacing": "fortnightly"}, ("2026-05-13", "2026-08-19", "2026-11-19")),
    ],
)
def test_another_contract_moves_what_is_planned(change, planned, differs, days):
    change(change_contract, replace(CONTRACT, **differs))

    found = planned()
    assert tuple(found[p, "caps5_month"] for p in ("mid", "end", "follow_up_3m")) == days
    assert found["baseline", "caps5_month"] == "2026-02-04"


def test_what_was_done_or_declined_stays_where_it_is(clinic, change, planned, course_id):
    change(add_measure, measure("caps5_month", START, 40, point="baseline"))
    declined = {"not_done": "declined", "point": "mid"}
    change(add_measure, measure("caps5_month", clinic.today, **declined))

    change(change_contract, replace(CONTRACT, planned_sessions=16))

    assert ("mid", "caps5_month") not in planned()
    with clinic.reading() as work:
        rows = select(Measure).where(
            Measure.course_id == course_id, Measure.status.in_(("complete", "declined"))
        )
        kept = {r.point: r.due_on for r in work.session.scalars(rows)}
    assert kept == {"baseline": START, "mid": date(2026, 3, 25)}


def test_what_a_file_had_planned_is_neither_moved_nor_doubled(clinic, change, planned, course_id):
    with clinic.writing() as work:
        row = work.session.scalar(
            select(Measure).where(Measure.course_id == course_id, Measure.point == "mid")
        )
        row.recorded_by, row.due_on = None, date(2026, 4, 2)

    change(change_contract, replace(CONTRACT, planned_sessions=16))

    assert planned()["mid", "caps5_month"] == "2026-04-02"
    assert len(planned()) == len(PLANNED)


NOTHING_HELD = frozenset({"nothing_held"})
ENDED = EndEntry(date(2026, 3, 10), "completed", "ended", None, "a clinic", NOTHING_HELD)


@on_every_engine
@pytest.mark.parametrize(
    ("differs", "left"),
    [
        ({}, {"baseline": "2026-02-04", "end": "2026-03-10", "follow_up_3m": "2026-06-10"}),
        (
            {"status": "dropped_out", "disposition": "dropped_out"},
            {"baseline": "2026-02-04", "follow_up_3m": "2026-06-10"},
        ),
        ({"status": "transferred", "disposition": "transferred"}, {"baseline": "2026-02-04"}),
        ({"status": "closed", "disposition": "deceased"}, {}),
    ],
)
def test_the_end_of_a_course_moves_or_takes_away_what_is_still_planned(
    change, planned, differs, left
):
    change(end_course, replace(ENDED, **differs))

    found = {p: d for (p, key), d in planned().items() if key == "caps5_month"}
    assert found == left


@on_every_engine
def test_another_schedule_keeps_the_old_one_with_its_reason(clinic, change, planned, course_id):
    new = Schedule.of(every_session=["phq9"], mid=["hamd17"], end=["caps5_month", "hamd17"])

    change(change_schedule, new, "the sleep study needs it")

    assert planned() == {
        ("mid", "hamd17"): "2026-03-25",
        ("end", "caps5_month"): "2026-05-13",
        ("end", "hamd17"): "2026-05-13",
    }
    with clinic.reading() as work:
        (kept,) = work.session.scalars(select(Amendment).where(Amendment.field == "schedule"))
        events = work.session.scalars(select(AuditEntry.event)).all()
    assert (kept.subject_kind, kept.subject_id) == ("course", course_id)
    assert (kept.old, kept.new) == (FOR_PTSD.schedule.to_json(), new.to_json())
    assert (kept.reason, kept.author) == ("the sleep study needs it", "R. Calder")
    assert events.count("schedule.changed") == 1


def test_a_schedule_set_late_plans_nothing_for_days_long_past(clinic):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.EDIT_COURSE)
        late = Schedule.of(baseline=["hamd17"], mid=["hamd17"], end=["hamd17"])
        change_schedule(work, course, late, None)

        assert planned_in(work, course.id) == {("end", "hamd17"): "2026-04-15"}


def test_a_point_of_the_last_week_is_still_planned(clinic):
    with clinic.writing(clinic.therapist) as work:
        start = clinic.today - timedelta(days=7)
        course = add_scheduled(work, start, schedule=None, code="T-503")
        change_schedule(work, course, Schedule.of(baseline=["hamd17"]), None)

        assert planned_in(work, course.id) == {("baseline", "hamd17"): str(start)}


@pytest.mark.parametrize(
    ("schedule", "reason", "message"),
    [
        (Schedule(), None, "Say why the schedule changes."),
        (FOR_PTSD.schedule, "why not", "That is the schedule already. Nothing was changed."),
    ],
)
def test_a_schedule_is_not_changed_without_a_reason_or_without_a_change(
    change, planned, schedule, reason, message
):
    with pytest.raises(RuleBroken, match=message):
        change(change_schedule, schedule, reason)

    assert planned() == PLANNED


def test_the_schedule_of_a_course_that_has_ended_stays(change):
    change(end_course, ENDED)

    with pytest.raises(RuleBroken, match="This course has ended"):
        change(change_schedule, Schedule(), "tidying")


def test_an_assessment_that_is_taken_back_is_planned_again_and_moves_with_the_course(
    change, planned
):
    taken = change(add_measure, measure("caps5_month", START, 40, point="end"))
    change(
        lambda work, course: withdraw_measure(
            work, course, work.session.get(Measure, taken.id), "slip"
        )
    )
    assert planned() == PLANNED

    change(change_contract, replace(CONTRACT, planned_sessions=16))

    assert planned()["end", "caps5_month"] == "2026-05-27"


def test_a_measure_that_got_its_point_later_needs_no_planned_one_beside_it(change, planned):
    taken = change(add_measure, measure("caps5_month", START, 40)).id

    def give_it_a_point(work, course):
        work.session.get(Measure, taken).point = "end"

    change(give_it_a_point)
    change(change_contract, replace(CONTRACT, planned_sessions=16))

    assert ("end", "caps5_month") not in planned()

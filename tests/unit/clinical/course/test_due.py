"""What is due: at the newest session, and for the points of a course."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipt_tracker.clinical.course.due import State, due_of
from ipt_tracker.clinical.course.schedule import Schedule

START = date(2026, 1, 5)
WEEKLY = Schedule.of(every_session=["pcl5_week"])
SECOND = Schedule.of(every_second_session=["phq9"])


@dataclass(frozen=True)
class Slot:
    id: UUID
    slot: int
    kind: str
    held_on: date
    attendance: str


@dataclass(frozen=True)
class Form:
    id: UUID
    session_id: UUID | None
    instrument: str
    taken_on: date
    status: str
    point: str | None
    due_on: date | None
    withdrawn_at: datetime | None


def day(number):
    return START + timedelta(days=number)


def slots(*days, kind="individual", attendance="attended"):
    return [Slot(uuid4(), n, kind, day(d), attendance) for n, d in enumerate(days, 1)]


def form(taken, key="pcl5_week", session=None, **more):
    values = {"status": "complete", "point": None, "due_on": None, "withdrawn_at": None} | more
    return Form(uuid4(), session and session.id, key, day(taken), **values)


def planned(due, key="caps5_month", point="mid"):
    return form(due, key, status="planned", point=point, due_on=day(due))


def waiting(schedule, held, rows, today, **more):
    found = due_of(schedule, held, rows, day(today), **more)
    return [(d.key, d.state.value, d.days) for d in found.lines]


# -- forms of every session


def test_a_form_is_due_from_the_day_of_the_session():
    (line,) = due_of(WEEKLY, slots(0), [], day(0)).lines

    assert (line.key, line.state, line.days) == ("pcl5_week", State.DUE, 0)
    assert (line.occasion, line.slot, line.due_on) == ("every_session", 1, START)
    assert line.expected


def test_nothing_is_due_before_the_first_session():
    assert waiting(WEEKLY, [], [], 0) == []


@pytest.mark.parametrize(("today", "state"), [(7, "due"), (8, "overdue")])
def test_it_is_overdue_after_more_than_seven_days(today, state):
    assert waiting(WEEKLY, slots(0), [], today) == [("pcl5_week", state, today)]


@pytest.mark.parametrize(
    "status", ["complete", "incomplete", "not_returned", "declined", "not_administered", "missing"]
)
def test_any_row_settles_it_whatever_it_says(status):
    (held,) = slots(0)

    assert waiting(WEEKLY, [held], [form(0, session=held, status=status)], 1) == []


def test_a_row_that_is_planned_withdrawn_or_of_another_form_does_not():
    now = datetime(2026, 1, 6, tzinfo=UTC)
    rows = [form(0, status="planned"), form(0, withdrawn_at=now), form(0, "pcl5_month")]

    assert waiting(WEEKLY, slots(0), rows, 1) == [("pcl5_week", "due", 1)]


@pytest.mark.parametrize(("taken", "settled"), [(3, False), (4, True), (7, True), (9, True)])
def test_a_form_without_a_session_belongs_to_it_from_three_days_before(taken, settled):
    found = waiting(WEEKLY, slots(0, 7), [form(taken)], 9)

    assert (found == []) is settled


@pytest.mark.parametrize(("taken", "gaps"), [(6, ()), (7, (("pcl5_week", 1),))])
def test_and_until_the_day_of_the_next_session(taken, gaps):
    assert due_of(WEEKLY, slots(0, 7), [form(taken)], day(9)).missing == gaps


def test_a_form_filed_with_one_session_does_not_settle_the_next():
    first, second = slots(0, 3)

    found = waiting(WEEKLY, [first, second], [form(0, session=first)], 3)

    assert found == [("pcl5_week", "due", 0)]


def test_only_the_newest_session_makes_a_form_due_and_older_gaps_are_counted():
    held = slots(0, 7, 14, 21)
    found = due_of(WEEKLY, held, [form(7, session=held[1])], day(21))

    assert [(d.slot, d.due_on) for d in found.lines] == [(4, day(21))]
    assert found.missing == (("pcl5_week", 2),)


def test_the_newest_is_the_one_of_the_latest_day_not_the_one_logged_last():
    late = slots(14, 7)

    (line,) = due_of(WEEKLY, late, [], day(14)).lines

    assert (line.slot, line.due_on) == (1, day(14))


@pytest.mark.parametrize("kind", ["group", "maintenance", "extension", "individual"])
def test_sessions_of_the_treatment_ask_for_forms(kind):
    assert waiting(WEEKLY, slots(0, kind=kind), [], 0) == [("pcl5_week", "due", 0)]


@pytest.mark.parametrize("kind", ["engagement", "conjoint", "pre_group_individual"])
def test_other_meetings_do_not(kind):
    assert waiting(WEEKLY, slots(0, kind=kind), [], 0) == []


@pytest.mark.parametrize("attendance", ["no_show", "late_cancellation", "entered_in_error"])
def test_a_session_that_did_not_take_place_asks_for_none(attendance):
    assert waiting(WEEKLY, slots(0, attendance=attendance), [], 0) == []


def test_after_the_end_no_form_of_a_session_is_due_but_its_absence_is_counted():
    found = due_of(WEEKLY, slots(0), [], day(9), ended_on=day(2))

    assert found.lines == ()
    assert found.missing == (("pcl5_week", 1),)


# -- every second session


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ((), True),
        ((0,), True),
        ((1,), False),
        ((2,), False),
        ((1, 2), False),
    ],
)
def test_it_is_due_when_neither_of_the_last_two_sessions_has_one(at, due):
    held = slots(0, 7, 14)
    rows = [form(7 * n, "phq9", held[n]) for n in at]

    assert bool(waiting(SECOND, held, rows, 14)) is due


def test_it_is_due_at_the_first_session():
    (line,) = due_of(SECOND, slots(0), [], day(0)).lines

    assert line.occasion == "every_second_session"


@pytest.mark.parametrize(("at", "gaps"), [((), 3), ((0,), 2), ((0, 2), 1), ((0, 2, 4), 0)])
def test_its_older_gaps_are_counted_once_in_two_sessions(at, gaps):
    held = slots(0, 7, 14, 21, 28, 35)
    rows = [form(7 * n, "phq9", held[n]) for n in at]

    assert dict(due_of(SECOND, held, rows, day(35)).missing).get("phq9", 0) == gaps


def test_of_two_rhythms_for_one_form_the_closer_one_holds():
    both = Schedule.of(every_session=["phq9"], every_second_session=["phq9"])
    held = slots(0, 7)

    found = due_of(both, held, [form(0, "phq9", held[0])], day(7))

    assert [d.occasion for d in found.lines] == ["every_session"]


# -- points of the course


@pytest.mark.parametrize(
    ("today", "state"),
    [(26, None), (27, "coming"), (40, "coming"), (41, "due"), (48, "due"), (49, "overdue")],
)
def test_an_assessment_is_announced_two_weeks_ahead_due_on_its_day_and_overdue_a_week_later(
    today, state
):
    found = waiting(WEEKLY, [], [planned(41)], today)

    assert found == ([("caps5_month", state, today - 41)] if state else [])


def test_an_assessment_is_there_without_a_schedule_and_after_the_end():
    (line,) = due_of(None, [], [planned(41, point="follow_up_6m")], day(41), day(20)).lines

    assert line.occasion == "follow_up_6m"
    assert line.measure_id is not None


@pytest.mark.parametrize("status", ["complete", "declined", "not_administered"])
def test_a_row_of_the_same_point_settles_it(status):
    rows = [planned(41), form(20, "caps5_month", point="mid", status=status)]

    assert waiting(WEEKLY, [], rows, 60) == []


@pytest.mark.parametrize(
    ("other", "settled"),
    [
        ({"taken": 34}, True),
        ({"taken": 48}, True),
        ({"taken": 33}, False),
        ({"taken": 49}, False),
        ({"taken": 41, "point": "baseline"}, False),
        ({"taken": 41, "key": "caps5_week"}, False),
        ({"taken": 41, "status": "not_administered"}, False),
    ],
)
def test_a_score_without_a_point_stands_for_it_when_it_is_within_a_week(other, settled):
    rows = [planned(41), form(**{"key": "caps5_month"} | other)]

    assert (waiting(WEEKLY, [], rows, 50) == []) is settled


def test_a_planned_row_without_a_day_is_not_due():
    row = form(0, "caps5_month", status="planned", point="mid")

    assert waiting(WEEKLY, [], [row], 300) == []


# -- without a schedule, and the order


def test_without_a_schedule_the_form_in_use_is_looked_for_at_the_newest_session():
    held = slots(0, 7)

    found = due_of(None, held, [form(0, session=held[0])], day(7))

    assert [(d.key, d.expected, d.due_on) for d in found.lines] == [("pcl5_week", False, day(7))]
    assert found.missing == ()


def test_an_interview_or_a_form_long_out_of_use_is_not_looked_for():
    held = slots(0, 7, 14, 21, 28)
    rows = [form(0, session=held[0]), form(21, "caps5_month", held[3])]

    assert waiting(None, held, rows, 28) == []


def test_an_empty_schedule_asks_for_nothing():
    held = slots(0, 7)

    assert waiting(Schedule(), held, [form(0, session=held[0])], 7) == []


def test_the_most_pressing_comes_first():
    held = slots(30)
    rows = [planned(35), planned(10, "hamd17"), planned(2, point="baseline")]

    found = due_of(WEEKLY, held, rows, day(30))

    assert [d.state.value for d in found.lines] == ["overdue", "overdue", "due", "coming"]
    assert [d.due_on for d in found.lines] == [day(2), day(10), day(30), day(35)]
    assert [d.key for d in found.open] == ["caps5_month", "hamd17", "pcl5_week"]


# -- against every pair, one by one


def belongs(one, row, held):
    """Say by the rule alone, session by session, whether a form is this session's."""
    if row.session_id in {each.id for each in held}:
        return row.session_id == one.id
    later = [each.held_on for each in held[held.index(one) + 1 :]]
    begun = row.taken_on >= one.held_on - timedelta(days=3)
    return begun and (not later or row.taken_on < later[0])


@given(
    st.lists(st.integers(0, 30), max_size=8).map(sorted),
    st.lists(st.tuples(st.integers(-6, 36), st.integers(0, 12)), max_size=10),
)
def test_the_sessions_with_a_form_are_those_that_going_through_each_pair_finds(days, taken):
    held = slots(*days)
    rows = [form(d, session=held[n] if n < len(held) else None) for d, n in taken]

    found = due_of(WEEKLY, held, rows, day(40))

    there = [any(belongs(one, row, held) for row in rows) for one in held]
    assert bool(found.lines) == (bool(held) and not there[-1])
    assert dict(found.missing).get("pcl5_week", 0) == there[:-1].count(False)

"""Goals: set, reworded, reviewed, taken off; every earlier value stays readable."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.persistence.models import Amendment, AuditEntry, Goal
from ipt_tracker.persistence.queries.worksheets import goals_of
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.goals import (
    GoalEntry,
    ReviewEntry,
    add_goal,
    change_goal,
    find_goal,
    put_goal_back,
    review_goal,
    take_goal_off,
)
from ipt_tracker.services.unit_of_work import ChangedMeanwhile
from tests.factories.sheets import goal_of
from tests.factories.stores import on_every_engine

SET_ON = date(2026, 2, 4)
WHAT = "Tell her sister how the week was"
REACHED = ReviewEntry("reached", date(2026, 3, 11), "she told her twice")


@pytest.fixture
def goal_id(clinic):
    return goal_of(clinic, clinic.course)


@pytest.fixture
def act(clinic, goal_id):
    """Do something with the goal in a unit of work of its therapist."""

    def act(step, *args, **more):
        with clinic.writing(clinic.therapist) as work:
            course = open_course(work, clinic.course.id, Permission.EDIT_COURSE)
            step(work, course, find_goal(work, course, goal_id), *args, **more)

    return act


@pytest.fixture
def read(clinic):
    def read():
        with clinic.reading() as work:
            (row,) = goals_of(work.session, clinic.course.id)
        return row

    return read


def events(clinic):
    with clinic.reading() as work:
        wanted = select(AuditEntry).where(AuditEntry.event == "goal.recorded")
        return [row.details for row in work.session.scalars(wanted.order_by(AuditEntry.id))]


@on_every_engine
def test_a_goal_is_open_and_tied_to_its_focal_area(clinic, goal_id, read):
    goal = read()

    assert (goal.what, goal.set_on, goal.status) == (WHAT, SET_ON, "open")
    assert (goal.area, goal.who, goal.changes) == ("role_transition", "R. Calder", ())
    assert events(clinic) == [{"what": "added"}]


@on_every_engine
def test_a_reworded_goal_keeps_its_old_words(clinic, act, read):
    act(change_goal, GoalEntry("Ask her sister to listen", SET_ON), seen=1)

    goal = read()
    assert (goal.what, goal.area) == ("Ask her sister to listen", None)
    assert {(c.field, c.old, c.new) for c in goal.changes} == {
        ("what", WHAT, "Ask her sister to listen"),
        ("spell_id", str(clinic.course.spells[0]), None),
    }
    assert events(clinic)[1:] == [{"what": "changed", "fields": ["spell_id", "what"]}]


@on_every_engine
def test_a_review_says_what_became_of_it_and_can_be_taken_back_by_another(act, read):
    act(review_goal, REACHED, seen=1)
    assert (read().status, read().reviewed_on) == ("reached", date(2026, 3, 11))

    act(review_goal, ReviewEntry("open", date(2026, 3, 11), "too early"), seen=2)

    goal = read()
    assert (goal.status, goal.reviewed_on, goal.review) == ("open", None, "too early")
    assert ("review", "she told her twice", "too early") in {
        (c.field, c.old, c.new) for c in goal.changes
    }


@pytest.mark.parametrize(
    ("differs", "field", "message"),
    [
        ({"status": "forgotten"}, "status", "Choose what became of it"),
        ({"reviewed_on": None}, "reviewed_on", "Enter the day of the review"),
        ({"reviewed_on": date(2026, 3, 12)}, "reviewed_on", "between the goal’s own and today"),
        ({"reviewed_on": date(2026, 2, 3)}, "reviewed_on", "between the goal’s own and today"),
    ],
)
def test_a_review_has_a_day_that_can_be(act, read, differs, field, message):
    with pytest.raises(RuleBroken, match=message) as broken:
        act(review_goal, replace(REACHED, **differs), seen=1)

    assert broken.value.field == field
    assert read().status == "open"


@pytest.mark.parametrize("day", [date(2026, 1, 6), date(2026, 3, 12)])
def test_a_goal_is_set_on_a_day_of_the_course(act, read, day):
    with pytest.raises(RuleBroken, match="within the course") as broken:
        act(change_goal, GoalEntry(WHAT, day), seen=1)

    assert broken.value.field == "set_on"
    assert read().set_on == SET_ON


def test_a_focal_area_of_another_course_is_refused(clinic, act, read):
    with pytest.raises(RuleBroken, match="of this course"):
        act(change_goal, GoalEntry(WHAT, SET_ON, clinic.course2.spells[0]), seen=1)

    assert read().area == "role_transition"


def test_nothing_changed_is_nothing_saved(clinic, act):
    with pytest.raises(RuleBroken, match="Nothing was changed"):
        act(change_goal, GoalEntry(WHAT, SET_ON, clinic.course.spells[0]), seen=1)


@on_every_engine
def test_a_goal_that_was_changed_meanwhile_is_not_overwritten(act, read):
    act(review_goal, REACHED, seen=1)

    with pytest.raises(ChangedMeanwhile):
        act(change_goal, GoalEntry("mine", SET_ON), seen=1)

    assert read().what == WHAT


@on_every_engine
def test_a_goal_taken_off_stays_readable_and_comes_back(clinic, act, read):
    act(take_goal_off)
    assert read().is_off
    with pytest.raises(RuleBroken, match="Put it back first"):
        act(review_goal, REACHED, seen=2)

    act(put_goal_back)

    assert not read().is_off
    assert [d["what"] for d in events(clinic)] == ["added", "taken_off", "put_back"]


def test_a_goal_of_another_course_is_not_found(clinic, goal_id):
    with clinic.writing(clinic.therapist2) as work:
        other = open_course(work, clinic.course2.id, Permission.EDIT_COURSE)
        for wrong in (goal_id, uuid4()):
            with pytest.raises(AccessDenied):
                find_goal(work, other, wrong)


@on_every_engine
@pytest.mark.parametrize("wrong", [{"status": "reached"}, {"reviewed_on": SET_ON}])
def test_the_database_refuses_an_open_goal_with_a_review_and_the_other_way_round(
    clinic, goal_id, wrong
):
    with clinic.writing() as work:
        change = update(Goal).where(Goal.id == goal_id).values(**wrong)

        with pytest.raises(IntegrityError):
            work.session.execute(change)
        work.session.rollback()


def test_goals_stand_by_the_day_they_were_set(clinic, goal_id):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.EDIT_COURSE)
        add_goal(work, course, GoalEntry("An earlier one", SET_ON - timedelta(days=7)))
        rows = goals_of(work.session, course.id)
        assert work.session.scalars(select(Amendment)).all() == []

    assert [row.what for row in rows] == ["An earlier one", WHAT]

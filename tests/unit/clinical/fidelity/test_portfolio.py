from datetime import date, timedelta

import pytest

from ipt_tracker.clinical.fidelity.portfolio import (
    Case,
    CaseState,
    Discussion,
    HeldSession,
    Look,
    Meeting,
    Period,
    state_of,
)
from ipt_tracker.clinical.fidelity.portfolio_count import count, is_talked_about, picked_how

DAY = date(2026, 1, 5)
RANDOM, CHOSEN = Look("full_recording", "random"), Look("part_recording", "chosen")
UNSAID, LIVE = Look("full_recording", "not_stated"), Look("live", "random")
ENDED = date(2026, 4, 30)


def case(owner="A", **other):
    usual = {
        "is_group": False,
        "state": CaseState.OPEN,
        "areas": ("grief",),
        "started_on": DAY,
        "ended_on": None,
    }
    return Case(owner, owner, **usual | other)


def held(*looks, owner="A", phase="middle", weeks=0, self_rated=False):
    return HeldSession(owner, phase, DAY + timedelta(weeks=weeks), looks, self_rated)


def one(sessions=(), discussions=(), meetings=(), **of_case):
    return count([case(**of_case)], sessions, discussions, meetings)


@pytest.mark.parametrize(("days", "counts"), [(-1, False), (0, True), (28, True), (29, False)])
def test_a_session_is_talked_about_by_a_meeting_of_its_day_or_within_four_weeks(days, counts):
    talk = Discussion("A", DAY + timedelta(days=days))

    assert is_talked_about(held(), [talk]) is counts
    assert one([held()], [talk]).talked_about == int(counts)


def test_rated_and_talked_about_are_counted_apart_and_a_session_is_supervised_once():
    talk = Discussion("A", DAY + timedelta(weeks=1))
    found = one([held(RANDOM), held(weeks=1), held(CHOSEN, weeks=6), held(weeks=7)], [talk])

    assert (found.rated, found.talked_about, found.supervised, found.held) == (2, 2, 3, 4)


def test_a_session_with_two_ratings_is_rated_once():
    assert one([held(RANDOM, UNSAID)]).rated == 1


@pytest.mark.parametrize(
    ("looks", "how"),
    [
        ((), None),
        ((LIVE,), None),
        ((UNSAID,), "not_stated"),
        ((CHOSEN, UNSAID), "chosen"),
        ((CHOSEN, RANDOM), "random"),
        ((LIVE, CHOSEN), "chosen"),
    ],
)
def test_a_recording_counts_as_drawn_if_any_rating_of_it_came_from_a_draw(looks, how):
    assert picked_how(held(*looks)) == how


def test_recordings_stand_by_phase_apart_by_how_they_were_picked():
    found = one(
        [
            held(RANDOM, phase="beginning"),
            held(CHOSEN),
            held(UNSAID),
            held(RANDOM, LIVE),
            held(LIVE, phase="termination"),
            held(CHOSEN, phase="maintenance"),
        ]
    )
    rows = {each.phase: (each.drawn, each.chosen, each.not_stated) for each in found.phases}

    assert rows == {
        "beginning": (1, 0, 0),
        "middle": (1, 1, 1),
        "termination": (0, 0, 0),
        "maintenance": (0, 1, 0),
    }
    assert sum(each.recordings for each in found.phases) == found.cases[0].recordings == 5
    assert found.cases[0].recordings_drawn == 2


def test_what_was_rated_in_another_way_than_from_a_recording_is_named_by_its_basis():
    found = one([held(LIVE), held(LIVE, Look(None, "not_stated")), held(LIVE, RANDOM), held()])

    assert found.other_bases == {"live": 2, None: 1}


def test_a_case_with_two_areas_stands_under_both_and_a_case_without_under_none():
    found = count(
        [
            case("A", areas=("grief", "dispute"), state=CaseState.COMPLETED),
            case("B"),
            case("C", areas=()),
            case("G", is_group=True, areas=()),
        ],
        [],
        [],
        [],
    )
    rows = {each.area: (each.cases, dict(each.by_state)) for each in found.areas}

    assert rows == {
        "dispute": (1, {CaseState.COMPLETED: 1}),
        "grief": (2, {CaseState.COMPLETED: 1, CaseState.OPEN: 1}),
        None: (1, {CaseState.OPEN: 1}),
    }
    assert len(found.cases) == 4


def test_hours_of_supervision_are_individual_and_group_apart():
    found = one(
        meetings=[Meeting(False, 50), Meeting(False, 40), Meeting(True, 90)],  # noqa: FBT003 -- individual, group
        discussions=[Discussion("A", DAY, 20), Discussion("A", DAY), Discussion("Z", DAY, 5)],
    ).supervision

    assert (found.individual, found.individual_minutes) == (2, 90)
    assert (found.group, found.group_minutes) == (1, 90)
    assert found.minutes == 180
    assert (found.own_case_minutes, found.untimed) == (25, 1)


def test_the_time_of_a_case_is_what_was_noted_and_what_was_not_is_said():
    found = one(discussions=[Discussion("A", DAY, 20), Discussion("A", DAY)]).cases[0]

    assert (found.meetings, found.minutes, found.untimed) == (2, 20, 1)


def test_the_phases_of_a_case_are_those_of_its_supervised_sessions():
    found = one([held(RANDOM, phase="beginning"), held(phase="middle"), held(LIVE, phase="x")])

    assert found.cases[0].phases == {"beginning", "x"}


def test_self_ratings_are_counted_by_session():
    assert one([held(self_rated=True), held(), held(self_rated=True)]).self_rated == 2


def test_a_session_of_no_case_of_theirs_is_counted_nowhere_but_among_phases():
    found = count([], [held(owner="Z")], [], [])

    assert (found.held, found.cases) == (0, ())


@pytest.mark.parametrize(
    ("status", "ended", "own_until", "last", "state"),
    [
        ("active", None, None, None, CaseState.OPEN),
        ("completed", ENDED, ENDED, None, CaseState.COMPLETED),
        ("completed", ENDED, None, None, CaseState.COMPLETED),
        ("completed_with_maintenance", ENDED, ENDED, None, CaseState.COMPLETED),
        ("dropped_out", ENDED, ENDED, None, CaseState.ENDED_EARLY),
        ("closed", ENDED, ENDED, None, CaseState.ENDED_EARLY),
        ("transferred", ENDED, ENDED, None, CaseState.HANDED_OVER),
        ("active", None, DAY, None, CaseState.HANDED_OVER),
        ("completed", ENDED, DAY, None, CaseState.HANDED_OVER),
        ("completed", ENDED, ENDED, ENDED - timedelta(days=1), CaseState.OPEN),
        ("completed", ENDED, ENDED, ENDED, CaseState.COMPLETED),
        ("active", None, ENDED, ENDED - timedelta(days=1), CaseState.OPEN),
    ],
)
def test_a_case_stands_as_it_stood_on_the_last_day_looked_at(status, ended, own_until, last, state):
    assert state_of(status, ended, own_until, Period(last=last)) is state


@pytest.mark.parametrize(
    ("period", "is_in"),
    [
        (Period(), True),
        (Period(DAY, DAY), True),
        (Period(DAY + timedelta(days=1)), False),
        (Period(last=DAY - timedelta(days=1)), False),
    ],
)
def test_both_ends_of_a_period_belong_to_it(period, is_in):
    assert (DAY in period) is is_in

"""Groups: membership by day, phases, and names that a text should not have."""

from datetime import date

import pytest

from ipt_tracker.clinical.course.attendance import Attendance, was_delivered
from ipt_tracker.clinical.course.groups import (
    GROUP_PROTOCOLS,
    MARKS,
    OF_A_MEMBER,
    Named,
    check_meeting,
    group_phase_map,
    is_member,
    meeting_beside,
    names_in,
)
from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.rules import RuleBroken

DAY, NEXT, LATER = date(2026, 1, 7), date(2026, 1, 14), date(2026, 1, 21)
YLVA = Named("G-1-1", "Ylva Brandt-Moe")
OSKAR = Named("G-1-2", "Oskar van der Lind")
PETRA = Named("G-1-3", None)


@pytest.mark.parametrize(
    ("left", "day", "belongs"),
    [
        (None, DAY, False),
        (None, NEXT, True),
        (None, LATER, True),
        (LATER, NEXT, True),
        (LATER, LATER, False),
    ],
)
def test_the_day_of_leaving_is_the_first_without_the_member(left, day, belongs):
    assert is_member(NEXT, left, day) is belongs


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (None, []),
        ("", []),
        ("Somebody spoke of a brand new start.", []),
        ("ylva was quiet", ["ylva"]),
        ("Moe, then Oskar's turn", ["Moe", "Oskar"]),
        ("about G-1-3.", ["G-1-3"]),
        ("about G-1-33 and XG-1-3", []),
        ("der van Lindgren", []),
        ("LIND", ["LIND"]),
    ],
)
def test_names_and_codes_are_found_as_whole_words_in_any_case(text, found):
    assert sorted(names_in(text, [YLVA, OSKAR, PETRA])) == sorted(found)


def test_what_a_member_shares_with_another_is_their_own():
    other = Named("G-1-9", "Oskar Berg")

    assert names_in("Oskar and Berg", [other], OSKAR) == ["Berg"]


def test_a_group_has_the_map_of_its_protocol_or_one_for_its_number():
    own = GROUP_PROTOCOLS["IPT-G-PTSD-16"]

    assert group_phase_map(own.key, 16) == own.phase_map
    assert group_phase_map(own.key, 8).as_json() == {
        "beginning": [1, 2],
        "middle": [3, 6],
        "termination": [7, 8],
    }


def test_a_protocol_for_one_patient_is_none_for_a_group():
    with pytest.raises(RuleBroken) as refused:
        group_phase_map("IPT-16", 16)

    assert refused.value.field == "protocol"


@pytest.mark.parametrize(
    ("held", "kind"), [(0, Kind.PRE_GROUP), (1, Kind.MID_GROUP), (16, Kind.POST_GROUP)]
)
def test_the_individual_meeting_that_is_due_follows_the_sessions_of_the_group(held, kind):
    assert meeting_beside(held, 16) is kind


def test_every_absence_of_a_member_leaves_the_session_delivered_by_the_group():
    assert all(was_delivered(Kind.GROUP, 3, code) for code in OF_A_MEMBER)


def test_each_mark_of_the_grid_stands_for_one_thing():
    shown = {*OF_A_MEMBER, Attendance.GROUP_CANCELLED}

    assert set(MARKS) == shown
    assert len(set(MARKS.values())) == len(shown)


@pytest.mark.parametrize(
    ("day", "minutes", "field"),
    [(LATER, 90, "held_on"), (DAY, 90, "held_on"), (NEXT, 0, "duration_minutes")],
)
def test_a_meeting_that_cannot_be_is_refused_at_its_field(day, minutes, field):
    with pytest.raises(RuleBroken) as refused:
        check_meeting(day, minutes, NEXT, NEXT)

    assert refused.value.field == field

"""Where a course stands, in words."""

from datetime import date

import pytest

from ipt_tracker.clinical.course.position import Position, next_number, next_slot

TODAY = date(2025, 6, 1)


@pytest.mark.parametrize(
    ("position", "words"),
    [
        (Position(14), "Not started, 14 sessions planned"),
        (Position(1), "Not started, 1 session planned"),
        (Position(16, 11, "individual", "middle"), "Session 11 of 16, middle phase"),
        (Position(16, 14, "group", "termination"), "Session 14 of 16, ending phase"),
        (Position(14, 14, "individual", "termination"), "Session 14 of 14, ending phase"),
        (Position(16, 2, "individual", "extra"), "Session 2 of 16"),
        (Position(14, 16, "individual", "extension"), "Session 16, 2 past the 14 planned"),
        (Position(8, 2, "maintenance", maintenance_planned=3), "Maintenance visit 2 of 3"),
        (Position(8, 4, "maintenance", maintenance_planned=3), "Maintenance visit 4"),
        (Position(8, 1, "engagement", "engagement"), "Engagement visit 1"),
        (Position(16, 1, "pregroup", "beginning"), "Pre-group meeting 1"),
        (
            Position(16, 16, held=16, ended_on=date(2025, 5, 5), today=TODAY),
            "16 of 16 sessions, course ended 5 May",
        ),
        (
            Position(14, 4, held=4, ended_on=date(2024, 3, 3), today=TODAY),
            "4 of 14 sessions, course ended 3 Mar 2024",
        ),
        (
            Position(14, 18, held=18, ended_on=date(2025, 5, 5), today=TODAY),
            "18 sessions (14 planned), course ended 5 May",
        ),
    ],
)
def test_the_position_is_said_in_words(position, words):
    assert position.words == words


def test_the_next_session_continues_the_counter_of_its_kind():
    assert next_number([1, None, 2]) == 3
    assert next_number([]) == 1


def test_a_slot_is_never_used_again():
    assert next_slot([1, 2, 7]) == 8
    assert next_slot([]) == 1

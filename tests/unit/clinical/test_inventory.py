"""Circles of closeness, moves between them, and initials."""

from datetime import date, timedelta

import pytest

from ipt_tracker.clinical.course.inventory import (
    Move,
    Ring,
    RingChange,
    check_person,
    initials,
    moves_of,
    ring_label,
)
from ipt_tracker.clinical.rules import RuleBroken

DAY = date(2026, 3, 3)
BEFORE = DAY - timedelta(weeks=4)


@pytest.mark.parametrize("ring", [1, 2, 3, 4])
def test_there_are_four_circles(ring):
    check_person("Ada", ring)

    assert ring_label(ring) == list(Ring)[ring - 1].label


@pytest.mark.parametrize("ring", [0, 5, -1])
def test_another_circle_is_refused(ring):
    with pytest.raises(RuleBroken) as broken:
        check_person("Ada", ring)

    assert broken.value.field == "ring"


@pytest.mark.parametrize("name", [None, "", "x" * 121])
def test_a_person_has_a_name_that_fits(name):
    with pytest.raises(RuleBroken) as broken:
        check_person(name, 1)

    assert broken.value.field == "name"


def test_a_change_of_circle_is_a_move_in_words():
    (move,) = moves_of(BEFORE, [RingChange(DAY, 3, 2)])

    assert move.words == "moved from further away to close"
    assert move.is_closer


def test_several_changes_of_one_day_are_one_move():
    changes = [RingChange(DAY, 3, 2), RingChange(DAY, 2, 1)]

    assert moves_of(BEFORE, changes) == (Move(DAY, 3, 1),)


def test_there_and_back_on_one_day_is_no_move():
    assert moves_of(BEFORE, [RingChange(DAY, 3, 2), RingChange(DAY, 2, 3)]) == ()


def test_a_change_on_the_day_the_person_was_written_down_is_a_correction():
    later = DAY + timedelta(days=1)

    assert moves_of(DAY, [RingChange(DAY, 3, 2), RingChange(later, 2, 4)]) == (Move(later, 2, 4),)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ada", "A."),
        ("Maria del Mar", "M. D. M."),
        ("Anne-Sophie", "A. S."),
        ("MK", "MK"),
        ("K.", "K."),
        ("öttl", "Ö."),
        ("???", "?"),
    ],
)
def test_initials_hold_no_more_than_first_letters(name, expected):
    assert initials(name) == expected

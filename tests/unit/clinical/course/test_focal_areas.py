"""Two focal areas at most, never a third, and the words other schools use."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipt_tracker.clinical.course.focal_areas import (
    FOCAL_AREAS,
    Spell,
    check_open_spells,
    focal_area_label,
    focal_area_of,
)
from ipt_tracker.clinical.rules import RuleBroken


def day(number):
    return date(2025, 1, 1) + timedelta(days=number)


def test_two_areas_may_be_open_at_once():
    check_open_spells([Spell("grief", day(0)), Spell("dispute", day(7))])


def test_a_third_open_area_is_refused():
    spells = [Spell("grief", day(0)), Spell("dispute", day(7)), Spell("sensitivity", day(9))]

    with pytest.raises(RuleBroken, match="At most two") as broken:
        check_open_spells(spells)

    assert broken.value.field == "focal_area"


def test_the_focus_can_be_switched_within_one_day():
    check_open_spells(
        [
            Spell("grief", day(0)),
            Spell("dispute", day(0), day(70)),
            Spell("role_transition", day(70)),
        ]
    )


def test_a_third_that_was_open_for_a_while_in_the_past_is_refused_too():
    spells = [
        Spell("grief", day(0), day(30)),
        Spell("dispute", day(0), day(30)),
        Spell("sensitivity", day(29), day(40)),
    ]

    with pytest.raises(RuleBroken):
        check_open_spells(spells)


def test_an_area_that_is_open_cannot_be_opened_again():
    with pytest.raises(RuleBroken, match="open already"):
        check_open_spells([Spell("grief", day(0)), Spell("grief", day(7))])


def test_an_area_cannot_be_left_before_it_is_taken_up():
    with pytest.raises(RuleBroken, match="before it starts") as broken:
        check_open_spells([Spell("grief", day(7), day(6))])

    assert broken.value.field == "closed_on"


spells = st.builds(
    lambda area, start, length: Spell(
        area, day(start), None if length is None else day(start + length)
    ),
    st.sampled_from(sorted(FOCAL_AREAS)),
    st.integers(0, 12),
    st.none() | st.integers(0, 12),
)


@given(st.lists(spells, max_size=5))
def test_the_rule_agrees_with_looking_at_every_single_day(tried):
    per_day = [[s.area for s in tried if s.open_on(day(number))] for number in range(30)]
    fine = all(len(areas) <= 2 and len(set(areas)) == len(areas) for areas in per_day)

    if fine:
        check_open_spells(tried)
    else:
        with pytest.raises(RuleBroken):
            check_open_spells(tried)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("grief", "grief"),
        ("Complicated bereavement", "grief"),
        ("interpersonal_role_dispute", "dispute"),
        ("Role transition", "role_transition"),
        ("deficits", "sensitivity"),
        ("Interpersonal deficits / sensitivity", "sensitivity"),
    ],
)
def test_an_area_is_known_by_its_code_its_label_and_its_synonyms(text, code):
    assert focal_area_of(text).code == code


def test_an_area_of_another_school_keeps_its_own_words():
    assert focal_area_of("acculturation_stress") is None
    assert focal_area_label("acculturation_stress") == "Acculturation stress"

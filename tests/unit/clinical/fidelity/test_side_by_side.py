"""Ratings beside each other: what is the same, how far apart, and what raters agree on."""

from ipt_tracker.clinical.fidelity.rating import ItemRating
from ipt_tracker.clinical.fidelity.side_by_side import agreed_value, items_beside


def item(d, q=None):
    return {"d": d, "q": q}


def beside(*marks):
    """Give one item as these raters marked it."""
    found = items_beside(["F01"], [{} if each is None else {"F01": each} for each in marks])
    assert [each.code for each in found] == ["F01"]
    return found[0]


def test_items_stand_in_the_order_of_the_set_and_what_it_does_not_know_after_them():
    found = items_beside(["F02", "F01"], [{"F01": item(1, 3), "X09": item(0)}, {"X01": item(1, 2)}])

    assert [each.code for each in found] == ["F02", "F01", "X01", "X09"]
    assert found[0].marks == (None, None)
    assert found[1].marks == (ItemRating(1, 3), None)


def test_two_points_of_quality_are_far_apart_and_one_is_not():
    assert beside(item(1, 4), item(1, 2)).is_far_apart
    assert not beside(item(1, 4), item(1, 3)).is_far_apart


def test_yes_against_no_is_pointed_at_and_partly_against_no_is_not():
    assert beside(item(1, 4), item(0)).is_opposed
    assert beside(item(1, 4), item(0)).is_pointed_at
    assert not beside(item(0.5, 4), item(0)).is_pointed_at


def test_not_applicable_against_yes_is_another_difference_than_yes_against_no():
    assert beside(item(1, 4), item(None)).is_applied_differently
    assert beside(item(1, 4), item(None)).is_pointed_at
    assert not beside(item(1, 4), item(None)).is_opposed
    assert not beside(item(0), item(None)).is_pointed_at


def test_the_spread_is_between_the_highest_and_the_lowest_of_any_number_of_raters():
    assert beside(item(1, 4), item(0), item(1, 1), item(0.5, 2)).spread == 3


def test_a_quality_that_one_alone_gave_has_no_spread():
    assert beside(item(1, 4), item(0)).spread is None
    assert not beside(item(1, 5), item(None)).is_far_apart


def test_not_applicable_to_both_is_the_same_and_not_delivered_is_another_answer():
    assert beside(item(None), item(None)).is_same
    assert not beside(item(None), item(0)).is_same


def test_an_item_that_one_did_not_mark_is_not_the_same():
    found = beside(item(None), None)

    assert not found.is_same
    assert not found.is_whole
    assert found.agreed is None


def test_what_all_say_is_agreed():
    assert beside(item(0.5, 4), item(0.5, 4)).agreed == ItemRating(0.5, 4)
    assert beside(item(None), item(None)).agreed == ItemRating(None, None)


def test_where_quality_differs_only_delivered_is_agreed():
    assert beside(item(1, 4), item(1, 2)).agreed == ItemRating(1, None)


def test_where_delivered_differs_nothing_is_agreed_even_with_one_quality():
    assert beside(item(1, 4), item(0.5, 4)).agreed is None


def test_one_value_is_agreed_only_when_all_give_it():
    assert agreed_value([3, 3]) == 3
    assert agreed_value([3, 4]) is None
    assert agreed_value([3, None]) is None
    assert agreed_value([]) is None

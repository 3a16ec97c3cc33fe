"""Item by item and domain by domain: what did not apply counts in neither number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipt_tracker.clinical.fidelity.item_set import Item, ItemSet
from ipt_tracker.clinical.fidelity.profile import domain_profile, item_profile
from tests.factories.slow_figures import average, slow_interval

ITEMS = (
    Item("A1", "focus", "keeps to it", ()),
    Item("B1", "warmth", "is warm", ()),
    Item("A2", "focus", "ties it to people", ()),
)
SMALL = ItemSet("small", "1", "Small", "", "", ITEMS, (), ("1", "2", "3", "4", "5"))

RATINGS = [
    {"A1": {"d": 1, "q": 4}, "A2": {"d": 0.5, "q": 3}, "B1": {"d": 1, "q": 5}},
    {"A1": {"d": 0, "q": None}, "A2": {"d": None, "q": None}},
    {"A1": {"d": 1, "q": 2}, "A2": {"d": 1, "q": 3}, "Z9": {"d": 1, "q": 1}},
]
ANSWER = st.sampled_from([(None, None), (0, None), (0.5, 2), (0.5, 3), (1, 3), (1, 4), (1, 5)])


def test_each_item_is_given_in_the_order_of_its_set_with_its_own_n():
    first, second, third = item_profile(RATINGS, SMALL)

    assert [each.item.code for each in (first, second, third)] == ["A1", "B1", "A2"]
    assert (first.n, first.delivered_pct) == (3, pytest.approx(200 / 3))
    assert (first.quality.n, first.quality.mean) == (2, 3.0)
    assert (second.n, second.delivered_pct, second.quality.mean) == (1, 100.0, 5.0)
    assert (third.n, third.delivered_pct) == (2, 75.0)


def test_a_domain_is_the_mean_of_all_its_rated_items_and_counts_ratings():
    focus, warmth = domain_profile(RATINGS, SMALL)

    assert (focus.domain, focus.n, focus.delivered_pct) == ("focus", 3, 70.0)  # 3.5 of 5
    assert (focus.quality.n, focus.quality.clusters, focus.quality.mean) == (4, 2, 3.0)
    assert focus.quality.low is None  # two ratings alone gave a quality
    assert (warmth.domain, warmth.n, warmth.quality.mean) == ("warmth", 1, 5.0)


def test_nothing_rated_is_nothing_known_and_no_zero():
    for items in ([], [{}], [{"A1": {"d": None, "q": None}}]):
        assert all(each.n == each.quality.n == 0 for each in item_profile(items, SMALL))
        assert all(each.delivered_pct is None for each in domain_profile(items, SMALL))
        assert all(each.quality.mean is None for each in domain_profile(items, SMALL))


def test_an_item_is_ranked_from_five_quality_ratings_and_not_from_four():
    rating = {"A1": {"d": 1, "q": 3}, "A2": {"d": 0, "q": None}}

    four, five = item_profile([rating] * 4, SMALL), item_profile([rating] * 5, SMALL)

    assert [each.can_be_ranked for each in four] == [False, False, False]
    assert [each.can_be_ranked for each in five] == [True, False, False]


def test_a_domain_is_ranked_by_ratings_and_not_by_items():
    rating = {"A1": {"d": 1, "q": 3}, "A2": {"d": 1, "q": 3}}

    four, five = domain_profile([rating] * 4, SMALL), domain_profile([rating] * 5, SMALL)

    assert (four[0].quality.n, four[0].can_be_ranked) == (8, False)
    assert (five[0].quality.n, five[0].can_be_ranked) == (10, True)


@given(st.lists(st.tuples(ANSWER, ANSWER, ANSWER), max_size=9))
def test_profiles_are_those_of_a_slow_second_version(answers):
    codes = ("A1", "A2", "B1")
    ratings = [
        {code: {"d": d, "q": q} for code, (d, q) in zip(codes, each, strict=True)}
        for each in answers
    ]

    items, domains = item_profile(ratings, SMALL), domain_profile(ratings, SMALL)

    for found in items:
        given_q = [r[found.item.code]["q"] for r in ratings]
        rated = [q for q in given_q if q is not None]
        assert found.quality.mean == (pytest.approx(average(rated)) if rated else None)
        expected = slow_interval(rated)
        if expected:
            assert [found.quality.low, found.quality.high] == pytest.approx(expected)
    focus = [r[code] for r in ratings for code in ("A1", "A2")]
    applied = [each["d"] for each in focus if each["d"] is not None]
    rated = [each["q"] for each in focus if each["q"] is not None]
    assert domains[0].delivered_pct == (pytest.approx(100 * average(applied)) if applied else None)
    assert domains[0].quality.mean == (pytest.approx(average(rated)) if rated else None)

"""The same content gives the same text, and a difference is named by its place."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipt_tracker.exchange.bundle_content import canonical, content_of, first_difference

values = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.floats(-9, 9) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(values, values)
def test_two_values_have_the_same_text_exactly_when_no_difference_is_found(one, other):
    same = canonical(one) == canonical(other)

    assert (first_difference(canonical(one), canonical(other)) is None) is same


@given(values)
def test_writing_reading_and_writing_again_changes_nothing(value):
    text = canonical(value)

    assert canonical(json.loads(text)) == text
    assert first_difference(text, text) is None


@pytest.mark.parametrize(
    ("stored", "given", "words"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1.0}, None),
        ({"a": 1}, {"a": True}, "a: 1 stored, true in the file"),
        ({"a": None}, {}, "a: null stored, not in the file"),
        ({}, {"a": "x"}, 'a: not stored, "x" in the file'),
        ({"a": [1, 2]}, {"a": [1]}, "a: 2 entries stored, 1 in the file"),
        (
            {"sessions": [{"measures": [{"total": 41}]}]},
            {"sessions": [{"measures": [{"total": 42}]}]},
            "sessions[0].measures[0].total: 41 stored, 42 in the file",
        ),
        ({"a": {"b": 1}}, {"a": [1]}, 'a: {"b":1} stored, [1] in the file'),
    ],
)
def test_a_difference_is_named(stored, given, words):
    assert first_difference(canonical(stored), canonical(given)) == words


def test_a_long_text_is_not_repeated_whole():
    words = first_difference(canonical("x" * 500), canonical("y" * 500))

    assert len(words) < 200


def test_expected_figures_are_no_part_of_the_content():
    assert content_of({"id": "SYN-01", "expected": {"slots": 15}}) == '{"id":"SYN-01"}'

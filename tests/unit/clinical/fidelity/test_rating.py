"""Adherence is what was done of what applied, quality is how well: two numbers."""

from dataclasses import dataclass
from types import MappingProxyType

import pytest

from ipt_tracker.clinical.fidelity.rating import as_first_submitted, mean, rating_of


def rated(*items, flags=()):
    return rating_of({str(n): {"d": d, "q": q} for n, (d, q) in enumerate(items)}, flags)


@pytest.mark.parametrize(
    ("items", "adherence", "competence"),
    [
        (((1, 4), (0.5, 3), (0, None), (None, None)), 50.0, 3.5),
        (((1, 5), (1, 5)), 100.0, 5.0),
        (((0, None), (0, None)), 0.0, None),
        (((None, None),), None, None),
        ((), None, None),
    ],
)
def test_what_did_not_apply_counts_in_neither_number(items, adherence, competence):
    rating = rated(*items)

    assert rating.adherence_pct == adherence
    assert rating.competence == competence


@pytest.mark.parametrize(
    ("flags", "flagged"), [((), False), ((0, None, False), False), ((0, 1), True), ((True,), True)]
)
def test_one_flag_is_enough_and_one_not_judged_is_none(flags, flagged):
    assert rated((1, 4), flags=flags).flagged is flagged


def test_a_mean_of_nothing_is_not_known():
    assert mean([None, None]) is None
    assert mean([None, 0.0]) == 0


# ------------------------------------------------------------------------------ as first submitted


@dataclass
class Change:
    field: str
    old: object


def marks(**more):
    items = {"F01": {"d": 1, "q": 4}, "F09": {"d": 1, "q": 3}}
    return {"items": items, "proscribed": {"Z01": True}, "global_competence": 4} | more


def test_without_amendments_a_rating_is_what_was_first_submitted():
    assert as_first_submitted(marks(), []) == marks()


def test_each_kind_of_field_is_led_back():
    first = as_first_submitted(
        marks(),
        [Change("items.F09.q", 4), Change("proscribed.Z01", False), Change("global_competence", 5)],  # noqa: FBT003 -- a flag
    )

    assert first["items"] == {"F01": {"d": 1, "q": 4}, "F09": {"d": 1, "q": 4}}
    assert (first["proscribed"], first["global_competence"]) == ({"Z01": False}, 5)


def test_of_several_changes_of_one_field_the_first_old_value_counts():
    first = as_first_submitted(marks(), [Change("items.F09.q", 5), Change("items.F09.q", 4)])

    assert first["items"]["F09"]["q"] == 5


def test_what_became_not_applicable_comes_back_and_what_was_not_rated_goes():
    changed = marks(items={"F01": {"d": None, "q": None}, "F09": {"d": 1, "q": 3}})

    first = as_first_submitted(
        changed,
        [Change("items.F01.d", 0.5), Change("items.F01.q", 2), Change("items.F09.q", None)],
    )

    assert first["items"] == {"F01": {"d": 0.5, "q": 2}, "F09": {"d": 1, "q": None}}


def test_a_whole_item_can_come_back_change_or_go():
    first = as_first_submitted(
        marks(),
        [
            Change("items.F01", {"d": 0, "q": None}),
            Change("items.F05", {"d": 1, "q": 2}),
            Change("items.F09", None),
        ],
    )

    assert first["items"] == {"F01": {"d": 0, "q": None}, "F05": {"d": 1, "q": 2}}


@pytest.mark.parametrize(
    "field",
    [
        "remark",
        "not stated",
        "",
        "items.F77.q",
        "portion.minutes",
        "items",
        "a.b.c.d",
        "items.F01.q.x",
    ],
)
def test_a_field_that_is_no_mark_changes_nothing(field):
    assert as_first_submitted(marks(), [Change(field, None)]) == marks()


def test_an_old_text_is_no_mark():
    assert as_first_submitted(marks(), [Change("items.F09.q", "four")]) == marks()


def test_what_is_handed_in_stays_as_it_is():
    now = MappingProxyType(marks())

    first = as_first_submitted(now, [Change("items.F09.q", 1), Change("proscribed.Z01", None)])

    assert first["items"]["F09"]["q"] == 1
    assert dict(now) == marks()

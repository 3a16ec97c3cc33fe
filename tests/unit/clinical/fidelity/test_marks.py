"""When marks make a whole rating: every item answered, quality for what was delivered alone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipt_tracker.clinical.fidelity.codes import Basis
from ipt_tracker.clinical.fidelity.item_set import Item, ItemSet
from ipt_tracker.clinical.fidelity.marks import (
    OF_A_RECORDING,
    Marks,
    MarksRefused,
    check_marks,
    faults_of,
    mark,
    was_done,
)
from ipt_tracker.clinical.fidelity.rating import rating_of

CODES = ("A", "B", "C")
SET = ItemSet(
    key="own",
    version="1",
    name="Own",
    notice="",
    owner="",
    items=tuple(Item(code, "structure", f"item {code}", ()) for code in CODES),
    proscribed=(),
    quality_words=("1", "2", "3", "4", "5"),
)
WHOLE = Marks(
    items={code: mark(1, 3) for code in CODES},
    proscribed={},
    global_competence=3,
    alliance=4,
    basis="live",
)
ANSWERS = st.one_of(
    st.tuples(st.sampled_from([1, 0.5]), st.integers(1, 5)),
    st.tuples(st.sampled_from([0, None]), st.none()),
)
ANYTHING = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.floats(), st.text(max_size=3))


def fields(marks, **more):
    return [each.field for each in faults_of(marks, SET, **more)]


def with_item(*marked):
    return replace(WHOLE, items={**WHOLE.items, "B": mark(*marked)})


@given(st.tuples(ANSWERS, ANSWERS, ANSWERS), st.integers(1, 5), st.integers(1, 5))
def test_any_answer_with_its_quality_makes_a_rating_of_two_numbers(answers, overall, alliance):
    items = {code: mark(*answer) for code, answer in zip(CODES, answers, strict=True)}
    marks = replace(WHOLE, items=items, global_competence=overall, alliance=alliance)

    check_marks(marks, SET)

    rating = rating_of(items, ())
    applied = [d for d, _ in answers if d is not None]
    done = [q for _, q in answers if q is not None]
    share = sum(applied) / len(applied) if applied else None
    assert rating.adherence_pct == (None if share is None else pytest.approx(100 * share))
    assert rating.competence == (pytest.approx(sum(done) / len(done)) if done else None)


@given(ANYTHING, ANYTHING)
def test_an_item_is_refused_exactly_where_the_table_has_no_such_answer(delivered, quality):
    allowed = (delivered is None and quality is None) or (
        type(delivered) in {int, float}
        and (
            (delivered in {1, 0.5} and type(quality) in {int, float} and quality in {1, 2, 3, 4, 5})
            or (delivered == 0 and quality is None)
        )
    )

    assert (fields(with_item(delivered, quality)) == []) is allowed


def test_everything_that_is_missing_is_said_at_once_in_the_order_of_the_form():
    nothing = Marks({}, {}, None, None, None)

    expected = ["basis", "items.A", "items.B", "items.C", "global_competence", "alliance"]
    assert fields(nothing) == expected
    with pytest.raises(MarksRefused) as refused:
        check_marks(nothing, SET)
    assert [each.field for each in refused.value.faults] == expected
    assert refused.value.field == "basis"


def test_not_applicable_is_an_answer_and_a_missing_one_is_not():
    assert fields(with_item(None)) == []
    assert fields(replace(WHOLE, items={"A": mark(1, 3), "C": mark(1, 3)})) == ["items.B"]


@pytest.mark.parametrize(
    ("delivered", "quality", "says"),
    [
        (1, None, "Give a quality"),
        (0.5, None, "Give a quality"),
        (1, 6, "Give a quality"),
        (0, 4, "Quality is for what was delivered"),
        (None, 4, "Quality is for what was delivered"),
        (0.7, 4, "Mark it yes"),
    ],
)
def test_each_answer_that_cannot_be_says_what_is_allowed(delivered, quality, says):
    (fault,) = faults_of(with_item(delivered, quality), SET)

    assert fault.message.startswith(says)
    assert fault.field == "items.B"


@pytest.mark.parametrize("basis", list(Basis))
def test_where_recording_was_refused_only_what_needs_no_recording_is_a_basis(basis):
    marks = replace(WHOLE, basis=basis, portion="the end", minutes_heard=20)

    assert fields(marks) == []
    assert fields(marks, recorded=False) == (["basis"] if basis in OF_A_RECORDING else [])


def test_a_part_of_a_recording_says_which_part_and_how_long():
    part = replace(WHOLE, basis="part_recording")

    assert fields(part) == ["minutes_heard", "portion"]
    assert fields(replace(part, minutes_heard=601, portion="all")) == ["minutes_heard"]
    assert fields(replace(part, minutes_heard=20, portion="the end")) == []
    assert fields(replace(WHOLE, minutes_heard=0)) == ["minutes_heard"]


def test_what_is_not_in_the_item_set_is_refused():
    strange = replace(WHOLE, items={**WHOLE.items, "Z": mark(1, 3)}, proscribed={"Q": True})

    assert fields(strange) == ["items.Z", "proscribed.Q"]


@pytest.mark.parametrize("basis", [None, "", "hearsay"])
def test_a_basis_that_is_not_known_is_none(basis):
    assert fields(replace(WHOLE, basis=basis)) == ["basis"]


def test_done_is_wholly_or_in_part():
    assert [was_done(each) for each in (1, 0.5, 0, None, True)] == [True, True, False, False, False]

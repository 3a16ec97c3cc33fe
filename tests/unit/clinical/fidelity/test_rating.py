"""Adherence is what was done of what applied, quality is how well: two numbers."""

import pytest

from ipt_tracker.clinical.fidelity.rating import mean, rating_of


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

"""Egger's test where it cannot be worked out; what it gives is checked beside other programs."""

import pytest

from ipt_tracker.clinical.evidence.egger import egger_p


def test_the_test_sees_effects_that_grow_with_their_standard_error():
    """By hand: 1/SE 1, 2, 4, 5 and effect/SE 3.1, 3.9, 6.1, 6.9 lie about y = 2.06 + 0.98 x.

    Intercept 2.06 with SE sqrt(0.018 x 1.15): t = 14.32 on 2 df, so p = 1 - t / sqrt(t^2 + 2).
    """
    errors = [1 / x for x in (1, 2, 4, 5)]
    found = [y * error for y, error in zip((3.1, 3.9, 6.1, 6.9), errors, strict=True)]

    assert egger_p(found, errors) == pytest.approx(0.004843, abs=1e-6)


@pytest.mark.parametrize(
    ("found", "errors"),
    [
        ([], []),
        ([0.1], [0.2]),
        ([0.1, 0.4], [0.2, 0.3]),
        ([0.1, 0.4, 0.2], [0.2, 0.2, 0.2]),
        ([0.1, 0.4, 0.2], [0.3, 0.1 + 0.2, 0.3]),
        ([0.4, 0.4, 0.4], [0.1, 0.2, 0.3]),
        ([0.0, 0.0, 0.0], [0.1, 0.2, 0.3]),
        ([0.1, 0.2, 0.3], [0.1, 0.2, 0.3]),
        ([0.7, 1.1, 1.3], [0.1, 0.3, 0.4]),
    ],
    ids=[
        *("no trial", "one", "two", "equal errors", "errors that differ by rounding"),
        *("equal effects", "no effects", "on the line through 1", "on a line"),
    ],
)
def test_where_nothing_can_be_tested_there_is_no_p(found, errors):
    assert egger_p(found, errors) is None

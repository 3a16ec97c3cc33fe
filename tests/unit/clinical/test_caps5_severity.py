"""The severity that is proposed for a CAPS-5 item, against the published past-month grid."""

import pytest

from ipt_tracker.clinical.instruments.caps5_severity import (
    FREQUENCIES,
    INTENSITIES,
    SOURCE,
    propose,
)
from ipt_tracker.clinical.instruments.source import Certainty
from ipt_tracker.clinical.rules import RuleBroken

MINIMAL, CLEAR, PRONOUNCED, EXTREME = 1, 2, 3, 4
ONCE_A_MONTH, TWICE_A_MONTH, TWICE_A_WEEK, DAILY = 1, 2, 3, 4


@pytest.mark.parametrize(
    ("intensity", "frequencies", "severity"),
    [
        (MINIMAL, (ONCE_A_MONTH, TWICE_A_MONTH, TWICE_A_WEEK, DAILY), 1),
        (CLEAR, (ONCE_A_MONTH,), 1),
        (CLEAR, (TWICE_A_MONTH, TWICE_A_WEEK, DAILY), 2),
        (PRONOUNCED, (ONCE_A_MONTH, TWICE_A_MONTH), 2),
        (PRONOUNCED, (TWICE_A_WEEK, DAILY), 3),
        (EXTREME, (ONCE_A_MONTH,), 2),
        (EXTREME, (TWICE_A_MONTH, TWICE_A_WEEK), 3),
        (EXTREME, (DAILY,), 4),
    ],
)
def test_the_proposal_is_the_one_of_the_published_grid(intensity, frequencies, severity):
    assert {propose(intensity, frequency) for frequency in frequencies} == {severity}


def test_what_was_absent_stays_absent_however_often():
    assert {propose(0, frequency) for frequency in range(5)} == {0}


@pytest.mark.parametrize("intensity", [1, 2, 3, 4])
def test_nothing_is_proposed_for_the_strength_of_what_did_not_happen(intensity):
    assert propose(intensity, 0) is None


def test_a_proposal_is_never_above_the_intensity_nor_more_than_one_above_the_frequency():
    for intensity in range(5):
        for frequency in range(1, 5):
            proposed = propose(intensity, frequency)

            assert min(intensity, frequency) <= proposed <= min(intensity, frequency + 1)


def test_more_of_either_never_proposes_less():
    for level in range(1, 5):
        for more in range(2, 5):
            assert propose(more, level) >= propose(more - 1, level)
            assert propose(level, more) >= propose(level, more - 1)


@pytest.mark.parametrize(
    ("intensity", "frequency", "field"), [(5, 0, "intensity"), (2, -1, "frequency")]
)
def test_a_level_that_does_not_exist_is_refused(intensity, frequency, field):
    with pytest.raises(RuleBroken, match="they go from 0 to 4") as refused:
        propose(intensity, frequency)

    assert refused.value.field == field


def test_every_level_has_its_own_words_and_the_rule_its_source():
    assert len(set(INTENSITIES)) == len(set(FREQUENCIES)) == 5
    assert SOURCE.certainty is Certainty.SEEN

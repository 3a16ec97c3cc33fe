"""The words of I2, whose bands overlap."""

import pytest

from ipt_tracker.clinical.evidence.heterogeneity import i2_words


@pytest.mark.parametrize(
    ("i2", "names"),
    [
        (0, "small"),
        (29.9, "small"),
        (30, "small or moderate"),
        (40, "small or moderate"),
        (45, "moderate"),
        (55, "moderate or substantial"),
        (70, "substantial"),
        (80, "substantial or very large"),
        (95, "very large"),
        (100, "very large"),
    ],
)
def test_each_band_that_holds_the_value_is_named(i2, names):
    assert i2_words(i2, 10) == f"{names} differences between the trials"


def test_few_trials_are_called_very_uncertain():
    assert "very uncertain with 3 trials" in i2_words(50, 3)


def test_one_trial_shows_no_differences():
    assert i2_words(0, 1) == "one trial alone shows no differences between trials"

"""First and last total in words: each definition with its strictness, each percentage its floor."""

import pytest

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.outcome.change import judge
from ipt_tracker.clinical.outcome.readings import (
    end_range_words,
    meaningful_words,
    none_published,
    outcome_words,
    percent_words,
    readings,
)
from ipt_tracker.clinical.outcome.thresholds import THRESHOLD_SETS

MARX = THRESHOLD_SETS["marx2022_s1_pcl5"]
WEATHERS = THRESHOLD_SETS["weathers2001_caps4"]
OLDER = THRESHOLD_SETS["older_pcl5"]


@pytest.mark.parametrize(
    ("family", "first", "last", "said"),
    [
        (
            "CAPS-IV",
            100,
            70,
            [
                "Response, a fall of more than 30 %: not met",
                "Response, a fall of at least 30 %: met",
                "Remission, a last total of below 20: not met",
            ],
        ),
        (
            "CAPS-IV",
            100,
            19,
            [
                "Response, a fall of more than 30 %: met",
                "Response, a fall of at least 30 %: met",
                "Remission, a last total of below 20: met",
            ],
        ),
        (
            "PHQ-9",
            10,
            5,
            [
                "Response, a fall of at least 50 %: met",
                "Remission, a last total of below 5: not met",
            ],
        ),
        (
            "HAM-D17",
            0,
            7,
            [
                "Response, a fall of at least 50 %: cannot tell",
                "Remission, a last total of at most 7: met",
            ],
        ),
        ("CAPS-5", 40, 8, []),
        ("PCL-5", 40, 8, []),
    ],
)
def test_each_definition_is_named_with_its_strictness(family, first, last, said):
    assert [f"{r.name}, {r.words}" for r in readings(family, first, last)] == said


def test_where_none_is_published_none_is_borrowed():
    assert none_published(INSTRUMENTS["caps5_month"]).startswith("No definition of response or")


@pytest.mark.parametrize(
    ("key", "first", "last", "said"),
    [
        ("pcl5_week", 58, 33, "−43.1 % of the first total; the form starts at 0"),
        ("pcl5_week", 40, 40, "0 % of the first total; the form starts at 0"),
        ("pcl5_week", 40, 50, "+25.0 % of the first total; the form starts at 0"),
        ("pcl4", 51, 34, "−50.0 % above the form's floor of 17 (−33.3 % of the raw total)"),
        ("pcl4", 17, 20, "No percentage: the first total is 17, the lowest there is."),
        ("phq9", 0, 3, "No percentage: the first total is 0, the lowest there is."),
    ],
)
def test_a_percentage_says_from_which_floor(key, first, last, said):
    assert percent_words(INSTRUMENTS[key], first, last) == said


@pytest.mark.parametrize(
    ("first", "last", "thresholds", "said"),
    [
        (43, 28, MARX, "Recovered, judged by Marx 2022, sample 1: reliably improved, and now in"),
        (44, 29, MARX, "Improved, judged by Marx 2022, sample 1; still above the range"),
        (
            28,
            13,
            MARX,
            "Improved, judged by Marx 2022, sample 1; the first score was in the end range",
        ),
        (43, 29, MARX, "Unchanged, judged by Marx 2022, sample 1: less than 15 points"),
        (28, 43, MARX, "Deteriorated, judged by Marx 2022, sample 1: 15 points or more"),
        (
            60,
            20,
            WEATHERS,
            "Improved, judged by Weathers 2001; the set has no end range, so recovery",
        ),
    ],
)
def test_the_outcome_names_its_set_and_what_stands_in_the_way(first, last, thresholds, said):
    assert outcome_words(judge(first, last, thresholds), thresholds).startswith(said)


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (-10, "10 points or more are called meaningful: met"),
        (-9, "10 points or more are called meaningful: not met"),
        (10, "10 points or more are called meaningful: not met"),
        (None, "10 points or more are called meaningful"),
    ],
)
def test_a_second_figure_of_a_set_is_said(points, said):
    assert meaningful_words(OLDER, points) == said


def test_a_set_without_a_second_figure_or_an_end_range_says_so():
    assert meaningful_words(MARX, -20) == ""
    assert end_range_words(OLDER) == "none given with this set"
    assert end_range_words(MARX) == "the range reported for people without PTSD (28 or lower)"

"""The score at the end of the acute treatment, said where maintenance visits go on after it."""

from datetime import date

import pytest

from ipt_tracker.clinical.outcome.acute import acute_words, with_acute
from ipt_tracker.clinical.outcome.series import Administration, Series
from ipt_tracker.clinical.outcome.thresholds import threshold_set
from ipt_tracker.clinical.outcome.verdict import verdict

PCL5 = threshold_set("PCL-5")


def series(*rows):
    """Rows of (day of January 2025, total, session)."""
    made = [Administration("pcl5_week", date(2025, 1, d), t, session_label=n) for d, t, n in rows]
    return Series("pcl5_week", tuple(made))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (((6, 34, "1"), (13, 20, "8")), "20 (session 8, 13 Jan), down 14: no reliable change"),
        (((6, 44, "1"), (13, 20, "")), "20 (13 Jan), down 24: reliably improved, in range"),
        (((6, 34, "E1"),), "34 (E1, 6 Jan), the first score"),
        ((), "no complete score"),
    ],
)
def test_the_last_acute_score_comes_with_its_session_day_change_and_class(rows, words):
    assert acute_words(series(*rows), PCL5, 2025) == words


def test_without_thresholds_it_is_not_judged():
    said = acute_words(series((6, 34, "1"), (13, 20, "8")), None, 2025)

    assert said == "20 (session 8, 13 Jan), down 14, not judged"


def test_a_verdict_says_it_first_and_nothing_where_there_is_nothing_to_say():
    said = verdict(series((6, 34, "1"), (30, 18, "M3")), PCL5, 2025)

    assert with_acute(said, "") == said
    assert with_acute(said, "20, down 14").then.startswith(
        "Maintenance visits are included. Last score of the acute treatment: 20, down 14. Threshold"
    )

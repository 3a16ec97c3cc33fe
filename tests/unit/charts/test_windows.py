"""Part of a course: what lies in the window, and from where change is still counted."""

from dataclasses import replace
from datetime import date

import pytest

from ipt_tracker.charts import export
from ipt_tracker.charts.backdrop import band
from ipt_tracker.charts.model import Span
from ipt_tracker.charts.windows import base_of, months_before, since, spells_since
from tests.unit.charts.cases import after, plain, weekly


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2025, 8, 31), date(2025, 2, 28)),
        (date(2024, 8, 31), date(2024, 2, 29)),
        (date(2025, 3, 15), date(2024, 9, 15)),
        (date(2025, 6, 30), date(2024, 12, 30)),
    ],
)
def test_six_months_earlier_is_the_same_day_or_the_last_of_a_shorter_month(day, before):
    assert months_before(day) == before


def test_the_first_day_of_the_window_belongs_to_it():
    scores = weekly((50, 45, 40)).scores

    assert since(scores, after(7)) == scores[1:]
    assert since(scores, None) == scores


def test_a_spell_under_way_begins_with_the_window_and_one_that_ended_is_gone():
    spans = (Span("A", after(0), after(7)), Span("B", after(7), after(21)))

    assert spells_since(spans, after(10)) == (Span("B", after(10), after(21)),)
    assert spells_since(spans, None) == spans


def test_the_band_stays_around_the_first_score_of_the_course():
    whole = weekly((60, 50, 40, 30))
    part = replace(whole, scores=whole.scores[2:], base=base_of(whole.scores, after(14)))

    assert band(part) == band(whole)
    assert base_of(whole.scores, after(0)) is None
    assert base_of((), after(0)) is None


def test_a_picture_of_a_window_says_so_in_words_and_says_where_change_is_counted_from():
    whole = weekly((60, 50, 40, 30))
    part = replace(whole, scores=whole.scores[2:], base=whole.scores[0])
    data = replace(plain(), main=part, window="Drawn: last 6 months.")

    words = export.alt(data)

    assert words.startswith("Drawn: last 6 months. PCL-5, past week: 2 complete scores, from 40")
    assert "first score of the course 60 on 2 Sep 2024" in words
    assert "change is counted from 60 on 2" in export.svg(data).decode()

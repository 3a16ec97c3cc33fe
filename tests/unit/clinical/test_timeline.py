"""What may stand on a timeline, how exactly, and what lies near an onset."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipt_tracker.clinical.course.timeline import (
    BEFORE_BIRTH,
    NEAR_DAYS,
    Exactness,
    Nearness,
    When,
    check_when,
    nearness,
    when_of,
)
from ipt_tracker.clinical.rules import AskFirst, RuleBroken

TODAY = date(2026, 3, 11)
BORN = date(1990, 5, 4)
MARCH = When(date(2025, 3, 1), Exactness.MONTH)
YEAR = When(date(2025, 1, 1), Exactness.YEAR)


def day(*parts):
    return When(date(*parts))


@pytest.mark.parametrize(
    ("parts", "start", "exactness", "said"),
    [
        ((2019, 3, 7), date(2019, 3, 7), Exactness.DAY, "7 Mar 2019"),
        ((2019, 3, None), date(2019, 3, 1), Exactness.MONTH, "Mar 2019"),
        ((2019, None, None), date(2019, 1, 1), Exactness.YEAR, "2019"),
    ],
)
def test_a_day_is_as_exact_as_it_is_known(parts, start, exactness, said):
    found = when_of(*parts, "start")

    assert (found.start, found.exactness, found.words) == (start, exactness, said)


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ((None, 3, None), "start_year"),
        ((None, None, 7), "start_year"),
        ((19, None, None), "start_year"),
        ((99999, None, None), "start_year"),
        ((2019, None, 7), "start_month"),
        ((2019, 2, 29), "start_day"),
        ((2019, 2, 0), "start_day"),
    ],
)
def test_parts_that_make_no_day_are_named(parts, field):
    with pytest.raises(RuleBroken) as broken:
        when_of(*parts, "start")

    assert broken.value.field == field


def test_nothing_filled_in_is_no_day():
    assert when_of(None, None, None, "end") is None


@pytest.mark.parametrize(
    ("when", "stop"),
    [(MARCH, date(2025, 3, 31)), (YEAR, date(2025, 12, 31)), (day(2024, 2, 29), date(2024, 2, 29))],
)
def test_a_month_and_a_year_end_with_their_last_day(when, stop):
    assert when.stop == stop


def check(when, end=None, *, is_confirmed=False):
    return check_when(when, end, TODAY, BORN, is_confirmed=is_confirmed)


@pytest.mark.parametrize(
    "when", [day(2026, 3, 11), When(date(2026, 3, 1), Exactness.MONTH), day(1990, 5, 4)]
)
def test_today_this_month_and_the_day_of_birth_pass(when):
    assert check(when) == when


@pytest.mark.parametrize(
    ("when", "end", "field"),
    [
        (None, None, "start_year"),
        (day(2026, 3, 12), None, "start_day"),
        (When(date(2026, 4, 1), Exactness.MONTH), None, "start_month"),
        (When(date(2027, 1, 1), Exactness.YEAR), None, "start_year"),
        (MARCH, When(date(2025, 2, 1), Exactness.MONTH), "end_year"),
        (MARCH, When(date(2026, 4, 1), Exactness.MONTH), "end_year"),
        (MARCH, YEAR, "end_year"),
        (day(2025, 3, 1), MARCH, "end_year"),
    ],
)
def test_the_future_and_impossible_ends_are_refused(when, end, field):
    with pytest.raises(RuleBroken) as broken:
        check(when, end)

    assert broken.value.field == field


def test_what_ended_in_the_month_it_began_in_passes():
    assert check(MARCH, MARCH) == MARCH


def test_what_lies_before_birth_is_asked_about_once():
    with pytest.raises(AskFirst) as asked:
        check(day(1990, 5, 3))

    assert asked.value.key == BEFORE_BIRTH
    assert "4 May 1990" in asked.value.message
    assert check(day(1990, 5, 3), is_confirmed=True) == day(1990, 5, 3)


def test_the_year_of_birth_is_not_before_birth():
    assert check(When(date(1990, 1, 1), Exactness.YEAR))


def test_without_a_birth_date_nothing_is_asked():
    assert check_when(day(1900, 1, 1), None, TODAY, None, is_confirmed=False)


@pytest.mark.parametrize(
    ("event", "onset", "expected"),
    [
        (day(2025, 3, 1), day(2025, 3, 1), Nearness.NEAR),
        (day(2025, 3, 1), day(2025, 6, 1), Nearness.NEAR),
        (day(2025, 3, 1), day(2025, 6, 2), Nearness.NO),
        (day(2025, 6, 1), day(2025, 3, 1), Nearness.NEAR),
        (MARCH, day(2025, 6, 30), Nearness.NEAR),
        (MARCH, day(2025, 7, 1), Nearness.NO),
        (MARCH, When(date(2024, 12, 1), Exactness.MONTH), Nearness.NEAR),
        (MARCH, When(date(2024, 11, 1), Exactness.MONTH), Nearness.NO),
        (YEAR, day(2025, 7, 1), Nearness.PERHAPS),
        (YEAR, day(2026, 3, 1), Nearness.PERHAPS),
        (YEAR, day(2026, 5, 1), Nearness.NO),
        (YEAR, When(date(2023, 1, 1), Exactness.YEAR), Nearness.NO),
    ],
)
def test_near_onset_is_within_three_months(event, onset, expected):
    assert nearness(event, onset) is expected


days = st.dates(date(1950, 1, 1), date(2030, 1, 1))


@given(days, st.integers(-200, 200))
def test_nearness_looks_both_ways(start, shift):
    event, onset = When(start), When(start + timedelta(days=shift))

    assert nearness(event, onset) is nearness(onset, event)
    assert (nearness(event, onset) is Nearness.NEAR) == (abs(shift) <= NEAR_DAYS)

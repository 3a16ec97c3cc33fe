"""The day on which the next session is to be expected, by the spacing of the contract."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.spacing import Rhythm

MONDAY = date(2026, 3, 2)
SPACINGS = ("weekly", "twice weekly", "fortnightly", "monthly", "as we go", None)


@pytest.mark.parametrize(
    ("spacing", "days"),
    [("weekly", 7), ("fortnightly", 14), ("monthly", 28), ("as we go", 7), (None, 7)],
)
def test_the_next_session_follows_the_last_by_the_spacing(spacing, days):
    assert Rhythm(spacing).after([MONDAY]) == MONDAY + timedelta(days=days)


def test_two_sessions_a_week_keep_their_two_weekdays():
    rhythm = Rhythm("twice weekly")

    found = rhythm.some([MONDAY], MONDAY, 4)

    assert [f"{day:%a}" for day in found] == ["Thu", "Mon", "Thu", "Mon"]


def test_maintenance_visits_are_monthly_whatever_the_sessions_were():
    rhythm = Rhythm("weekly, then monthly", Kind.MAINTENANCE)

    assert rhythm.after([MONDAY]) == MONDAY + timedelta(days=28)


def test_after_a_pause_the_next_day_keeps_the_weekday_and_is_not_past():
    today = MONDAY + timedelta(days=30)

    assert Rhythm("weekly").not_before([MONDAY], today) == MONDAY + timedelta(days=35)
    assert Rhythm("weekly").after([MONDAY]) == MONDAY + timedelta(days=7)


def test_without_an_earlier_day_nothing_follows():
    rhythm = Rhythm("weekly")

    assert rhythm.after([]) is None
    assert rhythm.not_before([], MONDAY) is None
    assert rhythm.some([], MONDAY, 3) == ()


@given(
    spacing=st.sampled_from(SPACINGS),
    kind=st.sampled_from([Kind.INDIVIDUAL, Kind.MAINTENANCE]),
    back=st.integers(0, 300),
    number=st.integers(0, 20),
)
def test_proposed_days_are_as_many_as_asked_rise_and_are_never_past(spacing, kind, back, number):
    today = MONDAY + timedelta(days=back)

    found = Rhythm(spacing, kind).some([MONDAY], today, number)

    assert len(found) == number
    assert list(found) == sorted(set(found))
    assert all(day >= today for day in found)

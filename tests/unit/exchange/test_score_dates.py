"""Dates of spreadsheets in their many spellings, and those that must be asked about."""

from datetime import date

import pytest

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange.score_dates import date_order, read_date

DAY = date(2025, 4, 7)


@pytest.mark.parametrize(
    "text",
    [
        *("2025-04-07", "2025-4-7", "2025/04/07", "2025-04-07 00:00:00", "2025-04-07T10:30:00Z"),
        *("07.04.2025", "7.4.2025", "7 April 2025", "7 Apr 2025", "07-Apr-2025", "7th April 2025"),
        *("April 7, 2025", "Apr 7 2025", "apr. 7, 2025", "45754", "45754.5"),
    ],
)
def test_a_date_that_can_be_read_in_one_way_is_read(text):
    assert read_date(text) == DAY
    assert not date_order([text]).must_ask


def test_a_date_of_two_ways_is_read_as_it_was_answered_and_not_without_an_answer():
    assert read_date("07/04/2025", day_first=True) == DAY
    assert read_date("04/07/2025", day_first=False) == DAY
    assert read_date("4-7-2025", day_first=False) == DAY
    with pytest.raises(RuleBroken, match="no date that can be read for certain"):
        read_date("07/04/2025")


def test_a_date_that_does_not_fit_the_answer_is_refused_not_turned_round():
    with pytest.raises(RuleBroken):
        read_date("25/04/2025", day_first=False)
    assert read_date("25/04/2025") == date(2025, 4, 25)


def test_the_other_dates_of_the_column_propose_the_order():
    assert date_order(["03/04/2025", "25/04/2025"]).proposal is True
    assert date_order(["03/04/2025", "04/25/2025"]).proposal is False
    assert date_order(["03/04/2025"]).proposal is None
    assert date_order(["03/04/2025", "25/04/2025", "04/25/2025"]).proposal is None
    assert not date_order(["03/03/2025", "25/04/2025", "2025-04-03"]).must_ask


def test_days_counted_from_1904_are_four_years_later():
    assert read_date("44292", from_1904=True) == DAY


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "2025-02-30", "31/02/2025", "7 Foo 2025", "7 Ma 2025", "07/04/25", "123"),
        *("13/13/2025", "2025", "0000-01-01", "7 April", "99999999", "04.25.2025"),
    ],
)
def test_what_is_no_date_for_certain_is_refused(text):
    with pytest.raises(RuleBroken):
        read_date(text, day_first=True)

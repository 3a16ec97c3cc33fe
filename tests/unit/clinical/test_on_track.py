"""The three rules by which a course is looked at again, at their bounds."""

from datetime import date, timedelta

import pytest

from ipt_tracker.clinical.outcome.change import judge
from ipt_tracker.clinical.outcome.on_track import Rule, off_track, worse_before
from ipt_tracker.clinical.outcome.series import Administration, Status
from ipt_tracker.clinical.outcome.thresholds import threshold_set

PCL5 = threshold_set("PCL-5")


def rule(first, last, held=7, planned=14, thresholds=PCL5):
    found = off_track(judge(first, last, thresholds), thresholds, held, planned)
    return found and found.rule


@pytest.mark.parametrize(
    ("last", "fired"), [(54, None), (55, Rule.WORSE), (70, Rule.WORSE), (40, None)]
)
def test_reliably_worse_fires_from_the_reliable_number_of_points_on(last, fired):
    assert PCL5.reliable_points == 15

    assert rule(40, last, held=1) == fired


@pytest.mark.parametrize(
    ("held", "planned", "fired"),
    [(6, 14, None), (7, 14, Rule.LITTLE_CHANGE), (7, 15, None), (8, 15, Rule.LITTLE_CHANGE)],
)
def test_little_change_fires_from_half_way_on(held, planned, fired):
    assert rule(60, 55, held, planned) == fired


@pytest.mark.parametrize(
    ("first", "last", "fired"),
    [
        (60, 46, Rule.LITTLE_CHANGE),  # 14 points, 23 %
        (60, 45, None),  # 15 points: reliable
        (40, 29, Rule.LITTLE_CHANGE),  # 11 points, 27.5 %
        (40, 28, None),  # 12 points, 30 %
        (60, 65, Rule.LITTLE_CHANGE),
    ],
)
def test_little_change_is_under_both_bounds(first, last, fired):
    assert rule(first, last) == fired


def test_who_began_in_the_range_aimed_at_has_little_to_gain():
    assert PCL5.end_range_at_most is not None
    start = PCL5.end_range_at_most

    assert rule(start, start) is None
    assert rule(start, start + 15) is Rule.WORSE


def test_what_fired_names_its_totals_and_its_source():
    worse = off_track(judge(41, 57, PCL5), PCL5, 6, 14)
    little = off_track(judge(52, 48, PCL5), PCL5, 8, 14)

    assert (worse.first, worse.last, worse.points) == (41, 57, 16)
    assert "15 points or more" in worse.source
    assert PCL5.name in worse.source
    assert "Markowitz 2015" in little.source


def test_without_a_judged_change_nothing_can_be_told():
    assert off_track(None, PCL5, 7, 14) is None
    assert off_track(judge(40, 60, PCL5), None, 7, 14) is None


def test_the_rule_is_named_for_every_session_at_which_it_can_fire():
    assert rule(60, 55, held=14, planned=16).label == "Half way or later, little change"


def forms(*totals):
    day = date(2026, 1, 5)
    status = {True: Status.MISSING, False: Status.COMPLETE}
    return [
        Administration("pcl5_week", day + timedelta(weeks=n), each, status[each is None])
        for n, each in enumerate(totals)
    ]


@pytest.mark.parametrize(
    ("totals", "worst"),
    [
        ((40, 54, 41), None),
        ((40, 55, 41), 55),
        ((40, 55, None, 60, 41), 60),
        ((40, 60, 55), None),  # the newest is reliably worse itself
        ((40,), None),
        ((None,), None),
    ],
)
def test_an_earlier_score_that_was_reliably_worse_is_known(totals, worst):
    found = worse_before(forms(*totals), PCL5)

    assert (found and found.total) == worst
    assert worse_before(forms(*totals), None) is None


@pytest.mark.parametrize(
    ("totals", "held", "fired"),
    [
        ((40, 57, 42), 3, Rule.WAS_WORSE),
        ((40, 57, 42), 9, Rule.LITTLE_CHANGE),
        ((40, 57, 56), 3, Rule.WORSE),
        ((40, 57, 25), 9, None),  # since then reliably better than at the start
    ],
)
def test_reliable_deterioration_counts_at_any_time(totals, held, fired):
    earlier = worse_before(forms(*totals), PCL5)

    found = off_track(judge(totals[0], totals[-1], PCL5), PCL5, held, 14, earlier)

    assert (found and found.rule) == fired
    if found and fired is not Rule.WORSE:
        assert found.earlier.total == 57

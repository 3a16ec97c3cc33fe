"""A series of one instrument: its baseline, its last total, and the demo courses' own figures."""

from datetime import date, timedelta

import pytest

from ipt_tracker.clinical.outcome.change import ChangeClass
from ipt_tracker.clinical.outcome.series import Administration, Series, Status, change_over
from ipt_tracker.clinical.outcome.thresholds import THRESHOLD_SETS, threshold_set

START = date(2025, 1, 6)
PCL5, CAPS5 = threshold_set("PCL-5"), threshold_set("CAPS-5")


def series(totals, key="pcl5_week", why=Status.INCOMPLETE):
    """One administration a week; None is one without a total."""
    return Series(
        key,
        tuple(
            Administration(
                key,
                START + timedelta(weeks=week),
                total,
                Status.COMPLETE if total is not None else why,
            )
            for week, total in enumerate(totals)
        ),
    )


# The four demo courses: PCL-5 totals in order, CAPS-5 at baseline and at the end of treatment.
SYN_01 = (52, 50, 49, 46, 43, 41, 36, 33, 30, 27, 24, 22, 20, 18)
SYN_02 = (47, 48, 45, 46, 49, 51, 50, None, 44, 42, 36, 35, 33, 30, 27, 25)
SYN_04 = (44, 46, 45, None)
SYN_06 = (34, 33, 33, 31, None, 27, 25, 22, 20, 19, 24, 18)


@pytest.mark.parametrize(
    ("totals", "ends", "points", "reliable", "in_range"),
    [
        (SYN_01, (52, 18), -34, True, True),
        (SYN_02, (47, 25), -22, True, True),
        (SYN_04, (44, 45), 1, False, False),
        (SYN_06, (34, 18), -16, True, True),
    ],
    ids=["SYN-01", "SYN-02", "SYN-04", "SYN-06"],
)
def test_the_pcl5_of_the_demo_courses_changes_as_expected(totals, ends, points, reliable, in_range):
    judged = change_over(series(totals), PCL5)

    assert (judged.first.total, judged.last.total) == ends
    assert judged.points == points
    assert (judged.change.reliable, judged.change.in_range) == (reliable, in_range)


@pytest.mark.parametrize(
    ("totals", "points", "percent", "reliable", "in_range"),
    [((38, 22, 8), -30, -78.95, True, True), ((36, 35, 17), -19, -52.78, True, False)],
    ids=["SYN-01", "SYN-02"],
)
def test_the_caps5_of_the_demo_courses_changes_as_expected(
    totals, points, percent, reliable, in_range
):
    change = change_over(series(totals, "caps5_month"), CAPS5).change

    assert change.points == points
    assert round(change.percent, 2) == percent
    assert (change.reliable, change.in_range) == (reliable, in_range)


@pytest.mark.parametrize(
    ("baseline", "why"), [(33, Status.NOT_ADMINISTERED), (21, Status.DECLINED)]
)
def test_without_an_end_caps5_there_is_no_change_rather_than_none(baseline, why):
    judged = change_over(series((baseline, None), "caps5_month", why), CAPS5)

    assert judged.first.total == baseline
    assert (judged.points, judged.change) == (None, None)


def test_each_row_is_judged_against_the_first_complete_total():
    rows = change_over(series((None, 47, 48, None, 32, 28, 62)), PCL5).rows

    assert [(row.words, row.points) for row in rows] == [
        ("Cannot tell", None),
        ("Start", None),
        ("No reliable change", 1),
        ("Cannot tell", None),
        ("Reliably improved", -15),
        ("Reliably improved, in range", -19),
        ("Reliably worse", 15),
    ]


def test_a_row_without_a_total_is_cannot_tell_and_never_no_change():
    row = change_over(series(SYN_02), PCL5).rows[7]

    assert (row.klass, row.change, row.points) == (ChangeClass.UNKNOWN, None, None)


def test_a_follow_up_can_be_left_out_of_the_change():
    caps5 = series((38, 22, 8, 7), "caps5_month")

    assert caps5.up_to(START + timedelta(weeks=2)).last.total == 8


def test_administrations_are_put_in_date_order_and_one_day_keeps_its_order():
    late, early, again = (
        Administration("pcl5_week", START + timedelta(weeks=1), 30),
        Administration("pcl5_week", START, 40),
        Administration("pcl5_week", START, 41),
    )

    ordered = Series("pcl5_week", (late, early, again))

    assert ordered.administrations == (early, again, late)
    assert (ordered.first, ordered.last) == (early, late)


def test_weekly_and_monthly_forms_cannot_be_one_series():
    monthly = Administration("pcl5_month", START, 50)

    with pytest.raises(ValueError, match="pcl5_month"):
        Series("pcl5_week", (monthly,))


def test_thresholds_of_another_instrument_are_refused():
    with pytest.raises(ValueError, match="CAPS-5 only"):
        change_over(series((47, 25)), CAPS5)


@pytest.mark.parametrize(
    ("total", "status"),
    [(None, Status.COMPLETE), (0, Status.NOT_RETURNED), (41, Status.INCOMPLETE)],
)
def test_a_total_and_its_status_cannot_contradict_each_other(total, status):
    with pytest.raises(ValueError, match="complete administration"):
        Administration("pcl5_week", START, total, status)


def test_zero_is_a_total():
    judged = change_over(series((20, 0)), PCL5)

    assert (judged.last.total, judged.points) == (0, -20)


def test_without_thresholds_the_points_stand_without_a_class():
    judged = change_over(series((47, 25)), None)

    assert (judged.points, judged.change) == (-22, None)
    assert [row.words for row in judged.rows] == ["Start", ""]


def test_an_empty_series_has_neither_baseline_nor_change():
    judged = change_over(series(()), PCL5)

    assert (judged.rows, judged.first, judged.last, judged.points) == ((), None, None, None)


def test_the_chosen_set_decides_and_is_named_in_the_change():
    judged = change_over(series((47, 30)), THRESHOLD_SETS["marx2022_s2_pcl5"])

    assert judged.change.klass is ChangeClass.UNCHANGED
    assert judged.change.threshold_set == "marx2022_s2_pcl5"

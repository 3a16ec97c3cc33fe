"""Which measure is given when, and the days of the points of a course."""

from datetime import date

import pytest

from ipt_tracker.clinical.course.protocols import PROTOCOLS, Certainty
from ipt_tracker.clinical.course.schedule import (
    PROPOSALS,
    Occasion,
    Schedule,
    Span,
    default_schedule,
    months_after,
    point_days,
)
from ipt_tracker.clinical.rules import RuleBroken

START = date(2026, 1, 5)
PTSD = {
    "baseline": ["caps5_month", "pcl5_month"],
    "every_session": ["pcl5_week"],
    "every_second_session": ["phq9"],
    "mid": ["caps5_month"],
    "end": ["caps5_month"],
    "follow_up_3m": ["caps5_month"],
}
DEPRESSION = {
    "baseline": ["hamd17"],
    "every_session": ["phq9"],
    "mid": ["hamd17"],
    "end": ["hamd17"],
    "follow_up_3m": ["hamd17"],
}


@pytest.mark.parametrize(
    ("protocol", "diagnosis", "given"),
    [
        ("IPT-PTSD-14", "not_classified", PTSD),
        ("IPT-PTSD-16", "ptsd", PTSD),
        ("IPT-G-PTSD-16", "other", PTSD),
        ("IPT-PTSD-14", "mdd", DEPRESSION),
        ("IPT-16", "not_classified", DEPRESSION),
        ("IPT-B-8-maintenance", "other", DEPRESSION),
        ("IPT-16", "ptsd", PTSD),
        ("custom", "not_classified", DEPRESSION),
        ("another clinic's", "not_classified", DEPRESSION),
    ],
)
def test_the_diagnosis_decides_what_is_usual_and_else_the_protocol(protocol, diagnosis, given):
    assert default_schedule(protocol, diagnosis).schedule.to_json() == given


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_protocol_has_a_usual_schedule_with_a_source_for_each_measure(protocol):
    proposal = default_schedule(protocol, "not_classified")

    assert {r.key for r in proposal.reasons} == {key for _, key in proposal.schedule.given}
    assert all(r.source and r.certainty in Certainty for r in proposal.reasons)


def test_what_a_course_keeps_is_read_again_as_it_was():
    for proposal in PROPOSALS.values():
        assert Schedule.from_json(proposal.schedule.to_json()) == proposal.schedule


def test_a_course_without_a_schedule_differs_from_one_where_nothing_is_given():
    assert Schedule.from_json(None) is None
    assert Schedule.from_json({}) == Schedule()


def test_what_a_newer_version_kept_is_left_out_and_the_rest_is_read():
    kept = {"baseline": ["phq9", "gad7"], "yearly": ["phq9"], "every_session": ["caps5_month"]}

    assert Schedule.from_json(kept) == Schedule.of(baseline=["phq9"])


@pytest.mark.parametrize("occasion", [Occasion.EVERY_SESSION, Occasion.EVERY_SECOND_SESSION])
@pytest.mark.parametrize("key", ["caps5_month", "hamd17"])
def test_an_interview_is_not_planned_for_sessions(key, occasion):
    with pytest.raises(RuleBroken, match="an interview, not for sessions"):
        Schedule.of(**{occasion.value: [key]})


def test_an_unknown_instrument_is_refused():
    with pytest.raises(RuleBroken, match="not an instrument of ours"):
        Schedule.of(baseline=["gad7"])


def days(**differs):
    contract = {"started_on": START, "planned_sessions": 14, "spacing": "weekly"}
    found = point_days(Span(**contract | differs))
    return {point: day.isoformat() for point, day in found.items()}


@pytest.mark.parametrize(
    ("planned", "spacing", "mid", "end", "follow_up"),
    [
        (14, "weekly", "2026-02-23", "2026-04-13", "2026-07-13"),  # weeks 7 and 14
        (16, "weekly", "2026-03-02", "2026-04-27", "2026-07-27"),
        (13, "weekly", "2026-02-19", "2026-04-06", "2026-07-06"),
        (14, "twice weekly", "2026-01-29", "2026-02-23", "2026-05-23"),
        (8, "fortnightly", "2026-03-02", "2026-04-27", "2026-07-27"),
        (6, "monthly", "2026-03-30", "2026-06-22", "2026-09-22"),
        (8, "weekly, then monthly", "2026-02-02", "2026-03-02", "2026-06-02"),
        (14, "as the ward allows", "2026-02-23", "2026-04-13", "2026-07-13"),
        (14, None, "2026-02-23", "2026-04-13", "2026-07-13"),
    ],
)
def test_half_way_and_end_are_counted_from_the_first_day_by_the_spacing(
    planned, spacing, mid, end, follow_up
):
    assert days(planned_sessions=planned, spacing=spacing) == {
        "baseline": "2026-01-05",
        "mid": mid,
        "end": end,
        "follow_up_3m": follow_up,
    }


@pytest.mark.parametrize(
    ("ended_on", "status", "disposition", "points"),
    [
        (date(2026, 4, 20), "completed", "ended", {"baseline", "mid", "end", "follow_up_3m"}),
        (
            date(2026, 2, 23),
            "closed",
            "closed_by_service",
            {"baseline", "mid", "end", "follow_up_3m"},
        ),
        (date(2026, 2, 22), "completed", "ended", {"baseline", "end", "follow_up_3m"}),
        (date(2026, 2, 2), "dropped_out", "dropped_out", {"baseline", "follow_up_3m"}),
        (date(2026, 3, 2), "transferred", "transferred", {"baseline", "mid"}),
        (date(2026, 3, 2), "closed", "deceased", set()),
    ],
)
def test_which_points_a_course_that_is_over_still_has(ended_on, status, disposition, points):
    found = days(ended_on=ended_on, status=status, disposition=disposition)

    assert set(found) == points


def test_the_real_end_takes_the_place_of_the_planned_one():
    found = days(ended_on=date(2026, 4, 30), status="completed", disposition="ended")

    assert (found["end"], found["follow_up_3m"]) == ("2026-04-30", "2026-07-30")


@pytest.mark.parametrize(
    ("day", "after"),
    [
        (date(2025, 11, 30), date(2026, 2, 28)),
        (date(2027, 11, 30), date(2028, 2, 29)),
        (date(2026, 1, 31), date(2026, 4, 30)),
        (date(2026, 9, 15), date(2026, 12, 15)),
        (date(2026, 10, 1), date(2027, 1, 1)),
    ],
)
def test_three_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day, after):
    assert months_after(day, 3) == after

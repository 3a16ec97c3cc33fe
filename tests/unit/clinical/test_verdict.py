"""The verdict reads as a clinician would write it, and never says more than the forms do."""

from dataclasses import replace
from datetime import date

import pytest

from ipt_tracker.clinical.outcome.second_opinion import SecondOpinion
from ipt_tracker.clinical.outcome.series import Administration, Series, Status
from ipt_tracker.clinical.outcome.thresholds import THRESHOLD_SETS, threshold_set
from ipt_tracker.clinical.outcome.verdict import (
    NEEDS_TWO,
    Ending,
    beside_window,
    short_verdict,
    verdict,
)
from ipt_tracker.clinical.outcome.wording import day_words, points_words

WEEK = "PCL-5 (past week)"
PCL5, CAPS5 = threshold_set("PCL-5"), threshold_set("CAPS-5")
RANGE = "the range reported for people without PTSD (28 or lower)"
SET = "Threshold set: Marx 2022, sample 1, male veterans, N 198; PCL-5 15 and 28."
BOTH_SETS = f"{SET.removesuffix('.')}, CAPS-5 13 and 8."


def series(*rows, key="pcl5_week"):
    """Rows of (month, day, total or why there is none)."""
    made = []
    for month, day, value in rows:
        total = value if isinstance(value, int) else None
        status = Status.COMPLETE if total is not None else value
        low, high = (41, 53) if status is Status.INCOMPLETE else (total, total)
        made.append(Administration(key, date(2025, month, day), total, status, low, high))
    return Series(key, tuple(made))


def caps5(*rows):
    return series(*rows, key="caps5_month")


IMPROVED = series((1, 6, 47), (3, 3, Status.INCOMPLETE), (5, 5, 25))


def test_a_reliable_improvement_into_range_reads_as_on_the_progress_page():
    said = verdict(IMPROVED, PCL5, 2025, Ending.COMPLETED)

    assert said.lead == (
        f"The {WEEK} fell from 47 to 25, down 22 points: a reliable improvement, "
        f"and the last score is in {RANGE}."
    )
    assert said.lead_strong == "25, down 22 points"
    assert (said.then, said.tone) == (SET, "better")


@pytest.mark.parametrize(
    ("rows", "lead", "tone"),
    [
        (
            ((1, 6, 60), (5, 5, 40)),
            (
                f"The {WEEK} fell from 60 to 40, down 20 points: a reliable improvement, "
                f"but the last score is still above {RANGE}."
            ),
            "better",
        ),
        (
            ((1, 6, 26), (5, 5, 10)),
            (
                f"The {WEEK} fell from 26 to 10, down 16 points: a reliable improvement, "
                f"and both the first and the last score are in {RANGE}."
            ),
            "better",
        ),
        (
            ((1, 6, 47), (4, 2, 36)),
            f"The {WEEK} is 36, down 11 from 47. That is less than a reliable change (15).",
            "same",
        ),
        (
            ((1, 6, 44), (4, 2, 45)),
            f"The {WEEK} is 45, up 1 from 44. That is less than a reliable change (15).",
            "same",
        ),
        (
            ((1, 6, 44), (4, 2, 44)),
            (
                f"The {WEEK} is 44, the same as at the start. "
                "That is less than a reliable change (15)."
            ),
            "same",
        ),
        (
            ((1, 6, 30), (4, 2, 28)),
            (
                f"The {WEEK} is 28, down 2 from 30. That is less than a reliable change (15), "
                f"and the last score is in {RANGE}."
            ),
            "same",
        ),
        (
            ((1, 6, 33), (4, 2, 50)),
            f"The {WEEK} rose from 33 to 50, up 17 points: a reliable worsening.",
            "worse",
        ),
        (
            ((1, 6, 5), (4, 2, 22)),
            (
                f"The {WEEK} rose from 5 to 22, up 17 points: a reliable worsening, "
                f"though both the first and the last score are in {RANGE}."
            ),
            "worse",
        ),
    ],
)
def test_each_kind_of_change_has_its_own_sentence(rows, lead, tone):
    said = verdict(series(*rows), PCL5, 2025)

    assert (said.lead, said.tone) == (lead, tone)
    assert said.lead == said.lead_before + said.lead_strong + said.lead_after


def test_one_score_is_no_verdict():
    said = verdict(series((1, 6, 47)), PCL5, 2025)

    assert said.lead == (
        "One PCL-5 (past week) so far, 47 on 6 Jan. "
        "A verdict needs two complete forms of the same version and time window."
    )
    assert (said.then, said.tone) == ("", "unsure")


def test_a_date_of_another_year_carries_its_year():
    assert "47 on 6 Jan 2025" in verdict(series((1, 6, 47)), PCL5, 2026).lead
    assert day_words(date(2025, 12, 31), 2025) == "31 Dec"


@pytest.mark.parametrize(("points", "words"), [(1, "1 point"), (2, "2 points"), (0, "0 points")])
def test_one_point_is_not_points(points, words):
    assert points_words(points) == words


def test_no_complete_form_is_said_with_what_there_is():
    said = verdict(series((1, 6, Status.INCOMPLETE)), PCL5, 2025)

    assert said.lead == f"No complete PCL-5 (past week) yet. {NEEDS_TWO}"
    assert said.then == "The form of 6 Jan is incomplete (41 to 53 possible)."
    assert said.tone == "unsure"


def test_no_form_at_all_is_said_plainly():
    said = verdict(series(), PCL5, 2025)

    assert (said.lead, said.then) == (f"No complete PCL-5 (past week) yet. {NEEDS_TWO}", "")


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (Status.INCOMPLETE, "is incomplete (41 to 53 possible)"),
        (Status.NOT_RETURNED, "was not returned"),
        (Status.DECLINED, "was declined"),
        (Status.NOT_ADMINISTERED, "was not administered"),
        (Status.MISSING, "is missing, reason not recorded"),
    ],
)
def test_a_last_form_without_a_total_is_named_with_its_reason(status, why):
    said = verdict(series((1, 6, 47), (4, 28, 25), (5, 5, status)), PCL5, 2025)

    assert said.then == f"The last form, of 5 May, {why}; the score is of 28 Apr. {SET}"
    assert "fell from 47 to 25" in said.lead


def test_an_incomplete_form_of_unknown_range_names_no_numbers():
    blank = Administration("pcl5_week", date(2025, 1, 6), None, Status.INCOMPLETE, lowest=41)

    assert (
        verdict(Series("pcl5_week", (blank,)), PCL5, 2025).then
        == "The form of 6 Jan is incomplete."
    )


def test_an_earlier_gap_is_left_to_the_table():
    assert "incomplete" not in verdict(IMPROVED, PCL5, 2025).then


def test_a_dropped_out_course_has_an_unknown_outcome_and_not_zero_change():
    course = series((1, 6, 44), (1, 27, 45), (2, 3, Status.NOT_RETURNED))

    said = verdict(course, PCL5, 2025, Ending.DROPPED_OUT, SecondOpinion(caps5((1, 4, 33)), CAPS5))

    assert said.then == (
        "The last form, of 3 Feb, was not returned; the score is of 27 Jan. "
        "The course was not completed: its outcome is unknown, which is not the same as no change; "
        "the last score is not an end-of-treatment score. "
        "The clinician-rated CAPS-5 (past month) has one score (33), so change cannot be told. "
        f"{SET}"
    )
    assert said.tone == "unsure"


@pytest.mark.parametrize(("last", "tone"), [(20, "unsure"), (45, "unsure"), (60, "worse")])
def test_a_dropped_out_course_is_never_shown_as_better_but_a_worsening_stays_visible(last, tone):
    assert verdict(series((1, 6, 44), (2, 3, last)), PCL5, 2025, Ending.DROPPED_OUT).tone == tone


def test_a_dropped_out_course_without_a_score_has_no_last_score_to_speak_of():
    said = verdict(series(), PCL5, 2025, Ending.DROPPED_OUT)

    assert "outcome is unknown" in said.then
    assert "last score" not in said.then


@pytest.mark.parametrize(
    ("main", "second", "sentence"),
    [
        (
            ((1, 6, 47), (5, 5, 25)),
            ((1, 1, 36), (5, 7, 17)),
            "agrees on the improvement (36 to 17, down 19) but stays above its line of 8.",
        ),
        (
            ((1, 6, 52), (4, 14, 18)),
            ((1, 3, 38), (4, 15, 8)),
            "agrees on the improvement (38 to 8, down 30) and is within its line of 8.",
        ),
        (
            ((1, 6, 47), (5, 5, 25)),
            ((1, 1, 36), (4, 19, 35)),
            "does not agree: it shows no reliable change (36 to 35, down 1), above its line of 8.",
        ),
        (
            ((1, 6, 47), (5, 5, 45)),
            ((1, 1, 36), (4, 14, 36)),
            "also shows no reliable change (36 to 36, unchanged), above its line of 8.",
        ),
        (
            ((1, 6, 33), (5, 5, 50)),
            ((1, 1, 21), (4, 19, 40)),
            "agrees on the worsening (21 to 40, up 19), above its line of 8.",
        ),
        (
            ((1, 6, 47),),
            ((1, 1, 36), (5, 7, 7)),
            "improved reliably (36 to 7, down 29) and is within its line of 8.",
        ),
        (
            ((1, 6, 47), (5, 5, 45)),
            ((1, 1, 10), (4, 19, 8)),
            "also shows no reliable change (10 to 8, down 2), within its line of 8.",
        ),
    ],
)
def test_the_interview_is_said_to_agree_or_not(main, second, sentence):
    said = verdict(series(*main), PCL5, 2025, second=SecondOpinion(caps5(*second), CAPS5))

    assert f"The clinician-rated CAPS-5 (past month) {sentence}" in said.then


@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        (((1, 1, 36), (4, 14, 35)), "does not agree: it shows no reliable change (36 to 35, down"),
        (((1, 1, 36), (4, 13, 35)), "shows no reliable change (36 to 35 by 13 Apr, down 1)"),
    ],
)
def test_scores_more_than_three_weeks_apart_neither_agree_nor_disagree(second, sentence):
    said = verdict(IMPROVED, PCL5, 2025, second=SecondOpinion(caps5(*second), CAPS5))

    assert f"The clinician-rated CAPS-5 (past month) {sentence}" in said.then


def test_a_course_that_the_patient_left_opens_with_what_cannot_be_told():
    left = verdict(IMPROVED, PCL5, 2025, Ending.DROPPED_OUT)
    held = verdict(IMPROVED, PCL5, 2025, Ending.COMPLETED)

    assert left.lead == (f"How it ended cannot be told: the patient left the course. {held.lead}")
    assert left.tone == "unsure"


def test_a_remark_on_the_interview_ends_its_sentence_and_both_sets_are_named_once():
    second = SecondOpinion(caps5((1, 1, 36), (5, 7, 17)), CAPS5, "the end assessor was not blind")

    said = verdict(IMPROVED, PCL5, 2025, Ending.COMPLETED, second)

    assert said.then == (
        "The clinician-rated CAPS-5 (past month) agrees on the improvement (36 to 17, down 19) "
        f"but stays above its line of 8, and the end assessor was not blind. {BOTH_SETS}"
    )


def test_an_interview_that_was_declined_at_the_end_is_said_to_be():
    second = SecondOpinion(caps5((1, 9, 21), (3, 10, Status.DECLINED)), CAPS5)

    said = verdict(IMPROVED, PCL5, 2025, second=second).then

    assert "has one score (21), so it shows no change yet." in said
    assert "The CAPS-5 of 10 Mar was declined; its last score is of 9 Jan." in said


def test_an_interview_that_never_took_place_is_said_to_be_missing():
    second = SecondOpinion(caps5((1, 9, Status.NOT_ADMINISTERED)), CAPS5)

    said = verdict(IMPROVED, PCL5, 2025, second=second).then

    assert "There is no complete clinician-rated CAPS-5 (past month)." in said
    assert "The CAPS-5 of 9 Jan was not administered." in said


def test_a_second_instrument_without_thresholds_is_reported_and_not_judged():
    second = SecondOpinion(caps5((1, 1, 36), (5, 7, 17)), None)

    said = verdict(IMPROVED, PCL5, 2025, second=second).then

    assert "The clinician-rated CAPS-5 (past month) went from 36 to 17, not judged." in said
    assert said.endswith(SET)


def test_a_second_instrument_without_an_end_range_has_no_line_to_speak_of():
    hamd = SecondOpinion(series((1, 1, 20), (5, 7, 10), key="hamd17"), threshold_set("HAM-D17"))

    said = verdict(IMPROVED, PCL5, 2025, second=hamd).then

    assert "The clinician-rated HAM-D 17 agrees on the improvement (20 to 10, down 10). " in said


def test_a_second_self_report_form_is_not_called_clinician_rated():
    phq9 = SecondOpinion(series((1, 6, 16), (5, 5, 7), key="phq9"), threshold_set("PHQ-9"))

    assert "The self-rated PHQ-9 agrees" in verdict(IMPROVED, PCL5, 2025, second=phq9).then


def test_without_thresholds_the_change_is_given_and_not_judged():
    said = verdict(series((1, 6, 60), (2, 6, 59)), None, 2025)

    assert said.lead == (
        f"The {WEEK} went from 60 to 59, down 1. There is no threshold set to judge this by."
    )
    assert (said.then, said.tone) == ("", "unsure")


def test_a_set_without_an_end_range_speaks_of_change_alone():
    course = series((1, 6, 70), (5, 5, 48), key="caps4")

    said = verdict(course, THRESHOLD_SETS["weathers2001_caps4"], 2025)

    assert said.lead == (
        "The CAPS for DSM-IV fell from 70 to 48, down 22 points: a reliable improvement."
    )
    assert said.then.endswith("CAPS-IV 15.")


def test_an_interview_as_main_series_is_not_called_a_form():
    said = verdict(caps5((1, 1, 36), (3, 1, 20), (5, 7, Status.DECLINED)), CAPS5, 2025)

    assert said.then.startswith("The last interview, of 7 May, was declined")


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        (
            ((1, 6, 47), (5, 5, 25)),
            (
                f"{WEEK}: 25 on 5 May 2025, down 22 from baseline 47; "
                "reliable improvement; 28 or lower."
            ),
        ),
        (
            ((1, 6, 44), (1, 27, 45)),
            f"{WEEK}: 45 on 27 Jan 2025, up 1 from baseline 44; no reliable change; above 28.",
        ),
        (
            ((1, 6, 44), (1, 27, 44)),
            f"{WEEK}: 44 on 27 Jan 2025, the same as baseline 44; no reliable change; above 28.",
        ),
        (
            ((1, 6, 47),),
            f"{WEEK}: 47 on 6 Jan 2025, one score so far. Change needs at least two.",
        ),
        ((), f"{WEEK}: no complete score yet."),
    ],
)
def test_the_short_form_for_a_chart_always_carries_the_year(rows, line):
    assert short_verdict(series(*rows), PCL5) == line


def test_the_short_form_names_only_what_its_thresholds_know():
    course = series((1, 6, 70), (5, 5, 48), key="caps4")
    start = "CAPS for DSM-IV: 48 on 5 May 2025, down 22 from baseline 70"

    assert short_verdict(course, None) == f"{start}."
    assert short_verdict(course, threshold_set("CAPS-IV")) == f"{start}; reliable improvement."


# -- the time window, and repeated forms


def test_a_form_with_several_windows_is_named_with_its_own_and_another_is_not():
    monthly = verdict(series((1, 6, 60), (5, 5, 20), key="pcl5_month"), PCL5, 2025)
    phq9 = verdict(series((1, 6, 16), (5, 5, 7), key="phq9"), threshold_set("PHQ-9"), 2025)

    assert monthly.lead.startswith("The PCL-5 (past month) fell from 60 to 20")
    assert phq9.lead.startswith("The PHQ-9 fell from 16 to 7")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            ((1, 6, 60), (11, 10, 40), (11, 10, 20)),
            "On 10 Nov there are two totals, 40 and 20; the one entered last is used.",
        ),
        (
            ((1, 6, 60), (1, 6, 50), (1, 6, 55), (11, 10, 20)),
            "On 6 Jan there are three totals, 60, 50 and 55; the one entered first is used.",
        ),
        (
            ((11, 10, 40), (11, 10, 20)),
            (
                "On 10 Nov there are two totals, 40 and 20; the change is from the one entered "
                "first to the one entered last, within one day."
            ),
        ),
        (
            ((1, 6, 60), (1, 6, 58), (11, 10, 40), (11, 10, 20)),
            (
                "On 6 Jan there are two totals, 60 and 58; the one entered first is used. "
                "On 10 Nov there are two totals, 40 and 20; the one entered last is used."
            ),
        ),
    ],
)
def test_several_totals_of_the_first_or_last_day_are_said_with_the_one_that_is_used(rows, said):
    assert verdict(series(*rows), PCL5, 2025).then == f"{said} {SET}"


@pytest.mark.parametrize(
    "rows",
    [
        ((1, 6, 60), (11, 10, 20), (11, 10, 20)),
        ((1, 6, 60), (3, 1, 50), (3, 1, 40), (11, 10, 20)),
        ((1, 6, 60), (11, 10, 20), (11, 10, Status.INCOMPLETE)),
    ],
)
def test_equal_totals_and_repeats_of_a_day_between_change_nothing(rows):
    assert "there are" not in verdict(series(*rows), PCL5, 2025).then


def test_the_short_form_says_that_there_were_several_totals():
    line = short_verdict(series((1, 6, 60), (11, 10, 40), (11, 10, 20)), PCL5)

    assert line.startswith(f"{WEEK}: 20 on 10 Nov 2025 (entered last of 2 totals), down")


def test_repeats_of_the_second_instrument_are_said_too():
    second = SecondOpinion(caps5((1, 1, 36), (5, 7, 30), (5, 7, 17)), CAPS5)

    said = verdict(IMPROVED, PCL5, 2025, second=second).then

    assert "On 7 May there are two totals, 30 and 17; the one entered last is used." in said


@pytest.mark.parametrize(
    ("rows", "other", "said"),
    [
        (
            ((1, 6, 60), (11, 10, 20)),
            (11, 12, 60),
            "A past-month PCL-5 of 12 Nov stands at 60; the two are not compared. ",
        ),
        (
            ((1, 6, 60), (11, 10, 20)),
            (11, 10, 60),
            "A past-month PCL-5 of 10 Nov stands at 60; the two are not compared. ",
        ),
        (((1, 6, 60), (11, 10, 20)), (11, 9, 60), ""),
        (((1, 6, 60), (11, 10, 20)), (11, 12, Status.INCOMPLETE), ""),
        (
            ((11, 10, Status.DECLINED),),
            (11, 9, 60),
            "A past-month PCL-5 of 9 Nov stands at 60; it does not count here. ",
        ),
    ],
)
def test_a_newer_total_over_another_time_is_said_and_not_compared(rows, other, said):
    own, month = series(*rows), series(other, key="pcl5_month")
    plain = verdict(own, PCL5, 2025)

    beside = beside_window(plain, own, month, 2025)

    assert beside == replace(plain, then=f"{said}{plain.then}")


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (((1, 1, 32), (4, 19, 40)), "also shows no reliable change (32 to 40, up 8)"),
        (((1, 1, 40), (4, 19, 32)), "also shows no reliable change (40 to 32, down 8)"),
    ],
)
def test_two_scores_without_a_reliable_change_are_not_said_to_agree(second, said):
    main = series((1, 6, 47), (5, 5, 40))

    then = verdict(main, PCL5, 2025, second=SecondOpinion(caps5(*second), CAPS5)).then

    assert said in then
    assert "agrees" not in then


@pytest.mark.parametrize("ending", [Ending.COMPLETED, Ending.DROPPED_OUT])
def test_a_course_that_has_ended_is_never_told_of_what_is_still_to_come(ending):
    one, none = (verdict(series(*rows), PCL5, 2025, ending) for rows in (((1, 6, 47),), ()))
    second = SecondOpinion(caps5((1, 4, 33)), CAPS5)

    assert one.lead == f"One {WEEK}, 47 on 6 Jan. {NEEDS_TWO}"
    assert none.lead == f"No complete {WEEK}. {NEEDS_TWO}"
    assert (
        "has one score (33), so change cannot be told."
        in verdict(IMPROVED, PCL5, 2025, ending, second).then
    )

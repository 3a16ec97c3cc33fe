"""One patient's change beside the trials: the arithmetic, the rows, and what is never said."""

from math import sqrt

import pytest

from ipt_tracker.clinical.evidence.arm_distribution import positions
from ipt_tracker.clinical.evidence.comparison import (
    Axis,
    Comparison,
    NoComparison,
    RowKind,
    Unit,
    signed,
)
from ipt_tracker.clinical.evidence.library import Status
from ipt_tracker.clinical.evidence.matching import matches
from ipt_tracker.clinical.evidence.patient_benchmark import (
    axis_limits,
    beside_trials,
    summary,
)
from ipt_tracker.clinical.instruments.catalogue import instrument
from ipt_tracker.clinical.rules import RuleBroken

FAMILIES = ["CAPS-IV", "CAPS-5", "PCL-5"]
KEY_OF_FAMILY = {"CAPS-IV": "caps4", "CAPS-5": "caps5_month", "PCL-5": "pcl5_month"}
HIGHEST = {"CAPS-IV": 136, "CAPS-5": 80, "PCL-5": 80}
COMMON_ROWS = ["patient", "expected", "setting", "patients", "waiting_list", "pooled", "scenario"]


def compare(family="PCL-5", first=47, last=25, sd=None, **words) -> Comparison:
    comparison = beside_trials(family, first, last, sd, **words)
    assert isinstance(comparison, Comparison)
    return comparison


def rounded(comparison, key, digits=1):
    row = comparison.row(key)
    return tuple(
        None if value is None else round(value, digits)
        for value in (row.estimate, row.low, row.high)
    )


def everything_said(comparison) -> str:
    rows = [
        words
        for row in comparison.rows
        for words in (row.label, row.note, row.gap, row.source, row.population, row.status)
    ]
    return " ".join([summary(comparison), comparison.sd_words, *rows, *comparison.caveats])


# ------------------------------------------------------------------------------------- arithmetic

# Each value worked out by hand from: waiting list -6.656 (-8.474, -4.837) points on CAPS-IV or
# d -0.40 (-0.50, -0.30); SMD passive -0.62 (-0.97, -0.27); SMD overall -0.44 (-0.69, -0.19);
# scenario (-1.23, 0.35). Standard errors are interval width / 3.92, 0.1786 for the passive SMD.
BY_HAND = [
    # -4.96 - 7.688 = -12.648; SE sqrt(0.633^2 + (12.4 x 0.1786)^2) = 2.303, x 1.96 = 4.51
    ("PCL-5", None, "expected", (-12.6, -17.2, -8.1)),
    ("PCL-5", None, "waiting_list", (-5.0, -6.2, -3.7)),  # -0.40, -0.50, -0.30 x 12.4
    ("PCL-5", None, "pooled", (-5.5, -8.6, -2.4)),  # -0.44, -0.69, -0.19 x 12.4
    ("PCL-5", None, "scenario", (None, -15.3, 4.3)),  # -1.23, 0.35 x 12.4
    # -6.656 - 14.942 = -21.598; SE sqrt(0.928^2 + (24.1 x 0.1786)^2) = 4.403, x 1.96 = 8.63
    ("CAPS-IV", None, "expected", (-21.6, -30.2, -13.0)),
    ("CAPS-IV", None, "waiting_list", (-6.7, -8.5, -4.8)),
    ("CAPS-IV", None, "pooled", (-10.6, -16.6, -4.6)),
    ("CAPS-IV", None, "scenario", (None, -29.6, 8.4)),
    # -6.656 - 17.36 = -24.016; SE sqrt(0.928^2 + (28 x 0.1786)^2) = 5.086, x 1.96 = 9.97
    ("CAPS-IV", 28, "expected", (-24.0, -34.0, -14.0)),
    ("CAPS-IV", 28, "waiting_list", (-6.7, -8.5, -4.8)),  # measured in points: no SD in it
    ("CAPS-IV", 28, "pooled", (-12.3, -19.3, -5.3)),
    ("CAPS-IV", 28, "scenario", (None, -34.4, 9.8)),
    ("CAPS-IV", 17.4, "pooled", (-7.7, -12.0, -3.3)),
    # -6.2 - 9.61 = -15.81; SE sqrt(0.791^2 + (15.5 x 0.1786)^2) = 2.879, x 1.96 = 5.64
    ("CAPS-5", None, "expected", (-15.8, -21.5, -10.2)),
    ("CAPS-5", None, "waiting_list", (-6.2, -7.8, -4.6)),
    ("CAPS-5", None, "pooled", (-6.8, -10.7, -2.9)),
    # -3.64 - 5.642 = -9.282; SE sqrt(0.464^2 + (9.1 x 0.1786)^2) = 1.690, x 1.96 = 3.31
    ("CAPS-5", 9.1, "expected", (-9.3, -12.6, -6.0)),
    ("CAPS-5", 9.1, "waiting_list", (-3.6, -4.5, -2.7)),
    ("CAPS-5", 9.1, "pooled", (-4.0, -6.3, -1.7)),
]


@pytest.mark.parametrize(("family", "sd", "key", "numbers"), BY_HAND)
def test_each_row_is_what_the_hand_calculation_gives(family, sd, key, numbers):
    assert rounded(compare(family, sd=sd), key) == numbers


@pytest.mark.parametrize("sd", [8.0, 12.4, 20.0])
def test_the_expected_change_adds_two_means_and_their_squared_errors(sd):
    expected = compare(sd=sd).row("expected")
    error = sqrt((sd * 0.20 / 3.919928) ** 2 + (sd * 0.70 / 3.919928) ** 2)

    assert expected.estimate == pytest.approx(-1.02 * sd)
    assert expected.high - expected.estimate == pytest.approx(1.959964 * error)
    assert expected.estimate - expected.low == pytest.approx(1.959964 * error)


def test_the_expected_change_uses_the_effect_over_passive_control_and_not_the_overall_one():
    comparison = compare("CAPS-IV")

    over_control = comparison.row("expected").estimate - comparison.row("waiting_list").estimate

    assert over_control / comparison.sd_used == pytest.approx(-0.62)


# ---------------------------------------------------------------------------------- this patient


@pytest.mark.parametrize(
    ("first", "last", "points", "percent"),
    [
        (47, 25, -22, -46.8),
        (44, 45, 1, 2.3),
        (30, 30, 0, 0.0),
        (80, 0, -80, -100.0),
        (0, 80, 80, None),
        (0, 0, 0, None),
    ],
)
def test_the_change_is_last_minus_first_and_no_percent_is_taken_of_nothing(
    first, last, points, percent
):
    comparison = compare(first=first, last=last)

    assert comparison.points == points
    assert comparison.percent == (None if percent is None else pytest.approx(percent, abs=0.05))
    assert comparison.row("patient").estimate == points


def test_the_patients_row_carries_what_the_caller_knows_about_reliable_change():
    row = compare(
        reliable_words="under 15 points could be measurement error", reliable_source="Marx 2022"
    ).row("patient")

    assert row.label == "This patient, 47 to 25"
    assert row.note == "under 15 points could be measurement error"
    assert row.source == "Marx 2022"
    assert (row.kind, row.status) == (RowKind.PATIENT, Status.RECORDED)
    assert (row.estimate_words, row.interval_words) == ("−22", "–")


def test_one_person_never_has_an_interval():
    row = compare().row("patient")

    assert (row.low, row.high) == (None, None)
    assert row.gap


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    ("first", "last", "field"),
    [("over", 5, "first"), (5, "over", "last"), (-1, 5, "first"), (5, -1, "last")],
)
def test_a_score_outside_the_form_is_refused_and_never_clamped(family, first, last, field):
    highest = HIGHEST[family]
    scores = [highest + 1 if score == "over" else score for score in (first, last)]

    with pytest.raises(RuleBroken) as refusal:
        beside_trials(family, *scores)

    assert refusal.value.field == field
    assert f"the form goes from 0 to {highest}." in refusal.value.message


@pytest.mark.parametrize("family", FAMILIES)
def test_both_ends_of_the_form_are_taken(family):
    assert compare(family, HIGHEST[family], 0).points == -HIGHEST[family]


@pytest.mark.parametrize("family", FAMILIES)
def test_the_range_of_scores_is_that_of_the_instrument(family):
    form = instrument(KEY_OF_FAMILY[family])

    assert (form.family, form.lowest, form.highest) == (family, 0, HIGHEST[family])


# --------------------------------------------------------------------------------------- the rows


@pytest.mark.parametrize(
    ("family", "arms"),
    [
        ("PCL-5", ["bleiberg_2005", "krupnick_2008", "campanini_2010", "proenca_2022"]),
        ("CAPS-5", ["proenca_2022", "bleiberg_2005", "krupnick_2008", "campanini_2010"]),
        ("CAPS-IV", ["bleiberg_2005", "krupnick_2008", "campanini_2010", "proenca_2022"]),
    ],
)
def test_the_patient_comes_first_and_arms_on_the_same_instrument_before_others(family, arms):
    assert [row.key for row in compare(family).rows] == COMMON_ROWS + arms


@pytest.mark.parametrize("family", FAMILIES)
def test_an_arm_on_another_instrument_is_shown_as_percent_and_never_in_points(family):
    own = {"CAPS-IV": {"bleiberg_2005", "krupnick_2008", "campanini_2010"}}
    own |= {"CAPS-5": {"proenca_2022"}, "PCL-5": set()}

    in_points = {row.key for row in compare(family).rows if row.unit is Unit.POINTS}

    assert in_points - set(COMMON_ROWS) == own[family]


def test_the_arm_measured_with_the_caps_5_is_shown_in_its_points():
    row = compare("CAPS-5").row("proenca_2022")

    assert row.estimate == -13.5  # 42.6 to 29.1
    assert "42.6 to 29.1" in row.note
    assert row.gap == "The SD of the change is not printed."


def test_a_percent_row_reads_as_percent():
    row = compare("PCL-5").row("krupnick_2008")

    assert row.estimate_words == "−38 %"
    assert row.note.startswith("CAPS-IV 65.2 to 40.6")


@pytest.mark.parametrize(
    ("family", "status"),
    [
        ("CAPS-IV", Status.DERIVED),
        ("CAPS-5", Status.CARRIED_OVER),
        ("PCL-5", Status.CARRIED_OVER),
    ],
)
def test_a_waiting_list_change_from_another_instrument_says_so(family, status):
    assert compare(family).row("waiting_list").status is status


@pytest.mark.parametrize("family", FAMILIES)
def test_the_range_of_a_new_setting_is_called_a_scenario(family):
    row = compare(family).row("scenario")

    assert row.kind is RowKind.SCENARIO
    assert "scenario" in row.label
    assert "prints no τ²" in row.note
    assert row.estimate_words == "–"


@pytest.mark.parametrize("family", FAMILIES)
def test_the_published_effect_stands_as_printed_beside_its_points(family):
    assert "SMD −0.44 (−0.69 to −0.19)" in compare(family).row("pooled").note


@pytest.mark.parametrize("family", FAMILIES)
def test_no_row_is_without_source_population_and_uncertainty_or_its_reason(family):
    for row in compare(family).rows:
        assert row.source
        assert row.population
        assert (row.low is not None and row.estimate is not None) or row.gap


def test_a_row_that_does_not_exist_is_not_made_up():
    with pytest.raises(KeyError):
        compare().row("meffert_2014")


# ------------------------------------------------------------------------------------------ the sd


@pytest.mark.parametrize(
    ("family", "used", "offered"),
    [
        ("CAPS-IV", 24.1, (28.0, 24.1, 17.4)),
        ("CAPS-5", 15.5, (9.1, 15.5)),
        ("PCL-5", 12.4, (12.4, 12.0)),
    ],
)
def test_the_sd_in_use_is_in_view_among_the_published_ones(family, used, offered):
    comparison = compare(family)

    assert comparison.sd_used == used
    assert tuple(option.value for option in comparison.sd_options) == offered
    assert comparison.sd_words.startswith(f"{used:g}, ")


def test_an_sd_of_ones_own_is_used_and_named_as_unsourced():
    comparison = compare(sd=10)

    assert rounded(comparison, "pooled") == (-4.4, -6.9, -1.9)
    assert comparison.sd_words == "10, typed in, without a published source"


@pytest.mark.parametrize("sd", [0, -1, -0.001, float("nan"), float("inf"), 40.01, 1000])
def test_an_impossible_sd_is_refused(sd):
    with pytest.raises(RuleBroken) as refusal:
        beside_trials("PCL-5", 47, 25, sd)

    assert refusal.value.field == "sd"


@pytest.mark.parametrize("sd", [0.001, 40])
def test_a_possible_sd_is_taken_up_to_its_bounds(sd):
    assert compare(sd=sd).sd_used == sd


@pytest.mark.parametrize(
    ("family", "words"),
    [
        ("CAPS-5", "from an SD of 9.1 to one of 15.5, IPT minus control goes from −4.0 to −6.8"),
        ("CAPS-IV", "from an SD of 17.4 to one of 28, IPT minus control goes from −7.7 to −12.3"),
    ],
)
def test_the_span_over_the_published_sds_is_said(family, words):
    assert any(words in caveat for caveat in compare(family).caveats)


# ----------------------------------------------------------------------------- no basis, no numbers


@pytest.mark.parametrize(
    ("family", "reason"),
    [
        ("PHQ-9", "measures depression"),
        ("HAM-D17", "measures depression"),
        ("PCL-IV", "no published table turns CAPS points"),
        ("IES-R", "No published trial of IPT for PTSD is held for IES-R."),
        ("pcl-5", "No published trial of IPT for PTSD is held for pcl-5."),
    ],
)
def test_an_instrument_without_a_basis_gets_a_reason_and_no_numbers(family, reason):
    answer = beside_trials(family, 20, 10)

    assert isinstance(answer, NoComparison)
    assert reason in answer.reason
    assert answer.reason.count(". ") <= 1  # one or two sentences
    assert summary(answer) == answer.reason


# -------------------------------------------------------------------------------------- the words


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    "words",
    [
        "A difference between groups is not a forecast for one person.",
        "Waiting lists were measured after about 6 weeks on average",
        "timing coded inconsistently",
        "natural recovery and regression to the mean",
        "about 90 % women",
        "November 2018",
        "The abstract counts 755 patients, the text 795",
    ],
)
def test_the_limits_are_said_each_time(family, words):
    assert any(words in caveat for caveat in compare(family).caveats)


@pytest.mark.parametrize(
    ("family", "said"), [("CAPS-IV", False), ("CAPS-5", True), ("PCL-5", True)]
)
def test_values_from_another_instrument_are_said_to_be_carried_over(family, said):
    assert any("carried over from CAPS-IV" in each for each in compare(family).caveats) is said


def test_a_pcl_is_told_that_its_own_waiting_lists_changed_less():
    assert any("−1.7 points (−5.6 to 2.1)" in caveat for caveat in compare("PCL-5").caveats)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("scores", [(60, 5), (60, 45), (60, 58), (60, 60), (40, 60), (0, 0)])
def test_nobody_is_said_to_have_met_a_trial_or_to_be_cured(family, scores):
    said = everything_said(compare(family, *scores)).lower()

    for word in ("achiev", "forecast for this patient", "cured", "failed", "predicts", "success"):
        assert word not in said


@pytest.mark.parametrize("family", ["PHQ-9", "HAM-D17", "PCL-IV", "IES-R"])
def test_a_reason_for_no_comparison_keeps_to_the_same_words(family):
    said = summary(beside_trials(family, 20, 10)).lower()

    for word in ("achiev", "cured", "failed"):
        assert word not in said


@pytest.mark.parametrize("family", FAMILIES)
def test_numbers_for_people_carry_a_true_minus(family):
    comparison = compare(family)
    numbers = [f"{row.estimate_words} {row.interval_words}" for row in comparison.rows]

    assert "-" not in " ".join(numbers)
    assert "−" in " ".join(numbers)


@pytest.mark.parametrize(
    ("first", "last", "beginning"),
    [
        (47, 25, "The PCL-5 fell by 22 points, from 47 to 25 (−47 %). That is a larger fall than"),
        (47, 35, "The PCL-5 fell by 12 points, from 47 to 35 (−26 %). That lies within"),
        (47, 46, "The PCL-5 fell by 1 point, from 47 to 46 (−2 %). That is a smaller fall than"),
        (44, 45, "The PCL-5 rose by 1 point, from 44 to 45 (2 %). The mean change expected"),
        (44, 44, "The PCL-5 is where it began, at 44. The mean change expected"),
        (0, 10, "The PCL-5 rose by 10 points, from 0 to 10. The mean change expected"),
    ],
)
def test_the_summary_says_direction_amount_and_place(first, last, beginning):
    assert summary(compare(first=first, last=last)).startswith(beginning)


@pytest.mark.parametrize(("last", "inside"), [(29, False), (30, True), (38, True), (39, False)])
def test_the_place_changes_where_the_interval_ends(last, inside):
    # PCL-5 from 47: the interval of the expected mean is -17.16 to -8.13.
    assert ("lies within the interval" in summary(compare(first=47, last=last))) is inside


def test_the_summary_gives_interval_and_limit_in_at_most_three_sentences():
    text = summary(compare())

    assert "−12.6 points (95 % interval −17.2 to −8.1)" in text
    assert "not a forecast for one person" in text
    assert text.count(". ") == 2


@pytest.mark.parametrize(
    ("diagnosis", "event", "planned", "said"),
    [
        ("ptsd", "interpersonal_trauma", 14, ("PTSD as primary", "Interpersonal", "More than 12")),
        ("mdd", "disaster_or_mass_violence", 12, ("Depression as", "Disaster", "12 or fewer")),
        ("not_classified", "not_classified", 13, ("not classified", "not classified", "More than")),
        ("other", "other", 8, ("no such group", "no such group", "12 or fewer")),
        ("ptsd", "perinatal", 8, ("PTSD", "The text prints no estimate", "12 or fewer")),
    ],
)
def test_printed_subgroups_match_the_patient_or_the_page_says_why_not(
    diagnosis, event, planned, said
):
    found = [each.words for each in matches(diagnosis, event, planned)]

    assert all(part in words for part, words in zip(said, found, strict=True))
    for words in found:
        assert ("SMD" in words) == ("these groups differ (p = " in words)


@pytest.mark.parametrize(("family", "first"), [("CAPS-IV", 80), ("CAPS-5", 45), ("PCL-5", 50)])
def test_the_three_ranges_lie_in_each_other_around_one_mean(family, first):
    ranges = compare(family, first, first - 5).bands

    assert ranges.patient.low < ranges.setting.low < ranges.mean.low < ranges.mean.middle
    assert ranges.mean.middle < ranges.mean.high < ranges.setting.high < ranges.patient.high
    assert ranges.mean.middle == ranges.setting.middle == ranges.patient.middle


def test_the_range_of_clinics_on_the_caps4_is_minus_64_to_plus_4_percent_of_its_start():
    setting = compare("CAPS-IV", 80, 54).bands.setting

    assert round(100 * setting.low / 72.2) == -64
    assert round(100 * setting.high / 72.2) == 4


def test_the_place_among_patients_is_by_a_normal_curve_and_only_on_the_same_instrument():
    shares = [round(each.share, 3) for each in compare("CAPS-IV", 80, 70).positions]

    assert shares == [0.805, 0.365]  # a 10-point fall: IPT arm, waiting list
    assert [each.spread.key for each in compare("CAPS-5", 45, 30).positions] == ["proenca_2022"]
    assert compare("PCL-5", 50, 30).positions == ()
    assert "PCL-5" in compare("PCL-5", 50, 30).no_position


@pytest.mark.parametrize(
    ("points", "words"), [(-150, "fewer than 1 of 20"), (60, "nearly all of 20")]
)
def test_a_share_at_the_edge_is_never_none_and_never_all(points, words):
    assert positions("CAPS-IV", points)[0].words == words


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(-12.648, 1, "−12.6"), (-0.04, 1, "0.0"), (0, 0, "0"), (3.25, 2, "3.25"), (-22, 0, "−22")],
)
def test_a_number_for_people_has_a_true_minus_and_no_minus_zero(value, digits, text):
    assert signed(value, digits) == text


# --------------------------------------------------------------------------------------- the axis


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("scores", [(47, 25), (80, 0), (0, 80), (30, 30)])
@pytest.mark.parametrize("sd", [None, 0.5, 40])
def test_the_axis_holds_zero_and_every_row_in_points_between_round_ends(family, scores, sd):
    comparison = compare(family, *scores, sd)
    axis = axis_limits(comparison)

    assert axis.low < 0 < axis.high
    assert axis.low % axis.step == axis.high % axis.step == 0
    assert len(axis.ticks) <= 9
    for row in comparison.rows:
        if row.unit is Unit.POINTS:
            for value in (row.estimate, row.low, row.high):
                assert value is None or axis.low < value < axis.high


def test_the_axis_of_a_common_case_is_the_one_worked_out_by_hand():
    # From -34.0 to 8.8 (19 of 20 patients): 42.8 points, ten at a time.
    axis = axis_limits(compare())

    assert axis == Axis(-40, 10, 10)
    assert axis.ticks == (-40, -30, -20, -10, 0, 10)


def test_percent_rows_do_not_stretch_the_axis_of_points():
    assert axis_limits(compare()).low > -63  # the largest percent row


def test_a_band_that_the_page_draws_as_well_is_held_too():
    axis = axis_limits(compare(), -15, 15)

    assert axis.low < -22
    assert axis.high > 15

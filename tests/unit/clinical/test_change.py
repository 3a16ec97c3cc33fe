"""Reliable change at its boundaries, against hand calculations and the published thresholds."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.finding import Finding
from ipt_tracker.clinical.instruments.source import Certainty
from ipt_tracker.clinical.outcome.change import ChangeClass, Outcome, judge, percent_change
from ipt_tracker.clinical.outcome.definitions import (
    CAPS4_REMISSION,
    CAPS4_RESPONSE,
    CAPS4_RESPONSE_LENIENT,
    HAMD17_REMISSION,
    HAMD17_RESPONSE,
    PHQ9_REMISSION,
    PHQ9_RESPONSE,
    REMISSIONS,
    RESPONSES,
)
from ipt_tracker.clinical.outcome.jacobson_truax import (
    Group,
    Precision,
    cutoffs,
    cutoffs_when_higher_is_better,
)
from ipt_tracker.clinical.outcome.thresholds import (
    THRESHOLD_SETS,
    computed_set,
    default_cut,
    threshold_set,
    threshold_sets,
)

EVERY_SET = pytest.mark.parametrize("used", THRESHOLD_SETS.values(), ids=THRESHOLD_SETS)
MARX_PCL5 = THRESHOLD_SETS["marx2022_s1_pcl5"]


@pytest.mark.parametrize(
    ("key", "reliable", "at_most"),
    [
        ("marx2022_s1_caps5", 13, 8),
        ("marx2022_s2_caps5", 12, 8),
        ("marx2022_s1_pcl5", 15, 28),
        ("marx2022_s2_pcl5", 18, 28),
        ("computed_pcl5", 14, None),  # 1.96 x 12.4 x sqrt(2 x .16) = 13.75
        ("older_pcl5", 5, None),
        ("weathers2001_caps4", 15, None),
        ("computed_pcl4", 12, None),  # 1.96 x 12.0 x sqrt(2 x .13) = 11.99
        ("monson2008_pcl4", 5, None),
        ("nhs_phq9", 6, 9),
        ("loewe2004_phq9", 5, None),
        ("computed_phq9", 7, None),  # 1.96 x 4.29 x sqrt(2 x .263) = 6.10
        ("computed_hamd17", 7, None),  # 1.96 x 5.1 x sqrt(2 x .211) = 6.49
    ],
)
def test_a_named_set_holds_its_published_or_computed_numbers(key, reliable, at_most):
    used = THRESHOLD_SETS[key]

    assert (used.reliable_points, used.end_range_at_most) == (reliable, at_most)


@pytest.mark.parametrize(("sample", "people"), [(1, 198), (2, 102)])
def test_the_two_samples_of_marx_are_told_apart_by_their_people(sample, people):
    for family in ("caps5", "pcl5"):
        used = THRESHOLD_SETS[f"marx2022_s{sample}_{family}"]

        assert used.name == f"Marx 2022, sample {sample}"
        assert used.population == f"male veterans, N {people}"


@pytest.mark.parametrize("key", ["older_pcl5", "monson2008_pcl4"])
def test_the_older_guidance_keeps_its_second_figure(key):
    assert THRESHOLD_SETS[key].meaningful_points == 10


def test_no_other_set_is_offered():
    assert len(THRESHOLD_SETS) == 13


@pytest.mark.parametrize(
    ("family", "key"),
    [
        ("CAPS-5", "marx2022_s1_caps5"),
        ("PCL-5", "marx2022_s1_pcl5"),
        ("CAPS-IV", "weathers2001_caps4"),
        ("PCL-IV", "computed_pcl4"),
        ("PHQ-9", "nhs_phq9"),
        ("HAM-D17", "computed_hamd17"),
    ],
)
def test_each_family_has_its_default_set(family, key):
    assert threshold_set(family).key == key
    assert key in {each.key for each in threshold_sets(family)}


def test_every_instrument_family_has_a_default_and_an_unknown_one_has_none():
    assert all(threshold_set(one.family) for one in INSTRUMENTS.values())
    assert threshold_set("CAPS") is None


@EVERY_SET
def test_every_set_names_its_source_its_people_and_what_its_range_means(used):
    assert used.source
    assert used.population
    assert used.version
    assert bool(used.range_words) == (used.end_range_at_most is not None)
    assert used.certainty is not Certainty.UNVERIFIED


@pytest.mark.parametrize(
    ("family", "at"),
    [("PCL-5", 33), ("PCL-IV", 44), ("PHQ-9", 10), ("CAPS-5", None), ("HAM-D17", None)],
)
def test_a_default_cut_exists_only_where_one_is_published(family, at):
    cut = default_cut(family)

    assert (cut.at if cut else None) == at


@EVERY_SET
def test_exactly_the_reliable_number_of_points_counts_in_both_directions(used):
    enough = used.reliable_points

    assert judge(40, 40 - enough, used).klass is ChangeClass.IMPROVED
    assert judge(40, 40 - enough + 1, used).klass is ChangeClass.UNCHANGED
    assert judge(20, 20, used).klass is ChangeClass.UNCHANGED
    assert judge(20, 20 + enough - 1, used).klass is ChangeClass.UNCHANGED
    assert judge(20, 20 + enough, used).klass is ChangeClass.WORSE


def test_a_fall_is_a_negative_change():
    assert judge(47, 25, MARX_PCL5).points == -22


@pytest.mark.parametrize(
    ("first", "last", "in_range", "outcome", "words"),
    [
        (47, 28, True, Outcome.RECOVERED, "Reliably improved, in range"),
        (47, 29, False, Outcome.IMPROVED, "Reliably improved"),
        (28, 13, True, Outcome.IMPROVED, "Reliably improved, in range"),
        (29, 28, True, Outcome.UNCHANGED, "No reliable change"),
        (10, 25, True, Outcome.DETERIORATED, "Reliably worse"),
        (30, 45, False, Outcome.DETERIORATED, "Reliably worse"),
    ],
)
def test_only_a_reliable_fall_into_the_range_from_outside_is_recovery(
    first, last, in_range, outcome, words
):
    change = judge(first, last, MARX_PCL5)

    assert (change.in_range, change.outcome, change.words) == (in_range, outcome, words)


def test_without_an_end_range_nothing_is_said_about_it():
    change = judge(70, 48, THRESHOLD_SETS["weathers2001_caps4"])

    assert (change.in_range, change.started_in_range) == (None, None)
    assert change.outcome is Outcome.IMPROVED
    assert change.words == "Reliably improved"


@pytest.mark.parametrize(
    ("first", "last", "floor", "percent"),
    [
        (38, 8, 0, -78.95),
        (36, 17, 0, -52.78),
        (51, 34, 0, -33.33),
        (51, 34, 17, -50.0),
        (20, 33, 0, 65.0),
        (40, 40, 0, 0.0),
        (0, 3, 0, None),
        (17, 20, 17, None),
    ],
)
def test_a_percentage_is_of_the_first_total_above_its_floor(first, last, floor, percent):
    assert percent_change(first, last, floor) == pytest.approx(percent, abs=0.005)


def test_a_total_below_the_floor_is_refused():
    with pytest.raises(ValueError, match="below the floor"):
        percent_change(16, 20, 17)


@pytest.mark.parametrize(
    ("definition", "first", "last", "found"),
    [
        (CAPS4_RESPONSE, 70, 49, Finding.NOT_MET),  # exactly 30 %
        (CAPS4_RESPONSE, 70, 48, Finding.MET),
        (CAPS4_RESPONSE_LENIENT, 70, 49, Finding.MET),
        (CAPS4_RESPONSE_LENIENT, 70, 50, Finding.NOT_MET),
        (PHQ9_RESPONSE, 16, 8, Finding.MET),
        (PHQ9_RESPONSE, 17, 9, Finding.NOT_MET),
        (HAMD17_RESPONSE, 20, 10, Finding.MET),
        (HAMD17_RESPONSE, 20, 11, Finding.NOT_MET),
        (PHQ9_RESPONSE, 0, 0, Finding.CANNOT_TELL),
    ],
)
def test_a_response_is_decided_at_its_edge_by_its_own_strictness(definition, first, last, found):
    assert definition.judge(first, last) is found


@pytest.mark.parametrize(
    ("definition", "lowest", "highest", "found"),
    [
        (CAPS4_REMISSION, 19, 19, Finding.MET),
        (CAPS4_REMISSION, 20, 20, Finding.NOT_MET),
        (PHQ9_REMISSION, 4, 4, Finding.MET),
        (PHQ9_REMISSION, 5, 5, Finding.NOT_MET),
        (HAMD17_REMISSION, 7, 7, Finding.MET),
        (HAMD17_REMISSION, 8, 8, Finding.NOT_MET),
        (HAMD17_REMISSION, 7, 11, Finding.CANNOT_TELL),
        (HAMD17_REMISSION, 3, 7, Finding.MET),
        (HAMD17_REMISSION, 8, 12, Finding.NOT_MET),
    ],
)
def test_a_remission_is_decided_at_its_edge_and_only_when_the_range_allows(
    definition, lowest, highest, found
):
    assert definition.judge(lowest, highest) is found


def test_the_trial_definitions_for_caps4_are_not_carried_over_to_newer_scales():
    assert not {"CAPS-5", "PCL-5"} & {each.family for each in (*RESPONSES, *REMISSIONS)}
    assert all(each.source.text for each in (*RESPONSES, *REMISSIONS))


@pytest.mark.parametrize(
    ("sd", "reliability", "sem", "sdiff", "points"),
    [
        (17.53, 0.90, 5.543473, 7.839654, 15.365722),  # 17.53 x sqrt(.1) = 17.53 x .316228
        (4.29, 0.84, 1.716, 2.426790, 4.756509),  # 4.29 x .4
        (10, 0.78, 4.690416, 6.633250, 13.001169),  # 10 x .469042
        (10, 0, 10, 14.142136, 27.718586),
    ],
)
def test_precision_agrees_with_the_hand_calculation(sd, reliability, sem, sdiff, points):
    precision = Precision(sd, reliability)

    assert precision.sem == pytest.approx(sem, abs=1e-6)
    assert precision.sdiff == pytest.approx(sdiff, abs=1e-6)
    assert precision.reliable_points == pytest.approx(points, abs=1e-5)


@pytest.mark.parametrize(
    ("first", "last", "rci", "reliable"),
    [(72, 57, -1.91335, False), (72, 56, -2.04091, True), (56, 72, 2.04091, True)],
)
def test_the_reliable_change_index_is_negative_when_improved(first, last, rci, reliable):
    precision = Precision(17.53, 0.9)

    assert precision.rci(first, last) == pytest.approx(rci, abs=1e-5)
    assert precision.is_reliable(first, last) is reliable


def test_thirteen_points_are_reliable_by_marx_and_not_by_the_formula():
    formula = computed_set(
        key="own", family="CAPS-5", precision=Precision(10, 0.78), source="own", population="own"
    )

    assert judge(40, 27, THRESHOLD_SETS["marx2022_s1_caps5"]).klass is ChangeClass.IMPROVED
    assert judge(40, 27, formula).klass is ChangeClass.UNCHANGED
    assert not Precision(10, 0.78).is_reliable(40, 27)
    assert formula.reliable_points == 14


@given(st.floats(0.5, 30), st.floats(0, 0.99), st.integers(0, 80), st.integers(0, 80))
def test_a_computed_set_says_what_the_index_says_for_whole_totals(sd, r, first, last):
    precision = Precision(sd, r)
    used = computed_set(
        key="own", family="PCL-5", precision=precision, source="own", population="own"
    )
    by_hand = abs(last - first) > 1.96 * sd * sqrt(2 * (1 - r)) + 1e-9

    if abs(abs(last - first) - precision.reliable_points) > 1e-6:
        assert judge(first, last, used).reliable == by_hand == precision.is_reliable(first, last)


@pytest.mark.parametrize(("sd", "reliability"), [(0, 0.8), (-1, 0.8), (5, 1), (5, -0.1)])
def test_figures_that_cannot_be_are_refused(sd, reliability):
    with pytest.raises(ValueError, match=r"deviation|reliability"):
        Precision(sd, reliability)


def test_the_three_lines_agree_with_the_hand_calculation():
    lines = cutoffs(Group(18.5, 5.1), Group(3.2, 3.2))

    assert lines.a == pytest.approx(8.3)  # 18.5 - 10.2
    assert lines.b == pytest.approx(9.6)  # 3.2 + 6.4
    assert lines.c == pytest.approx(9.0988, abs=1e-4)  # (59.2 + 16.32) / 8.3


def test_the_lines_turn_round_where_higher_is_better():
    lines = cutoffs_when_higher_is_better(Group(40, 10), Group(60, 5))

    assert (lines.a, lines.b) == (60, 50)
    assert lines.c == pytest.approx(53.3333, abs=1e-4)  # (5 x 40 + 10 x 60) / 15


def test_a_group_without_spread_has_no_lines():
    with pytest.raises(ValueError, match="deviation"):
        Group(18.5, 0)


@given(st.integers(0, 80), st.integers(0, 80), st.integers(0, 80))
def test_a_lower_last_total_is_never_judged_worse(first, one, other):
    rank = {ChangeClass.IMPROVED: 0, ChangeClass.UNCHANGED: 1, ChangeClass.WORSE: 2}
    low, high = sorted((one, other))

    assert rank[judge(first, low, MARX_PCL5).klass] <= rank[judge(first, high, MARX_PCL5).klass]


def test_an_index_of_exactly_1_96_is_not_beyond_it():
    precision = Precision(sd=6, reliability=0.84)
    fall = 1.96 * precision.sdiff

    assert abs(precision.rci(fall, 0)) == 1.96
    assert not precision.is_reliable(fall, 0)
    assert precision.is_reliable(fall + 0.001, 0)


def test_a_spread_under_one_point_is_possible_and_none_is_not():
    assert cutoffs(Group(10, 0.5), Group(4, 0.5)).c == 7
    with pytest.raises(ValueError, match="more than 0"):
        Group(10, 0)

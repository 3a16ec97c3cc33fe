"""Reliable change against the figures that the literature and our reference print."""

import pytest

from ipt_tracker.clinical.outcome.jacobson_truax import Group, Precision, cutoffs


@pytest.mark.parametrize(
    ("sd", "reliability", "printed"),
    [
        (12.4, 0.84, 13.8),  # PCL-5, treatment sample; retest in veterans
        (12.4, 0.82, 14.6),  # PCL-5; retest in students
        (12.4, 0.91, 10.3),  # PCL-5; internal consistency: the smaller threshold
        (12.0, 0.87, 12.0),  # PCL for DSM-IV
        (17.5, 0.90, 15.4),  # CAPS for DSM-IV: beside the 15 of Weathers 2001
        (17.5, 0.94, 11.9),
        (4.29, 0.84, 4.8),  # PHQ-9
        (4.29, 0.737, 6.1),
        (4.29, 0.89, 3.9),
        (5.1, 0.789, 6.5),  # HAM-D 17
        (5.1, 0.937, 3.6),
    ],
)
def test_the_reliable_change_agrees_with_the_printed_figure(sd, reliability, printed):
    """As exactly as an SD that was itself printed with one decimal allows."""
    least = Precision(sd - 0.05, reliability).reliable_points
    most = Precision(sd + 0.05, reliability).reliable_points

    assert round(least, 1) <= printed <= round(most, 1)


@pytest.mark.parametrize(
    ("points", "reliability", "sd"),
    [
        (13, 0.78, 10.0),  # Marx 2022, CAPS-5
        (12, 0.78, 9.2),
        (13, 0.88, 13.5),
        (15, 0.84, 13.5),  # Marx 2022, PCL-5
        (18, 0.84, 16.2),
    ],
)
def test_a_published_threshold_implies_the_printed_spread(points, reliability, sd):
    assert round(points / Precision(1, reliability).reliable_points, 1) == sd


def test_thirteen_points_stay_just_under_the_formula_at_sd_10_and_retest_78():
    precision = Precision(10, 0.78)

    assert precision.reliable_points == pytest.approx(13.0011, abs=1e-4)
    assert not precision.is_reliable(40, 27)
    assert precision.is_reliable(40, 26)


def test_the_lines_between_patients_and_healthy_people_on_the_hamd_are_the_printed_ones():
    lines = cutoffs(Group(18.5, 5.1), Group(3.2, 3.2))

    assert (round(lines.a, 1), round(lines.b, 1), round(lines.c, 1)) == (8.3, 9.6, 9.1)

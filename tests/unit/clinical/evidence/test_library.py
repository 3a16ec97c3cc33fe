"""The published numbers: as printed, and none without source, population and uncertainty."""

from math import erf, sqrt

import pytest

from ipt_tracker.clinical.evidence import library
from ipt_tracker.clinical.evidence.library import (
    Interval,
    Published,
    SdOption,
    Status,
    TrialArm,
    UnsourcedError,
)

# As Althobaiti et al. 2020 print them: SMD, 95 % interval, p.
PRINTED = {
    "overall": (-0.44, -0.69, -0.19, 0.0005),
    "sessions_le12": (-0.39, -0.85, 0.07, 0.10),
    "sessions_gt12": (-0.48, -0.82, -0.14, 0.005),
    "dx_ptsd": (-0.55, -1.09, -0.01, 0.05),
    "dx_mdd": (-0.38, -0.59, -0.17, 0.0004),
    "event_interpersonal": (-0.38, -0.67, -0.10, 0.008),
    "event_disaster_violence": (-0.70, -1.68, 0.23, 0.16),
    "control_passive": (-0.62, -0.97, -0.27, 0.0006),
    "control_active": (-0.25, -0.61, 0.10, 0.16),
}
PAIRS = [
    ("sessions_gt12", "sessions_le12", 0.76),
    ("dx_ptsd", "dx_mdd", 0.57),
    ("event_disaster_violence", "event_interpersonal", 0.53),
    ("control_passive", "control_active", 0.15),
]


def published() -> list[Published]:
    return [
        *library.effects().values(),
        *library.waiting_lists().values(),
        *library.trial_arms().values(),
    ]


def entry(**changes: object) -> Published:
    whole: dict[str, object] = {
        "key": "example",
        "label": "An example",
        "estimate": -0.4,
        "low": -0.6,
        "high": -0.2,
        "certainty": "printed",
        "source": "Somebody 2020",
        "population": "100 adults",
    }
    return Published(**(whole | changes))


def t_cdf_8(t: float) -> float:
    """Student's t with 8 degrees of freedom, by its closed form for even degrees."""
    cosine = sqrt(8 / (8 + t * t))
    sine = t / sqrt(8 + t * t)
    return 0.5 + 0.5 * sine * (1 + cosine**2 / 2 + 3 * cosine**4 / 8 + 5 * cosine**6 / 16)


@pytest.mark.parametrize("one", published(), ids=lambda one: one.key)
def test_every_number_names_its_source_its_people_and_its_uncertainty(one):
    assert one.source.strip()
    assert one.population.strip()
    assert one.certainty in (Status.PRINTED, Status.DERIVED)
    assert (one.low is not None and one.high is not None) or one.why_no_interval.strip()


@pytest.mark.parametrize("option", library.sd_options().values(), ids=lambda option: option.key)
def test_every_sd_names_its_source_and_its_people(option):
    assert option.source.strip()
    assert option.population.strip()
    assert option.value > 0
    assert option.family in library.bases()


@pytest.mark.parametrize("caveat", library.caveats().values(), ids=lambda caveat: caveat.key)
def test_every_caveat_names_its_source_and_families_that_exist(caveat):
    assert caveat.source.strip()
    assert set(caveat.families) <= {"all", *library.bases()}


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"source": " "}, "example has no source"),
        ({"population": ""}, "example does not say whom it is about"),
        ({"low": None, "high": None}, "example has no interval and no reason for that"),
        ({"low": None}, "example has half an interval"),
        ({"high": None}, "example has half an interval"),
        ({"estimate": -0.1}, "example has an estimate outside its interval"),
        ({"estimate": -0.7}, "example has an estimate outside its interval"),
        ({"estimate": None}, "example has no estimate with an interval"),
    ],
)
def test_a_number_without_its_origin_or_its_uncertainty_is_refused(changes, complaint):
    with pytest.raises(UnsourcedError, match=complaint):
        entry(**changes)


def test_a_number_without_an_interval_is_taken_when_it_says_why():
    arm = entry(low=None, high=None, why_no_interval="No SD is printed.")

    assert arm.estimate == -0.4
    with pytest.raises(UnsourcedError, match="no estimate with an interval"):
        _ = arm.measured


def test_an_estimate_on_the_edge_of_its_interval_is_taken():
    assert entry(estimate=-0.6).measured == Interval(-0.6, -0.6, -0.2)


def test_a_certainty_of_its_own_invention_is_refused():
    with pytest.raises(ValueError, match="fairly sure"):
        entry(certainty="fairly sure")


@pytest.mark.parametrize("missing", ["source", "population"])
def test_an_sd_without_its_origin_is_refused(missing):
    whole = {
        "key": "example",
        "family": "PCL-5",
        "value": 12.4,
        "label": "an example",
        "source": "Somebody 2020",
        "population": "100 adults",
        "certainty": "printed",
    }

    with pytest.raises(UnsourcedError):
        SdOption(**(whole | {missing: ""}))


@pytest.mark.parametrize("key", PRINTED)
def test_the_pooled_effects_are_as_printed(key):
    effect = library.effects()[key]

    assert (effect.estimate, effect.low, effect.high, effect.p_printed) == PRINTED[key]
    assert effect.certainty is Status.PRINTED


def test_the_perinatal_subgroup_has_no_number_because_none_is_printed():
    perinatal = library.effects()["event_perinatal"]

    assert perinatal.estimate is None
    assert "prints no estimate" in perinatal.why_no_interval


@pytest.mark.parametrize(
    ("key", "by_hand"),
    [
        ("overall", 0.1276),  # (-0.19 + 0.69) / 3.92
        ("control_passive", 0.1786),  # (-0.27 + 0.97) / 3.92
        ("control_active", 0.1811),  # (0.10 + 0.61) / 3.92
    ],
)
def test_standard_errors_follow_from_the_printed_intervals(key, by_hand):
    assert library.effects()[key].measured.standard_error == pytest.approx(by_hand, abs=0.0001)


@pytest.mark.parametrize(("one", "other", "rounded"), PAIRS)
def test_the_tests_between_subgroups_follow_from_the_printed_intervals(one, other, rounded):
    first, second = library.effects()[one], library.effects()[other]
    errors = [effect.measured.standard_error for effect in (first, second)]
    z = abs(first.measured.middle - second.measured.middle) / sqrt(errors[0] ** 2 + errors[1] ** 2)
    p = 1 - erf(z / sqrt(2))

    assert first.difference_p == second.difference_p
    assert first.difference_p == pytest.approx(p, abs=0.0006)
    assert round(first.difference_p, 2) == rounded


def test_the_scenario_is_a_prediction_interval_with_an_assumed_spread():
    t = 2.306004
    assert t_cdf_8(t) == pytest.approx(0.975, abs=1e-6)
    overall = library.effects()["overall"].measured
    half = t * sqrt(0.10 + overall.standard_error**2)

    scenario = library.effects()["new_setting_scenario"]

    assert scenario.measured.low == round(overall.middle - half, 2) == -1.23
    assert scenario.measured.high == round(overall.middle + half, 2) == 0.35
    assert scenario.certainty is Status.DERIVED
    assert "prints no τ²" in scenario.note
    assert round(100 * 0.10 / (10 * overall.standard_error**2)) == 61


def test_the_waiting_lists_are_those_of_the_reference():
    points, d = (library.waiting_lists()[key] for key in ("caps4_points", "caps4_d"))

    assert (points.arms, points.people) == (16, 421)
    assert [round(number, 1) for number in (points.estimate, points.low, points.high)] == [
        -6.7,
        -8.5,
        -4.8,
    ]
    assert (d.estimate, d.low, d.high) == (-0.40, -0.50, -0.30)


@pytest.mark.parametrize("arm", library.trial_arms().values(), ids=lambda arm: arm.key)
def test_a_change_of_a_trial_arm_is_its_end_minus_its_start(arm: TrialArm):
    # Krupnick 2008 rated fewer people at the end than at the start: 0.26 points of slack.
    assert arm.estimate == pytest.approx(arm.end - arm.start, abs=0.27)


@pytest.mark.parametrize(
    ("key", "percent"),
    [
        ("krupnick_2008", -38),
        ("campanini_2010", -50),
        ("bleiberg_2005", -63),
        ("proenca_2022", -32),
    ],
)
def test_the_percent_change_of_a_trial_arm_is_that_of_the_reference(key, percent):
    assert round(library.trial_arms()[key].percent) == percent


@pytest.mark.parametrize(
    ("key", "change", "sd", "n", "t"),
    [
        ("krupnick_2008", -24.54, 16.92, 20, 2.093),
        ("krupnick_2008_waiting", -5.78, 12.23, 7, 2.447),
    ],
)
def test_the_intervals_of_the_krupnick_arms_follow_from_sd_and_n(key, change, sd, n, t):
    half = t * sd / sqrt(n)

    measured = library.trial_arms()[key].measured

    assert measured.middle == change
    assert measured.low == pytest.approx(change - half, abs=0.01)
    assert measured.high == pytest.approx(change + half, abs=0.01)


def test_the_sds_are_those_of_the_reference():
    values = {key: option.value for key, option in library.sd_options().items()}

    assert values == {
        "caps4_paper": 28.0,
        "caps4_end": 24.1,
        "caps4_baseline": 17.4,
        "caps5_baseline": 9.1,
        "caps5_end": 15.5,
        "pcl5_treatment": 12.4,
        "pcl_mixed": 12.0,
    }


def test_each_basis_points_at_a_waiting_list_and_at_an_sd_of_its_own_family():
    for family, basis in library.bases().items():
        assert basis.waiting_list in library.waiting_lists()
        assert library.sd_options()[basis.default_sd].family == family


def test_a_family_has_a_basis_or_a_reason_and_never_both():
    assert set(library.bases()) == {"CAPS-IV", "CAPS-5", "PCL-5"}
    assert set(library.without_basis()) == {"PHQ-9", "HAM-D17", "PCL-IV"}


def test_an_interval_scales_with_its_unit():
    assert Interval(-2.0, -1.0, 0.5).times(2) == Interval(-4.0, -2.0, 1.0)

"""`benchmark`: the figures of a whole instance, held to a second working of the same formulas."""

import json
from math import sqrt
from statistics import mean, stdev

import pytest
from scipy.stats import binomtest, nct, t

from ipt_tracker.cli.main import main
from tests.factories import bundles
from tests.factories.cohorts import Score, Treated, add_treated, weekly

KEYS = [
    *("n", "mean_change", "mean_change_ci95", "d", "d_se", "versus_waitlist", "versus_ipt"),
    *("reason", "rates"),
]
TOTALS = [(52, 30), (61, 44), (47, 41), (38, 39), (66, 25), (55, 31), (49, 20), (58, 47)]
TOTALS += [(43, 30), (60, 12), (51, 55), (57, 28)]


@pytest.fixture
def figures(run):
    """Give what the command says of an instrument as JSON."""

    def said(*arguments):
        code, words = run("benchmark", "--instrument", *arguments, "--json")
        assert code == 0, words
        return json.loads(words)

    return said


def twelve(status="completed"):
    return [weekly(*pair, status=status) for pair in TOTALS]


def worked(pairs, correlation=0.5):
    """Work the figures out a second time, from the issue's own formulas."""
    n, changes = len(pairs), [last - first for first, last in pairs]
    half = t.ppf(0.975, n - 1) * stdev(changes) / sqrt(n)
    j = 1 - 3 / (4 * (n - 1) - 1)
    d = j * -mean(changes) / stdev(first for first, _ in pairs)
    scale = sqrt(n / (2 * (1 - correlation)))

    def versus(benchmark, at):
        p = 1 - nct.cdf(d * scale, n - 1, at * scale)
        found = {"benchmark": benchmark, "margin": 0.2, "t": d * scale, "p": p}
        return pytest.approx(found)

    return {
        "n": n,
        "mean_change": pytest.approx(mean(changes)),
        "mean_change_ci95": pytest.approx([mean(changes) - half, mean(changes) + half]),
        "d": pytest.approx(d),
        "d_se": pytest.approx(sqrt(2 * (1 - correlation) / n + d * d / (2 * n))),
        "versus_waitlist": versus(0.4, 0.6),
        "versus_ipt": versus(1.3, 1.1),
        "reason": None,
    }


def test_twelve_courses_come_out_as_worked_a_second_time(change, figures):
    change(lambda session: add_treated(session, *twelve(), weekly(40, 44, status="dropped_out")))

    found = figures("PCL-5")

    assert worked([*TOTALS, (40, 44)]).items() <= found.items()
    assert worked(TOTALS).items() <= found["completers"].items()
    rate = found["rates"]["drop_out"]
    assert (rate["events"], rate["n"], rate["proportion"]) == (1, 13, 1 / 13)
    wilson = binomtest(1, 13).proportion_ci(method="wilson")
    assert rate["ci95"] == pytest.approx([wilson.low, wilson.high])


def test_the_correlation_moves_the_tests_and_is_said(change, figures):
    change(lambda session: add_treated(session, *twelve()))

    found = figures("pcl5_week", "--correlation", "0.7")

    assert worked(TOTALS, 0.7).items() <= found.items()
    assert found["correlation"] == 0.7


def test_the_object_of_completers_is_the_same_again(change, figures):
    change(lambda session: add_treated(session, *twelve()))

    found = figures("pcl5")

    assert list(found["completers"]) == KEYS
    assert [key for key in found if key in KEYS] == KEYS
    assert set(found["rates"]) == {
        *("response_30", "response_50", "remission", "reliable_improvement"),
        *("reliable_deterioration", "drop_out"),
    }


def test_the_four_courses_of_the_demo_are_single_points_that_nothing_is_tested_on(take_in, figures):
    take_in(*bundles.demo()["cases"])

    found = figures("PCL-5")

    expected = [case["expected"]["pcl5_change"] for case in bundles.demo()["cases"]]
    assert found["points"] == sorted(expected)
    assert found["mean_change"] == mean(expected)
    assert found["versus_waitlist"] is found["versus_ipt"] is None
    assert "Fewer than 10" in found["reason"]
    assert figures("caps5_month")["without_second"] == 2


def test_a_depression_score_has_its_figures_and_no_test(change, figures):
    scored = [
        Treated(scores=(Score(first // 3, 0, "phq9"), Score(last // 3, 70, "phq9")))
        for first, last in TOTALS
    ]
    change(lambda session: add_treated(session, *scored))

    found = figures("PHQ-9")

    assert found["d"] > 0
    assert found["versus_waitlist"] is found["versus_ipt"] is None
    assert "depression" in found["reason"]


@pytest.mark.parametrize("key", ["caps4", "CAPS-IV", "hamd17"])
def test_an_instance_without_scores_says_none_of_everything(figures, key):
    found = figures(key)

    assert found["n"] == 0
    assert {found[name] for name in KEYS[1:2]} == {None}
    assert found["mean_change_ci95"] is found["d"] is found["d_se"] is None
    assert found["points"] == []
    assert found["rates"]["response_30"] == {
        "events": 0,
        "n": 0,
        "proportion": None,
        "ci95": None,
    }


def test_an_unknown_instrument_is_one_sentence_that_lists_the_known_and_a_failure(house, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["benchmark", "--instrument", "bdi", "--json"], house)

    said = capsys.readouterr()
    assert stopped.value.code == 1
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "pcl5_week" in said.err


def test_the_table_says_for_people_what_the_object_says(change, run):
    change(lambda session: add_treated(session, *twelve()))

    code, said = run("benchmark", "--instrument", "PCL-5")

    assert code == 0
    assert "Courses  12" in said
    assert "benchmark 1.30" in said
    assert "carried over" in said
    assert "unverified" in said


def test_the_table_of_a_few_shows_the_single_changes_and_no_mean(change, run):
    change(lambda session: add_treated(session, weekly(50, 40), weekly(40, 45)))

    said = run("benchmark", "--instrument", "pcl5_week")[1]

    assert "Single changes  -10, 5" in said
    assert "Mean change" not in said
    assert "nobody yet" in run("benchmark", "--instrument", "caps4")[1]

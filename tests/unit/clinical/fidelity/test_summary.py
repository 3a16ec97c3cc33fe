"""Means with their intervals: as scipy and statsmodels have them, and never without their n."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ipt_tracker.clinical.fidelity.summary import Clustered, Summary, clustered, summary_of

QUALITY = st.integers(10, 50).map(lambda tenths: tenths / 10)


def test_a_mean_worked_by_hand_has_its_t_interval():
    found = summary_of([3.0, 4.0, 5.0])

    # s = 1, t(0.975; 2) = 4.302653, 4.302653 / sqrt(3) = 2.484138
    assert (found.n, found.mean) == (3, 4.0)
    assert (found.low, found.high) == pytest.approx((1.515862, 6.484138), abs=1e-6)


def test_of_nothing_there_is_no_mean_and_of_one_no_interval():
    assert summary_of([]) == Summary(0, None, None, None)
    assert summary_of([None, None]) == Summary(0, None, None, None)
    assert summary_of([None, 3.5]) == Summary(1, 3.5, None, None)


def test_values_that_are_all_the_same_have_an_interval_of_no_width():
    found = summary_of([3.3] * 7)

    assert (found.mean, found.low, found.high) == pytest.approx((3.3, 3.3, 3.3))


@given(st.lists(QUALITY, min_size=2, max_size=30).filter(lambda values: len(set(values)) > 1))
def test_the_interval_is_that_of_scipy(values):
    found = summary_of(values)

    expected = stats.t.interval(
        0.95, len(values) - 1, loc=np.mean(values), scale=stats.sem(values, ddof=1)
    )
    assert (found.low, found.high) == pytest.approx(expected)
    assert found.mean == pytest.approx(np.mean(values))


def test_sessions_of_three_patients_worked_by_hand():
    found = clustered({"a": [3.0, 4.0], "b": [4.0], "c": [2.0, 2.0, 3.0]})

    # mean 3; sums of distances 1, 1, -2; 3 / 2 * 6 / 36 = 0.25, root 0.5; t(0.975; 2) = 4.302653
    assert (found.n, found.clusters, found.mean) == (6, 3, 3.0)
    assert (found.low, found.high) == pytest.approx((0.848674, 5.151326), abs=1e-6)


def test_under_three_patients_there_is_no_clustered_interval():
    assert clustered({}) == Clustered(0, 0, None, None, None)
    assert clustered({"a": [], "b": []}) == Clustered(0, 0, None, None, None)
    assert clustered({"a": [3.0, 4.0], "b": [5.0], "c": []}) == Clustered(3, 2, 4.0, None, None)


@given(
    st.lists(st.lists(QUALITY, min_size=1, max_size=6), min_size=3, max_size=8).filter(
        lambda groups: len({value for values in groups for value in values}) > 1
    )
)
def test_the_clustered_interval_is_that_of_statsmodels(groups):
    found = clustered(dict(enumerate(groups)))

    values = [value for each in groups for value in each]
    cluster = [n for n, each in enumerate(groups) for _ in each]
    model = sm.OLS(values, np.ones(len(values)))
    if len(values) > len(groups):
        fit = model.fit(cov_type="cluster", cov_kwds={"groups": cluster}, use_t=True)
        expected = fit.conf_int()[0]
    else:  # each value its own cluster: the plain interval
        plain = summary_of(values)
        expected = (plain.low, plain.high)
    assert (found.low, found.high) == pytest.approx(tuple(expected), abs=1e-9)


@given(st.lists(QUALITY, min_size=3, max_size=12))
def test_with_one_session_a_patient_clustering_changes_nothing(values):
    plain, by_patient = summary_of(values), clustered({n: [v] for n, v in enumerate(values)})

    found = (by_patient.mean, by_patient.low, by_patient.high)
    assert found == pytest.approx((plain.mean, plain.low, plain.high))

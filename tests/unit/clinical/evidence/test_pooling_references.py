"""Pooling beside other programs and beside a slow second version of its own."""

import warnings
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, example, given
from scipy.stats import linregress, norm, t
from statsmodels.stats.meta_analysis import combine_effects

from ipt_tracker.clinical.evidence.egger import egger_p
from ipt_tracker.clinical.evidence.meta_analysis import pool
from tests.factories.effects import MANY, SOME, effects

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its own, on import
    from pymare import Dataset
    from pymare.estimators import DerSimonianLaird


def exact(pairs):
    """Pool with fractions, term by term as in the printed formulas: smd, SE squared, tau2, Q."""
    y = [Fraction(g) for g, _ in pairs]
    w = [1 / Fraction(se) ** 2 for _, se in pairs]
    fixed = sum(a * b for a, b in zip(w, y, strict=True)) / sum(w)
    q = sum(a * (b - fixed) ** 2 for a, b in zip(w, y, strict=True))
    divisor = sum(w) - sum(a**2 for a in w) / sum(w)
    tau2 = max(Fraction(0), (q - (len(y) - 1)) / divisor) if len(y) > 1 else Fraction(0)
    v = [1 / (1 / a + tau2) for a in w]
    smd = sum(a * b for a, b in zip(v, y, strict=True)) / sum(v)
    spread = sum(a * (b - smd) ** 2 for a, b in zip(v, y, strict=True)) / sum(v)
    return tuple(map(float, (smd, 1 / sum(v), tau2, q, spread)))


@given(SOME)
def test_pooling_is_the_printed_formulas_worked_in_fractions(pairs):
    pooled, (smd, variance, tau2, q, spread) = pool(effects(*pairs)), exact(pairs)

    k = len(pairs)
    assert pooled.smd == pytest.approx(smd, rel=1e-9, abs=1e-12)
    assert pooled.se == pytest.approx(variance**0.5, rel=1e-9)
    assert pooled.tau2 == pytest.approx(tau2, rel=1e-9, abs=1e-12)
    assert pooled.q == pytest.approx(q, rel=1e-9, abs=1e-9)
    assert pooled.p == pytest.approx(2 * norm.sf(abs(smd) / variance**0.5), rel=1e-7)
    assert pooled.i2 == pytest.approx(max(0.0, 100 * (1 - (k - 1) / q)) if q else 0, abs=1e-6)
    if k > 1:
        half = t.ppf(0.975, k - 1) * (spread / (k - 1)) ** 0.5
        assert pooled.hksj == pytest.approx((smd - half, smd + half), rel=1e-7, abs=1e-9)
    if k > 2:
        half = t.ppf(0.975, k - 2) * (tau2 + variance) ** 0.5
        assert pooled.prediction == pytest.approx((smd - half, smd + half), rel=1e-7, abs=1e-9)


@given(MANY)
def test_pooling_is_pymares(pairs):
    y, v = (np.array(values)[:, None] for values in zip(*pairs, strict=True))
    theirs = DerSimonianLaird(small_sample_correction="wald").fit_dataset(Dataset(y, v**2))
    stats = theirs.summary().get_fe_stats()

    pooled = pool(effects(*pairs))

    assert pooled.tau2 == pytest.approx(float(theirs.summary().tau2[0]), rel=1e-6, abs=1e-9)
    found = (pooled.smd, pooled.se, pooled.low, pooled.high, pooled.p)
    expected = [float(stats[name][0, 0]) for name in ("est", "se", "ci_l", "ci_u", "p")]
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-9)


@given(MANY)
@example([(0.2, 0.5), (0.21, 0.5), (0.19, 0.5)])
def test_pooling_is_that_of_statsmodels_where_its_tau2_is_not_below_zero(pairs):
    y, se = map(np.array, zip(*pairs, strict=True))
    with np.errstate(all="ignore"):  # theirs stumbles over its own tau2 below zero
        theirs = combine_effects(y, se**2, method_re="dl")

    pooled = pool(effects(*pairs))

    assert pooled.q == pytest.approx(theirs.q, rel=1e-7, abs=1e-9)
    assert pooled.tau2 == pytest.approx(max(0.0, theirs.tau2), rel=1e-6, abs=1e-9)
    if theirs.tau2 < 0:
        assert pooled.smd == pytest.approx(theirs.mean_effect_fe, rel=1e-6, abs=1e-9)
        assert pooled.se == pytest.approx(theirs.sd_eff_w_fe, rel=1e-6)
    else:
        frame = theirs.summary_frame(use_t=False)
        expected = frame.loc["random effect", ["eff", "ci_low", "ci_upp"]]
        assert (pooled.smd, pooled.low, pooled.high) == pytest.approx(
            tuple(expected), rel=1e-6, abs=1e-9
        )


@given(MANY)
def test_eggers_test_is_that_of_a_regression_program(pairs):
    y, se = map(np.array, zip(*pairs, strict=True))
    assume(np.ptp(se) > 0.01)
    line = linregress(1 / se, y / se)
    scatter = np.std(y / se - line.slope / se)
    assume(scatter > 1e-4 * abs(y / se).max())  # theirs works with 1 - r^2 and gets lost below

    expected = 2 * t.sf(abs(line.intercept / line.intercept_stderr), len(pairs) - 2)
    assert egger_p(list(y), list(se)) == pytest.approx(expected, rel=1e-4, abs=1e-7)

"""Three nested ranges around the mean change expected without a control group, in points.

The interval of the mean says how sure the mean is; the range of a new setting where the mean of
another clinic may lie (a scenario, for the paper prints no tau2); the range of patients where
single people may. All are 95 %, and none is a forecast.
"""

from dataclasses import dataclass
from math import hypot, sqrt

from scipy.special import stdtrit

from ipt_tracker.clinical.evidence.arm_distribution import change_spreads
from ipt_tracker.clinical.evidence.library import Z_95, Interval, Status

TAU2 = 0.10
"""Assumed: what effects that reproduce the printed summaries would have (I2 about 61 %)."""
PASSIVE_COMPARISONS = 6
"""Comparisons with a passive control, by the same fit; the paper does not list them."""
ARM_OF = {"CAPS-IV": "krupnick_2008", "CAPS-5": "proenca_2022"}
CARRIED_SHARE = 16.92 / 24.1
"""Spread of changes over the spread at the end on the CAPS-IV (Krupnick 2008; 31 trials)."""


@dataclass(frozen=True, slots=True)
class PatientSpread:
    """How far single patients' changes spread, as an SD in points, and where that comes from."""

    sd: float
    words: str
    status: Status
    source: str
    population: str


@dataclass(frozen=True, slots=True)
class Bands:
    """The three ranges, each holding the one before, around one expected mean."""

    mean: Interval
    setting: Interval
    patient: Interval
    spread: PatientSpread


def patient_spread(family: str, sd: float) -> PatientSpread:
    """Give the spread of single patients' changes on an instrument; `sd` is that of its scores."""
    if family in ARM_OF:
        known = change_spreads()[ARM_OF[family]]
        words = f"SD of changes {known.sd:g}, {known.arm.study}. {known.note}"
        return PatientSpread(known.sd, words, known.certainty, known.source, known.population)
    krupnick = change_spreads()["krupnick_2008"]
    value = CARRIED_SHARE * sd
    words = f"SD of changes {value:.1f}: 0.70 of the SD, as on the CAPS-IV (Krupnick 2008)"
    return PatientSpread(value, words, Status.CARRIED_OVER, krupnick.source, krupnick.population)


def bands(family: str, expected: Interval, sd: float) -> Bands:
    """Put the nested ranges around an expected mean change, in points at this SD.

    Setting: mean +/- t(k - 2) x sqrt(SE^2 + SD^2 tau2), k = 6 (Higgins 2009, J R Stat Soc A
    172:137). Patient: that half-width and 1.96 x the spread of changes, added in quadrature.
    """
    spread = patient_spread(family, sd)
    t = float(stdtrit(PASSIVE_COMPARISONS - 2, 0.975))
    setting = t * hypot(expected.standard_error, sd * sqrt(TAU2))
    patient = hypot(setting, Z_95 * spread.sd)
    return Bands(expected, _around(expected, setting), _around(expected, patient), spread)


def _around(expected: Interval, half: float) -> Interval:
    return Interval(expected.middle - half, expected.middle, expected.middle + half)

"""Trials for the pooling tests: the five sets of `tests/data/poolings.json`, and random ones."""

from math import log, pi, sqrt

from hypothesis import strategies as st

from ipt_tracker.clinical.evidence.arm_data import ArmData, hedges_g
from ipt_tracker.clinical.evidence.meta_analysis import StudyEffect


def effects(*pairs):
    """Make studies named A, B, C and so on from pairs of effect and standard error."""
    return [StudyEffect(chr(ord("A") + place), *pair) for place, pair in enumerate(pairs)]


def from_d(study, d, n_ipt, n_control):
    """Give a study of which only d and the sizes of the arms are printed."""
    return hedges_g(ArmData(study, d, 1.0, n_ipt, 0.0, 1.0, n_control))


def from_response(study, odds_ratio, g, se):
    """Give the study whose effect rests on response rates, after checking how it came about."""
    assert round(-log(odds_ratio) * sqrt(3) / pi, 2) == round(g, 2)
    return StudyEffect(study, g, se)


KRUPNICK = hedges_g(ArmData("Krupnick", -24.54, 16.92, 20, -5.78, 12.23, 7))
KRUPNICK_ALL = hedges_g(ArmData("Krupnick", -24.54, 16.92, 32, -5.78, 12.23, 16))
TALBOT = from_d("Talbot", -0.76, 37, 33)
GROTE = from_d("Grote", -0.40, 81, 83)
DUBERSTEIN = from_d("Duberstein", -0.35, 81, 81)
JIANG = from_d("Jiang", -1.01, 22, 19)
MARKOWITZ_PE = from_d("Markowitz vs PE", 5.5 / 28, 20, 38)
MARKOWITZ_RT = from_response("Markowitz vs RT", (25 / 15) / (12 / 20), -0.555, 0.325)
MEFFERT = from_d("Meffert", -2.52, 11, 11)
SCHAAL = from_d("Schaal(0)", 0.0, 14, 12)
ZLOTNICK = from_d("Zlotnick(0)", 0.0, 27, 27)

S1 = (KRUPNICK, TALBOT, GROTE, DUBERSTEIN)
S2 = (KRUPNICK, JIANG, MARKOWITZ_PE, MARKOWITZ_RT, MEFFERT, TALBOT, GROTE, DUBERSTEIN)
S3 = (*S2, SCHAAL, ZLOTNICK)
S4 = (
    *(KRUPNICK_ALL, StudyEffect("Jiang", -0.728, 0.324), StudyEffect("Talbot", -0.496, 0.243)),
    *(MARKOWITZ_PE, MARKOWITZ_RT, MEFFERT, GROTE, DUBERSTEIN, SCHAAL, ZLOTNICK),
)

_G = st.floats(-3, 3, allow_nan=False)
_SE = st.floats(0.01, 2)
MANY = st.lists(st.tuples(_G, _SE), min_size=3, max_size=12)
SOME = st.lists(st.tuples(_G, _SE), min_size=1, max_size=12)

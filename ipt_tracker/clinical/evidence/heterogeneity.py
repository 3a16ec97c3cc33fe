"""How much trials differ, in words. The bands of I2 overlap, so one value may lie in two.

Source of the bands: Cochrane Handbook for Systematic Reviews of Interventions, 10.10.2.
"""

_BANDS = ((0, 40, "small"), (30, 60, "moderate"), (50, 90, "substantial"), (75, 100, "very large"))
OVERLAP = (
    "The bands of I² overlap on purpose: small 0 to 40 %, moderate 30 to 60 %, "
    "substantial 50 to 90 %, very large 75 to 100 %."
)
_FEW = 4


def i2_words(i2: float, k: int) -> str:
    """Put I2 (percent) of `k` trials in words: each band that it lies in."""
    if k == 1:
        return "one trial alone shows no differences between trials"
    named = [name for low, high, name in _BANDS if low <= i2 <= high]
    words = f"{' or '.join(named)} differences between the trials"
    return words if k > _FEW else f"{words}, very uncertain with {k} trials"

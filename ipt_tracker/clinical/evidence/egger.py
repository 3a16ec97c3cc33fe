"""Egger's test: whether small trials show other effects than large ones.

Source: Egger, Davey Smith, Schneider & Minder 1997, BMJ 315:629-634.
"""

from collections.abc import Sequence
from math import fsum, sqrt

from scipy.special import stdtr

FEWEST = 3
ENOUGH = 10
LOW_K = (
    f"Egger's test says little with fewer than {ENOUGH} trials: "
    "a large p is no sign that nothing is missing."
)
_ROUNDING = 1e-13  # scatter below this share of the largest value is rounding of the machine


def egger_p(effects: Sequence[float], errors: Sequence[float]) -> float | None:
    """Two-sided p of the intercept when effect / SE is regressed on 1 / SE, t with k - 2.

    None below three trials, when all standard errors are equal (no line can be laid), and when
    the points lie on the line (no scatter to test against).
    """
    k = len(effects)
    if k < FEWEST:
        return None
    across = [1 / error for error in errors]
    up = [effect / error for effect, error in zip(effects, errors, strict=True)]
    centre = fsum(across) / k
    spread = fsum((x - centre) ** 2 for x in across)
    if sqrt(spread / k) <= _ROUNDING * centre:
        return None
    middle = fsum(up) / k
    slope = fsum((x - centre) * (y - middle) for x, y in zip(across, up, strict=True)) / spread
    scatter = _scatter(across, up, slope, centre, middle)
    if sqrt(scatter / k) <= _ROUNDING * max(map(abs, up)):
        return None
    error = sqrt(scatter / (k - 2) * (1 / k + centre**2 / spread))
    return float(2 * stdtr(k - 2, -abs(middle - slope * centre) / error))


def _scatter(
    across: Sequence[float], up: Sequence[float], slope: float, centre: float, middle: float
) -> float:
    points = zip(across, up, strict=True)
    return fsum((y - middle - slope * (x - centre)) ** 2 for x, y in points)

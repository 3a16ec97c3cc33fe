"""The rendered pixels, seen in grey and with the two usual deficiencies of colour vision.

The simulation is the linear one of Machado, Oliveira and Fernandes (2009) at full severity.
"""

import io
from functools import lru_cache

import numpy as np
import pytest
from PIL import Image

from ipt_tracker.charts import export
from ipt_tracker.charts.style import BLUE, INK, LINE, VERMILLION, WHITE
from tests.unit.charts import rating_cases
from tests.unit.charts.cases import CASES, amended, crowded

SEEN = {
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "everybody": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
}
XYZ = np.array(((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505)))
APART = 20.0
"""Of CIELAB: about 2 can just be told apart side by side."""
SAME = 24
"""How far a pixel may be from the colour of a mark: lines are softened at their edges."""


@lru_cache
def pixels(which, dpi=150):
    made = {"crowded": crowded, "amended": lambda: amended(12)}[which]()
    return np.asarray(Image.open(io.BytesIO(export.png(made, dpi))).convert("RGB"), float)


def marks(which, color):
    """Give the pixels of the picture that have the colour of a mark."""
    wanted = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)])
    flat = pixels(which).reshape(-1, 3)
    return flat[np.abs(flat - wanted).max(axis=1) <= SAME]


def linear(colors):
    share = colors / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def lab(colors, how):
    """Give what is seen of colours, in a space where distance is difference."""
    seen = np.clip(linear(colors) @ np.array(SEEN[how]).T, 0, 1)
    share = seen @ XYZ.T / XYZ.sum(axis=1)
    bent = np.where(share > 0.008856, np.cbrt(share), 7.787 * share + 16 / 116)
    x, y, z = np.moveaxis(bent, -1, 0)
    return np.stack((116 * y - 16, 500 * (x - y), 200 * (y - z)), axis=-1)


def luminance(colors):
    return float((linear(colors) @ XYZ[1]).mean())


@pytest.mark.parametrize("how", SEEN)
@pytest.mark.parametrize(
    ("which", "one", "other"),
    [
        ("crowded", BLUE, INK),
        ("crowded", BLUE, LINE),
        ("crowded", BLUE, WHITE),
        ("crowded", INK, WHITE),
        ("amended", BLUE, VERMILLION),
        ("amended", INK, VERMILLION),
        ("amended", VERMILLION, WHITE),
    ],
)
def test_the_patients_line_the_thresholds_and_the_marks_are_told_apart(how, which, one, other):
    first, second = (lab(marks(which, color), how).mean(axis=0) for color in (one, other))

    assert np.linalg.norm(first - second) >= APART


@pytest.mark.parametrize(
    ("which", "one", "other"),
    [("crowded", BLUE, INK), ("crowded", BLUE, WHITE), ("amended", VERMILLION, WHITE)],
)
def test_in_grey_they_differ_three_to_one(which, one, other):
    dark, light = sorted(luminance(marks(which, color)) for color in (one, other))

    assert (light + 0.05) / (dark + 0.05) >= 3


@pytest.mark.parametrize("dpi", [150, 300])
@pytest.mark.parametrize("name", ["crowded", "long texts", "course, with scores", "xmr, forty"])
def test_nothing_that_is_rendered_touches_the_edge_of_the_page(name, dpi):
    data = CASES[name]() if name in CASES else rating_cases.CASES[name]
    image = np.asarray(Image.open(io.BytesIO(export.png(data, dpi))).convert("L"))
    free = round(2 * dpi / 72)

    for edge in (image[:free], image[-free:], image[:, :free], image[:, -free:]):
        assert edge.min() == 255

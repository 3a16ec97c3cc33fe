"""Drawing the pictures of ratings, and reading what stands in them."""

from functools import lru_cache

from matplotlib.collections import LineCollection

from ipt_tracker.charts import bland_altman, course_fidelity, coverage, domains, xmr
from tests.unit.charts import rating_cases as cases
from tests.unit.charts.ink import ink

DRAW = {
    "xmr": xmr.draw,
    "agreement": bland_altman.draw,
    "domains": domains.draw,
    "coverage": coverage.draw,
    "course": course_fidelity.draw,
}


@lru_cache
def drawn(name):
    return DRAW[name.partition(",")[0]](cases.CASES[name])


def texts(page):
    return [text for text, *_ in ink(page)]


def levels(page, panel=0):
    """Give the heights of the straight lines across one panel."""
    lines = page.axes[panel].findobj(LineCollection)
    return sorted(
        {round(s[0][1], 3) for line in lines for s in line.get_segments() if s[0][1] == s[1][1]}
    )

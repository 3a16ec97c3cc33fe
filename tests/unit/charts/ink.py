"""Where the texts of a picture lie, measured apart from the code that placed them."""

from functools import lru_cache
from itertools import combinations
from math import hypot

from matplotlib.lines import Line2D
from matplotlib.textpath import TextPath

from ipt_tracker.charts.style import WIDTH, Face
from ipt_tracker.charts.typeset import Label, font, outlined

REACH = {
    "o": (hypot, 0.5),
    "s": (max, 0.5),
    "+": (max, 0.5),
    "D": (lambda across, up: across + up, 0.71),
}
"""Of each shape how far it is from a text, and how far it reaches, as a share of its size."""


@lru_cache(maxsize=4096)
def _outline(text, size, bold):
    """Measure one line as it is drawn: with a substitute for what the font lacks."""
    prop = font(Face(size, bold))
    return TextPath((0, 0), outlined(text, bold=bold), prop=prop).get_extents()


@lru_cache
def ink(page):
    """Give each text with the outlines of its letters: left, low, right, high."""
    out = []
    for label in page.findobj(Label):
        box = _outline(label.get_text(), label.get_fontsize(), label.get_fontweight() == "bold")
        x, y = label.get_position()
        left = x - {"left": 0, "center": 0.5, "right": 1}[label.get_ha()] * box.x1
        out.append((label.get_text(), left + box.x0, y + box.y0, left + box.x1, y + box.y1))
    return out


def overlapping(page):
    """Name the pairs of texts that lie on each other."""

    def overlap(a, b):
        return a[1] < b[3] and b[1] < a[3] and a[2] < b[4] and b[2] < a[4]

    return [(a[0], b[0]) for a, b in combinations(ink(page), 2) if overlap(a, b)]


def outside(page):
    """Name the texts that leave the page or touch its edge."""
    return [
        text
        for text, left, low, right, high in ink(page)
        if left < 4 or right > WIDTH - 2 or low < 3 or high > page.high - 3
    ]


def hidden(page):
    """Name the texts that a mark touches, each with the mark's shape."""
    out = []
    for line in page.findobj(Line2D):
        if line.get_marker() in REACH and line.get_alpha() != 0:
            touches, reach = REACH[line.get_marker()]
            radius = reach * line.get_markersize() + line.get_markeredgewidth() / 2
            places = line.get_transform().transform(line.get_xydata()) * 72 / page.dpi
            for x, y in places:
                for text, left, low, right, high in ink(page):
                    away = max(left - x, 0, x - right), max(low - y, 0, y - high)
                    if touches(*away) < radius:
                        out.append((text, line.get_marker()))
    return out

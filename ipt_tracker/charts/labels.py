"""Choose the place of a direct label that hides least, and leave it out where none is free."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

import numpy as np
from matplotlib.patches import Rectangle

from ipt_tracker.charts.page import Panel
from ipt_tracker.charts.style import LEFT, PANEL, PLAIN, WHITE, Face
from ipt_tracker.charts.typeset import width

ASCENT, DESCENT = 6.5, 0.5  # of digits, in points
AIR = 2.0  # kept free around a label
SAMPLED = 3.0  # points between two samples of a line
UNDER_DATA = 3.0  # drawing order of the white ground: over the grid, under lines and marks

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Side:
    ha: str
    dx: float
    dy: float  # baseline below the point


SIDES = (
    Side("center", 0, -7),
    Side("center", 0, 14),
    Side("left", 6, 3.2),
    Side("right", -6, 3.2),
    Side("left", 4, -5),
    Side("right", -4, -5),
    Side("left", 4, 12),
    Side("right", -4, 12),
    Side("center", 0, -15),
    Side("center", 0, 22),
)
BESIDE = tuple(s for s in SIDES if s.ha != "center")


@dataclass(frozen=True, slots=True)
class Tag:
    """A text that belongs to a point, given in page points."""

    x: float
    y: float
    text: str
    face: Face = PLAIN
    clear: float = 0.0  # extra distance sideways, for a point inside a larger mark


def _box(tag: Tag, side: Side) -> Box:
    wide = width(tag.text, tag.face)
    shift = {"left": 0.0, "center": -wide / 2, "right": -wide}[side.ha]
    push = tag.clear * ((side.ha == "left") - (side.ha == "right"))
    left, base = tag.x + side.dx + shift + push, tag.y + side.dy
    return left, base - ASCENT, left + wide, base + DESCENT


def _touch(a: Box, b: Box) -> bool:
    return a[0] < b[2] + AIR and a[2] > b[0] - AIR and a[1] < b[3] + 1 and a[3] > b[1] - 1


@dataclass(slots=True, eq=False)
class Placer:
    """Obstacles of one panel: sampled lines, and the labels that are already placed."""

    panel: Panel
    boxes: list[Box] = field(default_factory=list)
    dots: list[tuple[float, float, float]] = field(default_factory=list)
    right: float = LEFT + PANEL  # where a panel wider than usual ends
    _seen: tuple[int, np.ndarray] = (-1, np.empty((0, 3)))

    def avoid(self, line: Sequence[tuple[float, float]], weight: float) -> None:
        """A polyline in page points. Reference lines weigh less than data."""
        self.dots += [(x, y, weight) for x, y in line]
        for (ax, ay), (bx, by) in pairwise(line):
            n = int(max(abs(bx - ax), abs(by - ay)) / SAMPLED)
            self.dots += [
                (ax + (bx - ax) * i / n, ay + (by - ay) * i / n, weight) for i in range(1, n)
            ]

    def _hidden(self, box: Box) -> float:
        """How much of the drawing a label would cover."""
        if self._seen[0] != len(self.dots):
            self._seen = len(self.dots), np.array(self.dots or np.empty((0, 3)))
        x, y, weight = self._seen[1].T
        left, top, right, bottom = box
        inside = (x > left - AIR) & (x < right + AIR) & (y > top - AIR) & (y < bottom + AIR)
        return float(weight[inside].sum())

    def _free(self, box: Box) -> bool:
        left, top, right, bottom = box
        within = left > LEFT - 1 and right < self.right + AIR
        within = within and top > self.panel.top and bottom < self.panel.foot - 1
        return within and not any(_touch(box, other) for other in self.boxes)

    def put(self, tag: Tag, sides: Sequence[Side] = SIDES, most: float = inf) -> bool:
        """Set the label at its best free place; False where it would hide more than `most`."""
        free = [s for s in sides if self._free(_box(tag, s))]
        if not free:
            return False
        side = min(free, key=lambda s: self._hidden(_box(tag, s)) + 0.7 * sides.index(s))
        box = _box(tag, side)
        hidden = self._hidden(box)
        if hidden > most:
            return False
        self.boxes.append(box)
        if hidden:
            self._ground(box)
        self.panel.page.put(box[0], tag.y + side.dy, tag.text, tag.face)
        return True

    def _ground(self, box: Box) -> None:
        """White behind the digits, so that grid and reference lines do not run through them."""
        page, (left, top, right, bottom) = self.panel.page, box
        corner = (left - 1, page.high - bottom - 1)
        patch = Rectangle(corner, right - left + 2, bottom - top + 2, transform=page.points)
        patch.set(fc=WHITE, ec="none", alpha=0.85, zorder=UNDER_DATA)
        self.panel.axes.add_patch(patch)

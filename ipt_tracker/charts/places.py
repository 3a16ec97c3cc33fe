"""Where people stand in the closeness circle: in their ring, no name on another.

Every person is tried at many angles, distances within the ring and sides of the mark; the nearest
free place to the wished angle is taken. All in points from the upper left corner of the drawing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi, sqrt

import numpy as np

from ipt_tracker.charts.style import MARGIN, WIDTH
from ipt_tracker.charts.typeset import width

CENTRE = WIDTH / 2
HALF = 214.0  # half the height of the drawing
OUTER = 176.0  # radius of the outermost circle
LOST = 4
RADII = (62.0, 119.0, OUTER)
ANGLES, DISTANCES = 72, 5
MARK, GAP = 4.2, 3.0  # half a mark with its edge; from a mark to its name
ASCENT, DESCENT, AIR = 7.0, 2.2, 1.4
OWN_ROOM, EMPTY_ROOM = 900.0, 9000.0  # square points for a person, and for a ring without one
TRIES = ((False, 84.0), (True, 84.0), (True, 60.0), (True, 42.0))
"""Whether the circles follow the number of people, and how long a name may be."""
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
TURNED, CROSSED, DRIFTED, ASIDE = 0.1, 1.2, 0.25, 0.3
"""What a degree away costs, a circle under a name, a step from the middle, another side."""

OUTSIDE, INSIDE, BELOW, ABOVE = SIDES = range(4)
"""Where the name stands, seen from the mark, the best first."""

Boxes = np.ndarray  # rows of left, top, right, bottom
Named = tuple[str, int, str]  # name, ring, relation


@dataclass(frozen=True, slots=True)
class Place:
    """A person's mark, and where their name begins."""

    ring: int
    text: str
    x: float
    y: float
    left: float
    base: float
    is_crossed: bool  # whether a circle runs behind the name


@dataclass(frozen=True, slots=True)
class Placed:
    places: tuple[Place, ...]
    radii: tuple[float, ...]


def placed(people: Sequence[Named], centre_width: float) -> Placed:
    """The first way of placing that leaves nobody out, or else the one that leaves out fewest."""
    best = Placed((), RADII)
    for fitted, longest in TRIES:
        radii = fitted_radii([ring for _, ring, _ in people]) if fitted else RADII
        found = _Board(radii, centre_width).fill(people, longest)
        if len(found) == len(people):
            return Placed(found, radii)
        if len(found) > len(best.places):
            best = Placed(found, radii)
    return best


def fitted_radii(rings: Sequence[int]) -> tuple[float, ...]:
    """Circles that give each ring room for its people."""
    rooms = [EMPTY_ROOM + OWN_ROOM * rings.count(ring) for ring in range(1, LOST)]
    total, radii, used = sum(rooms), [], 0.0
    for room in rooms:
        used += room
        radii.append(OUTER * sqrt(used / total))
    return tuple(radii)


def cut(name: str, longest: float) -> str:
    """The name, or its beginning with an ellipsis where it is too long."""
    if width(name) <= longest:
        return name
    kept = name
    while kept and width(kept + ELLIPSIS) > longest:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS


def wished(people: Sequence[Named]) -> list[float]:
    """An angle for each person, evenly round the circle, relations together, from the top."""
    order = sorted(range(len(people)), key=lambda i: (people[i][2].casefold(), people[i][1], i))
    angles = [0.0] * len(people)
    for place, i in enumerate(order):
        angles[i] = 2 * pi * (place + 0.5) / len(people) - pi / 2
    return angles


class _Board:
    """The drawing while it fills."""

    def __init__(self, radii: Sequence[float], centre_width: float) -> None:
        self.radii = radii
        half = centre_width / 2 + 3
        self.taken = [(CENTRE - half, HALF - 8, CENTRE + half, HALF + 6)]
        for radius, name in zip((*radii, OUTER + 14), _NAMES, strict=True):
            half, top = width(name) / 2 + 2, HALF - radius + 10
            self.taken.append((CENTRE - half, top - ASCENT, CENTRE + half, top + DESCENT))

    def fill(self, people: Sequence[Named], longest: float) -> tuple[Place, ...]:
        """Everybody who finds a place, the narrow inner rings first."""
        angles, found = wished(people), {}
        for i in sorted(range(len(people)), key=lambda i: (people[i][1], i)):
            name, ring, _ = people[i]
            place = self._place(ring, cut(name, longest), angles[i])
            if place is not None:
                found[i] = place
        return tuple(found[i] for i in sorted(found))

    def _place(self, ring: int, text: str, angle: float) -> Place | None:
        xs, ys, costs = self._spots(ring, angle)
        wide = width(text)
        tries = [self._side(side, xs, ys, wide, costs) for side in SIDES]
        boxes = np.concatenate([box for box, _ in tries])
        crossed = self._crossed(boxes)
        cost = np.concatenate([c for _, c in tries]) + CROSSED * crossed
        marks = np.column_stack((xs - MARK, ys - MARK, xs + MARK, ys + MARK))
        free = self._free(boxes) & np.tile(self._free(marks), len(SIDES))
        if not free.any():
            return None
        best = int(np.flatnonzero(free)[np.argmin(cost[free])])
        spot = best % len(xs)
        x, y = float(xs[spot]), float(ys[spot])
        left, _, right, bottom = (float(v) for v in boxes[best])
        self.taken += [(left, bottom - ASCENT - DESCENT, right, bottom)]
        self.taken += [(x - MARK, y - MARK, x + MARK, y + MARK)]
        return Place(ring, text, x, y, left, bottom - DESCENT, bool(crossed[best]))

    def _spots(self, ring: int, angle: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Every place for the mark, and what it costs to go there."""
        turns = np.arange(ANGLES) * 2 * pi / ANGLES
        away = np.degrees(np.minimum(turns, 2 * pi - turns))
        if ring == LOST:
            steps = OUTER + np.array([12.0, 24.0, 40.0, 58.0, 76.0, 96.0])
            drift = np.arange(len(steps))
        else:
            inner = self.radii[ring - 2] if ring > 1 else 14.0
            steps = np.linspace(inner + 8, self.radii[ring - 1] - 8, DISTANCES)
            drift = np.abs(np.arange(DISTANCES) - DISTANCES // 2)
        angles = (angle + turns)[:, None]
        xs = (CENTRE + steps * np.cos(angles)).ravel()
        ys = (HALF + steps * np.sin(angles)).ravel()
        costs = (TURNED * away[:, None] + DRIFTED * drift).ravel()
        return xs, ys, costs

    def _side(
        self, side: int, xs: np.ndarray, ys: np.ndarray, wide: float, costs: np.ndarray
    ) -> tuple[Boxes, np.ndarray]:
        """The name outside, inside, below or above the mark."""
        if side in {OUTSIDE, INSIDE}:
            to_the_right = (xs >= CENTRE) == (side == OUTSIDE)
            left = np.where(to_the_right, xs + MARK + GAP, xs - MARK - GAP - wide)
            base = ys + 2.9
        else:
            left = xs - wide / 2
            below = side == BELOW
            base = ys + (MARK + ASCENT + 1.5 if below else -MARK - DESCENT - 1)
        boxes = np.column_stack((left, base - ASCENT, left + wide, base + DESCENT))
        return boxes, costs + ASIDE * side

    def _free(self, boxes: Boxes) -> np.ndarray:
        inside = (boxes[:, 0] > MARGIN) & (boxes[:, 2] < WIDTH - MARGIN)
        inside &= (boxes[:, 1] > AIR) & (boxes[:, 3] < 2 * HALF - AIR)
        taken = np.array(self.taken)
        touch = (boxes[:, None, 0] < taken[:, 2] + AIR) & (boxes[:, None, 2] > taken[:, 0] - AIR)
        touch &= (boxes[:, None, 1] < taken[:, 3] + AIR) & (boxes[:, None, 3] > taken[:, 1] - AIR)
        return inside & ~touch.any(axis=1)

    def _crossed(self, boxes: Boxes) -> np.ndarray:
        """How many circles run behind each name."""
        left, top, right, bottom = (boxes - (CENTRE, HALF, CENTRE, HALF)).T
        near_x = np.maximum(np.maximum(left, -right), 0)
        near_y = np.maximum(np.maximum(top, -bottom), 0)
        near = np.hypot(near_x, near_y)
        far = np.hypot(np.maximum(-left, right), np.maximum(-top, bottom))
        return np.asarray(sum((near < radius) & (radius < far) for radius in self.radii))


_NAMES = ("Closest", "Close", "Further away", "Lost or out of touch")

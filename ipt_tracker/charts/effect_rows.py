"""Rows of words, marks and numbers on one axis: what forest and within-group pictures share."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from matplotlib.collections import LineCollection, PolyCollection

from ipt_tracker.charts import plain
from ipt_tracker.charts.page import Chart, Panel, Surround
from ipt_tracker.charts.scales import crowded
from ipt_tracker.charts.style import INK, LINE, MARGIN, MUTED, NAME, PLAIN, RULE, WIDTH, Face
from ipt_tracker.charts.typeset import KEPT_FREE, width, wrap

LINE_STEP, ROOMY, TIGHT = 9.6, 5.0, 1.6
"""From baseline to baseline inside a row, and the air between two rows, many rows or few."""
MANY = 30
NAMES, NUMBERS, NOTES = (92.0, 156.0), 104.0, 82.0
"""Columns: least and most of the names, the numbers, most of the notes."""
BETWEEN = 9.0
HEADS, BELOW = 15.0, 30.0
HALF = 4.2
"""Half the height of a lozenge."""
FARTHEST, TAIL = 4.0, 1.0
"""Where an axis ends at last, and how far beyond the estimates it follows an interval."""

Interval = tuple[float, float]


def needed(text: str, face: Face = PLAIN, indent: float = 0.0) -> float:
    """The width of a column in which a text stays in one line."""
    return width(text, face) / KEPT_FREE + 1 + indent


def number(value: float) -> str:
    """Two decimals with a true minus, and no minus before zero."""
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "\N{MINUS SIGN}")


def numbers(estimate: float, ends: Interval | None) -> str:
    """An estimate and its interval as printed beside a row."""
    if ends is None:
        return f"{number(estimate)}, no interval"
    return f"{number(estimate)} ({number(ends[0])} to {number(ends[1])})"


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns stand, in points of the page."""

    names: float
    left: float
    right: float
    notes: float

    @property
    def numbers(self) -> float:
        """The left edge of the numbers."""
        return self.right + BETWEEN

    @property
    def note_left(self) -> float:
        """The left edge of the notes."""
        return WIDTH - MARGIN - self.notes


def columns(names: Sequence[float], notes: Sequence[str]) -> Columns:
    """Names as wide as they need within bounds, notes only where there are some."""
    name = min(max([NAMES[0], *names]), NAMES[1])
    note = min(max((needed(text) for text in notes if text), default=0.0), NOTES)
    note = note if any(notes) else 0.0
    right = WIDTH - MARGIN - NUMBERS - BETWEEN - (note + BETWEEN if note else 0.0)
    return Columns(name, MARGIN + name + BETWEEN, right, note)


def axis(estimates: Sequence[float], ends: Sequence[Interval], least: Interval) -> Interval:
    """From half to half: every estimate, and intervals as far as they do not dwarf the rest."""
    low, high = min([least[0], *estimates]), max([least[1], *estimates])
    low = min([low, *(max(a, low - TAIL) for a, _ in ends)])
    high = max([high, *(min(b, high + TAIL) for _, b in ends)])
    low, high = max(low, -FARTHEST), min(high, FARTHEST)
    return floor(2 * low - 0.1) / 2, ceil(2 * high + 0.1) / 2


def ticks(panel: Panel, ends: Interval) -> list[float]:
    """Halves where their numbers keep apart, else the first rounder step that does."""
    for step in (0.5, 1.0, 2.0, 5.0, 10.0, 20.0):
        first, last = ceil(ends[0] / step), floor(ends[1] / step)
        at = [step * i for i in range(first, last + 1)]
        if not crowded((panel.time.across(tick), named(tick)) for tick in at):
            break
    return at


def named(tick: float) -> str:
    """A number of the axis with a true minus."""
    return f"{tick:g}".replace("-", "\N{MINUS SIGN}")


def draw_axis(panel: Panel, ends: Interval, base: float) -> None:
    """Light lines and numbers, and a firm line at no difference or no change."""
    at = ticks(panel, ends)
    panel.axes.vlines(at, *panel.ylim, colors=RULE, lw=0.5, zorder=0.5)
    panel.axes.vlines([0.0], *panel.ylim, colors=INK, lw=0.9, zorder=1)
    for tick in at:
        panel.page.put(panel.time.across(tick), base, named(tick), MUTED, "center")


def lines(page: Chart, texts: Sequence[str], x: float, base: float, face: Face) -> None:
    """Lines of one text below each other."""
    for i, line in enumerate(texts):
        page.put(x, base + LINE_STEP * i, line, face)


def fitted(text: str, room: float, face: Face) -> tuple[str, ...]:
    """The lines of a text, none where it is empty."""
    return wrap(text, room, face) if text else ()


@dataclass(slots=True, eq=False)
class Ink:
    """Lines, lozenges and arrows of all rows, gathered and drawn in few artists."""

    panel: Panel
    ends: Interval

    def inside(self, at: float) -> bool:
        """Whether a value lies on the axis."""
        return self.ends[0] <= at <= self.ends[1]

    def _shown(self, interval: Interval) -> Interval:
        low, high = (min(max(at, self.ends[0]), self.ends[1]) for at in interval)
        return low, high

    def bars(self, rows: Sequence[tuple[Interval, float]], color: str = INK) -> None:
        """Intervals as lines, cut at the ends of the axis."""
        cut = [((low, y), (high, y)) for ends, y in rows for low, high in [self._shown(ends)]]
        self._strokes(cut, color, 1.3)
        self._arrows(rows, color)

    def broken(self, rows: Sequence[tuple[Interval, float]]) -> None:
        """Intervals that nobody printed: broken grey lines with ends."""
        cut = [((low, y), (high, y)) for ends, y in rows for low, high in [self._shown(ends)]]
        self._strokes(cut, LINE, 1.2, plain.DASHED)
        stops = [(at, y) for ends, y in rows for at in ends if self.inside(at)]
        self._strokes([((x, y - 3), (x, y + 3)) for x, y in stops], LINE, 1.2)
        self._arrows(rows, LINE)

    def lozenges(self, rows: Sequence[tuple[float, Interval, float]], face: str) -> None:
        """Pooled effects: as wide as the interval, highest at the estimate."""
        seen = [row for row in rows if row[1][1] > self.ends[0] and row[1][0] < self.ends[1]]
        corners = [self._corners(*row) for row in seen]
        if corners:
            drawn = PolyCollection(corners, facecolors=face, edgecolors=INK, linewidths=1.0)
            drawn.set(zorder=4, clip_on=False)
            self.panel.axes.add_collection(drawn, autolim=False)
        self._arrows([(ends, y) for _, ends, y in rows], INK)

    def _corners(self, middle: float, ends: Interval, y: float) -> list[tuple[float, float]]:
        low, high = self._shown(ends)
        xs = [low, *([middle] if low < middle < high else []), high]
        tall = [_height(x, middle, ends) for x in xs]
        above = [(x, y - t) for x, t in zip(xs, tall, strict=True)]
        below = [(x, y + t) for x, t in zip(xs, tall, strict=True)]
        return above + below[::-1]

    def _strokes(
        self,
        some: Sequence[tuple[tuple[float, float], tuple[float, float]]],
        color: str,
        wide: float,
        dashes: plain.Dashes = plain.FIRM,
    ) -> None:
        if some:
            drawn = LineCollection(some, colors=color, linewidths=wide, linestyles=dashes)
            drawn.set(zorder=3, clip_on=False)
            self.panel.axes.add_collection(drawn, autolim=False)

    def _arrows(self, rows: Sequence[tuple[Interval, float]], color: str) -> None:
        """Where an interval goes on beyond the axis."""
        left = [y for (low, _), y in rows if low < self.ends[0]]
        right = [y for (_, high), y in rows if high > self.ends[1]]
        for at, ys, shape in ((self.ends[0], left, "<"), (self.ends[1], right, ">")):
            look = plain.Look(shape, color, color, 4.5)
            if ys:
                plain.dots(self.panel, [at] * len(ys), ys, look)


def _height(x: float, middle: float, ends: Interval) -> float:
    edge = ends[0] if x < middle else ends[1]
    return HALF if x == middle else HALF * (edge - x) / (edge - middle)


def directions(panel: Panel, base: float, words: tuple[str, str]) -> None:
    """What lies on either side of zero, kept apart and on the page."""
    zero = panel.time.across(0.0)
    left, right = f"\N{LEFTWARDS ARROW} {words[0]}", f"{words[1]} \N{RIGHTWARDS ARROW}"
    panel.page.put(zero - 6, base, left, MUTED, "right")
    panel.page.put(zero + 6, base, right, MUTED)


def stacked(values: Sequence[float], apart: float) -> tuple[tuple[float, int], ...]:
    """Each value with the first level on which it touches no other."""
    last: list[float] = []
    out = []
    for value in values:
        level = next((i for i, at in enumerate(last) if value - at >= apart), len(last))
        last[level : level + 1] = [value]
        out.append((value, level))
    return tuple(out)


def opened(
    around: Surround, made: Columns, ends: Interval, tall: float, heads: tuple[str, str]
) -> Panel:
    """A page with an empty panel for the rows, its axis, and what stands above the columns.

    Heights in the panel are points below its top.
    """
    said = wrap(heads[0], made.numbers - BETWEEN - MARGIN, NAME)
    above = HEADS + LINE_STEP * (len(said) - 1)
    page = Chart(above + tall + BELOW, around)
    scale = plain.between(made.left, made.right, ends)
    panel = page.panel(page.head + above, tall, scale, (tall, 0.0))
    lines(page, said, MARGIN, page.head + 11, NAME)
    page.put(made.numbers, page.head + 11, heads[1], MUTED)
    draw_axis(panel, ends, panel.foot + 11)
    return panel

"""The page around a drawing: title and verdict above, key and provenance below.

All layout is in points from the top left. Axes are created with their axis switched off and ticks
are drawn as text and one line collection: a default Axis costs about 15 ms, this about 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import Affine2D

from ipt_tracker.charts.scales import TimeScale
from ipt_tracker.charts.style import (
    BODY,
    INK,
    INSIDE,
    LEADING,
    LEFT,
    LINE,
    MARGIN,
    MUTED,
    PANEL,
    PLAIN,
    STRONG,
    TITLE,
    WHITE,
    WIDTH,
    Face,
)
from ipt_tracker.charts.typeset import Label, clean, font, wrap

SYMBOL, GUTTER = 13.0, 14.0  # room for an entry's symbol; between two columns of the key
TITLE_STEP, VERDICT_STEP = 13.5, 12.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One explanation below the drawing, with a hanging indent when it has a symbol."""

    symbol: str
    text: str


@dataclass(frozen=True, slots=True)
class Surround:
    """The words around a drawing. A key of two lists prefers one column for each."""

    title: str
    verdict: str
    foot: tuple[str, ...]
    key: tuple[tuple[Entry, ...], tuple[Entry, ...]] = ((), ())


Row = tuple[str, str]  # symbol on an entry's first line, one line of text


def _rows(entry: Entry, column: float) -> list[Row]:
    lines = wrap(entry.text, column - (SYMBOL if entry.symbol else 0))
    # A non-breaking space keeps the hanging indent of the lines that follow.
    marks = [entry.symbol] + ["\N{NO-BREAK SPACE}" if entry.symbol else ""] * (len(lines) - 1)
    return list(zip(marks, lines, strict=True)) if lines else []


def columns(key: tuple[tuple[Entry, ...], tuple[Entry, ...]]) -> tuple[list[Row], list[Row]]:
    """Two columns of about the same height, cut between the two lists if that costs little."""
    blocks = [_rows(entry, (INSIDE - GUTTER) / 2) for part in key for entry in part]
    heights = [0, *accumulate(len(b) for b in blocks)]
    tall = [max(h, heights[-1] - h) for h in heights]
    cut = min(range(len(tall)), key=lambda i: (tall[i], -i))
    border = len(key[0])
    if key[1] and tall[border] <= tall[cut] + 4:
        cut = border
    return [r for b in blocks[:cut] for r in b], [r for b in blocks[cut:] for r in b]


class Chart(Figure):
    """A Figure measured in points from the top left, with its hover titles and its words."""

    def __init__(self, body: float, around: Surround) -> None:
        titles = wrap(around.title, INSIDE, TITLE)
        said = wrap(around.verdict, INSIDE, BODY)
        foot = [line for text in around.foot for line in wrap(text, INSIDE)]
        key = columns(around.key)
        rows = max(len(column) for column in key)
        self.head = 8 + TITLE_STEP * len(titles) + VERDICT_STEP * len(said)
        below = self.head + body
        self.high = below + LEADING * (rows + len(foot)) + (18 if rows else 16)
        super().__init__(figsize=(WIDTH / 72, self.high / 72), facecolor=WHITE)
        self.points = Affine2D().scale(1 / 72) + self.dpi_scale_trans
        self.hover: dict[str, tuple[str, ...]] = {}
        self.targets: list[Line2D] = []
        self._masthead(titles, said)
        self._key(key, below + 12)
        self._footer(foot, below + LEADING * rows + (8 if rows else 6))

    def _masthead(self, titles: Sequence[str], said: Sequence[str]) -> None:
        for i, line in enumerate(titles):
            self.put(MARGIN, 15 + TITLE_STEP * i, line, TITLE)
        for i, line in enumerate(said):
            self.put(MARGIN, 15.5 + TITLE_STEP * len(titles) + VERDICT_STEP * i, line, BODY)

    def _key(self, key: tuple[list[Row], list[Row]], top: float) -> None:
        for left, rows in zip((MARGIN, MARGIN + (INSIDE + GUTTER) / 2), key, strict=True):
            for i, (symbol, line) in enumerate(rows):
                at = top + LEADING * i
                if symbol.strip():
                    self.put(left + 5, at, symbol, STRONG if symbol.isalpha() else PLAIN, "center")
                self.put(left + (SYMBOL if symbol else 0), at, line)

    def _footer(self, lines: Sequence[str], top: float) -> None:
        self.strokes([((MARGIN, top), (WIDTH - MARGIN, top))])
        for i, line in enumerate(lines):
            self.put(MARGIN, top + 11 + LEADING * i, line, MUTED)

    def put(self, x: float, top: float, text: str, face: Face = PLAIN, ha: str = "left") -> None:
        """One line of text with its baseline `top` points below the upper edge."""
        if not text:
            return
        label = Label(x, self.high - top, clean(text), parse_math=False)
        label.set(fontproperties=font(face), color=face.color, ha=ha, transform=self.points)
        self.add_artist(label)

    def strokes(
        self,
        lines: Sequence[tuple[tuple[float, float], tuple[float, float]]],
        width: float = 0.6,
        color: str = LINE,
    ) -> None:
        """Straight lines between points given as (x, top), all in one artist."""
        flipped = [[(x, self.high - y) for x, y in line] for line in lines]
        drawn = LineCollection(flipped, colors=color, linewidths=width, transform=self.points)
        drawn.set_zorder(1)
        self.add_artist(drawn)

    def marks(self, xs: Sequence[float], top: float, shape: str, size: float) -> None:
        """Ink-edged, white-faced marks in one row."""
        row = Line2D(xs, [self.high - top] * len(xs), ls="", marker=shape, ms=size)
        row.set(mec=INK, mfc=WHITE, mew=min(0.9, size / 5), transform=self.points)
        self.add_artist(row)

    def rings(self, x: float, top: float, size: float) -> None:
        """A second, heavier edge around a mark."""
        ring = Line2D([x], [self.high - top], ls="", marker="o", ms=size, mfc="none", mec=INK)
        ring.set(mew=1.8, transform=self.points)
        self.add_artist(ring)

    def diamond(self, x: float, top: float, color: str) -> None:
        """The mark that says: look here."""
        mark = Line2D([x], [self.high - top], ls="", marker="D", ms=6, mfc=color, mec=INK, mew=0.6)
        mark.set(transform=self.points)
        self.add_artist(mark)

    def panel(self, top: float, tall: float, time: TimeScale, ylim: tuple[float, float]) -> "Panel":
        """Axes over exactly the range given, without an Axis."""
        low = self.high - top - tall
        box = (LEFT / WIDTH, low / self.high, PANEL / WIDTH, tall / self.high)
        axes = self.add_axes(box)
        axes.set_axis_off()
        axes.set(xlim=(time.low, time.high), ylim=ylim)
        return Panel(self, axes, top, tall, time, ylim)


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Axes together with their place on the page, so that text can be set in page points."""

    page: Chart
    axes: Axes
    top: float
    tall: float
    time: TimeScale
    ylim: tuple[float, float]

    @property
    def foot(self) -> float:
        return self.top + self.tall

    def down(self, value: float) -> float:
        """Points from the page's upper edge."""
        low, high = self.ylim
        return self.top + (high - value) / (high - low) * self.tall

"""Everyone who started, one mark each, sorted by change: no names and no therapists.

Those without a later score stand in a block of their own: their outcome is unknown, not bad.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.patches import Rectangle

from ipt_tracker.charts import plain
from ipt_tracker.charts.model import Provenance
from ipt_tracker.charts.page import Chart, Panel, Surround
from ipt_tracker.charts.scales import score_ticks
from ipt_tracker.charts.style import (
    BAND,
    BAND_ALPHA,
    BODY,
    INK,
    LEFT,
    LINE,
    MARGIN,
    MUTED,
    NAME,
    PANEL,
    RIGHT,
    SHADE,
    WHITE,
    WIDTH,
    Face,
)
from ipt_tracker.charts.typeset import width, wrap
from ipt_tracker.charts.waterfall import LEAST_PITCH, MARK, areas, stems
from ipt_tracker.charts.words import plural, provenance

TALL, HEADING, BELOW = 216.0, 34.0, 26.0
STEP, GAP = 9.8, 6.0
FEWEST_WIDE, NARROWEST = 20, 2.5
MOST_TITLES = 300
"""Courses up to which each has a hover title; beyond, the file would be mostly titles."""
DIRECTIONS = "up is worse, down is better"
SIGNS = {
    "worse": "\N{WHITE DIAMOND}",
    "same": "\N{WHITE CIRCLE}",
    "better": "\N{BLACK CIRCLE}",
    "unknown": "\N{MULTIPLICATION SIGN}",
}
CROWD_SIGNS = {
    "worse": "\N{BLACK UP-POINTING TRIANGLE}",
    "same": "\N{WHITE SQUARE}",
    "better": "\N{BLACK DOWN-POINTING TRIANGLE}",
    "unknown": "\N{WHITE RECTANGLE}",
}


@dataclass(frozen=True, slots=True)
class CaseloadChange:
    """`changes` are last minus first in points (negative is better), `unknown` a count.

    `reliable` is the smallest reliable change in points; `lowest` and `highest` end the axis.
    """

    title: str
    verdict: str
    changes: tuple[int, ...]
    unknown: int = 0
    reliable: int | None = None
    lowest: int = -80
    highest: int = 80
    words: str = "Change in points"
    provenance: Provenance | None = None
    notes: tuple[str, ...] = ()

    @property
    def started(self) -> int:
        """Everyone on the page."""
        return len(self.changes) + self.unknown

    @property
    def least(self) -> int:
        """The smallest change that counts for a class: any, where none is known as reliable."""
        return self.reliable or 1

    def kind(self, change: int) -> str:
        """The class of one course."""
        if abs(change) < self.least:
            return "same"
        return "better" if change < 0 else "worse"

    @property
    def classes(self) -> tuple[tuple[str, int, str], ...]:
        """Every class with how many are in it, and its name."""
        kinds = [self.kind(change) for change in self.changes]
        said = {"worse": "worse", "same": "no change", "better": "better"}
        if self.reliable is not None:
            said = {
                "worse": f"reliably worse, by {self.reliable} or more",
                "same": "no reliable change",
                "better": f"reliably better, by {self.reliable} or more",
            }
        return tuple((kind, kinds.count(kind), name) for kind, name in said.items())


def alt(data: CaseloadChange) -> str:
    """The picture in words: how many started, and how many are in each class."""
    if not data.started:
        return "Nobody has started yet."
    said = [f"{count} {name}" for _, count, name in data.classes]
    said.append(f"{data.unknown} without a later score, outcome unknown")
    started = plural(data.started, "course", "courses")
    ends = ""
    if data.changes:
        low, high = (f"{f(data.changes):+d}" for f in (min, max))
        ends = f" Changes from {low} to {high}.".replace("-", "\N{MINUS SIGN}")
    return f"{started} started, sorted by change: {'; '.join(said)}. Lower is better.{ends}"


def draw(data: CaseloadChange) -> Chart:
    """The figure, 7 inches wide."""
    foot = tuple(t for t in (provenance(data.provenance), *data.notes) if t)
    beside = _beside(data)
    tall = max(TALL, sum(STEP * (1 + len(texts)) + GAP for _, _, texts in beside) + 10)
    said = wrap(data.words, WIDTH - 2 * MARGIN, NAME)
    heads = HEADING + STEP * (len(said) - 1)
    page = Chart(heads + tall + BELOW, Surround(data.title, data.verdict, foot))
    for i, text in enumerate(said):
        page.put(MARGIN, page.head + 11 + STEP * i, text, NAME)
    _directions(page, said, page.head + heads - HEADING + 11)
    low, high = min([data.lowest, *data.changes]), max([data.highest, *data.changes])
    scale = plain.across(-0.2, _wide(data) - 0.2)
    panel = page.panel(page.head + heads, tall, scale, (float(low), float(high)))
    plain.value_ticks(panel, score_ticks(low, high, 8), "{:+d}")
    _band(panel, data)
    _known(panel, data)
    _unknown(panel, data)
    _words(panel, data)
    _counts(panel, beside)
    return page


def _directions(page: Chart, said: Sequence[str], base: float) -> None:
    """Which way is better, beside the name of the axis where there is room."""
    beside = MARGIN + width("".join(said[-1:]), NAME) + 8
    if beside + width(DIRECTIONS) < WIDTH - MARGIN:
        page.put(beside, base, DIRECTIONS, MUTED)


def _wide(data: CaseloadChange) -> float:
    """How many courses the axis has room for."""
    return max(data.started + _gap(data), FEWEST_WIDE) + 0.4


def _gap(data: CaseloadChange) -> float:
    """Room between the two blocks, 10 points or one course."""
    if not (data.changes and data.unknown):
        return 0.0
    return max(1.0, 0.03 * data.started)


def _band(panel: Panel, data: CaseloadChange) -> None:
    """Less than reliable change, and the line of no change, as far as changes are known."""
    ends = (panel.time.low, panel.time.high)
    if data.unknown:
        ends = (panel.time.low, len(data.changes) + _gap(data) / 2)
    if data.reliable is not None:
        edge = data.reliable - 0.5
        panel.axes.fill_between(ends, -edge, edge, fc=BAND, ec="none", alpha=BAND_ALPHA, zorder=0.2)
        panel.axes.hlines([-edge, edge], *ends, colors=LINE, lw=0.9, linestyles=plain.DASHED)
    panel.axes.hlines([0.0], *ends, colors=INK, lw=0.9, zorder=2)


def _known(panel: Panel, data: CaseloadChange) -> None:
    """Every course with a later score, in order of change."""
    changes = sorted(data.changes)
    crowd = panel.time.per_day < LEAST_PITCH
    (areas if crowd else stems)(panel, changes, data.kind)
    if len(changes) <= MOST_TITLES:
        xs, names = [i + 0.5 for i in range(len(changes))], {k: n for k, _, n in data.classes}
        said = [f"{_points(c)}, {names[data.kind(c)]}" for c in changes]
        plain.targets(panel, "hit-courses", xs, changes, said)


def _points(change: int) -> str:
    said = f"{change:+d}" if change else "0"
    return f"change {said.replace('-', chr(0x2212))}"


def _unknown(panel: Panel, data: CaseloadChange) -> None:
    """A cross for each at no height of the scale, or a framed block where crosses would touch."""
    if not data.unknown:
        return
    start, (low, high) = len(data.changes) + _gap(data), panel.ylim
    left, middle = start - _gap(data) / 2, (low + high) / 2
    blank = Rectangle((left, low), panel.time.high - left, high - low, fc=WHITE, ec="none")
    blank.set(zorder=1.9, clip_on=False)
    panel.axes.add_patch(blank)
    if panel.time.per_day > LEAST_PITCH + 1:
        places = [start + i + 0.5 for i in range(data.unknown)]
        plain.dots(panel, places, [middle] * data.unknown, plain.Look("x", INK, INK, MARK))
    else:
        tall = 12 * (high - low) / panel.tall
        corner, seen = (start, middle - tall / 2), NARROWEST / panel.time.per_day
        block = Rectangle(corner, max(data.unknown, seen), tall, fc=SHADE, ec=INK, lw=0.8, zorder=4)
        panel.axes.add_patch(block)
    if data.changes:
        at = panel.time.across(left)
        panel.page.strokes([((at, panel.top), (at, panel.foot))], 0.9, LINE)


def _words(panel: Panel, data: CaseloadChange) -> None:
    """Which way is better, and what each of the two blocks is."""
    page, base = panel.page, panel.top - 6
    if not data.started:
        plain.nothing_yet(panel, "Nobody has started yet")
        return
    first = f"{len(data.changes):,} with a first and a later score"
    page.put(LEFT, base, first, MUTED)
    if data.unknown:
        second = f"{data.unknown:,} without: outcome unknown"
        border = panel.time.across(len(data.changes) + _gap(data) / 2) + 4 * bool(data.changes)
        border = max(border, LEFT + width(first) + 14)
        page.put(min(border, WIDTH - MARGIN - width(second)), base, second, MUTED)
    said = "Courses sorted by change; the order carries no names"
    page.put(LEFT, panel.foot + 14, said, MUTED)
    page.strokes([((LEFT, panel.foot), (LEFT, panel.top))], 0.6, INK)


def _beside(data: CaseloadChange) -> list[tuple[str, str, Sequence[str]]]:
    """The classes as they stand in the right margin: sign, count of all, wrapped name."""
    signs = SIGNS if PANEL / _wide(data) >= LEAST_PITCH else CROWD_SIGNS
    some = [(signs[kind], count, name) for kind, count, name in data.classes]
    some.append((signs["unknown"], data.unknown, "no later score: outcome unknown"))
    return [
        (sign, f"{count:,} of {data.started:,}", wrap(name, RIGHT - 28))
        for sign, count, name in some
    ]


def _counts(panel: Panel, beside: Sequence[tuple[str, str, Sequence[str]]]) -> None:
    page, top, x = panel.page, panel.top + 10, LEFT + PANEL + 10
    bold = Face(BODY.size, bold=True)
    for sign, count, texts in beside:
        page.put(x + 4, top, sign, ha="center")
        page.put(x + 13, top, count, bold)
        for i, text in enumerate(texts, 1):
            page.put(x + 13, top + STEP * i, text)
        top += STEP * (1 + len(texts)) + GAP

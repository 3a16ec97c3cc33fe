"""Funnel plot: effect against its standard error, with every point named.

Under ten comparisons neither the eye nor a test can tell bias from chance; the picture says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from ipt_tracker.charts import plain
from ipt_tracker.charts.effect_rows import draw_axis, number
from ipt_tracker.charts.labels import BESIDE, SIDES, Placer, Tag
from ipt_tracker.charts.model import Provenance
from ipt_tracker.charts.page import Chart, Entry, Panel, Surround
from ipt_tracker.charts.points import DATA, GRID, MOST_HIDDEN
from ipt_tracker.charts.style import (
    BLUE,
    INK,
    LEFT,
    LINE,
    MARGIN,
    MUTED,
    NAME,
    RULE,
    SHADE,
    WHITE,
    WIDTH,
)
from ipt_tracker.charts.typeset import width
from ipt_tracker.charts.words import plural, provenance

TALL, HEADING, BELOW = 210.0, 34.0, 30.0
FEWEST = 10
"""Comparisons under which a funnel plot says nothing about bias (Cochrane Handbook 13.3.5.4)."""
REACH, SHALLOWEST = 1.96, 0.2
RIGHT_END = WIDTH - MARGIN - 6
SIZE, LONGEST = 6.0, 110.0
NEAR = (*BESIDE, *SIDES[:2])
"""Places of a name that leave no doubt whose it is: beside its point first."""
FARTHEST = 4.0


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """One comparison; not `certain` where its effect was converted or its arm sizes assumed."""

    label: str
    estimate: float
    se: float
    certain: bool = True

    @property
    def title(self) -> str:
        """What is shown when the pointer rests on it."""
        doubt = "" if self.certain else ", uncertain"
        return f"{self.label}: {number(self.estimate)}, standard error {self.se:.2f}{doubt}"


@dataclass(frozen=True, slots=True)
class Funnel:
    """`centre` is the pooled effect that the limits stand around."""

    title: str
    verdict: str
    points: tuple[FunnelPoint, ...]
    centre: float
    provenance: Provenance | None = None
    notes: tuple[str, ...] = ()


def caution(count: int) -> str:
    """What may be read from it, by the number of comparisons."""
    if count < FEWEST:
        few = plural(count, "comparison", "comparisons")
        return f"{few}: too few to see or to test bias. A lopsided picture proves nothing."
    return "A lopsided picture can have many causes; bias is only one of them."


def alt(data: Funnel) -> str:
    """The picture in words: how many points, and how many lie beyond the limits."""
    if not data.points:
        return "No comparison can be placed."
    beyond = sum(abs(p.estimate - data.centre) > REACH * p.se for p in data.points)
    doubt = sum(not p.certain for p in data.points)
    said = f"{plural(len(data.points), 'comparison', 'comparisons')} by standard error, "
    said += f"{beyond} beyond the limits around {number(data.centre)}, {doubt} uncertain"
    return f"{said}. {caution(len(data.points))}"


def draw(data: Funnel) -> Chart:
    """The figure, 7 inches wide."""
    foot = tuple(t for t in (provenance(data.provenance),) if t)
    page = Chart(HEADING + TALL + BELOW, Surround(data.title, data.verdict, foot, _key(data)))
    deep, ends = _deepest(data.points), _ends(data)
    scale = plain.between(LEFT, RIGHT_END, ends)
    panel = page.panel(page.head + HEADING, TALL, scale, (deep, 0.0))
    page.put(MARGIN, page.head + 11, "Standard error", NAME)
    beside = MARGIN + width("Standard error", NAME) + 6
    page.put(beside, page.head + 11, "the more precise, the higher", MUTED)
    _grid(panel, deep, ends)
    draw_axis(panel, ends, panel.foot + 11)
    _limits(panel, data.centre, deep, ends)
    _across(panel)
    _points(panel, data)
    if not data.points:
        plain.nothing_yet(panel, "No comparison can be placed")
    if left := _names(panel, data, deep):
        said = f"{plural(left, 'name', 'names')} without room, see the table"
        page.put(RIGHT_END, page.head + 11, said, MUTED, "right")
    return page


def _across(panel: Panel) -> None:
    base, middle = panel.foot + 22, (LEFT + RIGHT_END) / 2
    panel.page.put(LEFT, base, "\N{LEFTWARDS ARROW} favours IPT", MUTED)
    panel.page.put(middle, base, "standardised mean difference", MUTED, "center")
    panel.page.put(RIGHT_END, base, "favours control \N{RIGHTWARDS ARROW}", MUTED, "right")


def _deepest(points: Sequence[FunnelPoint]) -> float:
    """The lower end: a round number below the least exact comparison."""
    most = max((p.se for p in points), default=SHALLOWEST)
    return max(SHALLOWEST, ceil(10 * most + 0.3) / 10)


def _ends(data: Funnel) -> tuple[float, float]:
    """Every point, and the limits as far as they do not dwarf the points."""
    reach = min(1.1 * REACH * _deepest(data.points), FARTHEST)
    at = [p.estimate for p in data.points]
    low = min([-1.0, data.centre - reach, *at])
    high = max([0.5, data.centre + reach, *at])
    return ceil(-2 * low + 0.3) / -2, ceil(2 * high + 0.3) / 2


def _grid(panel: Panel, deep: float, ends: tuple[float, float]) -> None:
    step = 0.1 if deep <= 0.5 else 0.2 if deep <= 1.2 else 0.5  # noqa: PLR2004 -- four to six lines
    ticks = [step * i for i in range(int(deep / step + 0.01) + 1)]
    panel.axes.hlines(ticks, *ends, colors=RULE, lw=0.5, zorder=0.5, clip_on=False)
    for tick in ticks:
        text = f"{tick:.1f}" if tick else "0"
        panel.page.put(LEFT - 5, panel.down(tick) + 2.9, text, MUTED, "right")


def _limits(panel: Panel, centre: float, deep: float, ends: tuple[float, float]) -> None:
    """Where 95 % of comparisons would lie if all shared the centre; cut at the axis."""
    steps = [deep * i / 100 for i in range(101)]
    low = [max(ends[0], centre - REACH * s) for s in steps]
    high = [min(ends[1], centre + REACH * s) for s in steps]
    fill = panel.axes.fill_betweenx(steps, low, high, fc=SHADE, ec="none", zorder=0.2)
    fill.set_clip_on(False)
    for at, stop in ((low, ends[0]), (high, ends[1])):
        reached = min(deep, abs(stop - centre) / REACH)
        side = -REACH if at is low else REACH
        xs, ys = [centre, centre + side * reached], [0.0, reached]
        (line,) = panel.axes.plot(xs, ys, color=LINE, lw=0.8, ls=plain.DASHED, zorder=1)
        line.set_clip_on(False)
    panel.axes.vlines([centre], 0, deep, colors=INK, lw=0.9, linestyles=plain.DASHED, zorder=2)
    x = panel.time.across(centre)
    panel.page.put(x, panel.top - 5, f"pooled {number(centre)}", MUTED, "center")


def _points(panel: Panel, data: Funnel) -> None:
    for certain, face in ((True, BLUE), (False, WHITE)):
        some = [p for p in data.points if p.certain is certain]
        if some:
            look = plain.Look("o", face, BLUE, SIZE)
            plain.dots(panel, [p.estimate for p in some], [p.se for p in some], look)
    xs, ys = [p.estimate for p in data.points], [p.se for p in data.points]
    plain.targets(panel, "hit-points", xs, ys, [p.title for p in data.points])


def _names(panel: Panel, data: Funnel, deep: float) -> int:
    """Beside each point its name where it hides nothing; how many have no room."""
    placer = Placer(panel, right=RIGHT_END)
    for at in (0.0, data.centre):
        x = panel.time.across(at)
        placer.avoid([(x, panel.top), (x, panel.foot)], 2 * GRID)
    for side in (-1, 1):
        foot = (panel.time.across(data.centre + side * REACH * deep), panel.foot)
        placer.avoid([(panel.time.across(data.centre), panel.top), foot], 2 * GRID)
    spots = [(panel.time.across(p.estimate), panel.down(p.se), p) for p in data.points]
    for x, y, _ in spots:
        for edge in ((x - 3.4, y), (x + 3.4, y), (x, y - 3.4), (x, y + 3.4), (x, y)):
            placer.avoid([edge], 8 * DATA)
    ordered = sorted(spots, key=lambda s: (s[1], s[0], s[2].label))
    left = 0
    for x, y, point in ordered:
        left += not placer.put(Tag(x, y, _short(point.label), clear=1.0), NEAR, most=MOST_HIDDEN)
    return left


def _short(name: str) -> str:
    """A name that is too long for the picture, cut; its hover title has the whole of it."""
    if width(name) <= LONGEST:
        return name
    kept = next(n for n in range(len(name), 0, -1) if width(name[:n]) < LONGEST - 8)
    return name[:kept].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def _key(data: Funnel) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    known = (
        (
            "\N{BLACK CIRCLE}",
            "from means and SDs, or as printed",
            any(p.certain for p in data.points),
        ),
        (
            "\N{WHITE CIRCLE}",
            "uncertain: converted, or numbers per arm assumed",
            any(not p.certain for p in data.points),
        ),
        ("", "Broken slopes: where 95 % would lie if all shared the pooled effect.", True),
    )
    marks = [Entry(symbol, text) for symbol, text, there in known if there]
    said = [Entry("", caution(len(data.points))), *(Entry("", text) for text in data.notes)]
    return tuple(marks), tuple(said)

"""Axes and points of the charts of ratings: whole scales, light grids, hover titles."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.lines import Line2D

from ipt_tracker.charts.page import Panel
from ipt_tracker.charts.points import TARGET
from ipt_tracker.charts.scales import TimeScale
from ipt_tracker.charts.style import BLUE, INK, LEFT, LINE, MUTED, RULE, VERMILLION

QUALITY_RANGE, QUALITY_TICKS = (1.0, 5.0), (1, 2, 3, 4, 5)
Dashes = tuple[float, tuple[float, ...]] | Literal["-"]
FIRM: Dashes = "-"
DASHED: Dashes = (0, (5.0, 3.0))
DOTTED: Dashes = (0, (1.0, 2.0))


def across(low: float, high: float) -> TimeScale:
    """An axis of plain numbers where other charts have days."""
    return TimeScale(low, high, None)


def value_ticks(panel: Panel, ticks: Sequence[float], form: str = "{:g}") -> None:
    """Numbers left of the panel, with a light line each and a firm one at the bottom."""
    ends = (panel.time.low, panel.time.high)
    panel.axes.hlines(ticks, *ends, colors=RULE, lw=0.5, zorder=0.5, clip_on=False)
    panel.axes.hlines([panel.ylim[0]], *ends, colors=LINE, lw=0.8, zorder=2, clip_on=False)
    for tick in ticks:
        text = form.format(tick).replace("-", "\N{MINUS SIGN}") if tick else "0"
        panel.page.put(LEFT - 5, panel.down(tick) + 2.9, text, MUTED, "right")


def across_ticks(panel: Panel, base: float, ticks: Sequence[float]) -> None:
    """Numbers below the panel, with a light line each."""
    panel.axes.vlines(ticks, *panel.ylim, colors=RULE, lw=0.5, zorder=0.5)
    for tick in ticks:
        panel.page.put(panel.time.across(tick), base, f"{tick:g}", MUTED, "center")


def level(panel: Panel, at: float, *, dashes: Dashes = FIRM, color: str = INK) -> None:
    """A line across the panel."""
    ends = (panel.time.low, panel.time.high)
    line = panel.axes.hlines([at], *ends, colors=color, lw=0.9, linestyles=dashes)
    line.set(zorder=2, clip_on=False)


@dataclass(frozen=True, slots=True)
class Look:
    """How a mark is drawn; its size in points."""

    shape: str = "o"
    face: str = BLUE
    edge: str = BLUE
    size: float = 5.0


FILLED = Look()
DIAMOND = Look("D", "none", VERMILLION, 10.0)
"""Around what deserves a look."""


def dots(panel: Panel, xs: Sequence[float], ys: Sequence[float], look: Look = FILLED) -> None:
    """Marks at these places, over the lines."""
    row = Line2D(xs, ys, ls="", marker=look.shape, ms=look.size)
    row.set(mfc=look.face, mec=look.edge, mew=1.1)
    row.set(zorder=5, clip_on=False)
    panel.axes.add_line(row)


def targets(
    panel: Panel, gid: str, xs: Sequence[float], ys: Sequence[float], titles: Sequence[str]
) -> None:
    """Invisible circles over the marks; the SVG gets one title in each."""
    if not titles:
        return
    layer = Line2D(xs, ys, ls="", marker="o", ms=TARGET, mfc=INK, mec="none", alpha=0, gid=gid)
    layer.set(clip_on=False, zorder=9)
    panel.axes.add_line(layer)
    panel.page.targets.append(layer)
    panel.page.hover[gid] = tuple(titles)


def nothing_yet(panel: Panel, text: str) -> None:
    """Say in the middle of an empty panel that there is nothing to draw."""
    middle = (panel.time.across(panel.time.low) + panel.time.across(panel.time.high)) / 2
    panel.page.put(middle, panel.top + 0.5 * panel.tall, text, MUTED, "center")


def signed(value: float) -> str:
    """A difference with its sign and a true minus."""
    return f"{value:+.2f}".replace("-", "\N{MINUS SIGN}")

"""Axes and points of the charts of ratings: whole scales, light grids, hover titles."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from ipt_tracker.charts.page import Chart, Panel
from ipt_tracker.charts.points import TARGET
from ipt_tracker.charts.scales import TimeScale
from ipt_tracker.charts.style import (
    BLUE,
    INK,
    LEFT,
    LINE,
    MUTED,
    PANEL,
    RULE,
    VERMILLION,
    WHITE,
)
from ipt_tracker.charts.typeset import width

QUALITY_RANGE, QUALITY_TICKS = (1.0, 5.0), (1, 2, 3, 4, 5)
Dashes = tuple[float, tuple[float, ...]] | Literal["-"]
FIRM: Dashes = "-"
DASHED: Dashes = (0, (5.0, 3.0))
DOTTED: Dashes = (0, (1.0, 2.0))
CUT: Dashes = (0, (7.0, 2.0, 1.5, 2.0))
"""A level that lies beyond the scale and is drawn at its edge."""


def across(low: float, high: float) -> TimeScale:
    """An axis of plain numbers where other charts have days."""
    return TimeScale(low, high, None)


def between(left: float, right: float, ends: tuple[float, float]) -> TimeScale:
    """An axis of plain numbers whose ends fall on these points of the page."""
    each = (right - left) / (ends[1] - ends[0])
    low = ends[0] - (left - LEFT) / each
    return TimeScale(low, low + PANEL / each, None)


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
    """Invisible circles over the marks, smaller in a crowd; the SVG gets one title in each."""
    if not titles:
        return
    wide = max(4.0, min(TARGET, nearest(panel, xs, ys)))
    layer = Line2D(xs, ys, ls="", marker="o", ms=wide, mfc=INK, mec="none", alpha=0, gid=gid)
    layer.set(clip_on=False, zorder=9)
    panel.axes.add_line(layer)
    panel.page.targets.append(layer)
    panel.page.hover[gid] = tuple(titles)


def nothing_yet(panel: Panel, text: str) -> None:
    """Say in the middle of an empty panel that there is nothing to draw."""
    middle, base = LEFT + PANEL / 2, panel.top + 0.5 * panel.tall + 2.9
    ground(panel.page, middle, base, text)
    panel.page.put(middle, base, text, MUTED, "center")


def ground(page: Chart, middle: float, base: float, text: str) -> None:
    """White behind a text, so that no line runs through its letters."""
    wide = width(text) + 6
    patch = Rectangle((middle - wide / 2, page.high - base - 4), wide, 13, fc=WHITE, ec="none")
    patch.set(transform=page.points, zorder=2.5)
    page.add_artist(patch)


def nearest(panel: Panel, xs: Sequence[float], ys: Sequence[float]) -> float:
    """How far a mark is from its nearest neighbour, in points of the page; half are nearer."""
    spots = np.unique(np.column_stack((xs, ys)).astype(float), axis=0)
    if len(spots) < 2:  # noqa: PLR2004 -- one mark has no neighbour
        return PANEL
    low, high = panel.ylim
    on_page = spots * (panel.time.per_day, panel.tall / (high - low))
    away = np.hypot(*(on_page[:, None] - on_page).transpose(2, 0, 1))
    np.fill_diagonal(away, np.inf)
    return float(np.median(away.min(axis=1)))


def signed(value: float) -> str:
    """A difference with its sign and a true minus."""
    text = f"{value:+.2f}"
    return "0.00" if float(text) == 0 else text.replace("-", "\N{MINUS SIGN}")

"""What lies behind the scores: phases, changes of focus, reliable change, cut-offs."""

from collections.abc import Sequence
from dataclasses import dataclass

from ipt_tracker.charts.model import Series, Span
from ipt_tracker.charts.page import Panel
from ipt_tracker.charts.scales import score_ticks
from ipt_tracker.charts.style import (
    BAND,
    BAND_ALPHA,
    INK,
    LEFT,
    LINE,
    MUTED,
    RIGHT,
    RULE,
    SHADE,
    WIDTH,
)
from ipt_tracker.charts.typeset import spread, together, wrap

NOTE_STEP, NOTE_GAP = 9.6, 4.0
BEYOND = 4.0  # points by which the notes may pass the panel's ends


@dataclass(frozen=True, slots=True)
class Note:
    """A text in the right margin that names a level of the panel."""

    at: float
    lines: tuple[str, ...]

    @property
    def tall(self) -> float:
        return NOTE_STEP * len(self.lines) + NOTE_GAP


@dataclass(frozen=True, slots=True)
class Band:
    """Totals that differ from the first one by less than the reliable change."""

    base: int
    low: float
    high: float
    edges: tuple[float, ...]  # half a point outside the last such total, where on the scale


def band(series: Series) -> Band | None:
    start = series.counted_from
    if series.reliable is None or start is None:
        return None
    base, reach = start.total, series.reliable - 0.5
    low, high = base - reach, base + reach
    edges = tuple(e for e in (low, high) if series.bottom < e < series.top)
    return Band(base, max(series.bottom, low), min(series.top, high), edges)


def _source(series: Series) -> str:
    name = series.source.strip().removeprefix("(").removesuffix(")")
    return f" ({name})" if name else ""


def notes(series: Series) -> list[Note]:
    """Names of all levels, wrapped, in the order of their height."""
    named = [(r.at, r.label) for r in series.references]
    zone = band(series)
    if zone and series.reliable is not None:
        reach = f"{zone.base} \N{PLUS-MINUS SIGN} {series.reliable - 1}"
        text = f"{reach}: less than reliable change{_source(series)}"
        named.append((zone.base, text))
    named.sort(reverse=True)
    return [Note(at, wrap(together(text), RIGHT - 11)) for at, text in named]


def room(some: Sequence[Note]) -> float:
    """Height that a panel needs for its notes."""
    return sum(n.tall for n in some) - 2 * BEYOND


def levels(series: Series) -> list[float]:
    zone = band(series)
    return [r.at for r in series.references] + list(zone.edges if zone else ())


def focus_changes(focus: Sequence[Span]) -> list[int]:
    """Days on which another focal area was opened, after the first."""
    return sorted({s.start.toordinal() for s in focus})[1:]


def draw_backdrop(panel: Panel, series: Series, stops: Sequence[int]) -> None:
    axes, (low, high) = panel.axes, panel.ylim
    axes.vlines(stops, low, high, colors=LINE, lw=0.9, zorder=2)
    ends = (panel.time.low, panel.time.high)
    zone = band(series)
    if zone:
        axes.fill_between(ends, zone.low, zone.high, fc=BAND, ec="none", alpha=BAND_ALPHA, zorder=1)
        dashes = (0, (4, 2.5))
        axes.hlines(zone.edges, *ends, colors=LINE, lw=0.8, linestyles=dashes, zorder=1.5)
    axes.hlines([r.at for r in series.references], *ends, colors=INK, lw=0.9, zorder=2)
    axes.hlines([low], *ends, colors=LINE, lw=0.8, zorder=2, clip_on=False)


def shade(panel: Panel, phases: Sequence[Span]) -> None:
    """Every other phase; the row above names them all."""
    for span in phases[::2]:
        start, stop = span.start.toordinal(), span.stop.toordinal()
        panel.axes.axvspan(start, stop, fc=SHADE, ec="none", zorder=0)


def draw_notes(panel: Panel, some: Sequence[Note]) -> None:
    """In the right margin, moved apart where levels are close, each with a leader."""
    edge = WIDTH - RIGHT
    limits = (panel.top - BEYOND, panel.foot + BEYOND)
    at = [panel.down(n.at) for n in some]
    spots = spread(at, [n.tall for n in some], limits)
    for note, y in zip(some, spots, strict=True):
        for i, line in enumerate(note.lines):
            base = y + 2.9 + NOTE_STEP * (i - (len(note.lines) - 1) / 2)
            panel.page.put(edge + 8, base, line)
    leaders = [((edge, a), (edge + 6, y)) for a, y in zip(at, spots, strict=True)]
    panel.page.strokes(leaders)


def value_axis(panel: Panel, series: Series, count: int) -> None:
    ticks = score_ticks(series.bottom, series.top, count)
    ends = (panel.time.low, panel.time.high)
    panel.axes.hlines(ticks, *ends, colors=RULE, lw=0.5, zorder=0.5, clip_on=False)
    for tick in ticks:
        panel.page.put(LEFT - 5, panel.down(tick) + 2.9, f"{tick}", MUTED, "right")

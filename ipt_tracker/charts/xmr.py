"""XmR chart: the quality of one therapist's sessions in date order, and how much it moves.

Nothing is computed here: limits and signals come from `clinical/fidelity/control_chart`. A limit
that lies beyond the scale is drawn at its edge, and its true value is printed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from ipt_tracker.charts import plain
from ipt_tracker.charts.backdrop import Note, draw_notes, room
from ipt_tracker.charts.model import Provenance
from ipt_tracker.charts.page import Chart, Entry, Panel, Surround
from ipt_tracker.charts.scales import STEPS, TimeScale, crowded
from ipt_tracker.charts.style import BLUE, INK, LEFT, LINE, MARGIN, MUTED, NAME, RIGHT, VERMILLION
from ipt_tracker.charts.typeset import width, wrap
from ipt_tracker.charts.words import plural, provenance
from ipt_tracker.clinical.fidelity.control_chart import FEWEST_FOR_FIRM_LIMITS, FEWEST_FOR_LIMITS

TALL, SMALLER = 132.0, 44.0
HEADING, BETWEEN, BELOW = 21.0, 38.0, 22.0
FEWEST_WIDE = 12.0
MOVE = (0.0, 4.0)
"""The whole range that two neighbours on a scale of 1 to 5 can differ by."""
DOT, LARGEST, SMALLEST = 5.0, 10.0, 3.6
"""Points, and the diamonds around signals at most and at least, in points of the page."""
MOST_NAMED = 12
"""Signals that are named below the picture; more are counted."""


@dataclass(frozen=True, slots=True)
class Point:
    """One session: quality 1 to 5. `label` stands below the axis, and first in its hover title."""

    label: str
    title: str
    value: float

    @property
    def named(self) -> str:
        """How the key and the hover title call it."""
        return f"{self.label}, {self.title}"


@dataclass(frozen=True, slots=True)
class Limits:
    """Centre and limits, not clipped to the scale, the mean moving range and its own limit."""

    centre: float
    low: float
    high: float
    mean_moving_range: float
    range_limit: float


@dataclass(frozen=True, slots=True)
class Signal:
    """The place of a point, from 0, and why it deserves a look."""

    place: int
    reason: str


@dataclass(frozen=True, slots=True)
class Xmr:
    """`limits` and `signals` are left out under six points: then the points stand alone."""

    title: str
    verdict: str
    footer: str
    points: tuple[Point, ...]
    limits: Limits | None = None
    signals: tuple[Signal, ...] = ()
    provenance: Provenance | None = None

    @property
    def drawn_limits(self) -> Limits | None:
        """The limits, from six points on."""
        return self.limits if len(self.points) >= FEWEST_FOR_LIMITS else None

    @property
    def drawn_signals(self) -> tuple[Signal, ...]:
        """The signals in order of place, where there are limits to judge by."""
        return tuple(sorted(self.signals, key=lambda s: s.place)) if self.drawn_limits else ()


def alt(data: Xmr) -> str:
    """The picture in words: how many points, between what, and the signals."""
    values = [p.value for p in data.points]
    if not values:
        return "No rated session yet."
    said = f"Quality of {plural(len(values), 'session', 'sessions')} in date order, from "
    said += f"{min(values):.2f} to {max(values):.2f} on a scale of 1 to 5"
    limits = data.drawn_limits
    if limits is None:
        return f"{said}; too few for limits. Higher is better."
    said += f"; mean {limits.centre:.2f}, limits {limits.low:.2f} to {limits.high:.2f}"
    signals = "; ".join(_reasons(data)) or "no signal"
    return f"{said}; {signals}. Higher is better."


def draw(data: Xmr) -> Chart:
    """The figure, 7 inches wide and as high as its words need."""
    notes = _notes(data)
    tall = max(TALL, room(notes))
    foot = tuple(t for t in (data.footer, provenance(data.provenance)) if t)
    body = HEADING + tall + BETWEEN + SMALLER + BELOW
    page = Chart(body, Surround(data.title, data.verdict, foot, _key(data)))
    scale = plain.across(0.2, max(float(len(data.points)), FEWEST_WIDE) + 0.8)
    _values(page, data, scale, tall, notes)
    _ranges(page, data, scale, page.head + HEADING + tall + BETWEEN)
    return page


def _key(data: Xmr) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    if data.drawn_limits is None:
        return (Entry("", "Limits need six points; the points stand alone until then."),), ()
    reasons = _reasons(data)
    signals = [Entry("\N{WHITE DIAMOND}", text) for text in reasons[:MOST_NAMED]]
    if len(reasons) > MOST_NAMED:
        more = plural(len(reasons) - MOST_NAMED, "more signal is", "more signals are")
        signals.append(Entry("", f"{more} not named here."))
    marks = [Entry("", "A signal invites a look together. It is not a judgement.")]
    if len(data.points) < FEWEST_FOR_FIRM_LIMITS:
        text = f"Dotted limits: they rest on {len(data.points)} points and will still move."
        marks.append(Entry("", text))
    if not signals:
        marks.append(Entry("", "No point beyond a limit, no run of eight on one side of the mean."))
    return tuple(marks), tuple(signals)


def _reasons(data: Xmr) -> list[str]:
    """Each signal in words; neighbours with one reason are said together."""
    out = []
    found = enumerate(data.drawn_signals)
    for (_, reason), group in groupby(found, key=lambda at: (at[1].place - at[0], at[1].reason)):
        places = [signal.place for _, signal in group]
        first, last = data.points[places[0]], data.points[places[-1]]
        if first is last:
            out.append(f"{first.named}: {first.value:.2f}, {reason}")
        else:
            out.append(f"{first.named} to {last.named}: {reason}")
    return out


def _shown(at: float, ends: tuple[float, float]) -> float:
    return min(max(at, ends[0]), ends[1])


def _off(name: str, at: float, ends: tuple[float, float]) -> str:
    shown = _shown(at, ends)
    off = "" if shown == at else f", off the scale, drawn at {shown:g}"
    return f"{name} {at:.2f}{off}".replace("-", "\N{MINUS SIGN}")


def _notes(data: Xmr) -> list[Note]:
    limits = data.drawn_limits
    if limits is None:
        return []
    ends = plain.QUALITY_RANGE
    named = (
        (limits.high, _off("upper limit", limits.high, ends)),
        (limits.centre, f"mean {limits.centre:.2f}"),
        (limits.low, _off("lower limit", limits.low, ends)),
    )
    return [Note(_shown(at, ends), wrap(text, RIGHT - 11)) for at, text in named]


def _limit(panel: Panel, at: float, count: int) -> None:
    """Firm from twelve points, dotted before, broken and grey where it is not at its place."""
    shown = _shown(at, panel.ylim)
    if shown != at:
        plain.level(panel, shown, dashes=plain.CUT, color=LINE)
    else:
        firm = count >= FEWEST_FOR_FIRM_LIMITS
        plain.level(panel, at, dashes=plain.FIRM if firm else plain.DOTTED)


def _values(page: Chart, data: Xmr, scale: TimeScale, tall: float, notes: Sequence[Note]) -> None:
    page.put(MARGIN, page.head + 11, "Quality", NAME)
    beside = MARGIN + width("Quality", NAME) + 4
    page.put(beside, page.head + 11, "session mean, 1 to 5, higher is better", MUTED)
    panel = page.panel(page.head + HEADING, tall, scale, plain.QUALITY_RANGE)
    plain.value_ticks(panel, plain.QUALITY_TICKS)
    xs, ys = _spots(data)
    if (limits := data.drawn_limits) is not None:
        for at in (limits.low, limits.high):
            _limit(panel, at, len(ys))
        plain.level(panel, limits.centre, dashes=plain.DASHED, color=LINE)
        draw_notes(panel, notes)
    room = panel.time.per_day
    ring = max(SMALLEST, min(LARGEST, room / 1.45))
    dot = min(DOT, 0.55 * ring) if data.drawn_signals else DOT
    _joined(panel, xs, ys, 1.2, dot)
    marked = [each.place for each in data.drawn_signals]
    look = plain.Look("D", "none", VERMILLION, ring)
    plain.dots(panel, [xs[i] for i in marked], [ys[i] for i in marked], look)
    why = {each.place: f", {each.reason}" for each in data.drawn_signals}
    said = [f"{p.named}: {p.value:.2f}{why.get(i, '')}" for i, p in enumerate(data.points)]
    plain.targets(panel, "hit-quality", xs, ys, said)
    if not ys:
        plain.nothing_yet(panel, "No rated session yet")
    _labels(panel, data.points)


def _ranges(page: Chart, data: Xmr, scale: TimeScale, top: float) -> None:
    page.put(MARGIN, top - 10, "Moving range", NAME)
    beside = MARGIN + width("Moving range", NAME) + 4
    page.put(beside, top - 10, "from each session to the next", MUTED)
    panel = page.panel(top, SMALLER, scale, MOVE)
    plain.value_ticks(panel, (0, 2, 4))
    xs, ys = _spots(data)
    moves = [abs(b - a) for a, b in pairwise(ys)]
    _joined(panel, xs[1:], moves, 0.9, 3.0)
    titles = [f"{p.named}: moved by {m:.2f}" for p, m in zip(data.points[1:], moves, strict=True)]
    plain.targets(panel, "hit-moves", xs[1:], moves, titles)
    if (limits := data.drawn_limits) is not None:
        _limit(panel, limits.range_limit, len(ys))
        text = wrap(_off("limit", limits.range_limit, MOVE), RIGHT - 11)
        draw_notes(panel, [Note(_shown(limits.range_limit, MOVE), text)])
    said = "Sessions in date order, evenly spaced"
    page.put(LEFT, panel.foot + 13, said, MUTED)


def _spots(data: Xmr) -> tuple[list[float], list[float]]:
    return [i + 1.0 for i in range(len(data.points))], [p.value for p in data.points]


def _joined(
    panel: Panel, xs: Sequence[float], ys: Sequence[float], line: float, size: float
) -> None:
    room = panel.time.per_day
    panel.axes.plot(xs, ys, color=BLUE, lw=line, zorder=4, clip_on=False)
    plain.dots(panel, xs, ys, plain.Look(size=max(1.8, min(size, 0.9 * room))))


def _labels(panel: Panel, points: Sequence[Point]) -> None:
    """Every label while they keep apart, else every second, fifth and so on."""
    spots = [(panel.time.across(float(i)), point.label) for i, point in enumerate(points, 1)]
    step = next((s for s in STEPS if not crowded(spots[::s])), len(spots))
    for x, label in spots[::step]:
        panel.page.put(x, panel.foot + 14, label, MUTED, "center")
    panel.page.strokes([((LEFT, panel.foot), (LEFT, panel.top))], 0.6, INK)

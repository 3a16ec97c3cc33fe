"""XmR chart: the quality of one therapist's sessions in date order, and how much it moves.

Nothing is computed here: limits and signals come from `clinical/fidelity/control_chart`. A limit
that lies beyond the scale is drawn at its edge, dotted, and its true value is printed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ipt_tracker.charts import plain
from ipt_tracker.charts.backdrop import Note, draw_notes, room
from ipt_tracker.charts.model import Provenance
from ipt_tracker.charts.page import Chart, Entry, Panel, Surround
from ipt_tracker.charts.scales import TimeScale
from ipt_tracker.charts.style import BLUE, INK, LEFT, LINE, MARGIN, MUTED, NAME, RIGHT
from ipt_tracker.charts.typeset import width, wrap
from ipt_tracker.charts.words import plural, provenance

TALL, SMALLER = 132.0, 44.0
HEADING, BETWEEN, BELOW = 21.0, 35.0, 22.0
FEWEST_FIRM = 12
"""Points from which limits are drawn firm; before that they are dashed: they still move."""
FEWEST_WIDE = 12.0
MOVE = (0.0, 4.0)
"""The whole range that two neighbours on a scale of 1 to 5 can differ by."""
APART = 4.0


@dataclass(frozen=True, slots=True)
class Point:
    """One session: `label` stands below the axis, `title` on hover; quality 1 to 5."""

    label: str
    title: str
    value: float


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
    """`limits` is None under six points: then the points stand alone."""

    title: str
    verdict: str
    footer: str
    points: tuple[Point, ...]
    limits: Limits | None = None
    signals: tuple[Signal, ...] = ()
    provenance: Provenance | None = None


def alt(data: Xmr) -> str:
    """The picture in words: how many points, between what, and the signals."""
    values = [p.value for p in data.points]
    if not values:
        return "No rated session yet."
    said = f"Quality of {plural(len(values), 'session', 'sessions')} in date order, from "
    said += f"{min(values):.2f} to {max(values):.2f} on a scale of 1 to 5"
    if data.limits:
        low, high = data.limits.low, data.limits.high
        said += f"; mean {data.limits.centre:.2f}, limits {low:.2f} to {high:.2f}"
    signals = plural(len(data.signals), "signal", "signals") if data.signals else "no signal"
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
    shown = [f"{data.points[each.place].title}: {each.reason}" for each in data.signals]
    signals = [Entry("\N{WHITE DIAMOND}", text) for text in shown]
    if data.limits is None:
        return (Entry("", "Limits need six points; the points stand alone until then."),), ()
    marks = [Entry("", "A signal invites a look together. It is not a judgement.")]
    if len(data.points) < FEWEST_FIRM:
        text = f"Dashed limits: they rest on {len(data.points)} points and will still move."
        marks.append(Entry("", text))
    if not signals:
        marks.append(Entry("", "No point beyond a limit, no run of eight on one side of the mean."))
    return tuple(marks), tuple(signals)


def _notes(data: Xmr) -> list[Note]:
    if data.limits is None:
        return []
    bottom, top = plain.QUALITY_RANGE
    named = []
    for name, at in (("upper limit", data.limits.high), ("lower limit", data.limits.low)):
        shown = min(max(at, bottom), top)
        off = "" if shown == at else f", off the scale, drawn at {shown:g}"
        named.append((shown, f"{name} {at:.2f}{off}".replace("-", "\N{MINUS SIGN}")))
    named.insert(1, (data.limits.centre, f"mean {data.limits.centre:.2f}"))
    return [Note(at, wrap(text, RIGHT - 11)) for at, text in named]


def _values(page: Chart, data: Xmr, scale: TimeScale, tall: float, notes: Sequence[Note]) -> None:
    page.put(MARGIN, page.head + 11, "Quality", NAME)
    beside = MARGIN + width("Quality", NAME) + 4
    page.put(beside, page.head + 11, "session mean, 1 to 5, higher is better", MUTED)
    panel = page.panel(page.head + HEADING, tall, scale, plain.QUALITY_RANGE)
    plain.value_ticks(panel, plain.QUALITY_TICKS)
    xs, ys = _spots(data)
    if data.limits is not None:
        firm = plain.FIRM if len(ys) >= FEWEST_FIRM else plain.DASHED
        bottom, top = plain.QUALITY_RANGE
        for at in (data.limits.low, data.limits.high):
            shown = min(max(at, bottom), top)
            plain.level(panel, shown, dashes=firm if shown == at else plain.DOTTED)
        plain.level(panel, data.limits.centre, dashes=plain.DASHED, color=LINE)
        draw_notes(panel, notes)
    _joined(panel, xs, ys, 1.2, 5.0)
    marked = [each.place for each in data.signals]
    plain.dots(panel, [xs[i] for i in marked], [ys[i] for i in marked], plain.DIAMOND)
    plain.targets(panel, "hit-quality", xs, ys, [f"{p.title}: {p.value:.2f}" for p in data.points])
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
    titles = [f"{p.title}: moved by {m:.2f}" for p, m in zip(data.points[1:], moves, strict=True)]
    plain.targets(panel, "hit-moves", xs[1:], moves, titles)
    if data.limits is not None:
        shown = min(data.limits.range_limit, MOVE[1])
        plain.level(panel, shown)
        draw_notes(panel, [Note(shown, wrap(f"limit {data.limits.range_limit:.2f}", RIGHT - 11))])
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
    """Every label while they keep apart, else as many of them as do."""
    edge = 0.0
    for i, point in enumerate(points, 1):
        x, half = panel.time.across(float(i)), width(point.label) / 2
        if x - half > edge:
            panel.page.put(x, panel.foot + 11, point.label, MUTED, "center")
            edge = x + half + APART
    panel.page.put(LEFT - 6, panel.foot + 11, "Session", MUTED, "right")
    panel.page.strokes([((LEFT, panel.foot), (LEFT, panel.top))], 0.6, INK)

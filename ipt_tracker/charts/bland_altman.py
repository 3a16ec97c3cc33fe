"""Two raters of the same sessions: difference over mean, with bias and limits of agreement.

Nothing is computed here: bias, limits and their intervals come from `clinical/fidelity/agreement`.
Under six pairs the points stand alone.
"""

from collections import Counter
from dataclasses import dataclass

from ipt_tracker.charts import plain
from ipt_tracker.charts.backdrop import Note, draw_notes, room
from ipt_tracker.charts.labels import Placer, Tag
from ipt_tracker.charts.model import Provenance
from ipt_tracker.charts.page import Chart, Entry, Panel, Surround
from ipt_tracker.charts.points import DATA, GRID, MOST_HIDDEN
from ipt_tracker.charts.style import (
    BAND,
    BAND_ALPHA,
    INK,
    LEFT,
    LINE,
    MARGIN,
    MUTED,
    NAME,
    RIGHT,
)
from ipt_tracker.charts.typeset import wrap
from ipt_tracker.charts.words import plural, provenance

TALL, HEADING, BELOW = 240.0, 21.0, 28.0
REACH = 4.0
"""Two ratings on a scale of 1 to 5 differ by at most four points: the whole range is shown."""
FEWEST_FOR_LIMITS = 6
LARGEST, SMALLEST = 3.0, 2.0
"""Radius of a mark at most, and in a crowd at least, in points of the page."""

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Pair:
    """One session: mean quality by the first rater and by the second, 1 to 5 each."""

    title: str
    first: float
    second: float

    @property
    def mean(self) -> float:
        return (self.first + self.second) / 2

    @property
    def difference(self) -> float:
        return self.first - self.second


@dataclass(frozen=True, slots=True)
class Limits:
    """Mean difference and limits of agreement, first minus second, each with its interval."""

    bias: float
    low: float
    high: float
    bias_ci: Interval
    low_ci: Interval
    high_ci: Interval


@dataclass(frozen=True, slots=True)
class BlandAltman:
    """`first` and `second` name the raters in words, such as "self" and "supervisor".

    `limits` are left out under six pairs.
    """

    title: str
    verdict: str
    footer: str
    pairs: tuple[Pair, ...]
    limits: Limits | None = None
    first: str = "self"
    second: str = "supervisor"
    notes: tuple[str, ...] = ()
    provenance: Provenance | None = None

    @property
    def drawn_limits(self) -> Limits | None:
        """Bias and limits, from six pairs on."""
        return self.limits if len(self.pairs) >= FEWEST_FOR_LIMITS else None


def alt(data: BlandAltman) -> str:
    """The picture in words: how many pairs, the bias and the limits."""
    count = plural(len(data.pairs), "session", "sessions")
    said = f"{data.first.capitalize()} minus {data.second}, quality of {count}"
    limits = data.drawn_limits
    if limits is None:
        return f"{said}; too few for limits of agreement."
    low, high = plain.signed(limits.low), plain.signed(limits.high)
    said += f": mean difference {plain.signed(limits.bias)}, limits {low} to {high}. 95 % intervals"
    said += f": of the mean {_between(limits.bias_ci)}, of the lower limit "
    return f"{said}{_between(limits.low_ci)}, of the upper limit {_between(limits.high_ci)}."


def draw(data: BlandAltman) -> Chart:
    """The figure, 7 inches wide and as high as its words need."""
    notes = _notes(data)
    tall = max(TALL, room(notes))
    foot = tuple(t for t in (data.footer, provenance(data.provenance)) if t)
    body = HEADING + tall + BELOW
    page = Chart(body, Surround(data.title, data.verdict, foot, _key(data)))
    page.put(MARGIN, page.head + 11, f"{data.first.capitalize()} minus {data.second}", NAME)
    scale = plain.across(*plain.QUALITY_RANGE)
    panel = page.panel(page.head + HEADING, tall, scale, (-REACH, REACH))
    plain.value_ticks(panel, range(-int(REACH), int(REACH) + 1), "{:+g}")
    plain.across_ticks(panel, panel.foot + 11, plain.QUALITY_TICKS)
    plain.level(panel, 0.0, color=LINE)
    _limits(panel, data, notes)
    _pairs(panel, data)
    _sides(panel, data)
    page.put(LEFT, panel.foot + 23, "Across: mean of the two ratings of the session, 1 to 5", MUTED)
    return page


def _sides(panel: Panel, data: BlandAltman) -> None:
    """Who rates higher above and below zero, in the corners: no pair can lie there."""
    for text, base in (
        (f"{data.first} rates higher", panel.top + 11),
        (f"{data.second} rates higher", panel.foot - 5),
    ):
        panel.page.put(LEFT + 5, base, text, MUTED)


def _key(data: BlandAltman) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    marks = [Entry("\N{WHITE CIRCLE}", f"a session; n = {len(data.pairs)}")]
    if data.drawn_limits is None:
        marks.append(Entry("", "Limits of agreement need six pairs."))
    else:
        lines = "Whole line: bias; broken: limits of agreement; grey: no difference."
        marks.append(Entry("", lines))
        marks.append(Entry("", "Shaded: 95 % interval of the bias and of each limit."))
    if any(count > 1 for count in _counted(data).values()):
        text = "several on one spot, and how many where there is room"
        marks.append(Entry("\N{BLACK CIRCLE}", text))
    return tuple(marks), tuple(Entry("", text) for text in data.notes)


def _notes(data: BlandAltman) -> list[Note]:
    limits = data.drawn_limits
    if limits is None:
        return []
    named = (
        ("upper limit", limits.high, limits.high_ci),
        ("bias", limits.bias, limits.bias_ci),
        ("lower limit", limits.low, limits.low_ci),
    )
    out = []
    for name, at, ci in named:
        off = "" if _shown(at) == at else ",\noff the scale"
        text = f"{name} {plain.signed(at)}{off}\n({_between(ci)})"
        out.append(Note(_shown(at), wrap(text, RIGHT - 11)))
    return out


def _between(ci: Interval) -> str:
    return f"{plain.signed(ci[0])} to {plain.signed(ci[1])}"


def _shown(at: float) -> float:
    return min(max(at, -REACH), REACH)


def _limits(panel: Panel, data: BlandAltman, notes: list[Note]) -> None:
    limits = data.drawn_limits
    if limits is None:
        return
    ends = (panel.time.low, panel.time.high)
    for ci in (limits.low_ci, limits.bias_ci, limits.high_ci):
        low, high = map(_shown, ci)
        panel.axes.fill_between(ends, low, high, fc=BAND, ec="none", alpha=BAND_ALPHA, zorder=0.2)
        edges = [at for at in (low, high) if abs(at) < REACH]
        panel.axes.hlines(edges, *ends, colors=LINE, lw=0.6, linestyles=plain.DOTTED, zorder=1)
    for at in (limits.low, limits.high):
        if _shown(at) == at:
            plain.level(panel, at, dashes=plain.DASHED)
        else:
            plain.level(panel, _shown(at), dashes=plain.CUT, color=LINE)
    plain.level(panel, _shown(limits.bias))
    draw_notes(panel, notes)


def _counted(data: BlandAltman) -> Counter[tuple[float, float]]:
    return Counter((round(p.mean, 2), round(p.difference, 2)) for p in data.pairs)


def _pairs(panel: Panel, data: BlandAltman) -> None:
    spots = _counted(data)
    xs, ys = [x for x, _ in spots], [y for _, y in spots]
    radius = max(SMALLEST, min(LARGEST, plain.nearest(panel, xs, ys) / 2)) if spots else LARGEST
    plain.dots(panel, xs, ys, plain.Look(face="none", size=2 * radius))
    several = [spot for spot, count in spots.items() if count > 1]
    full = plain.Look(size=2 * radius)
    plain.dots(panel, [x for x, _ in several], [y for _, y in several], full)
    _counts(panel, data, spots)
    titles = [
        f"{p.title}: {data.first} {p.first:.2f}, {data.second} {p.second:.2f}" for p in data.pairs
    ]
    at = [p.mean for p in data.pairs], [p.difference for p in data.pairs]
    plain.targets(panel, "hit-pairs", *at, titles)
    if not data.pairs:
        plain.nothing_yet(panel, "No session was rated by both")
    panel.page.strokes([((LEFT, panel.foot), (LEFT, panel.top))], 0.6, INK)


def _counts(panel: Panel, data: BlandAltman, spots: Counter[tuple[float, float]]) -> None:
    """Beside a spot of several sessions how many they are, where it hides no other."""
    placer = Placer(panel)
    left, right = (panel.time.across(at) for at in plain.QUALITY_RANGE)
    found = data.drawn_limits
    lines = (found.low, found.bias, found.high) if found else ()
    for weight, levels in ((4 * DATA, (0.0, *lines)), (GRID, range(-int(REACH), int(REACH) + 1))):
        for at in levels:
            y = panel.down(_shown(at))
            placer.avoid([(left, y), (right, y)], weight)
    at = {spot: (panel.time.across(spot[0]), panel.down(spot[1])) for spot in spots}
    for x, y in at.values():
        for edge in ((x - LARGEST, y), (x + LARGEST, y), (x, y - LARGEST), (x, y + LARGEST)):
            placer.avoid([edge], 4 * DATA)
    for spot, (x, y) in at.items():
        if spots[spot] > 1:
            placer.put(Tag(x, y, f"\N{MULTIPLICATION SIGN}{spots[spot]}"), most=MOST_HIDDEN)

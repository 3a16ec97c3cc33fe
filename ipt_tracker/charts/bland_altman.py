"""Two raters of the same sessions: difference over mean, with bias and limits of agreement.

Nothing is computed here: bias, limits and their intervals come from `clinical/fidelity/agreement`.
Under six pairs the points stand alone.
"""

from collections import Counter
from dataclasses import dataclass

from ipt_tracker.charts import plain
from ipt_tracker.charts.backdrop import Note, draw_notes, room
from ipt_tracker.charts.model import Provenance
from ipt_tracker.charts.page import Chart, Entry, Panel, Surround
from ipt_tracker.charts.style import BAND, BAND_ALPHA, INK, LEFT, MARGIN, MUTED, NAME, RIGHT, WHITE
from ipt_tracker.charts.typeset import wrap
from ipt_tracker.charts.words import plural, provenance

TALL, HEADING, BELOW = 190.0, 28.0, 40.0
REACH = 4.0
"""Two ratings on a scale of 1 to 5 differ by at most four points: the whole range is shown."""

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
    """`first` and `second` name the raters in words, such as "self" and "supervisor"."""

    title: str
    verdict: str
    footer: str
    pairs: tuple[Pair, ...]
    limits: Limits | None = None
    first: str = "self"
    second: str = "supervisor"
    notes: tuple[str, ...] = ()
    provenance: Provenance | None = None


def alt(data: BlandAltman) -> str:
    """The picture in words: how many pairs, the bias and the limits."""
    count = plural(len(data.pairs), "session", "sessions")
    said = f"{data.first.capitalize()} minus {data.second}, quality of {count}"
    if data.limits is None:
        return f"{said}; too few for limits of agreement."
    low, high = plain.signed(data.limits.low), plain.signed(data.limits.high)
    return f"{said}: mean difference {plain.signed(data.limits.bias)}, limits {low} to {high}."


def draw(data: BlandAltman) -> Chart:
    """The figure, 7 inches wide and as high as its words need."""
    notes = _notes(data)
    tall = max(TALL, room(notes))
    foot = tuple(t for t in (data.footer, provenance(data.provenance)) if t)
    body = HEADING + tall + BELOW
    page = Chart(body, Surround(data.title, data.verdict, foot, _key(data)))
    page.put(MARGIN, page.head + 11, f"{data.first.capitalize()} minus {data.second}", NAME)
    page.put(LEFT, page.head + HEADING - 5, f"{data.first} rates higher", MUTED)
    scale = plain.across(*plain.QUALITY_RANGE)
    panel = page.panel(page.head + HEADING, tall, scale, (-REACH, REACH))
    plain.value_ticks(panel, range(-int(REACH), int(REACH) + 1), "{:+g}")
    plain.across_ticks(panel, panel.foot + 11, plain.QUALITY_TICKS)
    plain.level(panel, 0.0)
    _limits(panel, data, notes)
    _pairs(panel, data)
    page.put(LEFT, panel.foot + 23, f"{data.second} rates higher", MUTED)
    page.put(LEFT, panel.foot + 35, "Across: mean of the two ratings of the session, 1 to 5", MUTED)
    return page


def _key(data: BlandAltman) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    marks = [Entry("\N{WHITE CIRCLE}", f"a session; n = {len(data.pairs)}")]
    if data.limits is None:
        marks.append(Entry("", "Limits of agreement need six pairs."))
    else:
        marks.append(Entry("", "Shaded: 95 % interval of the bias and of each limit."))
    if any(count > 1 for count in _counted(data).values()):
        marks.append(Entry("\N{MULTIPLICATION SIGN}2", "so many sessions on one spot"))
    return tuple(marks), tuple(Entry("", text) for text in data.notes)


def _notes(data: BlandAltman) -> list[Note]:
    if data.limits is None:
        return []
    named = (
        ("upper limit", data.limits.high, data.limits.high_ci),
        ("bias", data.limits.bias, data.limits.bias_ci),
        ("lower limit", data.limits.low, data.limits.low_ci),
    )
    return [
        Note(
            _shown(at),
            wrap(f"{name} {plain.signed(at)}\n({_between(ci)})", RIGHT - 11),
        )
        for name, at, ci in named
    ]


def _between(ci: Interval) -> str:
    return f"{plain.signed(ci[0])} to {plain.signed(ci[1])}"


def _shown(at: float) -> float:
    return min(max(at, -REACH), REACH)


def _limits(panel: Panel, data: BlandAltman, notes: list[Note]) -> None:
    if data.limits is None:
        return
    ends = (panel.time.low, panel.time.high)
    for ci in (data.limits.low_ci, data.limits.bias_ci, data.limits.high_ci):
        low, high = map(_shown, ci)
        panel.axes.fill_between(ends, low, high, fc=BAND, ec="none", alpha=BAND_ALPHA, zorder=0.2)
    for at in (data.limits.low, data.limits.high):
        plain.level(panel, _shown(at), dashes=plain.FIRM if _shown(at) == at else plain.DOTTED)
    plain.level(panel, data.limits.bias, dashes=plain.DASHED)
    draw_notes(panel, notes)


def _counted(data: BlandAltman) -> Counter[tuple[float, float]]:
    return Counter((round(p.mean, 2), round(p.difference, 2)) for p in data.pairs)


def _pairs(panel: Panel, data: BlandAltman) -> None:
    spots = _counted(data)
    xs, ys = [x for x, _ in spots], [y for _, y in spots]
    plain.dots(panel, xs, ys, plain.Look(face=WHITE, size=6.0))
    for (x, y), count in spots.items():
        if count > 1:
            text, left = f"\N{MULTIPLICATION SIGN}{count}", panel.time.across(x) + 5
            panel.page.put(left, panel.down(y) - 4, text)
    titles = [
        f"{p.title}: {data.first} {p.first:.2f}, {data.second} {p.second:.2f}" for p in data.pairs
    ]
    at = [p.mean for p in data.pairs], [p.difference for p in data.pairs]
    plain.targets(panel, "hit-pairs", *at, titles)
    if not data.pairs:
        plain.nothing_yet(panel, "No session was rated by both")
    panel.page.strokes([((LEFT, panel.foot), (LEFT, panel.top))], 0.6, INK)

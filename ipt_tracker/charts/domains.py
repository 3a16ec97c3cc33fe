"""Domain profile: how well each part was done, as a supervisor and as the therapist rated it.

The means and intervals are given; a domain without enough ratings has no interval here.
"""

from dataclasses import dataclass

from ipt_tracker.charts import plain
from ipt_tracker.charts.model import Provenance
from ipt_tracker.charts.page import Chart, Entry, Panel, Surround
from ipt_tracker.charts.style import (
    BLUE,
    INK,
    LEFT,
    MARGIN,
    MUTED,
    NAME,
    PANEL,
    PLAIN,
    WIDTH,
)
from ipt_tracker.charts.typeset import width, wrap
from ipt_tracker.charts.words import plural, provenance

LANE, HEADING, BELOW = 22.0, 30.0, 24.0
STEP = 9.6
OWN_COLUMN, COUNT_COLUMN, SHARE_COLUMN = WIDTH - 84, WIDTH - 48, WIDTH - MARGIN


OWN, MEAN = plain.Look(face="none", edge=INK, size=7.5), plain.Look(size=4.5)


@dataclass(frozen=True, slots=True)
class Domain:
    """One domain: quality 1 to 5 with its interval, how many ratings, delivered in percent.

    `own` is the mean of the therapist's own ratings, of `own_n` of them.
    """

    name: str
    n: int
    mean: float | None
    low: float | None = None
    high: float | None = None
    delivered: float | None = None
    own: float | None = None
    own_n: int = 0


@dataclass(frozen=True, slots=True)
class Domains:
    """`line` is the clinic's pass line, a convention."""

    title: str
    verdict: str
    footer: str
    domains: tuple[Domain, ...]
    line: float | None = 3.0
    notes: tuple[str, ...] = ()
    provenance: Provenance | None = None


def alt(data: Domains) -> str:
    """The picture in words: each domain with its mean and how many ratings it rests on."""
    said = []
    for one in data.domains:
        mean = "no mean" if one.mean is None else f"{one.mean:.1f}"
        said.append(f"{one.name} {mean} (n = {one.n})")
    return f"Quality by domain, 1 to 5, higher is better: {'; '.join(said) or 'no ratings'}."


def draw(data: Domains) -> Chart:
    """The figure, 7 inches wide and as high as its domains and words need."""
    tall = _lane(data) * max(1, len(data.domains))
    foot = tuple(t for t in (data.footer, provenance(data.provenance)) if t)
    page = Chart(HEADING + tall + BELOW, Surround(data.title, data.verdict, foot, _key(data)))
    scale = plain.across(*plain.QUALITY_RANGE)
    panel = page.panel(page.head + HEADING, tall, scale, (max(1, len(data.domains)) - 0.5, -0.5))
    _heads(page)
    plain.across_ticks(panel, panel.foot + 11, plain.QUALITY_TICKS)
    if data.line is not None and data.domains:
        panel.axes.vlines([data.line], *panel.ylim, colors=INK, lw=0.9, zorder=1)
    for place, one in enumerate(data.domains):
        _row(panel, place, one)
    if not data.domains:
        plain.nothing_yet(panel, "No ratings yet")
    _titles(panel, data)
    return page


def _lane(data: Domains) -> float:
    """As high as the longest name needs, the same for every domain."""
    return max([LANE, *(STEP * len(_name(one)) + 6 for one in data.domains)])


def _name(one: Domain) -> tuple[str, ...]:
    return wrap(one.name, LEFT - MARGIN - 4, PLAIN)


def _heads(page: Chart) -> None:
    page.put(MARGIN, page.head + 11, "Quality by domain", NAME)
    beside = MARGIN + width("Quality by domain", NAME) + 4
    page.put(beside, page.head + 11, "1 to 5, 3 is adequate, higher is better", MUTED)
    for right, text in ((OWN_COLUMN, "n"), (COUNT_COLUMN, "self n"), (SHARE_COLUMN, "delivered")):
        page.put(right, page.head + HEADING - 5, text, MUTED, "right")


def _row(panel: Panel, place: int, one: Domain) -> None:
    page, middle = panel.page, panel.down(place)
    lines = _name(one)
    for i, line in enumerate(lines):
        page.put(LEFT - 6, middle + 2.9 + STEP * (i - (len(lines) - 1) / 2), line, ha="right")
    if one.own is not None:
        plain.dots(panel, [one.own], [place], OWN)
    if one.low is not None and one.high is not None:
        ends = [max(1.0, one.low), min(5.0, one.high)]
        panel.axes.plot(ends, [place, place], color=BLUE, lw=1.8, zorder=4, clip_on=False)
    if one.mean is not None:
        plain.dots(panel, [one.mean], [place], MEAN)
    shown = ((OWN_COLUMN, f"{one.n}"), (COUNT_COLUMN, f"{one.own_n}"))
    share = "\N{EN DASH}" if one.delivered is None else f"{one.delivered:.0f} %"
    for right, text in (*shown, (SHARE_COLUMN, share)):
        page.put(right, middle + 2.9, text, ha="right")


def _key(data: Domains) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    marks = [
        Entry("\N{BLACK CIRCLE}", "supervisor; the bar is the 95 % interval"),
        Entry("\N{WHITE CIRCLE}", "the therapist's own ratings"),
    ]
    if data.line is not None and data.domains:
        marks.append(Entry("|", f"{data.line:g}: pass line, a convention"))
    return tuple(marks), tuple(Entry("", text) for text in data.notes)


def _titles(panel: Panel, data: Domains) -> None:
    known = [(i, d) for i, d in enumerate(data.domains) if d.mean is not None]
    titles = [f"{d.name}: {d.mean:.2f}, {plural(d.n, 'rating', 'ratings')}" for _, d in known]
    xs = [d.mean for _, d in known if d.mean is not None]
    plain.targets(panel, "hit-domains", xs, [float(i) for i, _ in known], titles)
    panel.page.strokes([((LEFT, panel.foot), (LEFT + PANEL, panel.foot))])

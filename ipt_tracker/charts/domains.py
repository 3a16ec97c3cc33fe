"""Domain profile: how well each part was done, as a supervisor and as the therapist rated it.

The means and intervals are given; a domain of fewer than five ratings has no interval here. It
serves for a profile of items as well.
"""

from dataclasses import dataclass

from ipt_tracker.charts import plain
from ipt_tracker.charts.model import Provenance
from ipt_tracker.charts.page import Chart, Entry, Panel, Surround
from ipt_tracker.charts.style import BLUE, INK, MARGIN, MUTED, NAME, PLAIN, WHITE, WIDTH
from ipt_tracker.charts.typeset import width, wrap
from ipt_tracker.charts.words import plural, provenance

LANE, HEADING, BELOW = 22.0, 30.0, 24.0
STEP = 9.6
SCALE_RIGHT = 362.0
NARROWEST, WIDEST = 50.0, 132.0
"""The column of names, in points, at least and at most."""
COLUMNS = (("mean", WIDTH - 104), ("n", WIDTH - 82), ("self n", WIDTH - 52))
DELIVERED = ("delivered", WIDTH - MARGIN)
FEWEST_FOR_INTERVAL = 5
NONE = "\N{EN DASH}"

OWN, MEAN = plain.Look(face=WHITE, edge=INK, size=7.5), plain.Look(size=4.2)


@dataclass(frozen=True, slots=True)
class Domain:
    """One domain: quality 1 to 5 with its interval, how many ratings, delivered in percent.

    `low` and `high` are the 95 % interval of `mean`, not cut at the ends of the scale. `own` is
    the mean of the therapist's own ratings, of `own_n` of them.
    """

    name: str
    n: int
    mean: float | None
    low: float | None = None
    high: float | None = None
    delivered: float | None = None
    own: float | None = None
    own_n: int = 0

    @property
    def interval(self) -> tuple[float, float] | None:
        """The interval from five ratings on, cut at the ends of the scale."""
        if self.low is None or self.high is None or self.n < FEWEST_FOR_INTERVAL:
            return None
        bottom, top = plain.QUALITY_RANGE
        return max(bottom, self.low), min(top, self.high)


@dataclass(frozen=True, slots=True)
class Domains:
    """`line` is the clinic's pass line, a convention; `what` heads the picture."""

    title: str
    verdict: str
    footer: str
    domains: tuple[Domain, ...]
    line: float | None = 3.0
    notes: tuple[str, ...] = ()
    provenance: Provenance | None = None
    what: str = "Quality by domain"


def alt(data: Domains) -> str:
    """The picture in words: each domain with its mean and how many ratings it rests on."""
    said = []
    for one in data.domains:
        mean = "no mean" if one.mean is None else f"{one.mean:.1f}"
        own = "" if one.own is None else f", self {one.own:.1f}, n = {one.own_n}"
        said.append(f"{one.name} {mean} (n = {one.n}{own})")
    return f"{data.what}, 1 to 5, higher is better: {'; '.join(said) or 'no ratings'}."


def draw(data: Domains) -> Chart:
    """The figure, 7 inches wide and as high as its domains and words need."""
    names = _names(data)
    tall = _lane(data, names) * max(1, len(data.domains))
    foot = tuple(t for t in (data.footer, provenance(data.provenance)) if t)
    page = Chart(HEADING + tall + BELOW, Surround(data.title, data.verdict, foot, _key(data)))
    left = MARGIN + names + 8
    scale = plain.between(left, SCALE_RIGHT, plain.QUALITY_RANGE)
    panel = page.panel(page.head + HEADING, tall, scale, (max(1, len(data.domains)) - 0.5, -0.5))
    _heads(page, data.what)
    plain.across_ticks(panel, panel.foot + 11, plain.QUALITY_TICKS)
    if data.line is not None and data.domains:
        panel.axes.vlines([data.line], *panel.ylim, colors=INK, lw=0.9, zorder=1)
    for place, one in enumerate(data.domains):
        _row(panel, place, one, names)
    if not data.domains:
        plain.nothing_yet(panel, "No ratings yet")
    _titles(panel, data)
    page.strokes([((left, panel.foot), (SCALE_RIGHT, panel.foot))])
    return page


def _names(data: Domains) -> float:
    """As wide as the longest name, within limits, so that few names need a second line."""
    longest = max((width(one.name) for one in data.domains), default=0.0)
    return min(max(longest / 0.96 + 1, NARROWEST), WIDEST)


def _lane(data: Domains, names: float) -> float:
    """As high as the longest name needs, the same for every domain."""
    lines = (len(wrap(one.name, names, PLAIN)) for one in data.domains)
    return max([LANE, *(STEP * count + 6 for count in lines)])


def _heads(page: Chart, what: str) -> None:
    page.put(MARGIN, page.head + 11, what, NAME)
    beside = MARGIN + width(what, NAME) + 5
    page.put(beside, page.head + 11, "1 to 5, 3 is adequate, higher is better", MUTED)
    for text, right in (*COLUMNS, DELIVERED):
        page.put(right, page.head + HEADING - 5, text, MUTED, "right")


def _row(panel: Panel, place: int, one: Domain, names: float) -> None:
    page, middle = panel.page, panel.down(place)
    lines = wrap(one.name, names, PLAIN)
    for i, line in enumerate(lines):
        base = middle + 2.9 + STEP * (i - (len(lines) - 1) / 2)
        page.put(MARGIN + names, base, line, ha="right")
    if one.interval:
        ends = list(one.interval)
        panel.axes.plot(ends, [place, place], color=BLUE, lw=1.8, zorder=4, clip_on=False)
    if one.own is not None:
        plain.dots(panel, [one.own], [place], OWN)
    if one.mean is not None:
        plain.dots(panel, [one.mean], [place], MEAN)
    mean = NONE if one.mean is None else f"{one.mean:.1f}"
    share = NONE if one.delivered is None else f"{one.delivered:.0f} %"
    shown = (mean, f"{one.n}", f"{one.own_n}", share)
    for (_, right), text in zip((*COLUMNS, DELIVERED), shown, strict=True):
        page.put(right, middle + 2.9, text, ha="right")


def _key(data: Domains) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    marks = []
    if any(one.mean is not None for one in data.domains):
        bar = any(one.interval for one in data.domains)
        text = "; the bar is the 95 % interval, from five ratings" if bar else ""
        marks.append(Entry("\N{BLACK CIRCLE}", f"mean of the supervisor's ratings{text}"))
    if any(one.own is not None for one in data.domains):
        marks.append(Entry("\N{WHITE CIRCLE}", "mean of the therapist's own ratings"))
    if data.line is not None and data.domains:
        marks.append(Entry("|", f"{data.line:g}: pass line, a convention"))
    if any(one.mean is None for one in data.domains):
        marks.append(Entry(NONE, "too few to say"))
    return tuple(marks), tuple(Entry("", text) for text in data.notes)


def _titles(panel: Panel, data: Domains) -> None:
    """One hover title for each mean, the therapist's own beside the supervisor's."""
    found = []
    for place, one in enumerate(data.domains):
        if one.own is not None:
            own = plural(one.own_n, "own rating", "own ratings")
            found.append((one.own, place, f"{one.name}: self {one.own:.2f}, {own}"))
        if one.mean is not None:
            count = plural(one.n, "rating", "ratings")
            found.append((one.mean, place, f"{one.name}: {one.mean:.2f}{_said(one)}, {count}"))
    plain.targets(
        panel,
        "hit-domains",
        [at for at, _, _ in found],
        [float(place) for _, place, _ in found],
        [text for _, _, text in found],
    )


def _said(one: Domain) -> str:
    if one.interval is None or one.low is None or one.high is None:
        return ""
    return f" (95 % interval {one.low:.2f} to {one.high:.2f})"

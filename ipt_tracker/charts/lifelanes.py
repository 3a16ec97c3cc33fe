"""Rows of numbered events: a circle for each, moved apart when crowded, over its true days."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from ipt_tracker.charts.model import Span
from ipt_tracker.charts.page import Chart, Entry, Panel
from ipt_tracker.charts.rows import lanes as apart
from ipt_tracker.charts.scales import Tick, TimeScale, crowded, date_ticks
from ipt_tracker.charts.style import INK, LEFT, LINE, MUTED, PANEL, PLAIN, RULE, VERMILLION
from ipt_tracker.charts.typeset import spread
from ipt_tracker.charts.words import plural

MOST = 60  # events drawn
ROUND, EDGE = 13.5, 1.8  # a circle, and the heaviest line around it: half of it lies outside
CIRCLE = ROUND + EDGE + 1.5  # room for one circle, with some air, whatever its edge
STEP = CIRCLE  # from one row of circles to the next
ASIDE, MOST_LINES = 3 * CIRCLE, 4  # a circle further from its day asks for another line
PER_ROW = int(PANEL // CIRCLE) - 3
LEADER, BAR, FOOT, EMPTY = 9.0, 4.0, 5.0, 20.0
YEARS = 6.0 * 365  # days on the axis from which years are named instead of months
EVERY = (1, 2, 5, 10, 20, 50)


@dataclass(frozen=True, slots=True)
class Mark:
    """One event: the days it covers, and its words. `exact`: known to the day."""

    number: int
    lane: str
    start: date
    stop: date
    day: str
    text: str
    exact: bool = True
    spell: bool = False  # lasted from its start to its stop
    near: bool = False
    onset: bool = False
    recorded: str = ""  # what the record calls it: "medication change"; empty for an event


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of events: circles in as many lines as they need, bars for their days below."""

    name: str
    lines: tuple[tuple[tuple[Mark, float], ...], ...]  # each mark with the place of its circle
    bars: tuple[tuple[Mark, ...], ...]
    time: TimeScale

    @property
    def circles(self) -> float:
        return STEP * len(self.lines)

    @property
    def tall(self) -> float:
        return self.circles + LEADER + BAR * len(self.bars) + FOOT


def lanes(names: Sequence[str], marks: Sequence[Mark], time: TimeScale) -> tuple[Lane, ...]:
    """A row for each name that has an event."""
    found = []
    for name in names:
        own = [m for m in marks if m.lane == name]
        if own:
            found.append(Lane(name, _lines(own, time), _bars(own), time))
    return tuple(found)


def counted(marks: Sequence[Mark]) -> str:
    """Say "7 events, 1 medication change": every number of the list is in one of the counts."""
    own = sum(not m.recorded for m in marks)
    kinds = Counter(m.recorded for m in marks if m.recorded)
    said = [plural(own, "event", "events")] if own or not kinds else []
    return ", ".join(said + [plural(n, kind, f"{kind}s") for kind, n in kinds.items()])


def middle(mark: Mark, time: TimeScale) -> float:
    """Where an event stands: its beginning when it lasted, else the middle of what is known."""
    start, stop = mark.start.toordinal(), mark.stop.toordinal()
    at = start if mark.spell else (start + stop) / 2
    return time.across(min(max(at, time.low), time.high))


def _lines(marks: Sequence[Mark], time: TimeScale) -> tuple[tuple[tuple[Mark, float], ...], ...]:
    """Circles by turns in as many lines as they need, so that each stays near its day."""
    ranked = sorted(marks, key=lambda m: (middle(m, time), m.number))
    fewest = ceil(len(ranked) / PER_ROW)
    for count in range(fewest, max(fewest, MOST_LINES) + 1):
        lines = tuple(_line(ranked[i::count], time) for i in range(count))
        if all(abs(x - middle(m, time)) <= ASIDE for line in lines for m, x in line):
            break
    return tuple(line for line in lines if line)


def _line(own: Sequence[Mark], time: TimeScale) -> tuple[tuple[Mark, float], ...]:
    limits = (LEFT, LEFT + PANEL)
    spots = spread([middle(m, time) for m in own], [CIRCLE] * len(own), limits)
    return tuple(zip(own, spots, strict=True))


def _bars(marks: Sequence[Mark]) -> tuple[tuple[Mark, ...], ...]:
    """The days of events in as many lines as overlap."""
    spans = {Span(f"{m.number}", m.start, m.stop): m for m in marks}
    return tuple(tuple(spans[s] for s in line) for line in apart(tuple(spans)))


def draw(panel: Panel, some: Sequence[Lane]) -> None:
    """All rows, one below the other, with a light line between them."""
    page, top = panel.page, panel.top
    for i, lane in enumerate(some):
        if i:
            page.strokes([((LEFT, top), (LEFT + PANEL, top))], 0.5, RULE)
        page.put(LEFT - 6, top + STEP / 2 + 5, lane.name, MUTED, "right")
        _lane(page, lane, top)
        top += lane.tall
    page.strokes([((LEFT, panel.foot), (LEFT + PANEL, panel.foot))], 0.8)


def _lane(page: Chart, lane: Lane, top: float) -> None:
    floor = top + lane.circles + LEADER
    height = {m.number: floor + BAR * i for i, line in enumerate(lane.bars) for m in line}
    leaders, bold = [], []
    for i, line in enumerate(lane.lines):
        centre = top + STEP * (i + 0.5) + 2
        leaders += [((x, centre), (middle(m, lane.time), height[m.number])) for m, x in line]
        page.marks([x for _, x in line], centre, "o", ROUND)
        bold += [(x, centre) for m, x in line if m.near]
        for mark, x in line:
            page.put(x, centre + 2.9, f"{mark.number}", PLAIN, "center")
    page.strokes(leaders)
    for x, centre in bold:
        page.rings(x, centre, ROUND)
    for bars in lane.bars:
        for mark in bars:
            _days(page, lane.time, mark, height[mark.number])


def _days(page: Chart, time: TimeScale, mark: Mark, at: float) -> None:
    """A thick bar for a spell, a thin one for a month or a year, a short stroke for a day."""
    start = time.across(max(mark.start.toordinal(), time.low))
    stop = time.across(min(mark.stop.toordinal(), time.high))
    if mark.onset:
        page.diamond((start + stop) / 2, at, VERMILLION)
    elif mark.spell:
        page.strokes([((start, at), (max(stop, start + 2), at))], 2.8, INK)
    elif not mark.exact and stop - start > 2:  # noqa: PLR2004 -- points: a shorter bar is a stroke
        page.strokes([((start, at), (stop, at))], 1.2, LINE)
    else:
        page.strokes([((start, at - 2), (start, at + 2))], 1.4, INK)


def marks_key(shown: Sequence[Mark], near: str) -> list[Entry]:
    """The marks of the rows, as far as they occur."""
    known = (
        (
            "\N{BLACK DIAMOND}",
            f"onset, with a broken line; between the dotted lines: {near}",
            any(m.onset for m in shown),
        ),
        ("\N{WHITE CIRCLE}", f"heavy: {near}", any(m.near for m in shown)),
        ("\N{BOX DRAWINGS HEAVY HORIZONTAL}", "how long it lasted", any(m.spell for m in shown)),
        (
            "\N{BOX DRAWINGS LIGHT HORIZONTAL}",
            "known to the month or year only",
            any(not m.exact and not m.spell for m in shown),
        ),
    )
    return [Entry(symbol, text) for symbol, text, occurs in known if occurs]


def dates(panel: Panel, base: float) -> None:
    """Names of months, or of years over a long time, and light lines in the panel."""
    time = panel.time
    ticks = _years(time) if time.high - time.low > YEARS else date_ticks(time)
    at = [t.day.toordinal() for t in ticks]
    panel.axes.vlines(at, *panel.ylim, colors=RULE, lw=0.5, zorder=0.5)
    for tick in ticks:
        panel.page.put(time.across(tick.day), base, tick.label, MUTED, "center")
        panel.page.put(time.across(tick.day), base + 9.5, tick.year, MUTED, "center")


def _years(time: TimeScale) -> list[Tick]:
    first, last = date.fromordinal(int(time.low)).year + 1, date.fromordinal(int(time.high)).year
    for step in EVERY:
        ticks = [Tick(date(y, 1, 1), f"{y}") for y in range(first, last + 1) if y % step == 0]
        if not crowded((time.across(t.day), t.label) for t in ticks):
            break
    return ticks

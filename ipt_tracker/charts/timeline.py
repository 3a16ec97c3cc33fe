"""Timeline: a life in rows of numbered events on one true time axis, the scores below.

Nothing is compressed: a year is as long everywhere. Two windows of the same data are offered, the
whole life history and the course; what lies outside a window is counted in its key.
"""

from dataclasses import dataclass
from datetime import date

from ipt_tracker.charts import backdrop, lifelanes, points, rows, words
from ipt_tracker.charts.labels import Tag
from ipt_tracker.charts.lifelanes import Lane, Mark
from ipt_tracker.charts.model import Provenance, Series, Span, Visit
from ipt_tracker.charts.page import Chart, Entry, Panel, Surround
from ipt_tracker.charts.progress import HEADING, heading
from ipt_tracker.charts.scales import TimeScale, full, time_scale
from ipt_tracker.charts.style import (
    INK,
    LEADING,
    LEFT,
    LINE,
    MARGIN,
    MUTED,
    NAME,
    PANEL,
    RIGHT,
    SHADE,
)
from ipt_tracker.charts.typeset import width, wrap

TALL = 130.0  # panel of scores, unless its notes need more
DATES = 21.0
DOTS, BROKEN = (0, (1, 2)), (0, (7, 2, 1.5, 2))
NEAR = 92  # days of the grey band on either side of an onset


@dataclass(frozen=True, slots=True)
class Lifeline:
    """`first` and `last` are the days the window reaches to; marks outside it are not drawn."""

    title: str
    verdict: str
    footer: str
    first: date
    last: date
    marks: tuple[Mark, ...] = ()
    lanes: tuple[str, ...] = ()
    series: Series | None = None
    visits: tuple[Visit, ...] = ()
    phases: tuple[Span, ...] = ()
    focus: tuple[Span, ...] = ()
    near: str = "within 3 months of onset"
    each: str = ""  # where each score can be seen; said below the scores when it is given
    provenance: Provenance | None = None

    @property
    def shown(self) -> tuple[Mark, ...]:
        """The newest marks inside the window, as many as there are numbers for."""
        inside = [m for m in self.marks if m.stop >= self.first and m.start <= self.last]
        return tuple(inside[-lifelanes.MOST :])


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides the page's height."""

    data: Lifeline
    time: TimeScale
    spells: tuple[tuple[str, tuple[rows.Named, ...]], ...]
    lanes: tuple[Lane, ...]
    notes: tuple[backdrop.Note, ...]

    @property
    def events(self) -> float:
        """Height of the rows of events."""
        return sum(lane.tall for lane in self.lanes) or lifelanes.EMPTY

    @property
    def scores(self) -> float:
        return max(TALL, backdrop.room(self.notes)) if self.data.series else 0.0

    @property
    def above(self) -> float:
        return HEADING + rows.ROW * len(self.spells) + 4

    @property
    def between(self) -> float:
        """From the events to the scores: their dates, and the heading of the instrument."""
        return DATES + HEADING + 13 if self.data.series else 0.0

    @property
    def below(self) -> float:
        own = rows.dense(self.data.visits, self.time) and not self.is_narrow
        extra = 2 * rows.LANE if own else 0
        return (18 + extra if self.data.visits else 0) + DATES + 6 + LEADING * len(self.said)

    @property
    def is_narrow(self) -> bool:
        """Whether the sessions are one bar instead of a mark each."""
        return rows.narrow(self.data.visits, self.time)

    @property
    def said(self) -> tuple[str, ...]:
        """First and last score in words, in lines that fit under the scores."""
        data = self.data
        said = words.first_to_last(data.series) if data.series and data.each else ""
        return wrap(f"{said}; {data.each}", PANEL + RIGHT - MARGIN) if said else ()

    @property
    def body(self) -> float:
        return self.above + self.events + self.between + self.scores + self.below


def plan(data: Lifeline) -> Plan:
    time = time_scale([data.first, data.last])
    spells = []
    for name, spans in (("Phase", data.phases), ("Focus", data.focus)):
        for i, lane in enumerate(rows.lanes(spans)):
            spells.append(("and" if i else name, tuple(rows.named(lane, time))))
    lanes = lifelanes.lanes(data.lanes, data.shown, time)
    notes = backdrop.notes(data.series) if data.series else []
    return Plan(data, time, tuple(spells), lanes, tuple(notes))


def key(made: Plan) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """What the marks mean, and every event that is drawn by its number."""
    data, shown = made.data, made.data.shown
    out = lifelanes.marks_key(shown, data.near)
    if not made.is_narrow:
        out += words.slots_key(data.visits)
    if data.series:
        out += words.series_key(data.series, full)
    for name, spans in made.spells:
        out += words.unnamed_key(name, [n.span for n in spans if not n.text], full)
    if left := [m for m in data.marks if m not in shown]:
        lie = "lies" if len(left) == 1 else "lie"
        said = f"{lifelanes.counted(left)} {lie} outside this window or beyond its room"
        out.append(Entry("", f"{said}; see the table."))
    events = [Entry(f"{m.number}", f"{m.day}: {m.text}") for m in shown]
    return tuple(dict.fromkeys(out)), tuple(events)


def alt(data: Lifeline) -> str:
    """The picture in words, short enough for an `alt` attribute."""
    shown = data.shown
    said = [f"{lifelanes.counted(shown)} from {full(data.first)} to "]
    said[0] += f"{full(data.last)}."
    said += [f"{m.day}: {m.text}." for m in shown if m.onset]
    if near := [f"{m.day}: {m.text}" for m in shown if m.near]:
        said.append(f"{data.near.capitalize()}: {'; '.join(near)}.")
    if data.series:
        said.append(words.described(data.series))
    if data.visits:
        held = sum(bool(v.label) for v in data.visits)
        said.append(f"{words.plural(held, 'session', 'sessions')} held.")
    return " ".join(said)


def draw(data: Lifeline) -> Chart:
    """The figure, 7 inches wide and as high as it has to be."""
    made = plan(data)
    foot = tuple(t for t in (data.footer, words.provenance(data.provenance)) if t)
    page = Chart(made.body, Surround(data.title, data.verdict, foot, key(made)))
    top = page.head
    page.put(MARGIN, top + 11, "Events", NAME)
    page.put(MARGIN + width("Events", NAME) + 4, top + 11, "numbers as in the list below", MUTED)
    for i, (name, spans) in enumerate(made.spells):
        rows.strip(page, made.time, top + HEADING + 9 + rows.ROW * i, name, spans)
    panel = page.panel(top + made.above, made.events, made.time, (0, 1))
    _behind(panel, made)
    lifelanes.draw(panel, made.lanes)
    if data.series:
        lifelanes.dates(panel, panel.foot + 11)
        panel = _scores(page, made, data.series)
    slots = rows.stretch if made.is_narrow else rows.sessions
    base = slots(panel, panel.foot, data.visits) if data.visits else panel.foot
    lifelanes.dates(panel, base + 11)
    for i, line in enumerate(made.said):
        page.put(LEFT, base + 11 + DATES + LEADING * i, line)
    return page


def _behind(panel: Panel, made: Plan) -> None:
    """Near an onset the ground is grey between dots, and the onset a broken line.

    Both are told from a change of focus and from the reliable change without any colour.
    """
    low, high = panel.ylim
    for mark in made.data.shown:
        if mark.onset:
            start, stop = mark.start.toordinal(), mark.stop.toordinal()
            ends = max(start - NEAR, panel.time.low), min(stop + NEAR, panel.time.high)
            panel.axes.axvspan(*ends, fc=SHADE, ec="none", zorder=0)
            panel.axes.vlines(ends, low, high, colors=LINE, lw=0.9, linestyles=DOTS, zorder=1.1)
            at = (start + stop) / 2
            panel.axes.vlines([at], low, high, colors=INK, lw=1.2, linestyles=BROKEN, zorder=2.1)


def _scores(page: Chart, made: Plan, series: Series) -> Panel:
    """The main instrument alone: no other is joined with it."""
    top = page.head + made.above + made.events + DATES + 8
    heading(page, top + 11, series)
    ylim = (series.bottom, series.top)
    panel = page.panel(top + HEADING + 5, made.scores, made.time, ylim)
    stops = backdrop.focus_changes(made.data.focus)
    _behind(panel, made)
    backdrop.draw_backdrop(panel, series, stops)
    backdrop.value_axis(panel, series, 4)
    backdrop.draw_notes(panel, made.notes)
    points.draw_scores(panel, series, 1.2)
    points.targets(panel, series, "hit-main")
    placer = points.obstacles(panel, series, backdrop.levels(series), stops)
    if points.told_apart(panel, series):
        points.print_values(placer, series, every=False)
    if not series.scores:
        placer.put(Tag(LEFT + PANEL / 2, panel.top + 0.4 * panel.tall, "No scores yet", MUTED))
    return panel

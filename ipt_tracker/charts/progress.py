"""Progress chart: one instrument on true dates, the clinician's interview aligned below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ipt_tracker.charts import backdrop, points, rows, words
from ipt_tracker.charts.labels import Tag
from ipt_tracker.charts.model import Event, Provenance, Series, Span, Visit
from ipt_tracker.charts.page import Chart, Entry, Panel, Surround
from ipt_tracker.charts.scales import TimeScale, time_scale
from ipt_tracker.charts.style import LEFT, MARGIN, MUTED, NAME, PANEL
from ipt_tracker.charts.typeset import width

TALL, SMALLER = 184.0, 84.0  # panels, unless their notes need more
HEADING = 15.0
DATES = 21.0  # two lines below a panel


@dataclass(frozen=True, slots=True)
class Progress:
    title: str
    verdict: str
    footer: str
    main: Series
    visits: tuple[Visit, ...] = ()
    phases: tuple[Span, ...] = ()
    focus: tuple[Span, ...] = ()
    events: tuple[Event, ...] = ()
    interview: Series | None = None
    provenance: Provenance | None = None
    window: str = ""  # which days and which lines were chosen, where not all are drawn


def shown_days(data: Progress) -> list[date]:
    """Every day that has to fall on the axis; an event long ago must not squeeze the course."""
    series = (data.main, data.interview) if data.interview else (data.main,)
    out = [s.day for one in series for s in (*one.scores, *one.other_scores)]
    out += [v.day for v in data.visits]
    return out + [d for s in (*data.phases, *data.focus) for d in (s.start, s.stop)]


@dataclass(frozen=True, slots=True)
class Lane:
    name: str
    spans: tuple[rows.Named, ...]


def spell_lanes(data: Progress, time: TimeScale) -> list[Lane]:
    """Phases in one row; focal areas in as many as are open at the same time."""
    out = []
    for name, spans in (("Phase", data.phases), ("Focus", data.focus)):
        for i, lane in enumerate(rows.lanes(spans)):
            out.append(Lane("and" if i else name, tuple(rows.named(lane, time))))
    return out


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides the page's height, known before the page is made."""

    data: Progress
    time: TimeScale
    lanes: list[Lane]
    events: list[tuple[str, Event]]  # those that are drawn, each with its letter
    main_notes: list[backdrop.Note]
    interview_notes: list[backdrop.Note]

    @property
    def above(self) -> float:
        """From the heading's top to the main panel."""
        return HEADING + rows.ROW * len(self.lanes) + (17 if self.events else 0) + 4

    @property
    def tall(self) -> float:
        return max(TALL, backdrop.room(self.main_notes))

    @property
    def smaller(self) -> float:
        return max(SMALLER, backdrop.room(self.interview_notes))

    @property
    def between(self) -> float:
        """From the main panel to the interview's heading: session row and dates."""
        extra = 2 * rows.LANE if rows.dense(self.data.visits, self.time) else 0
        return (18 + extra if self.data.visits else 0) + DATES + 10

    @property
    def body(self) -> float:
        below = HEADING + 4 + self.smaller + DATES + 8 if self.data.interview else 0
        return self.above + self.tall + self.between + below


def plan(data: Progress) -> Plan:
    time = time_scale(shown_days(data))
    second = backdrop.notes(data.interview) if data.interview else []
    events = rows.lettered(data.events, time)
    return Plan(data, time, spell_lanes(data, time), events, backdrop.notes(data.main), second)


def key(made: Plan) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Marks on one side, events on the other."""
    data = made.data
    name = words.day_name(shown_days(data))
    out = words.slots_key(data.visits) + words.series_key(data.main, name)
    if data.interview:
        out += words.series_key(data.interview, name)
    for lane in made.lanes:
        out += words.unnamed_key(lane.name, [n.span for n in lane.spans if not n.text], name)
    return tuple(dict.fromkeys(out)), tuple(words.events_key(made.events, len(data.events), name))


def surround(made: Plan) -> Surround:
    data = made.data
    foot = tuple(t for t in (data.footer, words.provenance(data.provenance)) if t)
    return Surround(data.title, data.verdict, foot, key(made))


def heading(page: Chart, base: float, series: Series) -> None:
    """Instrument in bold; its lookback, range and direction beside it."""
    name, comma, lookback = series.name.partition(",")
    page.put(MARGIN, base, name, NAME)
    rest = f"{comma}{lookback} \N{MIDDLE DOT} {series.bottom} to {series.top}, lower is better"
    page.put(MARGIN + width(name, NAME) + (0 if comma else 2), base, rest, MUTED)


def fill(panel: Panel, made: Plan, series: Series, notes: Sequence[backdrop.Note]) -> None:
    """One instrument with everything behind and beside it."""
    data, small = made.data, series is made.data.interview
    stops = backdrop.focus_changes(data.focus)
    backdrop.shade(panel, data.phases)
    backdrop.draw_backdrop(panel, series, stops)
    backdrop.value_axis(panel, series, 2 if small else 4)
    backdrop.draw_notes(panel, notes)
    points.draw_scores(panel, series, 0.8 if small else 1.4)
    points.targets(panel, series, "hit-interview" if small else "hit-main")
    events = [] if small else [e.day.toordinal() for _, e in made.events]
    placer = points.obstacles(panel, series, backdrop.levels(series), [*stops, *events])
    points.print_values(placer, series, every=small)
    if not series.scores:
        placer.put(Tag(LEFT + PANEL / 2, panel.top + 0.4 * panel.tall, "No scores yet", MUTED))


def draw_main(page: Chart, made: Plan) -> None:
    data, top = made.data, page.head
    heading(page, top + 11, data.main)
    for i, lane in enumerate(made.lanes):
        rows.strip(page, made.time, top + HEADING + 9 + rows.ROW * i, lane.name, lane.spans)
    panel = page.panel(top + made.above, made.tall, made.time, (data.main.bottom, data.main.top))
    if made.events:
        rows.letters(panel, panel.top - 12, made.events)
    fill(panel, made, data.main, made.main_notes)
    base = rows.sessions(panel, panel.foot, data.visits) if data.visits else panel.foot
    rows.dates(panel, base + 11)


def draw_interview(page: Chart, made: Plan, series: Series) -> None:
    top = page.head + made.above + made.tall + made.between
    heading(page, top + 11, series)
    ylim = (series.bottom, series.top)
    panel = page.panel(top + HEADING + 4, made.smaller, made.time, ylim)
    fill(panel, made, series, made.interview_notes)
    rows.dates(panel, panel.foot + 11)


def alt(data: Progress) -> str:
    """The picture in words, short enough for an `alt` attribute."""
    said = [*filter(None, (data.window,)), words.described(data.main)]
    if data.interview:
        said.append(words.described(data.interview))
    missed = sum(not v.label for v in data.visits)
    if missed:
        slots = words.plural(missed, "session", "sessions")
        said.append(f"{slots} did not take place.")
    return " ".join(said)


def draw(data: Progress) -> Chart:
    """The figure, 7 inches wide and as high as it has to be."""
    made = plan(data)
    page = Chart(made.body, surround(made))
    draw_main(page, made)
    if data.interview:
        draw_interview(page, made, data.interview)
    return page

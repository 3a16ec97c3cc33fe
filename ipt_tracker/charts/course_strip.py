"""The course on one line: phases, focal areas, lettered events and appointments on true dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ipt_tracker.charts import rows, words
from ipt_tracker.charts.model import Event, Provenance, Span, Visit
from ipt_tracker.charts.page import Chart, Entry, Panel, Surround
from ipt_tracker.charts.scales import TimeScale, full, time_scale
from ipt_tracker.charts.style import LEFT, MUTED, PANEL, SHADE

THIN = 14.0  # the panel in which phases are shaded and events come down
DATES = 21.0
LETTERS = 17.0
MOST_SAID = 14  # spells named in the words for the picture


@dataclass(frozen=True, slots=True)
class CourseStrip:
    """`events` are named by their letters alone: the table beside the picture says what they are.

    Every visit counts as one that was held or not; scores are not shown here.
    """

    title: str
    verdict: str
    visits: tuple[Visit, ...]
    phases: tuple[Span, ...] = ()
    focus: tuple[Span, ...] = ()
    events: tuple[Event, ...] = ()
    last: date | None = None  # the day on which the course ended
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides the page's height."""

    data: CourseStrip
    time: TimeScale
    lanes: tuple[tuple[str, tuple[rows.Named, ...]], ...]
    events: tuple[tuple[str, Event], ...]

    @property
    def above(self) -> float:
        return 4 + rows.ROW * len(self.lanes) + (LETTERS if self.events else 0) + 4

    @property
    def is_narrow(self) -> bool:
        """Whether the appointments are one bar instead of a mark each."""
        return rows.narrow(self.data.visits, self.time)

    @property
    def below(self) -> float:
        own = rows.dense(self.data.visits, self.time) and not self.is_narrow
        return (18 + (rows.LANE if own else 0) if self.data.visits else 0) + DATES + 6


def days_of(data: CourseStrip) -> list[date]:
    """Every day that has to fall on the axis."""
    out = [v.day for v in data.visits] + ([data.last] if data.last else [])
    return out + [d for s in (*data.phases, *data.focus) for d in (s.start, s.stop)]


def lettered(data: CourseStrip) -> list[tuple[str, Event]]:
    """The events that have a letter in the picture, each with its letter."""
    return rows.lettered(data.events, time_scale(days_of(data)))


def plan(data: CourseStrip) -> Plan:
    time = time_scale(days_of(data))
    lanes = []
    for name, spans in (("Phase", data.phases), ("Focus", data.focus)):
        for i, lane in enumerate(rows.lanes(spans)):
            lanes.append(("and" if i else name, tuple(rows.named(lane, time))))
    return Plan(data, time, tuple(lanes), tuple(rows.lettered(data.events, time)))


def key(made: Plan) -> tuple[Entry, ...]:
    """The marks, spells without room for a name, and events beyond the letters."""
    visits = made.data.visits
    out = []
    if not made.is_narrow:
        held = any(v.label for v in visits)
        out += [Entry("|", "appointment kept, with the number of the session")] if held else []
        missed = any(not v.label for v in visits)
        out += [Entry("\N{MULTIPLICATION SIGN}", "did not take place")] if missed else []
    for name, spans in made.lanes:
        out += words.unnamed_key(name, [n.span for n in spans if not n.text], full)
    if made.events:
        out.append(Entry("A", "and on: events, in the table below"))
    return tuple(dict.fromkeys(out))


def alt(data: CourseStrip) -> str:
    """The picture in words, short enough for an `alt` attribute."""
    said = [f"{s.label} {full(s.start)} to {full(s.stop)}" for s in (*data.phases, *data.focus)]
    held = sum(bool(v.label) for v in data.visits)
    slots = words.plural(len(data.visits), "appointment", "appointments")
    out = [f"{slots}, {held} kept."]
    return " ".join(out + ([f"{'; '.join(said[:MOST_SAID])}."] if said else []))


def draw(data: CourseStrip) -> Chart:
    """The figure, 7 inches wide and as high as it has to be."""
    made = plan(data)
    foot = words.provenance(data.provenance)
    around = Surround(data.title, data.verdict, (foot,) if foot else (), (key(made), ()))
    page = Chart(made.above + THIN + made.below, around)
    for i, (name, spans) in enumerate(made.lanes):
        rows.strip(page, made.time, page.head + 13 + rows.ROW * i, name, spans)
    panel = page.panel(page.head + made.above, THIN, made.time, (0, 1))
    _behind(panel, data.phases)
    if made.events:
        rows.letters(panel, panel.top - 12, made.events)
    base = _slots(panel, made)
    rows.dates(panel, base + 11)
    return page


def _behind(panel: Panel, phases: Sequence[Span]) -> None:
    for span in phases[::2]:
        ends = span.start.toordinal(), span.stop.toordinal()
        panel.axes.axvspan(*ends, fc=SHADE, ec="none", zorder=0)


def _slots(panel: Panel, made: Plan) -> float:
    visits = made.data.visits
    if not visits:
        panel.page.put(LEFT + PANEL / 2, panel.top + 10, "No appointment yet", MUTED, "center")
        return panel.foot
    return (rows.stretch if made.is_narrow else rows.sessions)(panel, panel.foot, visits)

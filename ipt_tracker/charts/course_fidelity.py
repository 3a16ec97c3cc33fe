"""Adherence and quality over the sessions of a course or of a therapist, on true dates.

Two panels, never one axis: adherence in percent, quality 1 to 5. One stratum is drawn at a time.
Below them, where they are given, the patient's scores on the same dates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ipt_tracker.charts import backdrop, plain, points, ratings, rows, words
from ipt_tracker.charts.model import Provenance, Series, Span, Visit
from ipt_tracker.charts.page import Chart, Entry, Panel, Surround
from ipt_tracker.charts.ratings import By, Mark, Measure
from ipt_tracker.charts.scales import TimeScale, time_scale
from ipt_tracker.charts.style import INK, LEFT, MARGIN, MUTED, NAME, PANEL, RIGHT, WIDTH
from ipt_tracker.charts.typeset import width, wrap

__all__ = ["By", "Fidelity", "Mark", "alt", "draw"]

TALL = 92.0
HEADING, BETWEEN, DATES = 24.0, 8.0, 22.0
STEP = 9.6
CLEAR = 8.0  # below the panel, so that a mark on its floor touches no mark of a session
LANE = 11.0


@dataclass(frozen=True, slots=True)
class Fidelity:
    """One stratum: ratings of one basis, of sessions picked in one way; the title names it.

    `adherence_line` and `quality_line` are the clinic's lines: conventions. `visits` are the
    sessions that took place; `scored` of a visit says that a rating of it is shown. `is_numbered`
    is False where they are of several courses, so that their numbers would mean nothing.
    """

    title: str
    verdict: str
    footer: str
    marks: tuple[Mark, ...]
    visits: tuple[Visit, ...] = ()
    phases: tuple[Span, ...] = ()
    adherence_line: float | None = None
    quality_line: float | None = None
    scores: Series | None = None
    provenance: Provenance | None = None
    is_numbered: bool = True
    window: str = ""  # which days were chosen, where not all are drawn

    @property
    def in_lanes(self) -> bool:
        """Whether rated sessions and others have a lane of strokes each instead of marks."""
        several = bool(self.visits) and not self.is_numbered
        return several or rows.narrow(self.visits, time_scale(_days(self)))


def alt(data: Fidelity) -> str:
    """The picture in words: by each kind of rater how many, and between what they lie."""
    said = [_described(by, [m for m in data.marks if m.by is by]) for by in ratings.IN_KEY]
    said = [*filter(None, (data.window, *said))] if any(said) else [data.window, "No ratings."]
    if flagged := sum(m.flagged for m in data.marks):
        count = words.plural(flagged, "rating", "ratings")
        said.append(f"Something that is not IPT was seen in {count}.")
    if held := [v for v in data.visits if v.label]:
        drawn = sum(v.scored for v in held)
        count = words.plural(len(held), "session", "sessions")
        said.append(f"Of {count} held {drawn} with a rating that is shown.")
    if data.scores:
        said.append(words.described(data.scores))
    return " ".join(filter(None, said))


def _described(by: By, marks: Sequence[Mark]) -> str:
    if not marks:
        return ""
    name = ratings.LOOKS[by][2].removeprefix("the ").capitalize()
    said = f"{name}: {words.plural(len(marks), 'rating', 'ratings')}"
    for what in (_ADHERENCE, _QUALITY):
        if found := [v for m in marks if (v := what.value(m)) is not None]:
            low, high = what.form.format(min(found)), what.form.format(max(found))
            said += f", {what.name.lower()} {low} to {high}"
    return f"{said}."


def draw(data: Fidelity) -> Chart:
    """The figure, 7 inches wide and as high as its panels and words need."""
    time = time_scale(_days(data))
    phases = [rows.named(lane, time) for lane in rows.lanes(data.phases)]
    above = rows.ROW * len(phases) + 2 if phases else 0
    panels = 3 if data.scores else 2
    notes = backdrop.notes(data.scores) if data.scores else []
    below = max(TALL, backdrop.room(notes)) - TALL + _below(data, time)
    body = above + panels * (HEADING + TALL + BETWEEN) + below + DATES
    foot = tuple(t for t in (data.footer, words.provenance(data.provenance)) if t)
    page = Chart(body, Surround(data.title, data.verdict, foot, _key(data, phases)))
    for i, lane in enumerate(phases):
        name = "and" if i else "Phase"
        rows.strip(page, time, page.head + 9 + rows.ROW * i, name, lane)
    top = page.head + above
    made = [
        _panel(page, data, time, top, _ADHERENCE),
        _panel(page, data, time, top + HEADING + TALL + BETWEEN, _QUALITY),
    ]
    if data.scores:
        top += 2 * (HEADING + TALL + BETWEEN)
        made.append(_scores(page, data.scores, data, time, top))
    for panel in made[:-1]:
        rows.month_lines(panel)
    rows.dates(made[-1], _slots(made[-1], data) + 11)
    return page


def _below(data: Fidelity, time: TimeScale) -> float:
    """Height of the rows of sessions."""
    if not data.visits:
        return 0.0
    if data.in_lanes:
        return CLEAR + 2 * LANE
    return CLEAR + 18 + (2 * rows.LANE if rows.dense(data.visits, time) else 0)


def _slots(panel: Panel, data: Fidelity) -> float:
    """Which sessions took place and which of them were rated. Returns its last baseline."""
    top = panel.foot + CLEAR
    if not data.visits:
        return panel.foot
    if not data.in_lanes:
        return rows.sessions(panel, top, data.visits)
    page, held = panel.page, [v for v in data.visits if v.label]
    for name, rated in (("Shown", True), ("Others", False)):
        some = [panel.time.across(v.day) for v in held if v.scored is rated]
        page.put(LEFT - 6, top + 7, name, MUTED, "right")
        page.strokes([((x, top + 0.5), (x, top + 7.5)) for x in some], 0.5, INK)
        page.put(LEFT + PANEL + 8, top + 7, f"{len(some)} of {len(held)} sessions")
        top += LANE
    return top - LANE + 7


_ADHERENCE = Measure(
    name="Adherence",
    beside="delivered of what applied, 0 to 100 %",
    gid="hit-adherence",
    ylim=(0.0, 100.0),
    ticks=(0, 25, 50, 75, 100),
    form="{:.0f} %",
    short="{:.0f} %",
    value=lambda mark: mark.adherence,
    line_words="adherence line {:g} %, common usage without a source",
)
_QUALITY = Measure(
    name="Quality",
    beside="session mean, 1 to 5, 3 is adequate, higher is better",
    gid="hit-quality",
    ylim=plain.QUALITY_RANGE,
    ticks=plain.QUALITY_TICKS,
    form="{:.2f}",
    short="{:.1f}",
    value=lambda mark: mark.quality,
    line_words="pass line {:g}, a convention",
)


def _panel(page: Chart, data: Fidelity, time: TimeScale, top: float, what: Measure) -> Panel:
    page.put(MARGIN, top + 11, what.name, NAME)
    page.put(MARGIN + width(what.name, NAME) + 4, top + 11, what.beside, MUTED)
    panel = page.panel(top + HEADING, TALL, time, what.ylim)
    backdrop.shade(panel, data.phases)
    plain.value_ticks(panel, what.ticks)
    line = data.adherence_line if what is _ADHERENCE else data.quality_line
    if line is not None:
        plain.level(panel, line, dashes=plain.DASHED)
        _line_words(panel, line, what.line_words.format(line))
    ratings.draw(panel, data.marks, what, line)
    return panel


def _line_words(panel: Panel, at: float, text: str) -> None:
    lines = wrap(text, RIGHT - 11)
    for i, line in enumerate(lines):
        base = panel.down(at) + 2.9 + STEP * (i - (len(lines) - 1) / 2)
        panel.page.put(WIDTH - RIGHT + 8, base, line)


def _scores(page: Chart, series: Series, data: Fidelity, time: TimeScale, top: float) -> Panel:
    """The patient's scores, on the same dates and a scale of their own."""
    name, comma, lookback = series.name.partition(",")
    page.put(MARGIN, top + 11, name, NAME)
    rest = f"{comma}{lookback} \N{MIDDLE DOT} {series.bottom} to {series.top}, lower is better"
    page.put(MARGIN + width(name, NAME) + 2, top + 11, rest, MUTED)
    notes = backdrop.notes(series)
    tall = max(TALL, backdrop.room(notes))
    panel = page.panel(top + HEADING, tall, time, (series.bottom, series.top))
    backdrop.shade(panel, data.phases)
    backdrop.draw_backdrop(panel, series, ())
    backdrop.value_axis(panel, series, 4)
    backdrop.draw_notes(panel, notes)
    points.draw_scores(panel, series, 1.2)
    points.targets(panel, series, "hit-scores")
    placer = points.obstacles(panel, series, backdrop.levels(series), ())
    if points.told_apart(panel, series):
        points.print_values(placer, series, every=False)
    return panel


def _days(data: Fidelity) -> Sequence[date]:
    days = [m.day for m in data.marks] + [v.day for v in data.visits]
    days += [d for s in data.phases for d in (s.start, s.stop)]
    if not data.scores:
        return days
    return days + [s.day for s in (*data.scores.scores, *data.scores.other_scores)]


def _key(
    data: Fidelity, phases: Sequence[Sequence[rows.Named]]
) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    there = {m.by for m in data.marks}
    marks = [Entry(*ratings.LOOKS[by][1:]) for by in ratings.IN_KEY if by in there]
    if any(m.flagged for m in data.marks):
        text = "something that is not IPT was seen; shown beside, never netted off"
        marks.append(Entry("\N{WHITE DIAMOND}", text))
    if any(ratings.differ(data.marks, what) for what in (_ADHERENCE, _QUALITY)):
        marks.append(Entry("", "A thin line joins the ratings of one session."))
    name = words.day_name(_days(data))
    if data.scores:
        marks += words.series_key(data.scores, name)
    for lane in phases:
        marks += words.unnamed_key("Phase", [n.span for n in lane if not n.text], name)
    return tuple(marks), tuple(_slots_key(data))


def _slots_key(data: Fidelity) -> list[Entry]:
    held = [v for v in data.visits if v.label]
    if data.in_lanes:
        return [Entry("", "Others: sessions without a rating that is shown here.")]
    missed = len(held) < len(data.visits)
    known = (
        ("|", "session with a rating that is shown", any(v.scored for v in held)),
        ("\N{WHITE CIRCLE}", "session without one", any(not v.scored for v in held)),
        ("\N{MULTIPLICATION SIGN}", "session that did not take place", missed),
    )
    return [Entry(symbol, text) for symbol, text, occurs in known if occurs]

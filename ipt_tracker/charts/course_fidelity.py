"""Adherence and quality over the sessions of a course or of a therapist, on true dates.

Two panels, never one axis: adherence in percent, quality 1 to 5. One stratum is drawn at a time.
Below them, where they are given, the patient's scores on the same dates.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ipt_tracker.charts import plain, rows, words
from ipt_tracker.charts.backdrop import shade, value_axis
from ipt_tracker.charts.model import Provenance, Series, Span, Visit
from ipt_tracker.charts.page import Chart, Entry, Panel, Surround
from ipt_tracker.charts.points import draw_scores
from ipt_tracker.charts.points import targets as score_targets
from ipt_tracker.charts.scales import TimeScale, full, time_scale
from ipt_tracker.charts.style import (
    INK,
    LEFT,
    MARGIN,
    MUTED,
    NAME,
    PANEL,
    RIGHT,
    WIDTH,
)
from ipt_tracker.charts.typeset import width, wrap

TALL = 92.0
HEADING, BETWEEN, DATES = 20.0, 8.0, 22.0
STEP = 9.6


class By(StrEnum):
    """Who rated, by the shape of the mark."""

    SUPERVISOR = "supervisor"
    SELF = "self"
    INDEPENDENT = "independent"
    CONSENSUS = "consensus"


LOOKS: dict[By, tuple[plain.Look, str, str]] = {
    By.SUPERVISOR: (plain.FILLED, "\N{BLACK CIRCLE}", "supervisor"),
    By.SELF: (
        plain.Look(face="none", edge=INK, size=6.5),
        "\N{WHITE CIRCLE}",
        "the therapist's own rating",
    ),
    By.INDEPENDENT: (plain.Look("s", "none", size=7.0), "\N{WHITE SQUARE}", "second rater"),
    By.CONSENSUS: (plain.Look("s"), "\N{BLACK SQUARE}", "consensus"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One rating: adherence in percent, quality 1 to 5; None where nothing of it was rated."""

    day: date
    by: By
    title: str
    adherence: float | None
    quality: float | None
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Fidelity:
    """`adherence_line` and `quality_line` are the clinic's lines: conventions.

    `visits` are the sessions that took place; `scored` of a visit says that it was rated.
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


def alt(data: Fidelity) -> str:
    """The picture in words: how many ratings, and between what they lie."""
    said = [f"{words.plural(len(data.marks), 'rating', 'ratings')}."]
    for name, found, form in (
        ("Adherence", [m.adherence for m in data.marks if m.adherence is not None], "{:.0f} %"),
        ("Quality", [m.quality for m in data.marks if m.quality is not None], "{:.1f}"),
    ):
        if found:
            said.append(f"{name} from {form.format(min(found))} to {form.format(max(found))}.")
    if data.scores:
        said.append(words.described(data.scores))
    return " ".join(said)


def draw(data: Fidelity) -> Chart:
    """The figure, 7 inches wide and as high as its panels and words need."""
    time = time_scale(_days(data))
    lane = rows.ROW + 2 if data.phases else 0
    panels = 3 if data.scores else 2
    body = lane + panels * (HEADING + TALL + BETWEEN) + (20 if data.visits else 0) + DATES
    foot = tuple(t for t in (data.footer, words.provenance(data.provenance)) if t)
    page = Chart(body, Surround(data.title, data.verdict, foot, _key(data)))
    if data.phases:
        rows.strip(page, time, page.head + 9, "Phase", rows.named(data.phases, time))
    top = page.head + lane
    made = [
        _panel(page, data, time, top, _ADHERENCE),
        _panel(page, data, time, top + HEADING + TALL + BETWEEN, _QUALITY),
    ]
    if data.scores:
        made.append(_scores(page, data.scores, data, time, top + 2 * (HEADING + TALL + BETWEEN)))
    for panel in made[:-1]:
        rows.month_lines(panel)
    last = made[-1]
    base = rows.sessions(last, last.foot, data.visits) if data.visits else last.foot
    rows.dates(last, base + 11)
    return page


@dataclass(frozen=True, slots=True)
class _Measure:
    name: str
    beside: str
    gid: str
    ylim: tuple[float, float]
    ticks: tuple[float, ...]
    form: str
    value: Callable[[Mark], float | None]
    line: Callable[[Fidelity], float | None]
    line_words: str


_ADHERENCE = _Measure(
    name="Adherence",
    beside="delivered of what applied, 0 to 100 %",
    gid="hit-adherence",
    ylim=(0.0, 100.0),
    ticks=(0, 25, 50, 75, 100),
    form="{:.0f} %",
    value=lambda mark: mark.adherence,
    line=lambda data: data.adherence_line,
    line_words="adherence line {:g} %, common usage without a source",
)
_QUALITY = _Measure(
    name="Quality",
    beside="session mean, 1 to 5, 3 is adequate, higher is better",
    gid="hit-quality",
    ylim=plain.QUALITY_RANGE,
    ticks=plain.QUALITY_TICKS,
    form="{:.2f}",
    value=lambda mark: mark.quality,
    line=lambda data: data.quality_line,
    line_words="pass line {:g}, a convention",
)


def _panel(page: Chart, data: Fidelity, time: TimeScale, top: float, what: _Measure) -> Panel:
    page.put(MARGIN, top + 11, what.name, NAME)
    page.put(MARGIN + width(what.name, NAME) + 4, top + 11, what.beside, MUTED)
    panel = page.panel(top + HEADING, TALL, time, what.ylim)
    shade(panel, data.phases)
    plain.value_ticks(panel, what.ticks)
    line = what.line(data)
    if line is not None:
        plain.level(panel, line, dashes=plain.DASHED)
        _line_words(panel, line, what.line_words.format(line))
    _marks(panel, data, what)
    return panel


def _line_words(panel: Panel, at: float, text: str) -> None:
    lines = wrap(text, RIGHT - 11)
    for i, line in enumerate(lines):
        base = panel.down(at) + 2.9 + STEP * (i - (len(lines) - 1) / 2)
        panel.page.put(WIDTH - RIGHT + 8, base, line)


def _marks(panel: Panel, data: Fidelity, what: _Measure) -> None:
    known = [(m, v) for m in data.marks if (v := what.value(m)) is not None]
    for by, (look, _, _) in LOOKS.items():
        some = [(m.day.toordinal(), v) for m, v in known if m.by is by]
        plain.dots(panel, [x for x, _ in some], [y for _, y in some], look)
    flagged = [(m.day.toordinal(), v) for m, v in known if m.flagged]
    plain.dots(panel, [x for x, _ in flagged], [y for _, y in flagged], plain.DIAMOND)
    titles = [
        f"{full(m.day)}, {m.title}, {LOOKS[m.by][2]}: {what.form.format(v)}" for m, v in known
    ]
    at = [float(m.day.toordinal()) for m, _ in known], [v for _, v in known]
    plain.targets(panel, what.gid, *at, titles)
    if not known:
        panel.page.put(LEFT + PANEL / 2, panel.top + TALL / 2, "Not rated yet", MUTED, "center")


def _scores(page: Chart, series: Series, data: Fidelity, time: TimeScale, top: float) -> Panel:
    """The patient's scores, on the same dates and a scale of their own."""
    name, comma, lookback = series.name.partition(",")
    page.put(MARGIN, top + 11, name, NAME)
    rest = f"{comma}{lookback} \N{MIDDLE DOT} {series.bottom} to {series.top}, lower is better"
    page.put(MARGIN + width(name, NAME) + 2, top + 11, rest, MUTED)
    panel = page.panel(top + HEADING, TALL, time, (series.bottom, series.top))
    shade(panel, data.phases)
    value_axis(panel, series, 4)
    draw_scores(panel, series, 1.2)
    score_targets(panel, series, "hit-scores")
    return panel


def _days(data: Fidelity) -> Sequence[date]:
    days = [m.day for m in data.marks] + [v.day for v in data.visits]
    days += [d for s in data.phases for d in (s.start, s.stop)]
    return days + [s.day for s in data.scores.scores] if data.scores else days


def _key(data: Fidelity) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    there = {m.by for m in data.marks}
    marks = [Entry(look[1], look[2]) for by, look in LOOKS.items() if by in there]
    if any(m.flagged for m in data.marks):
        text = "something that is not IPT was seen; shown beside, never netted off"
        marks.append(Entry("\N{WHITE DIAMOND}", text))
    return tuple(marks), tuple(_slots(data.visits))


def _slots(visits: Sequence[Visit]) -> list[Entry]:
    known = (
        ("|", "session that was rated", any(v.scored for v in visits)),
        ("\N{WHITE CIRCLE}", "session that was not rated", any(not v.scored for v in visits)),
    )
    return [Entry(symbol, text) for symbol, text, occurs in known if occurs]

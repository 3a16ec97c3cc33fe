"""Forest plot: treatment against control, one row per trial, subgroup or pooled effect.

Nothing is computed here. Rows are drawn as they are given; every row prints its numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from ipt_tracker.charts import plain
from ipt_tracker.charts.effect_rows import (
    LINE_STEP,
    MANY,
    ROOMY,
    TIGHT,
    Columns,
    Ink,
    Interval,
    axis,
    columns,
    directions,
    fitted,
    lines,
    needed,
    number,
    numbers,
    opened,
)
from ipt_tracker.charts.model import Provenance
from ipt_tracker.charts.page import Chart, Entry, Panel, Surround
from ipt_tracker.charts.style import (
    INK,
    LINE,
    MARGIN,
    MUTED,
    PLAIN,
    RULE,
    STRONG,
    WHITE,
    WIDTH,
)
from ipt_tracker.charts.typeset import wrap
from ipt_tracker.charts.words import plural, provenance

Kind = Literal["heading", "study", "subgroup", "overall", "missing"]
SCENARIO = "a new setting: a scenario"
SQUARE, SMALLEST, LARGEST = 6.0, 3.5, 10.0
"""Sides of squares in points: without weights, and with the least and the greatest weight."""
INDENT = 9.0
LEAST = (-0.9, 0.4)


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One row. `scenario` is a second, wider interval that nobody printed: it is drawn broken.

    `weight` is the share of a study in its pooling, 0 to 1; without it all squares are alike.
    """

    label: str
    kind: Kind
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""
    scenario: Interval | None = None
    weight: float | None = None

    @property
    def ends(self) -> Interval | None:
        """The interval, where there is one."""
        return None if self.low is None or self.high is None else (self.low, self.high)

    @property
    def drawn(self) -> bool:
        """Whether the row has a place on the axis."""
        return self.estimate is not None and self.kind not in {"heading", "missing"}

    @property
    def pooled(self) -> bool:
        """Whether it is drawn as a lozenge: several trials together, with an interval."""
        return self.drawn and self.kind in {"subgroup", "overall"} and self.ends is not None

    @property
    def numbers(self) -> str:
        """What stands beside the row."""
        return "" if self.estimate is None else numbers(self.estimate, self.ends)


@dataclass(frozen=True, slots=True)
class Forest:
    """`axis_words` names the quantity; negative favours IPT."""

    title: str
    verdict: str
    rows: tuple[ForestRow, ...]
    axis_words: str = "Standardised mean difference"
    provenance: Provenance | None = None
    notes: tuple[str, ...] = ()


def alt(data: Forest) -> str:
    """The picture in words: every pooled effect, and how many trials are drawn."""
    said = [f"{r.label}: {r.numbers}" for r in data.rows if r.drawn and r.kind != "study"]
    studies = sum(r.drawn and r.kind == "study" for r in data.rows)
    said += [plural(studies, "single comparison", "single comparisons")] if studies else []
    missing = [r.label for r in data.rows if r.kind == "missing"]
    said += [f"without a value: {', '.join(missing)}"] if missing else []
    words = "; ".join(said) or "no comparison yet"
    return f"{data.axis_words}, 95 % intervals, negative favours IPT. {words}."


@dataclass(frozen=True, slots=True)
class _Line:
    """A row with its words wrapped and its place below the top of the panel."""

    row: ForestRow
    label: tuple[str, ...]
    note: tuple[str, ...]
    top: float
    tall: float

    @property
    def middle(self) -> float:
        """The height of its mark: beside its first line."""
        return self.top + 0.5 * LINE_STEP + 1

    @property
    def base(self) -> float:
        """The baseline of its first line, below the top of the panel."""
        return self.middle + 2.9


def draw(data: Forest) -> Chart:
    """The figure, 7 inches wide and as high as its rows need."""
    made = columns(_widths(data.rows), [r.note for r in data.rows if r.drawn])
    rows = _lines(data, made)
    tall = sum(line.tall for line in rows) or 2 * LINE_STEP
    foot = tuple(t for t in (provenance(data.provenance),) if t)
    around = Surround(data.title, data.verdict, foot, _key(data))
    ends = _axis(data.rows)
    panel = opened(around, made, ends, tall, (data.axis_words, "95 % interval"))
    directions(panel, panel.foot + 22, ("favours IPT", "favours control"))
    _centre(panel, data.rows)
    for line in rows:
        _words(panel, line, made)
    _marks(panel, rows, ends)
    if not rows:
        panel.page.put(MARGIN, panel.top + LINE_STEP, "No comparison yet", MUTED)
    return panel.page


def _widths(rows: Sequence[ForestRow]) -> list[float]:
    scenario = [needed(SCENARIO, PLAIN, INDENT)] * any(r.scenario for r in rows)
    faces = {True: (STRONG, 0.0), False: (PLAIN, INDENT)}
    return scenario + [needed(r.label, *faces[_outer(r)]) for r in rows]


def _outer(row: ForestRow) -> bool:
    return row.kind in {"heading", "overall"}


def _axis(rows: Sequence[ForestRow]) -> Interval:
    drawn = [r for r in rows if r.drawn]
    intervals = [e for r in drawn for e in (r.ends, r.scenario) if e is not None]
    return axis([r.estimate for r in drawn if r.estimate is not None], intervals, LEAST)


def _lines(data: Forest, made: Columns) -> list[_Line]:
    """Every row below the one before, as high as its longest column."""
    air = ROOMY if len(data.rows) <= MANY else TIGHT
    out: list[_Line] = []
    top = 2.0
    for row in data.rows:
        face = STRONG if _outer(row) else PLAIN
        label = fitted(row.label, made.names - (0 if _outer(row) else INDENT), face)
        room = made.notes if row.drawn else WIDTH - MARGIN - made.numbers
        note = fitted(row.note, room, MUTED)
        scenario = len(wrap(SCENARIO, made.names - INDENT)) if row.scenario else 0
        tall = LINE_STEP * (max(len(label) + scenario, len(note), 1)) + air
        out.append(_Line(row, label, note, top, tall))
        top += tall
    return out


def _words(panel: Panel, line: _Line, made: Columns) -> None:
    """Name, numbers and note of a row; a light line above a heading."""
    page, base, row = panel.page, panel.top + line.base, line.row
    outer = _outer(row)
    lines(page, line.label, MARGIN + (0 if outer else INDENT), base, STRONG if outer else PLAIN)
    page.put(made.numbers, base, row.numbers if row.drawn else "", STRONG if outer else PLAIN)
    lines(page, line.note, made.note_left if row.drawn else made.numbers, base, MUTED)
    if row.kind == "heading":
        y = panel.top + line.top - 1
        page.strokes([((MARGIN, y), (WIDTH - MARGIN, y))], 0.5, RULE)
    if row.scenario:
        below = base + LINE_STEP * len(line.label)
        lines(page, wrap(SCENARIO, made.names - INDENT), MARGIN + INDENT, below, MUTED)
        ends = f"({number(row.scenario[0])} to {number(row.scenario[1])})"
        page.put(made.numbers, below, ends, MUTED)


def _centre(panel: Panel, rows: Sequence[ForestRow]) -> None:
    """A broken line down from the overall effect, where there is exactly one."""
    found = [r.estimate for r in rows if r.kind == "overall" and r.estimate is not None]
    if len(found) == 1:
        line = panel.axes.vlines(found, *panel.ylim, colors=LINE, lw=0.8, linestyles=plain.DASHED)
        line.set_zorder(1)


def _marks(panel: Panel, rows: Sequence[_Line], ends: Interval) -> None:
    ink = Ink(panel, ends)
    drawn = [line for line in rows if line.row.drawn]
    pooled = [line for line in drawn if line.row.pooled]
    for kind, face in (("overall", INK), ("subgroup", WHITE)):
        ink.lozenges([_lozenge(x) for x in pooled if x.row.kind == kind], face)
    single = [x for x in drawn if not x.row.pooled]
    ink.bars([(x.row.ends, x.middle) for x in single if x.row.ends is not None])
    for x in single:
        if x.row.estimate is not None and ink.inside(x.row.estimate):
            look = plain.Look("s", INK, INK, _side(x.row, rows))
            plain.dots(panel, [x.row.estimate], [x.middle], look)
    below = [(x, x.middle + LINE_STEP * max(1, len(x.label))) for x in drawn]
    ink.broken([(x.row.scenario, y) for x, y in below if x.row.scenario is not None])
    at = [min(max(x.row.estimate or 0.0, ends[0]), ends[1]) for x in drawn]
    said = [_title(x.row) for x in drawn]
    plain.targets(panel, "hit-effects", at, [x.middle for x in drawn], said)


def _lozenge(line: _Line) -> tuple[float, Interval, float]:
    return line.row.estimate or 0.0, line.row.ends or (0.0, 0.0), line.middle


def _side(row: ForestRow, rows: Sequence[_Line]) -> float:
    """The area of a square stands for its weight, within what can be seen."""
    most = max((line.row.weight or 0.0 for line in rows), default=0.0)
    if row.weight is None or not most:
        return SQUARE
    return max(SMALLEST, LARGEST * sqrt(row.weight / most))


def _title(row: ForestRow) -> str:
    weight = "" if row.weight is None else f", weight {100 * row.weight:.0f} %"
    note = f" ({row.note})" if row.note else ""
    return f"{row.label}: {row.numbers}{weight}{note}"


def _key(data: Forest) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    drawn = [r for r in data.rows if r.drawn]
    weighted = any(r.weight is not None for r in drawn if not r.pooled)
    area = "; its area is the weight" if weighted else "; all alike: not weighted"
    ends = _axis(data.rows)
    spans = [e for r in drawn for e in (r.ends, r.scenario) if e is not None]
    known = (
        ("◆", "all together, as wide as the interval", _has(drawn, "overall")),
        ("◇", "a subgroup, as wide as the interval", _has(drawn, "subgroup")),
        ("■", f"one comparison{area}", any(not r.pooled for r in drawn)),
        (
            "",
            "Broken line with ends: a scenario; nobody observed it.",
            any(r.scenario for r in drawn),
        ),
        ("→", "goes on beyond the axis", any(a < ends[0] or b > ends[1] for a, b in spans)),
    )
    marks = tuple(Entry(symbol, text) for symbol, text, there in known if there)
    return marks, tuple(Entry("", text) for text in data.notes)


def _has(rows: Sequence[ForestRow], kind: Kind) -> bool:
    return any(r.pooled and r.kind == kind for r in rows)

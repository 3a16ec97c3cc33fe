"""Change within groups: IPT arms and waiting lists of the trials, and this caseload.

A change without a control group is another quantity than a difference from a control group; this
picture never carries an effect of treatment against control.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    numbers,
    opened,
    stacked,
)
from ipt_tracker.charts.model import Provenance
from ipt_tracker.charts.page import Chart, Entry, Panel, Surround
from ipt_tracker.charts.style import (
    BLUE,
    INK,
    MARGIN,
    MUTED,
    PLAIN,
    RULE,
    STRONG,
    WHITE,
    WIDTH,
    Face,
)
from ipt_tracker.charts.words import provenance

Group = Literal["waiting", "ipt", "caseload"]
HEADED = {
    "waiting": "Waiting lists of the trials",
    "ipt": "IPT arms of the trials",
    "caseload": "This caseload, no control group",
}
FEWEST = 10
"""Courses under which there is no mean, no interval and no d."""
INDENT, STACK, RING = 9.0, 7.6, 5.6
LEAST = (-0.4, 1.4)
KEPT = "\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}"
QUANTITY = "Change from start to end, in standard deviations"
UNCONTROLLED = "Change in a group also holds natural recovery and regression to the mean."


@dataclass(frozen=True, slots=True)
class WithinRow:
    """One group; `d` is start to end in SDs, positive is improvement."""

    label: str
    kind: Group
    n: int
    d: float | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""

    @property
    def few(self) -> bool:
        """Whether it is a caseload too small for a mean."""
        return self.kind == "caseload" and self.n < FEWEST

    @property
    def shown(self) -> float | None:
        """Its d, never of a caseload that is too small for one."""
        return None if self.few else self.d

    @property
    def ends(self) -> Interval | None:
        """The interval, where there is one and it may be drawn."""
        if self.low is None or self.high is None or self.shown is None:
            return None
        return self.low, self.high

    @property
    def named(self) -> str:
        """The group with its number of people."""
        return f"{self.label}, n = {self.n:,}"

    @property
    def numbers(self) -> str:
        """What stands beside the row."""
        if self.few:
            return f"n < {FEWEST}: no mean"
        return "no value" if self.shown is None else numbers(self.shown, self.ends)


@dataclass(frozen=True, slots=True)
class WithinChange:
    """`raw` are single courses of the caseload in SDs, drawn under ten courses: then no mean."""

    title: str
    verdict: str
    rows: tuple[WithinRow, ...]
    raw: tuple[float, ...] = ()
    provenance: Provenance | None = None
    notes: tuple[str, ...] = ()

    @property
    def rings(self) -> tuple[float, ...]:
        """The single courses, as long as they are too few for a mean."""
        own = [row for row in self.rows if row.kind == "caseload"]
        few = any(row.few for row in own) or not own
        return tuple(sorted(self.raw)) if few and len(self.raw) < FEWEST else ()

    @property
    def ordered(self) -> tuple[WithinRow, ...]:
        """The groups by kind; a caseload of single courses has a row even where none is given."""
        rows = self.rows
        if self.rings and not any(r.kind == "caseload" for r in rows):
            rows = (*rows, WithinRow("Single courses", "caseload", len(self.rings)))
        return tuple(r for kind in HEADED for r in rows if r.kind == kind)


def alt(data: WithinChange) -> str:
    """The picture in words: every group with its change, and single courses where they are few."""
    said = [f"{HEADED[r.kind]}: {r.named}: {r.numbers}" for r in data.ordered]
    if data.rings:
        low, high = data.rings[0], data.rings[-1]
        said.append(f"single courses from {plain.signed(low)} to {plain.signed(high)}")
    words = "; ".join(said) or "no group"
    return f"{QUANTITY}; positive is improvement. {words}. {UNCONTROLLED}"


@dataclass(frozen=True, slots=True)
class _Line:
    """A row with its words, its place below the top of the panel, and its rings by height."""

    row: WithinRow
    label: tuple[str, ...]
    note: tuple[str, ...]
    top: float
    tall: float
    heading: str = ""
    levels: tuple[tuple[float, int], ...] = ()

    @property
    def middle(self) -> float:
        """The height of its mark, beside the first line of its name."""
        return self.top + (LINE_STEP + ROOMY) * bool(self.heading) + 0.5 * LINE_STEP + 1


def draw(data: WithinChange) -> Chart:
    """The figure, 7 inches wide and as high as its rows need."""
    rows = data.ordered
    made = columns(_widths(rows), [r.note for r in rows])
    ends = _axis(data)
    each = (made.right - made.left) / (ends[1] - ends[0])
    placed = _lines(data, made, STACK / each)
    tall = sum(line.tall for line in placed) or 2 * LINE_STEP
    foot = tuple(t for t in (provenance(data.provenance),) if t)
    around = Surround(data.title, data.verdict, foot, _key(data))
    panel = opened(around, made, ends, tall, (QUANTITY, "d with 95 % interval"))
    directions(panel, panel.foot + 22, ("worse", "better"))
    for line in placed:
        _words(panel, line, made)
    _marks(panel, placed, ends)
    if not placed:
        panel.page.put(MARGIN, panel.top + LINE_STEP, "No group yet", MUTED)
    return panel.page


def _widths(rows: Sequence[WithinRow]) -> list[float]:
    heads = [needed(HEADED[r.kind], STRONG) for r in rows]
    return heads + [needed(r.named, PLAIN, INDENT) for r in rows]


def _axis(data: WithinChange) -> Interval:
    rows = data.ordered
    at = [r.shown for r in rows if r.shown is not None]
    return axis([*at, *data.rings], [r.ends for r in rows if r.ends is not None], LEAST)


def _lines(data: WithinChange, made: Columns, apart: float) -> list[_Line]:
    """Every row below the one before, with a heading where another kind begins."""
    air = ROOMY if len(data.ordered) <= MANY else TIGHT
    out: list[_Line] = []
    top, seen, rings = 2.0, "", data.rings
    for row in data.ordered:
        new = row.kind != seen
        label = fitted(row.named.replace(" = ", KEPT), made.names - INDENT, _face(row))
        note = fitted(row.note, made.notes, MUTED)
        levels = stacked(rings, apart) if row.few else ()
        rings = () if row.few else rings
        tall = LINE_STEP * max(len(label), len(note), 1)
        tall = max(tall, LINE_STEP + STACK * max((level for _, level in levels), default=0)) + air
        tall += (LINE_STEP + ROOMY) * new
        heading = HEADED[row.kind] if new else ""
        out.append(_Line(row, label, note, top, tall, heading, levels))
        top, seen = top + tall, row.kind
    return out


def _face(row: WithinRow) -> Face:
    return replace(PLAIN, color=BLUE) if row.kind == "caseload" else PLAIN


def _words(panel: Panel, line: _Line, made: Columns) -> None:
    """Name, numbers and note; above the first of a kind a light line and its heading."""
    page, row, base = panel.page, line.row, panel.top + line.middle + 2.9
    if line.heading:
        y = panel.top + line.top - 1
        page.strokes([((MARGIN, y), (WIDTH - MARGIN, y))], 0.5, RULE)
        page.put(MARGIN, base - LINE_STEP - ROOMY, line.heading, STRONG)
    lines(page, line.label, MARGIN + INDENT, base, _face(row))
    page.put(made.numbers, base, row.numbers, MUTED if row.shown is None else _face(row))
    lines(page, line.note, made.note_left, base, MUTED)


def _marks(panel: Panel, rows: Sequence[_Line], ends: Interval) -> None:
    ink = Ink(panel, ends)
    for kinds, color in ((("waiting", "ipt"), INK), (("caseload",), BLUE)):
        some = [x for x in rows if x.row.kind in kinds]
        ink.bars([(x.row.ends, x.middle) for x in some if x.row.ends is not None], color)
    spots = [(x, x.row.shown) for x in rows if x.row.shown is not None]
    for kind, look in LOOKS.items():
        at = [(d, x.middle) for x, d in spots if x.row.kind == kind and ink.inside(d)]
        if at:
            plain.dots(panel, [d for d, _ in at], [y for _, y in at], look)
    xs = [min(max(d, ends[0]), ends[1]) for _, d in spots]
    said = [f"{x.row.named}: {x.row.numbers}" for x, _ in spots]
    plain.targets(panel, "hit-groups", xs, [x.middle for x, _ in spots], said)
    _rings(panel, rows, ink)


def _rings(panel: Panel, rows: Sequence[_Line], ink: Ink) -> None:
    """Single courses; one beyond the axis is an arrow at its end."""
    spots = [(d, x.middle + STACK * level) for x in rows for d, level in x.levels]
    at = [(d, y) for d, y in spots if ink.inside(d)]
    if at:
        plain.dots(
            panel, [d for d, _ in at], [y for _, y in at], plain.Look("o", WHITE, BLUE, RING)
        )
    ink.bars([((d, d), y) for d, y in spots if not ink.inside(d)], BLUE)
    titles = [f"one course: {plain.signed(d)}" for d, _ in at]
    plain.targets(panel, "hit-courses", [d for d, _ in at], [y for _, y in at], titles)


LOOKS = {
    "waiting": plain.Look("s", WHITE, INK, 6.0),
    "ipt": plain.Look("s", INK, INK, 6.0),
    "caseload": plain.Look("o", BLUE, BLUE, 7.0),
}


def _key(data: WithinChange) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    rows, ends = data.ordered, _axis(data)
    drawn = {r.kind for r in rows if r.shown is not None}
    over = [*(e for r in rows if (e := r.ends)), *((d, d) for d in data.rings)]
    known = (
        ("\N{WHITE SQUARE}", "a waiting list of the trials", "waiting" in drawn),
        ("\N{BLACK SQUARE}", "an IPT arm of the trials", "ipt" in drawn),
        ("\N{BLACK CIRCLE}", "this caseload", "caseload" in drawn),
        ("\N{WHITE CIRCLE}", f"one course; under {FEWEST} there is no mean", data.rings),
        (
            "\N{RIGHTWARDS ARROW}",
            "goes on beyond the axis",
            any(a < ends[0] or b > ends[1] for a, b in over),
        ),
    )
    marks = tuple(Entry(symbol, text) for symbol, text, there in known if there)
    said = (UNCONTROLLED, "It is not a difference from a control group.", *data.notes)
    return marks, tuple(Entry("", text) for text in said)

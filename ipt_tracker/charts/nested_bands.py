"""One patient's change among three nested ranges, and among the patients of the trials' arms.

Everything is change from first to last in points of the patient's own instrument, and measured
without a control group: a difference between groups has no place on this axis.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor
from statistics import NormalDist

from matplotlib.collections import PolyCollection

from ipt_tracker.charts import plain
from ipt_tracker.charts.effect_rows import (
    LINE_STEP,
    Columns,
    Ink,
    Interval,
    columns,
    directions,
    fitted,
    lines,
    needed,
)
from ipt_tracker.charts.model import Provenance
from ipt_tracker.charts.page import Chart, Entry, Panel, Surround
from ipt_tracker.charts.style import (
    BLUE,
    INK,
    LINE,
    MARGIN,
    MUTED,
    NAME,
    PLAIN,
    RULE,
    STRONG,
    WHITE,
    WIDTH,
    Face,
)
from ipt_tracker.charts.words import provenance

GREYS = ("#E9E9E9", "#C6C6C6", "#6B6B6B")
"""From the widest range to the narrowest."""
HEIGHTS = (38.0, 26.0, 12.0)
TWENTY, DOT = 20, 7.0
AIR, HEADS, BELOW = 7.0, 18.0, 30.0
STEPS = (5, 10, 20, 50)
MOST_TICKS = 9
KEPT = "\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}"
OWN = Face(color=BLUE, bold=True)


@dataclass(frozen=True, slots=True)
class Range:
    """One of the nested ranges."""

    label: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ArmRow:
    """One arm: its mean, and twenty dots where the spread of single changes is known."""

    label: str
    n: int
    mean: float
    sd: float | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""
    waiting: bool = False

    @property
    def numbers(self) -> str:
        """The mean with its interval, where there is one."""
        return whole(self.mean, self.low, self.high)


@dataclass(frozen=True, slots=True)
class NestedBands:
    """`ranges` go from the widest to the narrowest; `error` is a change that may be no change."""

    title: str
    verdict: str
    unit: str
    change: float
    error: float | None
    expected: float
    ranges: tuple[Range, ...]
    arms: tuple[ArmRow, ...] = ()
    provenance: Provenance | None = None
    notes: tuple[str, ...] = ()


def points(value: float) -> str:
    """One decimal with a true minus."""
    return f"{round(value, 1) + 0.0:.1f}".replace("-", "\N{MINUS SIGN}")


def own(change: float) -> str:
    """A whole change of one person, with its sign."""
    text = f"{change:+g}" if change else "0"
    return text.replace("-", "\N{MINUS SIGN}")


def whole(middle: float, low: float | None, high: float | None) -> str:
    """A mean and its interval as printed beside a row."""
    if low is None or high is None:
        return f"{points(middle)}, no interval"
    return f"{points(middle)} ({points(low)} to {points(high)})"


def alt(data: NestedBands) -> str:
    """The picture in words: the patient, every range, every arm."""
    ranges = "; ".join(f"{r.label} {points(r.low)} to {points(r.high)}" for r in data.ranges)
    arms = "; ".join(f"{a.label}, n = {a.n}: {a.numbers} {a.note}".strip() for a in data.arms)
    return (
        f"Change in {data.unit}, negative is improvement. This patient: {own(data.change)}. "
        f"Expected if the trials apply: {points(data.expected)}; {ranges}. "
        f"{arms or 'No arm of the trials was measured with this instrument'}."
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """An arm with its words, and its place below the top of the panel."""

    arm: ArmRow
    label: tuple[str, ...]
    note: tuple[str, ...]
    dots: tuple[tuple[float, int], ...]
    top: float

    @property
    def stack(self) -> float:
        return DOT * (1 + max((level for _, level in self.dots), default=0))

    @property
    def middle(self) -> float:
        """The height of its mean: under the dots, or beside the first line."""
        return self.top + (self.stack + 7.0 if self.dots else 0.6 * LINE_STEP)

    @property
    def tall(self) -> float:
        words = LINE_STEP * (len(self.label) + len(self.note))
        return max(words, self.stack + 12.0 if self.dots else 0.0) + AIR


def draw(data: NestedBands) -> Chart:
    """The figure, 7 inches wide and as high as its arms need."""
    made = columns([needed("grey: mean of one new setting", PLAIN, 9)], [])
    ends = _axis(data)
    each = (made.right - made.left) / (ends[1] - ends[0])
    bands_at = 24.0
    placed = list(_lines(data.arms, made, 1.5 * DOT / each, bands_at + 4 * LINE_STEP + 16))
    tall = placed[-1].top + placed[-1].tall if placed else bands_at + 4 * LINE_STEP + 12
    foot = tuple(text for text in (provenance(data.provenance),) if text)
    page = Chart(HEADS + tall + BELOW, Surround(data.title, data.verdict, foot, _key(data)))
    scale = plain.between(made.left, made.right, ends)
    panel = page.panel(page.head + HEADS, tall, scale, (tall, 0.0))
    page.put(MARGIN, page.head + 11, f"Change in {data.unit}", NAME)
    page.put(made.numbers, page.head + 11, "mean and 95 %", MUTED)
    _grid(panel, ends)
    directions(panel, panel.foot + 23, ("improvement", "worsening"))
    _bands(panel, data, made, bands_at)
    headed = {p.arm.waiting: p for p in placed[::-1]}
    for line in placed:
        _arm(panel, line, made, ends, heading=headed[line.arm.waiting] is line)
    _patient(panel, data, made, ends)
    return page


def _values(data: NestedBands) -> Iterator[float]:
    yield from (0.0, data.change)
    for each in data.ranges:
        yield from (each.low, each.high)
    for arm in data.arms:
        yield from (v for v in (arm.mean, arm.low, arm.high) if v is not None)
        if arm.sd:
            yield from (arm.mean - 2.2 * arm.sd, arm.mean + 2.2 * arm.sd)


def _axis(data: NestedBands) -> Interval:
    values = list(_values(data))
    step = _step(min(values), max(values))
    return floor(min(values) / step) * step, ceil(max(values) / step) * step


def _step(low: float, high: float) -> int:
    return next((s for s in STEPS if (high - low) / s < MOST_TICKS), STEPS[-1])


def _grid(panel: Panel, ends: Interval) -> None:
    step = _step(*ends)
    at = [t for t in range(int(ends[0]), int(ends[1]) + 1) if t % step == 0]
    panel.axes.vlines(at, *panel.ylim, colors=RULE, lw=0.5, zorder=0.5)
    panel.axes.vlines([0.0], *panel.ylim, colors=INK, lw=0.9, zorder=1)
    for tick in at:
        text = f"{tick}".replace("-", "\N{MINUS SIGN}")
        panel.page.put(panel.time.across(tick), panel.foot + 11, text, MUTED, "center")


def _bands(panel: Panel, data: NestedBands, made: Columns, top: float) -> None:
    """The three ranges around one mean, each over the wider one."""
    middle = top + 2 * LINE_STEP
    for each, grey, tall in zip(data.ranges, GREYS, HEIGHTS, strict=True):
        low, high = middle - tall / 2, middle + tall / 2
        box = [(each.low, low), (each.high, low), (each.high, high), (each.low, high)]
        drawn = PolyCollection([box], facecolors=grey, edgecolors=LINE, linewidths=0.6)
        drawn.set_zorder(2)
        panel.axes.add_collection(drawn, autolim=False)
    plain.dots(panel, [data.expected], [middle], plain.Look("s", WHITE, INK, 5.0))
    base = panel.top + top + 6
    panel.page.put(MARGIN, base, "Expected if the trials apply", STRONG)
    panel.page.put(made.numbers, base, points(data.expected), STRONG)
    for i, (shade, each) in enumerate(
        zip(("dark", "grey", "light"), data.ranges[::-1], strict=True), start=1
    ):
        panel.page.put(MARGIN, base + LINE_STEP * i, f"{shade}: {each.label}", MUTED)
        ends = f"{points(each.low)} to {points(each.high)}"
        panel.page.put(made.numbers, base + LINE_STEP * i, ends)


def _lines(arms: Sequence[ArmRow], made: Columns, apart: float, top: float) -> Iterator[_Line]:
    seen: bool | None = None
    for arm in arms:
        top += (LINE_STEP + 5) * (arm.waiting != seen)
        room = made.names
        label = fitted(f"{arm.label}, n{KEPT}{arm.n}", room, PLAIN)
        dots = tuple(twenty(arm.mean, arm.sd, apart)) if arm.sd else ()
        line = _Line(arm, label, fitted(arm.note, room, MUTED), dots, top)
        yield line
        top, seen = top + line.tall, arm.waiting


def twenty(mean: float, sd: float, apart: float) -> Iterator[tuple[float, int]]:
    """Twenty equal shares of a normal curve, stacked: where, and on which level."""
    levels: dict[int, int] = {}
    for i in range(TWENTY):
        place = round((NormalDist(mean, sd).inv_cdf((i + 0.5) / TWENTY) - mean) / apart)
        level = levels.get(place, 0)
        levels[place] = level + 1
        yield mean + place * apart, level


def _arm(panel: Panel, line: _Line, made: Columns, ends: Interval, *, heading: bool) -> None:
    page, arm = panel.page, line.arm
    if heading:
        y = panel.top + line.top - LINE_STEP - 6
        page.strokes([((MARGIN, y), (WIDTH - MARGIN, y))], 0.5, RULE)
        kind = "Waiting list of a trial" if arm.waiting else "IPT arm of a trial"
        page.put(MARGIN, y + LINE_STEP + 1, kind, STRONG)
    base = panel.top + line.top + 8
    lines(page, line.label, MARGIN, base, PLAIN)
    lines(page, line.note, MARGIN, base + LINE_STEP * len(line.label), MUTED)
    page.put(made.numbers, panel.top + line.middle + 3, arm.numbers)
    look = plain.Look("o", WHITE if arm.waiting else LINE, LINE, 5.2)
    spots = [(x, line.top + line.stack - DOT * (level + 0.5)) for x, level in line.dots]
    if spots:
        plain.dots(panel, [x for x, _ in spots], [y for _, y in spots], look)
    if arm.low is not None and arm.high is not None:
        Ink(panel, ends).bars([((arm.low, arm.high), line.middle)], INK)
    face = WHITE if arm.waiting else INK
    plain.dots(panel, [arm.mean], [line.middle], plain.Look("s", face, INK, 5.5))


def _patient(panel: Panel, data: NestedBands, made: Columns, ends: Interval) -> None:
    """The patient's change, through all rows, with what may be error of measurement."""
    panel.axes.vlines([data.change], 10, panel.tall, colors=BLUE, lw=1.1, zorder=3)
    if data.error is not None:
        around = (data.change - data.error, data.change + data.error)
        Ink(panel, ends).bars([(around, 10)], BLUE)
    plain.dots(panel, [data.change], [10], plain.Look("o", BLUE, BLUE, 7.0))
    panel.page.put(MARGIN, panel.top + 13, "This patient", OWN)
    panel.page.put(made.numbers, panel.top + 13, own(data.change), OWN)
    titles = [f"This patient: {own(data.change)} {data.unit}"]
    plain.targets(panel, "hit-patient", [data.change], [10], titles)


def _key(data: NestedBands) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    spread = any(arm.sd for arm in data.arms)
    error = "; line: less than a reliable change" if data.error is not None else ""
    known = (
        ("\N{BLACK CIRCLE}", f"this patient{error}", True),
        ("\N{WHITE SQUARE}", "mean expected without a control group; mean of a waiting list", True),
        ("\N{BLACK SQUARE}", "mean of an IPT arm, line: 95 % interval", bool(data.arms)),
        ("\N{WHITE CIRCLE}", "one in twenty of an arm by a normal curve, not a patient", spread),
    )
    marks = tuple(Entry(symbol, text) for symbol, text, there in known if there)
    return marks, tuple(Entry("", text) for text in data.notes)

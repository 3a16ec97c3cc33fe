"""Ratings of sessions in one panel: a shape for each kind of rater, on true dates.

The marks of one session lie inside one another, so that equal values hide nothing. Nothing joins
the sessions: those between were not rated.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from ipt_tracker.charts import plain
from ipt_tracker.charts.labels import SIDES, Placer, Tag
from ipt_tracker.charts.page import Panel
from ipt_tracker.charts.points import DATA, GRID, MOST_HIDDEN, NARROWEST, REFERENCE
from ipt_tracker.charts.scales import full
from ipt_tracker.charts.style import INK, LINE, VERMILLION


class By(StrEnum):
    """Who rated, by the shape of the mark."""

    SUPERVISOR = "supervisor"
    SELF = "self"
    INDEPENDENT = "independent"
    CONSENSUS = "consensus"


@dataclass(frozen=True, slots=True)
class Mark:
    """One rating: adherence in percent, quality 1 to 5; None where nothing of it was rated.

    `title` names the session on hover. `flagged`: something proscribed was seen.
    """

    day: date
    by: By
    title: str
    adherence: float | None
    quality: float | None
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """What a panel shows of each rating."""

    name: str
    beside: str
    gid: str
    ylim: tuple[float, float]
    ticks: tuple[float, ...]
    form: str  # on hover
    short: str  # beside a mark
    line_words: str
    value: Callable[[Mark], float | None]


LOOKS: dict[By, tuple[plain.Look, str, str]] = {
    By.INDEPENDENT: (plain.Look("s", "none", size=9.4), "\N{WHITE SQUARE}", "second rater"),
    By.SELF: (
        plain.Look(face="none", edge=INK, size=7.2),
        "\N{WHITE CIRCLE}",
        "the therapist's own rating",
    ),
    By.SUPERVISOR: (plain.Look(size=4.0), "\N{BLACK CIRCLE}", "supervisor"),
    By.CONSENSUS: (plain.Look("+", edge=INK, size=13.0), "+", "consensus"),
}
"""In the order of drawing; of one session and one value each is seen around the next."""
IN_KEY = (By.SUPERVISOR, By.SELF, By.INDEPENDENT, By.CONSENSUS)
HALF = 4.5
"""From the middle of a mark to what a label may come near to."""
FLAG = plain.Look("D", "none", VERMILLION, 12.0)
CLEAR_OF_MARKS = tuple(
    replace(side, dy=side.dy + (3 if side.dy > 0 else -3)) if side.ha == "center" else side
    for side in SIDES
)
"""Places of a printed value: further off than elsewhere, because marks lie inside one another."""
ALONE = 1.25  # how much larger marks are where there is one kind of rater
ROOMY, LEAST = 9.0, 0.6
"""Points between sessions below which marks shrink, and the smallest share of their size."""


def draw(panel: Panel, marks: Sequence[Mark], what: Measure, line: float | None) -> None:
    """Every rating that has a value, the values that matter, and a hover title for each."""
    known = [(m, v) for m in marks if (v := what.value(m)) is not None]
    if not known:
        plain.nothing_yet(panel, "No value was rated" if marks else "Not rated yet")
        return
    share = _share(panel, [m for m, _ in known])
    _links(panel, known)
    for by, (look, _, _) in LOOKS.items():
        _dots(panel, [(m, v) for m, v in known if m.by is by], look, share)
    _dots(panel, [(m, v) for m, v in known if m.flagged], FLAG, share)
    titles = [title(m, what.form.format(v)) for m, v in known]
    at = [float(m.day.toordinal()) for m, _ in known], [v for _, v in known]
    plain.targets(panel, what.gid, *at, titles)
    _print_values(panel, known, what, line)


def title(mark: Mark, value: str) -> str:
    """What is shown when the pointer rests on a mark."""
    flag = "; something that is not IPT was seen" if mark.flagged else ""
    return f"{full(mark.day)}, {mark.title}, {LOOKS[mark.by][2]}: {value}{flag}"


def _share(panel: Panel, marks: Sequence[Mark]) -> float:
    """Marks shrink before those of neighbouring sessions run into one another."""
    days = sorted({m.day.toordinal() for m in marks})
    gap = plain.nearest(panel, days, [panel.ylim[0]] * len(days))
    alone = ALONE if len({m.by for m in marks}) == 1 else 1.0
    return alone * max(LEAST, min(1.0, gap / ROOMY))


Known = Sequence[tuple[Mark, float]]


def _dots(panel: Panel, some: Known, look: plain.Look, share: float) -> None:
    places = [m.day.toordinal() for m, _ in some]
    if places:
        plain.dots(panel, places, [v for _, v in some], replace(look, size=share * look.size))


def _linked(known: Known) -> list[tuple[date, float, float]]:
    """Each session that several kinds of raters rated, with its lowest and highest value.

    Sessions of several courses can have one day and one number: two of them show by two ratings
    of one kind, and then nothing is joined.
    """
    found = defaultdict(list)
    for mark, value in known:
        found[mark.day, mark.title].append((mark.by, value))
    out = []
    for (day, _), given in found.items():
        if len({by for by, _ in given}) == len(given) > 1:
            values = [value for _, value in given]
            out.append((day, min(values), max(values)))
    return out


def differ(marks: Sequence[Mark], what: Measure) -> bool:
    """Whether a line joins two ratings of a session."""
    known = [(m, v) for m in marks if (v := what.value(m)) is not None]
    return any(low < high for _, low, high in _linked(known))


def _links(panel: Panel, known: Known) -> None:
    """A thin line between the ratings of one session."""
    apart = [(day.toordinal(), low, high) for day, low, high in _linked(known) if low < high]
    if apart:
        days, lows, highs = zip(*apart, strict=True)
        panel.axes.vlines(days, lows, highs, colors=LINE, lw=0.8, zorder=3)


def _print_values(panel: Panel, known: Known, what: Measure, line: float | None) -> None:
    """The number beside the first, last, best and worst rating of the main kind of rater."""
    main = next(by for by in IN_KEY if any(m.by is by for m, _ in known))
    some = sorted(((m, v) for m, v in known if m.by is main), key=lambda at: at[0].day)
    reach = (some[-1][0].day - some[0][0].day).days * panel.time.per_day
    if len(some) > 1 and reach < NARROWEST:
        return
    placer = _placer(panel, known, what, line)
    apart = _share(panel, [m for m, _ in known])
    highest, lowest = max(some, key=lambda at: at[1]), min(some, key=lambda at: at[1])
    for mark, value in dict.fromkeys([some[-1], some[0], highest, lowest]):
        x, y = panel.time.across(mark.day), panel.down(value)
        clear = apart * (6.0 if mark.flagged else 2.0)
        tag = Tag(x, y, what.short.format(value), clear=clear)
        placer.put(tag, CLEAR_OF_MARKS, most=MOST_HIDDEN)


def _placer(panel: Panel, known: Known, what: Measure, line: float | None) -> Placer:
    """What the printed values should not cover."""
    placer = Placer(panel)
    left, right = panel.time.across(panel.time.low), panel.time.across(panel.time.high)
    for weight, levels in ((GRID, what.ticks), (REFERENCE, () if line is None else (line,))):
        for at in levels:
            placer.avoid([(left, panel.down(at)), (right, panel.down(at))], weight)
    half = HALF * _share(panel, [m for m, _ in known])
    alone = [(m.day, v, v) for m, v in known]
    for day, low, high in dict.fromkeys([*alone, *_linked(known)]):
        x = panel.time.across(day)
        ends = panel.down(high) - half, panel.down(low) + half
        for edge in (x - half, x + half):
            placer.avoid([(edge, ends[0]), (edge, ends[1])], 4 * DATA)
    return placer

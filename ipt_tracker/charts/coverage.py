"""Coverage: one square for each session that took place, filled when somebody saw it.

A count of a whole has no interval. A row is a phase, or a therapist in order of name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from matplotlib.lines import Line2D

from ipt_tracker.charts.model import Provenance
from ipt_tracker.charts.page import Chart, Entry, Surround
from ipt_tracker.charts.style import INK, LINE, MARGIN, MUTED, NAME, PLAIN, RULE, WHITE, WIDTH
from ipt_tracker.charts.typeset import width, wrap
from ipt_tracker.charts.words import plural, provenance

NARROWEST, WIDEST = 56.0, 104.0
"""The column of names, in points, at least and at most."""
PITCH, SQUARE, FRAME = 10.0, 5.2, 8.0
STEP = 9.6
HEADING, GAP = 34.0, 9.0
BAR_LEFT, BAR_RIGHT, BAR_TALL = WIDTH - MARGIN - 60, WIDTH - MARGIN, 6.0
DELIVERED = BAR_LEFT - 12  # right edge of its column
COLUMN, WIDE_COLUMN = 40.0, 48.0


class Seen(StrEnum):
    """Whether and how a delivered session came to be rated by somebody else than its therapist."""

    NOT = "not"
    RANDOM = "random"
    CHOSEN = "chosen"
    NOT_STATED = "not_stated"


WAYS = (Seen.RANDOM, Seen.CHOSEN, Seen.NOT_STATED)
KEY = {
    Seen.NOT: ("\N{WHITE SQUARE}", "delivered, not rated"),
    Seen.RANDOM: ("\N{BLACK SQUARE}", "rated, drawn at random"),
    Seen.CHOSEN: ("\N{SQUARE WITH LEFT HALF BLACK}", "rated, chosen"),
    Seen.NOT_STATED: (
        "\N{WHITE SQUARE CONTAINING BLACK SMALL SQUARE}",
        "rated, not stated how it was picked",
    ),
}
BAR = ((Seen.RANDOM, INK), (Seen.CHOSEN, LINE), (Seen.NOT_STATED, INK))
HEADS = {Seen.RANDOM: "random", Seen.CHOSEN: "chosen", Seen.NOT_STATED: "not stated"}


@dataclass(frozen=True, slots=True)
class Row:
    """The delivered sessions of a phase or therapist, by date.

    `planned` is the share that is to be rated, 0 to 1. `twice` are the places, from 0, of sessions
    that two have rated. `titles` name each session on hover; without them its place in order.
    """

    name: str
    sessions: tuple[Seen, ...]
    planned: float | None = None
    twice: tuple[int, ...] = ()
    titles: tuple[str, ...] = ()

    @property
    def rated(self) -> int:
        """How many were rated, however they were picked."""
        return sum(each is not Seen.NOT for each in self.sessions)

    def title(self, place: int) -> str:
        """What is shown when the pointer rests on a square."""
        name = f"session {place + 1} of {len(self.sessions)} by date"
        name = self.titles[place] if self.titles else name
        twice = ", by two" if place in self.twice else ""
        return f"{self.name}, {name}: {KEY[self.sessions[place]][1]}{twice}"


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was seen of what was delivered."""

    title: str
    verdict: str
    footer: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    provenance: Provenance | None = None

    @property
    def ways(self) -> tuple[Seen, ...]:
        """The ways of picking that have a column: the last of them only where it occurs."""
        there = {seen for row in self.rows for seen in row.sessions}
        return tuple(way for way in WAYS if way in there or way is not Seen.NOT_STATED)


def alt(data: Coverage) -> str:
    """The picture in words: rated of delivered in each row, and how they were picked."""
    said = []
    for row in data.rows:
        ways = [f"{row.sessions.count(way)} {HEADS[way]}" for way in data.ways]
        plan = f", plan {100 * row.planned:.0f} %" if row.planned is not None else ""
        said.append(f"{row.name}: {row.rated} of {len(row.sessions)} ({', '.join(ways)}{plan})")
    return f"Rated of delivered sessions. {'; '.join(said) or 'No session was delivered'}."


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the columns stand, the same for every row."""

    names: float
    heads: tuple[tuple[Seen, float], ...]  # each with the right edge of its column
    per_line: int

    @property
    def left(self) -> float:
        """Where the squares begin."""
        return MARGIN + self.names + 8


def _layout(data: Coverage) -> _Layout:
    longest = max((width(row.name) for row in data.rows), default=0.0)
    names = min(max(longest / 0.96 + 1, NARROWEST), WIDEST)
    right, heads = DELIVERED - COLUMN - 4, []
    for way in reversed(data.ways):
        heads.append((way, right))
        right -= WIDE_COLUMN if way is Seen.NOT_STATED else COLUMN
    per_line = int((right - MARGIN - names - 8) // PITCH)
    return _Layout(names, tuple(reversed(heads)), per_line)


def draw(data: Coverage) -> Chart:
    """The figure, 7 inches wide and as high as its rows need."""
    made = _layout(data)
    foot = tuple(t for t in (data.footer, provenance(data.provenance)) if t)
    body = HEADING + sum(_tall(row, made) for row in data.rows) + (0 if data.rows else 16)
    page = Chart(body, Surround(data.title, data.verdict, foot, _key(data)))
    page.put(MARGIN, page.head + 11, "Sessions seen", NAME)
    beside = MARGIN + width("Sessions seen", NAME) + 5
    page.put(beside, page.head + 11, "one square for each session delivered, in date order", MUTED)
    top = page.head + HEADING
    if not data.rows:
        page.put(MARGIN, top, "No session was delivered", MUTED)
        return page
    _heads(page, made)
    for i, row in enumerate(data.rows):
        _row(page, row, made, top)
        _targets(page, row, made, top, f"hit-row-{i}")
        top += _tall(row, made)
        page.strokes([((MARGIN, top - GAP / 2), (WIDTH - MARGIN, top - GAP / 2))], 0.5, RULE)
    return page


def _heads(page: Chart, made: _Layout) -> None:
    base = page.head + HEADING - 8
    for way, right in made.heads:
        page.put(right, base, HEADS[way], MUTED, "right")
    page.put(DELIVERED, base, "delivered", MUTED, "right")
    page.put(BAR_LEFT, base, "0", MUTED)
    page.put(BAR_RIGHT, base, "100 %", MUTED, "right")


def _tall(row: Row, made: _Layout) -> float:
    said = 2 if row.planned is not None else 1
    texts = max(said, len(_name(row, made)))
    return max(STEP * texts, PITCH * ceil(len(row.sessions) / made.per_line)) + GAP


def _name(row: Row, made: _Layout) -> Sequence[str]:
    return wrap(row.name, made.names, PLAIN)


def _spots(row: Row, made: _Layout, top: float) -> list[tuple[float, float]]:
    """The middle of each square, line after line."""
    per = made.per_line
    return [
        (made.left + PITCH * (i % per) + 4, top + 4 + PITCH * (i // per))
        for i in range(len(row.sessions))
    ]


def _row(page: Chart, row: Row, made: _Layout, top: float) -> None:
    for i, line in enumerate(_name(row, made)):
        page.put(MARGIN + made.names, top + 7 + STEP * i, line, ha="right")
    spots = _spots(row, made, top)
    _squares(page, spots, SQUARE, WHITE)
    for way, size, fill in (
        (Seen.RANDOM, SQUARE, "full"),
        (Seen.CHOSEN, SQUARE, "left"),
        (Seen.NOT_STATED, SQUARE / 3, "full"),
    ):
        some = [at for at, seen in zip(spots, row.sessions, strict=True) if seen is way]
        _squares(page, some, size, INK, fill)
    _squares(page, [spots[place] for place in row.twice], FRAME, "none")
    for way, right in made.heads:
        page.put(right, top + 7, f"{row.sessions.count(way)}", ha="right")
    page.put(DELIVERED, top + 7, f"{len(row.sessions)}", ha="right")
    _bar(page, row, top)


def _squares(
    page: Chart, spots: Sequence[tuple[float, float]], size: float, face: str, fill: str = "full"
) -> None:
    if not spots:
        return
    marks = Line2D([x for x, _ in spots], [page.high - y for _, y in spots], ls="", marker="s")
    marks.set(ms=size, mfc=face, mec=INK, mew=0.8, transform=page.points)
    marks.set(fillstyle=fill, markerfacecoloralt=WHITE)
    page.add_artist(marks)


def _bar(page: Chart, row: Row, top: float) -> None:
    """The share that was rated, 0 to 100 %, by the way of picking; the plan is a mark on it."""
    middle, whole = top + 4, BAR_RIGHT - BAR_LEFT
    page.strokes([((BAR_LEFT, middle), (BAR_RIGHT, middle))], 0.8, LINE)
    left = BAR_LEFT
    for way, color in BAR:
        right = left + whole * row.sessions.count(way) / max(1, len(row.sessions))
        if right > left:
            page.strokes([((left, middle), (right, middle))], BAR_TALL, color)
        if way is Seen.NOT_STATED and right - left > 2:  # noqa: PLR2004 -- room for both edges
            page.strokes([((left + 0.8, middle), (right - 0.8, middle))], BAR_TALL - 1.6, WHITE)
        left = right
    if row.planned is not None:
        x = BAR_LEFT + row.planned * whole
        page.strokes([((x, middle - 6), (x, middle + 6))], 1.4, INK)
        page.put(BAR_RIGHT, top + 8 + STEP, f"plan {100 * row.planned:.0f} %", MUTED, "right")


def _targets(page: Chart, row: Row, made: _Layout, top: float, gid: str) -> None:
    """Invisible marks over the squares; the SVG gets one title in each."""
    if not (spots := _spots(row, made, top)):
        return
    layer = Line2D([x for x, _ in spots], [page.high - y for _, y in spots], ls="", marker="s")
    layer.set(ms=PITCH, mfc=INK, mec="none", alpha=0, gid=gid, transform=page.points, zorder=9)
    page.add_artist(layer)
    page.targets.append(layer)
    page.hover[gid] = tuple(row.title(i) for i in range(len(row.sessions)))


def _key(data: Coverage) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    there = {seen for row in data.rows for seen in row.sessions}
    marks = [Entry(*KEY[kind]) for kind in KEY if kind in there]
    if twice := sum(len(row.twice) for row in data.rows):
        framed = f"in a frame: rated by two ({plural(twice, 'session', 'sessions')})"
        marks.append(Entry("\N{SQUARED PLUS}", framed))
    if there - {Seen.NOT}:
        words = {Seen.RANDOM: "black", Seen.CHOSEN: "grey", Seen.NOT_STATED: "open"}
        said = ", ".join(f"{words[way]} {HEADS[way]}" for way in WAYS if way in there)
        marks.append(Entry("", f"Bar: rated in percent of delivered; {said}."))
    if any(row.planned is not None for row in data.rows):
        marks.append(Entry("|", "on the bar: the share that the plan asks for"))
    return tuple(marks), tuple(Entry("", text) for text in data.notes)

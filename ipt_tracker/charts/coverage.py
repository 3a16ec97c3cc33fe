"""Coverage: one square for each session that took place, filled when somebody saw it.

A count of a whole has no interval. A row is a phase, or a therapist in order of name.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from matplotlib.lines import Line2D

from ipt_tracker.charts.model import Provenance
from ipt_tracker.charts.page import Chart, Entry, Surround
from ipt_tracker.charts.style import INK, MARGIN, MUTED, NAME, PLAIN, RULE, WHITE, WIDTH
from ipt_tracker.charts.typeset import width, wrap
from ipt_tracker.charts.words import provenance

NAMES, COUNTS = 106.0, 92.0  # room left of the squares, and right of them
PITCH, LINE_STEP, GAP = 9.0, 9.5, 9.0
SQUARE = 5.2
STEP = 9.6
HEADING = 22.0
PER_LINE = int((WIDTH - NAMES - COUNTS) // PITCH)


class Seen(StrEnum):
    """Whether and how a delivered session came to be rated by somebody else than its therapist."""

    NOT = "not"
    RANDOM = "random"
    CHOSEN = "chosen"
    NOT_STATED = "not_stated"
    TWICE = "twice"


MARKS = {
    Seen.NOT: ("s", WHITE, "\N{WHITE SQUARE}", "delivered, not rated"),
    Seen.RANDOM: ("s", INK, "\N{BLACK SQUARE}", "rated, drawn at random"),
    Seen.CHOSEN: ("^", INK, "\N{BLACK UP-POINTING TRIANGLE}", "rated, chosen"),
    Seen.NOT_STATED: ("o", INK, "\N{BLACK CIRCLE}", "rated, how it was picked is not stated"),
    Seen.TWICE: ("D", INK, "\N{BLACK DIAMOND}", "rated by two"),
}
"""A shape for each, so that nothing depends on colour."""


@dataclass(frozen=True, slots=True)
class Row:
    """The delivered sessions of a phase or therapist by date; `planned` is a share, 0 to 1."""

    name: str
    sessions: tuple[Seen, ...]
    planned: float | None = None

    @property
    def rated(self) -> int:
        """How many were rated, however they were picked."""
        return sum(each is not Seen.NOT for each in self.sessions)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was seen of what was delivered."""

    title: str
    verdict: str
    footer: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    provenance: Provenance | None = None


def alt(data: Coverage) -> str:
    """The picture in words: rated of delivered in each row."""
    said = [f"{row.name}: {row.rated} of {len(row.sessions)}" for row in data.rows]
    return f"Rated of delivered sessions. {'; '.join(said) or 'No session was delivered'}."


def draw(data: Coverage) -> Chart:
    """The figure, 7 inches wide and as high as its rows need."""
    foot = tuple(t for t in (data.footer, provenance(data.provenance)) if t)
    body = HEADING + sum(map(_tall, data.rows)) + 6
    page = Chart(body, Surround(data.title, data.verdict, foot, _key(data)))
    page.put(MARGIN, page.head + 11, "Sessions seen", NAME)
    beside = MARGIN + width("Sessions seen", NAME) + 4
    page.put(beside, page.head + 11, "one mark for each session delivered, in date order", MUTED)
    top = page.head + HEADING
    for row in data.rows:
        _row(page, row, top)
        top += _tall(row)
        page.strokes([((MARGIN, top - GAP / 2), (WIDTH - MARGIN, top - GAP / 2))], 0.5, RULE)
    return page


def _lines(row: Row) -> int:
    said = 2 if row.planned is not None else 1
    return max(said, len(_name(row)), ceil(len(row.sessions) / PER_LINE))


def _tall(row: Row) -> float:
    return LINE_STEP * _lines(row) + GAP


def _name(row: Row) -> Sequence[str]:
    return wrap(row.name, NAMES - MARGIN - 8, PLAIN)


def _row(page: Chart, row: Row, top: float) -> None:
    for i, line in enumerate(_name(row)):
        page.put(NAMES - 8, top + 7 + STEP * i, line, ha="right")
    spots = [
        (NAMES + PITCH * (i % PER_LINE) + 3, top + 4 + LINE_STEP * (i // PER_LINE))
        for i in range(len(row.sessions))
    ]
    for kind, (shape, face, _, _) in MARKS.items():
        some = [at for at, seen in zip(spots, row.sessions, strict=True) if seen is kind]
        if some:
            marks = Line2D([x for x, _ in some], [page.high - y for _, y in some], ls="")
            marks.set(marker=shape, ms=SQUARE, mfc=face, mec=INK, mew=0.8, transform=page.points)
            page.add_artist(marks)
    delivered = len(row.sessions)
    share = f" = {100 * row.rated / delivered:.0f} %" if delivered else ""
    page.put(WIDTH - MARGIN, top + 7, f"{row.rated} of {delivered}{share}", ha="right")
    if row.planned is not None:
        plan = f"plan {100 * row.planned:.0f} %"
        page.put(WIDTH - MARGIN, top + 7 + STEP, plan, MUTED, "right")


def _key(data: Coverage) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    there = Counter(seen for row in data.rows for seen in row.sessions)
    marks = [Entry(mark[2], mark[3]) for kind, mark in MARKS.items() if there[kind]]
    return tuple(marks), tuple(Entry("", text) for text in data.notes)

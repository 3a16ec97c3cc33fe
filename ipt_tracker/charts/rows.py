"""Rows that share the time axis: labelled spells, event letters, session marks, dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from string import ascii_uppercase

from ipt_tracker.charts.model import Event, Span, Visit
from ipt_tracker.charts.page import Chart, Panel
from ipt_tracker.charts.scales import APART, TimeScale, date_ticks
from ipt_tracker.charts.style import INK, LEFT, LINE, MARGIN, MUTED, PANEL, RULE, WIDTH
from ipt_tracker.charts.typeset import spread, width
from ipt_tracker.charts.words import plural

ROW = 13.0  # height of a row of spells
NEAREST = 4.5  # points between two slots below which their kinds get a lane each
LANE = 5.0
MOST_LETTERS = len(ascii_uppercase)
LETTER = 12.0  # room for one circled letter


def lanes(spans: Sequence[Span]) -> list[list[Span]]:
    """Rows without overlaps, so that two focal areas open at once can both be seen."""
    out: list[list[Span]] = []
    for span in sorted(spans, key=lambda s: (s.start, s.stop)):
        lane = next((row for row in out if row[-1].stop <= span.start), None)
        if lane is None:
            out.append([span])
        else:
            lane.append(span)
    return out


@dataclass(frozen=True, slots=True)
class Named:
    span: Span
    text: str  # empty where not even the shortest name fits


def named(spans: Sequence[Span], time: TimeScale) -> list[Named]:
    """Each spell of one lane with the longest of its names that fits."""
    out = []
    for i, span in enumerate(spans):
        end = time.across(span.stop) if i + 1 < len(spans) else LEFT + PANEL
        room = end - time.across(span.start) - 5
        names = (span.label, *span.short)
        out.append(Named(span, next((n for n in names if width(n) <= room), "")))
    return out


def strip(page: Chart, time: TimeScale, base: float, name: str, spans: Sequence[Named]) -> None:
    """One lane of spells: a bar over its days, its name above the bar."""
    page.put(LEFT - 6, base, name, MUTED, "right")
    for item in spans:
        page.put(time.across(item.span.start) + 3, base, item.text)
    bars = [(time.across(n.span.start) + 1, time.across(n.span.stop) - 1) for n in spans]
    page.strokes([((a, base + 3.4), (max(a + 1, b), base + 3.4)) for a, b in bars], 1.4)


def lettered(events: Sequence[Event], time: TimeScale) -> list[tuple[str, Event]]:
    """The newest events on the axis, as many as there are letters, in date order."""
    shown = [e for e in events if time.low <= e.day.toordinal() <= time.high]
    newest = sorted(shown, key=lambda e: e.day)[-MOST_LETTERS:]
    return list(zip(ascii_uppercase, newest, strict=False))


def letters(panel: Panel, top: float, chosen: Sequence[tuple[str, Event]]) -> None:
    """Circled letters, moved apart when crowded, with a leader down to the true date."""
    page = panel.page
    days = [panel.time.across(e.day) for _, e in chosen]
    spots = spread(days, [LETTER] * len(days), (LEFT, LEFT + PANEL))
    page.put(LEFT - 6, top + 2.9, "Events", MUTED, "right")
    page.strokes([((x, top), (day, panel.top)) for x, day in zip(spots, days, strict=True)])
    page.marks(spots, top, "o", 10.5)
    for x, (letter, _) in zip(spots, chosen, strict=True):
        page.put(x, top + 2.9, letter, ha="center")
    at = [e.day.toordinal() for _, e in chosen]
    panel.axes.vlines(at, *panel.ylim, colors=LINE, lw=0.6, linestyles=(0, (1, 2.5)), zorder=2)


def dense(visits: Sequence[Visit], time: TimeScale) -> bool:
    days = sorted({v.day.toordinal() for v in visits})
    return any((b - a) * time.per_day < NEAREST for a, b in pairwise(days))


def narrow(visits: Sequence[Visit], time: TimeScale) -> bool:
    """Whether the slots lie so close together that their marks would be one blot."""
    days = [v.day.toordinal() for v in visits]
    return len(days) > 1 and (max(days) - min(days)) * time.per_day < NEAREST * (len(days) - 1) / 2


def stretch(panel: Panel, top: float, visits: Sequence[Visit]) -> float:
    """One bar over all slots, with the number of sessions held. Returns its baseline."""
    page, days = panel.page, [v.day for v in visits]
    start, stop = (panel.time.across(day) for day in (min(days), max(days)))
    page.strokes([((start, top + 3.5), (max(stop, start + 2), top + 3.5))], 2.8, INK)
    held = plural(sum(bool(v.label) for v in visits), "session", "sessions")
    half = width(held) / 2
    middle = min(max((start + stop) / 2, LEFT + half), WIDTH - MARGIN - half)
    page.put(middle, top + 15, held, ha="center")
    page.put(LEFT - 6, top + 15, "Session", MUTED, "right")
    return top + 15


def numbered(held: Sequence[Visit], time: TimeScale) -> list[Visit]:
    """The sessions whose number is printed: all, or round ones, as far as they keep apart."""
    wanted: list[Visit] = []
    kept: list[Visit] = []
    for step in (1, 5, 10, 20, 50, 100, 500):
        wanted = [v for v in held if step == 1 or _round(v.label, step)]
        kept, edge = [], 0.0
        for visit in wanted:
            x, half = time.across(visit.day), width(visit.label) / 2
            if x - half > edge:
                kept.append(visit)
                edge = x + half + APART / 2
        if len(kept) >= 0.9 * len(wanted):
            break
    return kept


def _round(label: str, step: int) -> bool:
    digits = "".join(c for c in label if c.isdigit())
    return digits == "1" or (bool(digits) and int(digits) % step == 0)


def sessions(panel: Panel, top: float, visits: Sequence[Visit]) -> float:
    """Marks that carry meaning: bar = scored, ring = held without a score, cross = not held.

    Returns the baseline of the session numbers.
    """
    page, time = panel.page, panel.time
    held = [v for v in visits if v.label]
    kinds = (
        ("|", [v for v in held if v.scored]),
        ("o", [v for v in held if not v.scored]),
        ("x", [v for v in visits if not v.label]),
    )
    own = dense(visits, time)
    lane = 0
    for shape, some in kinds:
        if some:
            spots = [time.across(v.day) for v in some]
            page.marks(spots, top + 3.5 + LANE * lane, shape, 3.4 if own else 4.5)
            lane += own
    base = top + 15 + LANE * max(0, lane - 1)
    for visit in numbered(held, time):
        page.put(time.across(visit.day), base, visit.label, ha="center")
    page.put(LEFT - 6, base, "Session", MUTED, "right")
    return base


def month_lines(panel: Panel) -> None:
    """Light lines where months begin, in a panel above the one that names them."""
    at = [tick.day.toordinal() for tick in date_ticks(panel.time)]
    panel.axes.vlines(at, *panel.ylim, colors=RULE, lw=0.5, zorder=0.5)


def dates(panel: Panel, base: float) -> None:
    """Names of months below, light lines in the panel, and the years in a second line."""
    month_lines(panel)
    time = panel.time
    for tick in date_ticks(time):
        panel.page.put(time.across(tick.day), base, tick.label, MUTED, "center")
        panel.page.put(time.across(tick.day), base + 9.5, tick.year, MUTED, "center")

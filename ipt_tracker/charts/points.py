"""The patient's scores in one panel: joined where that is honest, and the values that matter."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import inf
from statistics import median

from matplotlib.lines import Line2D

from ipt_tracker.charts.labels import BESIDE, SIDES, Placer, Side, Tag
from ipt_tracker.charts.model import Score, Series, runs
from ipt_tracker.charts.page import Panel
from ipt_tracker.charts.scales import score_ticks
from ipt_tracker.charts.style import BLUE, INK, PLAIN, STRONG, VERMILLION, WHITE
from ipt_tracker.charts.words import hover

DATA, REFERENCE, GRID = 3.0, 0.4, 0.05  # how much a label avoids to cover them
LARGEST, SMALLEST = 5.0, 1.8  # marks, in points
TARGET = 15.0  # invisible circle that shows the hover title
MOST_HIDDEN = 3 * DATA  # a value between the ends is left out rather than set over the line
NARROWEST = 40.0  # points from the first score to the last below which no value is printed
MOST_NAMED = 12  # scores up to which a small panel prints every value


def days(scores: Iterable[Score]) -> list[int]:
    return [s.day.toordinal() for s in scores]


def mark_size(panel: Panel, scores: Sequence[Score]) -> float:
    """Marks shrink before they run into one another."""
    gaps = [(b - a) * panel.time.per_day for a, b in pairwise(days(scores))]
    return max(SMALLEST, min(LARGEST, 0.9 * median(gaps))) if gaps else LARGEST


def draw_scores(panel: Panel, series: Series, line: float) -> None:
    """Lines within each run, then the marks over them."""
    axes, size = panel.axes, mark_size(panel, series.scores)
    for run in runs(series.scores):
        joined = [s.total for s in run]
        axes.plot(days(run), joined, color=BLUE, lw=line, zorder=4, clip_on=False)
    for hollow, face in ((False, BLUE), (True, WHITE)):
        some = [s for s in series.known if s.hollow is hollow]
        _marks(panel, some, "o", size if not hollow else max(size, 3.6), face)
    _marks(panel, series.other_scores, "s", max(size, 3.6), WHITE)
    _capsules(panel, [s for s in series.scores if s.value is None and s.high > s.low], size)
    amended = [s for s in (*series.scores, *series.other_scores) if s.was]
    axes.plot(
        days(amended), [s.height for s in amended], "D", ms=9, mfc="none", mec=VERMILLION,
        mew=1.2, zorder=5, clip_on=False,
    )  # fmt: skip


def _marks(panel: Panel, scores: Sequence[Score], shape: str, size: float, face: str) -> None:
    known = [s for s in scores if s.value is not None]
    if known:
        panel.axes.plot(
            days(known), [s.total for s in known], shape, ms=size, mfc=face, mec=BLUE,
            mew=1.1 if size > SMALLEST else 0.5, zorder=5, clip_on=False,
        )  # fmt: skip


def _capsules(panel: Panel, scores: Sequence[Score], size: float) -> None:
    """A hollow dot would need a height, and a height is a total, which is not known."""
    wide = max(3.4, size)
    for color, width, order in ((BLUE, wide, 4.0), (WHITE, wide - 2.2, 4.1)):
        for score in scores:
            panel.axes.plot(
                days([score, score]), [score.low, score.high], color=color, lw=width,
                solid_capstyle="round", zorder=order,
            )  # fmt: skip


def targets(panel: Panel, series: Series, gid: str) -> None:
    """Invisible circles over the marks; the SVG gets one title in each."""
    shown = [s for s in series.scores if s.value is not None or s.high > s.low]
    other = [s for s in series.other_scores if s.value is not None]
    at = [s.height for s in (*shown, *other)]
    spots = days([*shown, *other])
    wide = max(SMALLEST, min(TARGET, 3 * mark_size(panel, series.scores)))
    layer = Line2D(spots, at, ls="", marker="o", ms=wide, mfc=INK, mec="none", alpha=0, gid=gid)
    layer.set(clip_on=False, zorder=9)
    panel.axes.add_line(layer)
    panel.page.targets.append(layer)
    titles = [hover(series.name, s) for s in shown]
    titles += [hover(series.other_name or series.name, s) for s in other]
    panel.page.hover[gid] = tuple(titles)


def obstacles(
    panel: Panel, series: Series, levels: Sequence[float], stops: Sequence[float]
) -> Placer:
    """What the printed values should not cover."""
    placer, time = Placer(panel), panel.time
    for run in runs(series.scores):
        placer.avoid([(time.across(s.day), panel.down(s.total)) for s in run], DATA)
    for s in series.scores:
        if s.value is None and s.high > s.low:
            x = time.across(s.day)
            placer.avoid([(x, panel.down(s.low)), (x, panel.down(s.high))], DATA)
    for s in series.other_scores:
        if s.value is not None:
            placer.avoid([(time.across(s.day), panel.down(s.total))], 4 * DATA)
    for at in levels:
        y = panel.down(at)
        placer.avoid([(time.across(time.low), y), (time.across(time.high), y)], REFERENCE)
    for tick in score_ticks(series.bottom, series.top, 4):
        y = panel.down(tick)
        placer.avoid([(time.across(time.low), y), (time.across(time.high), y)], GRID)
    for day in stops:
        x = time.across(day)
        placer.avoid([(x, panel.top), (x, panel.foot)], REFERENCE)
    return placer


def chosen(series: Series, *, every: bool) -> list[Score]:
    """Scores whose value is printed, most important first."""
    known = series.known
    if not known:
        return []
    worst = max(known, key=lambda s: s.total)
    best = min(reversed(known), key=lambda s: s.total)
    amended = [s for s in known if s.was]
    rest = known if every and len(known) <= MOST_NAMED else ()
    return list(dict.fromkeys([known[-1], known[0], *amended, worst, best, *rest]))


def told_apart(panel: Panel, series: Series) -> bool:
    """Whether the points lie wide enough for the eye to say which one a number belongs to."""
    known = days(series.known)
    reach = (known[-1] - known[0]) * panel.time.per_day if known else 0.0
    return reach >= NARROWEST or len(known) < 2  # noqa: PLR2004 -- one point stands alone


def _sides(score: Score, series: Series, *, every: bool) -> Sequence[Side]:
    if score.was:
        return BESIDE
    if every and score is series.known[0]:
        return (*BESIDE, *(s for s in SIDES if s.ha == "center"))
    return SIDES


def print_values(placer: Placer, series: Series, *, every: bool) -> None:
    """The number beside the first, last, best, worst and amended points; all in a small panel."""
    panel = placer.panel
    for score in chosen(series, every=every):
        dagger = "\N{DAGGER}" if score.was else ""
        note = f" {score.note}" if every and score.note else ""
        face = STRONG if score is series.known[-1] else PLAIN
        x, y = panel.time.across(score.day), panel.down(score.total)
        tag = Tag(x, y, f"{score.total}{dagger}{note}", face, 3.0 if dagger else 0.0)
        sides = _sides(score, series, every=every)
        ends = score in (series.known[0], series.known[-1])
        most = inf if ends else MOST_HIDDEN
        if not placer.put(tag, sides, most) and note:
            placer.put(Tag(x, y, f"{score.total}{dagger}", face, tag.clear), sides, most)

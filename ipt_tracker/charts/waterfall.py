"""Sorted changes as stems with marks, or as stepped areas where marks would touch."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby

from matplotlib.collections import LineCollection, PolyCollection

from ipt_tracker.charts import plain
from ipt_tracker.charts.page import Panel
from ipt_tracker.charts.style import BLUE, VERMILLION, WHITE

LEAST_PITCH, MARK, STEM = 3.4, 5.2, 1.2
"""Points from course to course from which marks are drawn; their size; the width of a stem."""
LOOKS = {
    "better": plain.Look("o", BLUE, BLUE, MARK),
    "same": plain.Look("o", WHITE, BLUE, MARK),
    "worse": plain.Look("D", WHITE, VERMILLION, MARK),
}
Kind = Callable[[int], str]
"""The class of a change: better, same or worse."""


def stems(panel: Panel, changes: Sequence[int], kind_of: Kind) -> None:
    """A stem from no change to each change, and at its end a mark of its class."""
    stems = [((i + 0.5, 0.0), (i + 0.5, float(change))) for i, change in enumerate(changes)]
    if not stems:
        return
    drawn = LineCollection(stems, colors=BLUE, linewidths=STEM, zorder=4)
    panel.axes.add_collection(drawn, autolim=False)
    for kind, look in LOOKS.items():
        some = [(i + 0.5, c) for i, c in enumerate(changes) if kind_of(c) == kind]
        size = min(look.size, panel.time.per_day)
        mark = replace(look, size=size)
        plain.dots(panel, [x for x, _ in some], [c for _, c in some], mark)


def areas(panel: Panel, changes: Sequence[int], kind_of: Kind) -> None:
    """One stepped area for each class: full, but open for what is no reliable change."""
    steps: dict[str, list[tuple[float, float]]] = {}
    place = 0
    for change, same in groupby(changes):
        count = sum(1 for _ in same)
        corners = [(float(place), float(change)), (float(place + count), float(change))]
        steps.setdefault(kind_of(change), []).extend(corners)
        place += count
    shapes = [[(line[0][0], 0.0), *line, (line[-1][0], 0.0)] for line in steps.values()]
    faces = [WHITE if kind == "same" else BLUE for kind in steps]
    drawn = PolyCollection(shapes, facecolors=faces, edgecolors=BLUE, linewidths=0.8, zorder=4)
    panel.axes.add_collection(drawn, autolim=False)

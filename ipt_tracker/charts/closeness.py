"""Closeness circle: who is how close, each name beside its mark, those out of touch outside."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.patches import Circle, Rectangle

from ipt_tracker.charts.model import Provenance
from ipt_tracker.charts.page import Chart, Entry, Surround
from ipt_tracker.charts.places import CENTRE, HALF, LOST, Place, placed
from ipt_tracker.charts.style import BLUE, INK, LINE, MUTED, SHADE, STRONG, WHITE
from ipt_tracker.charts.typeset import width
from ipt_tracker.charts.words import plural, provenance

RINGS = ("Closest", "Close", "Further away", "Lost or out of touch")
DOT = 3.4  # radius of a mark


@dataclass(frozen=True, slots=True)
class Person:
    """`group`: people with the same words here stand together, such as a relation."""

    name: str
    ring: int
    group: str = ""
    moved: str = ""  # "moved from further away to close on 3 Mar 2026"


@dataclass(frozen=True, slots=True)
class Closeness:
    title: str
    verdict: str
    footer: str
    centre: str
    people: tuple[Person, ...] = ()
    provenance: Provenance | None = None


def counted(people: Sequence[Person]) -> str:
    """How many there are in each circle."""
    if not people:
        return "Nobody is written down yet."
    counts = Counter(p.ring for p in people)
    said = [f"{counts[r]} {name.lower()}" for r, name in enumerate(RINGS, 1) if counts[r]]
    return f"{plural(len(people), 'person', 'people')}: {', '.join(said)}."


def alt(data: Closeness) -> str:
    """The picture in words: the names of each circle."""
    said = [counted(data.people)]
    for ring, name in enumerate(RINGS, 1):
        if names := [p.name for p in data.people if p.ring == ring]:
            said.append(f"{name}: {', '.join(names)}.")
    said += [f"{p.name} {p.moved}." for p in data.people if p.moved]
    return " ".join(said)


def key(data: Closeness, left_out: int) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """The marks, how names are ordered, and who moved."""
    rings = {p.ring for p in data.people}
    marks = []
    if rings - {LOST}:
        marks.append(Entry("\N{BLACK CIRCLE}", "in touch"))
    if LOST in rings:
        marks.append(Entry("\N{WHITE CIRCLE}", "dashed, outside: lost or out of touch"))
    if any(p.group for p in data.people):
        marks.append(Entry("", "People of the same relation stand next to each other."))
    if left_out:
        marks.append(Entry("", f"No room for {plural(left_out, 'name', 'names')}; see the table."))
    moves = [Entry("\N{BULLET}", f"{p.name} {p.moved}") for p in data.people if p.moved]
    return tuple(marks), tuple(moves)


def draw(data: Closeness) -> Chart:
    """The figure, 7 inches wide and as high as its words need."""
    found = placed([(p.name, p.ring, p.group) for p in data.people], width(data.centre, STRONG))
    foot = tuple(t for t in (data.footer, provenance(data.provenance)) if t)
    legend = key(data, len(data.people) - len(found.places))
    page = Chart(2 * HALF, Surround(data.title, data.verdict, foot, legend))
    _circles(page, found.radii)
    for place in found.places:
        _person(page, place)
    page.put(CENTRE, page.head + HALF + 2.9, data.centre, STRONG, "center")
    return page


def _circles(page: Chart, radii: Sequence[float]) -> None:
    """Three circles, the innermost ground the darkest, each named at its top."""
    middle = (CENTRE, page.high - page.head - HALF)
    for i, radius in reversed(list(enumerate(radii))):
        fill = SHADE if i % 2 == 0 else WHITE
        ring = Circle(middle, radius, fc=fill, ec=LINE, lw=0.9, transform=page.points)
        page.add_artist(ring)
    for name, radius in zip(RINGS, (*radii, radii[-1] + 14), strict=True):
        top = page.head + HALF - radius + 10
        page.put(CENTRE, top, name, MUTED, "center")


def _person(page: Chart, place: Place) -> None:
    x, top = place.x, page.head + place.y
    lost = place.ring == LOST
    mark = Circle((x, page.high - top), DOT, transform=page.points, zorder=3)
    mark.set(fc=WHITE if lost else BLUE, ec=INK, lw=0.9, ls=(0, (1.6, 1.2)) if lost else "-")
    page.add_artist(mark)
    left, base = place.left, page.head + place.base
    if place.is_crossed:
        _ground(page, left, base, width(place.text))
    page.put(left, base, place.text)


def _ground(page: Chart, left: float, base: float, wide: float) -> None:
    """A pale ground behind a name, so that the circle does not run through its letters."""
    patch = Rectangle((left - 1, page.high - base - 2.2), wide + 2, 9.6, fc=WHITE, ec="none")
    patch.set(alpha=0.85, transform=page.points, zorder=1.5)
    page.add_artist(patch)

"""The closeness circle: everybody in their ring, no name on another, however many there are."""

from collections import Counter
from math import hypot

import pytest
from matplotlib.patches import Circle

from ipt_tracker.charts import export
from ipt_tracker.charts.closeness import DOT, Closeness, Person, alt, draw
from ipt_tracker.charts.places import CENTRE, HALF, LOST, OUTER, RADII, cut, placed
from ipt_tracker.charts.style import STRONG, WHITE
from ipt_tracker.charts.typeset import width
from tests.unit.charts.ink import ink, outside, overlapping

NAMES = (
    "Maria", "Jonas", "Mother", "Father", "Aunt Elisabeth-Charlotte", "K.", "Tomasz", "Ola",
    "Priya", "Sam", "Dr Hansen", "Neighbour Ruth", "Bjørn", "Leila", "Old school friend Alex",
    "Nina", "Pete", "Fatima", "Greg", "Uncle Theo", "Zoe", "Ines", "Marcus", "Hye-jin", "Wei",
)  # fmt: skip
RELATIONS = ("partner", "parent", "friend", "friend", "colleague", "", "relative")


def people(rings, names=NAMES):
    return tuple(
        Person(names[i % len(names)], ring, RELATIONS[i % len(RELATIONS)])
        for i, ring in enumerate(rings)
    )


def shuffled(seed, count=25):
    return [(i * i + 3 * seed * i + i // 3) % 4 + 1 for i in range(count)]


CASES = {
    "nobody": (),
    "three": people((1, 2, 4)),
    **{f"all in circle {ring}": people([ring] * 25) for ring in (1, 2, 3, 4)},
    **{f"mixed {seed}": people(shuffled(seed)) for seed in range(6)},
    "long names": people(
        shuffled(9), [f"Donaudampfschifffahrtsgesellschaft {i}" for i in range(9)]
    ),
    "sixty": people(shuffled(7, 60)),
}


def picture(some, **more):
    return Closeness("T-101   Closeness circle", "Words.", "Footer.", "T-101", some, **more)


@pytest.fixture(params=CASES)
def page(request):
    return draw(picture(CASES[request.param]))


def test_no_text_overlaps_another(page):
    assert overlapping(page) == []


def test_no_text_leaves_the_page(page):
    assert outside(page) == []


def test_no_mark_lies_on_a_name(page):
    marks = [c.center for c in page.findobj(Circle) if c.radius == DOT]
    names = ink(page)
    hidden = [
        (text, mark)
        for mark in marks
        for text, left, low, right, high in names
        if left - DOT < mark[0] < right + DOT and low - DOT < mark[1] < high + DOT
    ]

    assert hidden == []


@pytest.mark.parametrize("name", [name for name in CASES if name != "sixty"])
def test_everybody_up_to_twenty_five_is_in_the_picture_in_their_own_circle(name):
    some = [(p.name, p.ring, p.group) for p in CASES[name]]

    found = placed(some, width("T-101", STRONG))

    assert Counter(p.ring for p in found.places) == Counter(ring for _, ring, _ in some)
    edges = (0.0, *found.radii)
    for place in found.places:
        away = hypot(place.x - CENTRE, place.y - HALF)
        if place.ring == LOST:
            assert away > OUTER + DOT
        else:
            assert edges[place.ring - 1] + DOT < away < edges[place.ring] - DOT


def test_an_ordinary_number_of_people_leaves_the_circles_where_they_are():
    some = [(p.name, p.ring, p.group) for p in people(shuffled(3, 12))]

    assert placed(some, 30.0).radii == RADII


def test_who_finds_no_room_is_counted_and_not_drawn_over_others():
    crowd = picture(people([1] * 120))

    said = " ".join(text for text, *_ in ink(draw(crowd)))

    assert "No room for" in said


def test_a_long_name_ends_with_an_ellipsis():
    short = cut("Donaudampfschifffahrtsgesellschaft", 60)

    assert short.endswith("…")
    assert width(short) <= 60
    assert cut("Ada", 60) == "Ada"


def test_those_out_of_touch_are_outside_and_dashed_and_hollow():
    page = draw(picture((Person("Ada", 2), Person("Ben", 4))))

    marks = [c for c in page.findobj(Circle) if c.radius == DOT]
    hollow = [m for m in marks if m.get_linestyle() not in {"-", "solid"}]
    assert len(marks) == 2
    assert len(hollow) == 1
    assert hollow[0].get_facecolor()[:3] == (1.0, 1.0, 1.0)
    assert WHITE == "#FFFFFF"


def test_the_words_name_everybody_by_circle_and_who_moved():
    some = (
        Person("Ada", 1),
        Person("Ben", 4, moved="moved from close to lost or out of touch on 3 Mar 2026"),
    )

    assert alt(picture(some)) == (
        "2 people: 1 closest, 1 lost or out of touch. Closest: Ada. Lost or out of touch: Ben. "
        "Ben moved from close to lost or out of touch on 3 Mar 2026."
    )
    assert "moved from close" in export.svg(picture(some)).decode()


def test_the_picture_says_only_what_it_was_given_in_every_format():
    made = picture(people((1, 2, 3, 4)))

    drawing = export.svg(made).decode()
    assert all(name in drawing for name in NAMES[:4])
    assert "partner" not in drawing  # the relation orders the picture and stays off it
    assert export.png(made).startswith(b"\x89PNG")
    assert export.pdf(made).startswith(b"%PDF")
    assert export.svg.__wrapped__(made) == export.svg(made)

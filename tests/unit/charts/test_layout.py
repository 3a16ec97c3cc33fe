"""No text runs into another or off the page, however much there is to say."""

from functools import lru_cache
from itertools import pairwise

import pytest
from matplotlib.lines import Line2D
from matplotlib.textpath import TextPath

from ipt_tracker.charts.page import Entry, columns
from ipt_tracker.charts.progress import draw
from ipt_tracker.charts.rows import MOST_LETTERS, lanes, lettered
from ipt_tracker.charts.scales import TimeScale, date_ticks, score_ticks, time_scale
from ipt_tracker.charts.style import BODY, PLAIN, STRONG, TITLE
from ipt_tracker.charts.typeset import font, outlined, spread, width, wrap
from tests.unit.charts.cases import CASES, after, crowded, long, two_focal_areas
from tests.unit.charts.ink import ink, outside, overlapping


@lru_cache
def drawn(name):
    return draw(CASES[name]())


@pytest.fixture(params=CASES)
def page(request):
    return drawn(request.param)


def test_no_text_overlaps_another(page):
    assert overlapping(page) == []


def test_no_text_leaves_the_page(page):
    assert outside(page) == []


def test_event_letters_do_not_touch(page):
    circles = [x for n in page.findobj(Line2D) if n.get_markersize() == 10.5 for x in n.get_xdata()]

    assert all(b - a >= 11.5 for a, b in pairwise(sorted(circles)))


def test_first_and_last_value_are_printed_in_the_crowded_case():
    printed = [text for text, *_ in ink(draw(crowded()))]

    assert {"65", "32", "44 baseline", "19 end"} <= set(printed)


def test_session_numbers_are_thinned_to_round_ones():
    printed = {text for text, *_ in ink(draw(crowded()))}

    assert {"1", "5", "10", "35"} <= printed
    assert "7" not in printed


def test_more_events_than_letters_keep_the_newest():
    course = long(64, 11)
    scale = time_scale([v.day for v in course.visits])

    chosen = lettered(course.events, scale)

    assert len(chosen) == MOST_LETTERS
    assert [letter for letter, _ in chosen][:2] == ["A", "B"]
    assert chosen[-1][1] == course.events[-1]


def test_overlapping_spells_take_lanes_and_touching_ones_share_one():
    grief, transition, dispute = two_focal_areas().focus

    assert lanes([dispute, transition, grief]) == [[grief, dispute], [transition]]


@pytest.mark.parametrize("face", [PLAIN, STRONG, BODY, TITLE])
@pytest.mark.parametrize("text", ["33 or more: provisional PTSD", "Löwe 2004 (±14) −3", "1", "80"])
def test_widths_agree_with_the_outlines(text, face):
    drawn = TextPath((0, 0), text, prop=font(face)).get_extents().x1

    assert width(text, face) == pytest.approx(drawn, abs=0.02 * drawn + 1.0)


def test_a_character_that_the_font_lacks_gets_a_substitute():
    assert outlined("母 and 33") == "\N{REPLACEMENT CHARACTER} and 33"
    assert width("母") == width("\N{REPLACEMENT CHARACTER}")


@pytest.mark.parametrize("text", ["one two three four five six seven", "Donaudampfschifffahrt" * 3])
def test_wrapped_lines_fit_and_lose_nothing(text):
    lines = wrap(text, 60)

    assert all(width(line) <= 60 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_wrapping_keeps_line_breaks_and_drops_control_characters():
    assert wrap("first\nse\x00cond", 300) == ("first", "se cond")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ([10, 50], [10, 50]),
        ([50, 50], [45, 55]),
        ([52, 50, 51], [61, 41, 51]),
        ([0, 1], [5, 15]),
        ([100, 99], [95, 85]),
        ([], []),
    ],
)
def test_crowded_positions_move_as_little_as_possible(at, expected):
    assert spread(at, [10] * len(at), (0, 100)) == pytest.approx(expected)


def test_large_and_small_things_are_spread_by_their_own_sizes():
    assert spread([50, 50], [30, 10], (0, 100)) == pytest.approx([40, 60])


@pytest.mark.parametrize(
    ("bottom", "top", "count", "ticks"),
    [
        (0, 80, 4, [0, 20, 40, 60, 80]),
        (0, 80, 2, [0, 40, 80]),
        (17, 85, 4, [17, 40, 60, 85]),
        (0, 27, 4, [0, 10, 20, 27]),
        (0, 136, 4, [0, 40, 80, 120, 136]),
        (0, 1000, 4, [0, 250, 500, 750, 1000]),
        (0, 1, 4, [0, 1]),
    ],
)
def test_score_ticks_hold_both_ends_and_round_numbers_between(bottom, top, count, ticks):
    assert score_ticks(bottom, top, count) == ticks


@pytest.mark.parametrize(
    ("days", "first", "years"),
    [
        (14, ["2 Sep", "16 Sep", "30 Sep"], ["2024"]),
        (110, ["Sep", "Oct", "Nov", "Dec"], ["2024"]),
        (1000, ["Oct", "Jan", "Apr"], ["2024", "2025", "2026", "2027"]),
        (3600, ["Jan", "Jan", "Jan"], [f"{y}" for y in range(2025, 2035)]),
    ],
)
def test_dates_are_fortnights_months_quarters_or_years(days, first, years):
    ticks = date_ticks(time_scale([after(0), after(days)]))

    assert [t.label for t in ticks][:3] == first[:3]
    assert [t.year for t in ticks if t.year] == years


def test_a_year_without_room_gives_way_to_the_next():
    ticks = date_ticks(TimeScale(after(90).toordinal(), after(540).toordinal(), after(90)))

    assert [(t.label, t.year) for t in ticks][:2] == [("Dec", ""), ("Jan", "2025")]


def test_without_a_date_there_are_no_dates():
    assert date_ticks(time_scale([])) == []


def test_a_key_of_one_list_fills_both_columns():
    marks = tuple(Entry("|", f"mark {i}") for i in range(4))

    left, right = columns((marks, ()))

    assert (len(left), len(right)) == (2, 2)


def test_a_key_of_two_lists_gives_each_a_column():
    marks = (Entry("|", "mark"),)
    events = tuple(Entry("A", f"event {i}") for i in range(4))

    left, right = columns((marks, events))

    assert [line for _, line in left] == ["mark"]
    assert len(right) == 4

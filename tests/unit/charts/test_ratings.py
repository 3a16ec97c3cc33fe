"""The pictures of ratings: nothing overlaps, nothing is invented, the same bytes each time."""

import hashlib
import io
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from math import hypot
from pathlib import Path

import pytest
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from PIL import Image
from pypdf import PdfReader

from ipt_tracker.charts import bland_altman, course_fidelity, coverage, domains, export, xmr
from ipt_tracker.charts.course_fidelity import By
from ipt_tracker.charts.coverage import Seen
from ipt_tracker.charts.style import BLUE, INK, LEFT, WHITE
from ipt_tracker.charts.typeset import Label
from tests.unit.charts import rating_cases as cases
from tests.unit.charts.ink import ink, outside, overlapping

DRAW = {
    "xmr": xmr.draw,
    "agreement": bland_altman.draw,
    "domains": domains.draw,
    "coverage": coverage.draw,
    "course": course_fidelity.draw,
}


USUAL = (
    "xmr, eight",
    "agreement, fifteen",
    "domains, five",
    "coverage, three",
    "course, with scores",
)
REACH = {
    "o": (hypot, 0.5),
    "s": (max, 0.5),
    "+": (max, 0.5),
    "D": (lambda across, up: across + up, 0.71),
}
"""Of each shape how far it is from a text, and how far it reaches, as a share of its size."""
IN_ANOTHER_PROCESS = """
import hashlib
from ipt_tracker.charts import export
from tests.unit.charts.rating_cases import CASES
for make in (export.svg, export.png, export.pdf):
    print(hashlib.sha256(b"".join(make(CASES[name]) for name in {names})).hexdigest())
"""


@lru_cache
def drawn(name):
    return DRAW[name.partition(",")[0]](cases.CASES[name])


def texts(page):
    return [text for text, *_ in ink(page)]


def levels(page, panel=0):
    """Give the heights of the straight lines across one panel."""
    lines = page.axes[panel].findobj(LineCollection)
    return sorted(
        {round(s[0][1], 3) for line in lines for s in line.get_segments() if s[0][1] == s[1][1]}
    )


@pytest.mark.parametrize("name", cases.CASES)
def test_no_text_lies_on_another_and_none_leaves_the_page(name):
    page = drawn(name)

    assert overlapping(page) == []
    assert outside(page) == []


@pytest.mark.parametrize("name", cases.CASES)
def test_no_mark_lies_on_a_text(name):
    page = drawn(name)

    assert hidden(page) == []


def hidden(page):
    """Name the texts that a mark touches, each with the mark's shape."""
    out = []
    for line in page.findobj(Line2D):
        if line.get_marker() in REACH and line.get_alpha() != 0:
            touches, reach = REACH[line.get_marker()]
            radius = reach * line.get_markersize() + line.get_markeredgewidth() / 2
            places = line.get_transform().transform(line.get_xydata()) * 72 / page.dpi
            for x, y in places:
                for text, left, low, right, high in ink(page):
                    away = max(left - x, 0, x - right), max(low - y, 0, y - high)
                    if touches(*away) < radius:
                        out.append((text, line.get_marker()))
    return out


def test_the_measure_of_hidden_texts_finds_a_mark_on_a_text():
    page = bland_altman.draw(cases.CASES["agreement, one"])
    page.put(LEFT, page.head + bland_altman.HEADING + bland_altman.TALL / 2, "hidden")

    assert ("hidden", "o") in hidden(page)


@pytest.mark.parametrize("name", USUAL)
def test_the_same_input_gives_the_same_bytes_and_every_file_says_whence(name):
    data = cases.CASES[name]
    for make in (export.svg, export.png, export.pdf):
        assert make.__wrapped__(data) == make.__wrapped__(data)

    svg = export.svg(data).decode()
    assert "TH-01" in svg
    assert re.search(r"style=", svg) is None
    assert Image.open(io.BytesIO(export.png(data))).text["Therapist"] == "TH-01"
    assert "drawn at random" in PdfReader(io.BytesIO(export.pdf(data))).metadata["/Keywords"]


def test_another_process_gives_the_same_bytes():
    here = [
        hashlib.sha256(b"".join(make(cases.CASES[name]) for name in USUAL)).hexdigest()
        for make in (export.svg, export.png, export.pdf)
    ]

    there = subprocess.run(
        [sys.executable, "-c", IN_ANOTHER_PROCESS.replace("{names}", repr(USUAL))],
        cwd=Path(__file__).parents[3],
        env=os.environ | {"PYTHONHASHSEED": "12345", "TZ": "Asia/Tokyo"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert there == here


@pytest.mark.parametrize("name", USUAL)
def test_equal_input_is_drawn_once(name):
    assert export.svg(cases.CASES[name]) is export.svg(replace(cases.CASES[name]))


@pytest.mark.parametrize("name", cases.CASES)
def test_no_text_is_smaller_than_eight_points(name):
    assert min(label.get_fontsize() for label in drawn(name).findobj(Label)) >= 8


@pytest.mark.parametrize("name", cases.NAMELESS)
def test_a_picture_without_provenance_and_its_words_can_be_made(name):
    assert export.svg.__wrapped__(cases.NAMELESS[name])
    assert export.alt(cases.NAMELESS[name])


def test_limits_are_drawn_where_they_are_given():
    page = xmr.draw(cases.xmr(14, cases.INSIDE))

    assert {1.5, 3.0, 4.5} <= set(levels(page))
    assert {"upper limit 4.50", "mean 3.00", "lower limit 1.50", "limit 1.84"} <= set(texts(page))


def test_a_limit_off_the_scale_is_drawn_at_its_edge_and_printed_as_it_is():
    page = xmr.draw(cases.xmr(14, cases.OUTSIDE))
    said = " ".join(texts(page))

    assert max(levels(page)) == 5
    assert min(levels(page)) == 1
    assert "8.30, off" in said
    assert "−2.30, off" in said
    assert max(levels(page, 1)) == 4
    assert "limit 6.50, off the" in said


def test_without_limits_there_are_none_and_the_picture_says_why():
    page = xmr.draw(cases.xmr(5))

    assert levels(page) == [1, 2, 3, 4, 5]
    assert "Limits need six points; the points stand alone until then." in texts(page)
    assert not any("limit " in text for text in texts(page))


@pytest.mark.parametrize(("count", "firm"), [(11, False), (12, True)])
def test_limits_that_rest_on_few_points_are_dotted_and_said_to_move(count, firm):
    page = xmr.draw(cases.xmr(count, cases.INSIDE))
    at = [
        line.get_linestyles()[0]
        for line in page.axes[0].findobj(LineCollection)
        for s in line.get_segments()
        if s[0][1] == 4.5
    ]

    assert [style == (0, None) or style[1] is None for style in at] == [firm]
    assert any("will still move" in text for text in texts(page)) is not firm


def diamonds(page):
    return [
        at
        for line in page.axes[0].get_lines()
        if line.get_marker() == "D"
        for at in zip(line.get_xdata(), line.get_ydata(), strict=True)
    ]


def test_every_signal_has_a_diamond_and_its_reason():
    found = (xmr.Signal(2, "beyond a limit"), xmr.Signal(9, "part of a run of eight"))
    data = cases.xmr(14, cases.INSIDE, found)
    page = xmr.draw(data)

    assert diamonds(page) == [(3, data.points[2].value), (10, data.points[9].value)]
    assert "20 Jan, session 3: 2.20, beyond a limit" in texts(page)
    assert "10 Mar, session 10: 4.20, part of a run of eight" in texts(page)
    assert "20 Jan, session 3: 2.20, beyond a limit</title>" in export.svg(data).decode()


def test_neighbours_with_one_reason_are_named_together():
    page = xmr.draw(cases.CASES["xmr, a run in forty"])

    assert len(diamonds(page)) == 12
    said = " ".join(texts(page))
    assert "10 Mar, session 10 to 26 May, session 7: part of a run of eight" in said


def test_signals_without_room_are_counted():
    page = xmr.draw(cases.CASES["xmr, more signals than are named"])

    assert len(diamonds(page)) == 20
    assert "8 more signals are not named here." in texts(page)


@pytest.mark.parametrize(("count", "drawn"), [(5, False), (6, True)])
def test_limits_and_signals_are_left_out_under_six_points_even_where_they_are_given(count, drawn):
    data = cases.xmr(count, cases.INSIDE, (xmr.Signal(0, "beyond a limit"),))
    page = xmr.draw(data)

    assert (4.5 in levels(page)) is drawn
    assert bool(diamonds(page)) is drawn
    assert ("4.50" in export.alt(data)) is drawn


def test_diamonds_of_neighbours_at_one_height_do_not_touch():
    data = cases.CASES["xmr, one value throughout"]
    signals = tuple(xmr.Signal(i, "part of a run of eight") for i in range(40))
    page = xmr.draw(replace(data, signals=signals))

    (row,) = [line for line in page.axes[0].get_lines() if line.get_marker() == "D"]
    apart = 334 / (page.axes[0].get_xlim()[1] - page.axes[0].get_xlim()[0])
    assert row.get_markersize() * 2**0.5 < apart


def test_the_moving_range_is_that_of_neighbours():
    data = cases.xmr(14, cases.INSIDE)
    (line,) = [each for each in xmr.draw(data).axes[1].get_lines() if each.get_linestyle() == "-"]
    values = [point.value for point in data.points]

    assert list(line.get_ydata()) == [abs(values[i] - values[i - 1]) for i in range(1, len(values))]


def test_agreement_shows_the_whole_range_with_bias_limits_and_their_intervals():
    page = bland_altman.draw(cases.CASES["agreement, fifteen"])

    assert {-0.46, 0.0, 0.35, 1.16} <= set(levels(page))
    assert page.axes[0].get_ylim() == (-4, 4)
    assert {"bias +0.35", "(+0.10 to +0.60)", "lower limit −0.46"} <= set(texts(page))


def test_under_six_pairs_the_points_stand_alone():
    page = bland_altman.draw(cases.agreement(5, cases.AGREED))

    assert levels(page) == [float(n) for n in range(-4, 5)]
    assert "Limits of agreement need six pairs." in texts(page)


def test_a_limit_of_agreement_off_the_scale_is_said_to_be():
    page = bland_altman.draw(cases.CASES["agreement, beyond the scale"])

    assert (min(levels(page)), max(levels(page))) == (-4, 4)
    assert texts(page).count("off the scale") == 2
    assert {"upper limit +8.00,", "lower limit −6.00,"} <= set(texts(page))


def test_no_difference_has_no_sign():
    assert "bias 0.00" in texts(bland_altman.draw(cases.CASES["agreement, one spot"]))


def test_sessions_on_one_spot_are_counted_beside_it():
    same = (bland_altman.Pair("a", 3, 2), bland_altman.Pair("b", 3, 2))
    page = bland_altman.draw(bland_altman.BlandAltman(*cases.WORDS, same))

    assert "×2" in texts(page)


def test_an_interval_of_a_domain_stays_on_the_scale_and_is_drawn_from_five_ratings():
    some = (
        domains.Domain("focus", 13, 4.8, 4.2, 5.4, 90),
        domains.Domain("safety", 4, 3.0, 2.1, 3.9, None),
        domains.Domain("alliance", 8, 3.0, None, None, None),
    )
    page = domains.draw(domains.Domains(*cases.WORDS, some))
    bars = [line for line in page.axes[0].get_lines() if line.get_linestyle() == "-"]

    assert [list(bar.get_xdata()) for bar in bars] == [[4.2, 5.0]]
    assert "–" in texts(page)


def test_the_scale_of_domains_is_the_same_however_long_their_names_are():
    for name in ("domains, five", "domains, twelve with long names"):
        panel = drawn(name).axes[0]
        ticks = [s[0][0] for line in panel.collections for s in line.get_segments()]
        low, high = panel.get_xlim()

        assert sorted(set(ticks)) == [1, 2, 3, 4, 5]
        assert low < 1 < 5 < high
        assert panel.get_ylim()[0] > panel.get_ylim()[1]  # the first domain on top


def test_own_ratings_stand_beside_the_supervisors_on_hover_as_in_the_picture():
    svg = export.svg(cases.CASES["domains, too few"]).decode()

    assert "safety: 3.50, 4 ratings</title>" in svg
    assert "safety: self 3.50, 4 own ratings</title>" in svg
    assert "focus: " not in svg.partition("<desc")[2].partition("</desc>")[2]


def squares(page, fill="full", face=INK):
    """Give the places of the squares of one look; those of a row lie in one line or more."""
    return [
        (float(x), float(y))
        for line in page.get_children()
        if getattr(line, "get_marker", None) and line.get_alpha() != 0
        if line.get_fillstyle() == fill and line.get_mfc() == face
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    ]


def test_each_delivered_session_has_one_square_filled_by_how_it_was_picked():
    row = coverage.Row("Middle", (Seen.NOT, Seen.RANDOM, Seen.CHOSEN, Seen.NOT_STATED), 0.25, (2,))
    page = coverage.draw(coverage.Coverage(*cases.WORDS, (row,)))
    first, second, third, fourth = sorted(squares(page, face=WHITE))

    assert sorted(squares(page)) == [second, fourth]  # of the last only the middle is black
    assert squares(page, "left") == [third]
    assert squares(page, face="none") == [third]  # the frame of those rated by two
    assert first[0] < second[0] < third[0] < fourth[0]


def test_random_chosen_and_not_stated_have_a_column_each_and_the_last_only_where_it_occurs():
    shown = set(texts(drawn("coverage, three")))
    without = set(texts(drawn("coverage, not stated nowhere")))

    assert {"random", "chosen", "not stated", "delivered", "plan 25 %"} <= shown
    assert {"random", "chosen", "delivered"} <= without
    assert "not stated" not in without


def test_five_hundred_sessions_fit_and_fill_a_line_before_the_next_begins():
    page = drawn("coverage, five hundred")
    all_of_them = squares(page, face=WHITE)
    counts = min(x for text, x, *_ in ink(page) if text == "random")

    assert len(all_of_them) == len(set(all_of_them)) == 501
    assert max(x for x, _ in all_of_them) < counts - 4
    assert page.high < 800  # of the 842 of A4


def test_the_bar_shows_the_shares_and_the_plan_on_one_scale():
    row = coverage.Row("Middle", (Seen.RANDOM, Seen.CHOSEN, Seen.NOT, Seen.NOT), 0.5)
    page = coverage.draw(coverage.Coverage(*cases.WORDS, (row,)))
    lines = [
        (line.get_linewidth()[0], *(round(float(x), 1) for x, _ in line.get_segments()[0]))
        for line in page.findobj(LineCollection)
    ]
    bars = [(left, right) for thick, left, right in lines if thick == coverage.BAR_TALL]

    assert bars == [(436, 451), (451, 466)]
    assert (1.4, 466, 466) in lines  # the plan


def test_a_square_says_on_hover_which_session_it_is_and_how_it_was_seen():
    row = coverage.Row("Middle", (Seen.NOT, Seen.RANDOM), twice=(1,))
    named = replace(row, titles=("6 Jan 2025", "13 Jan 2025"))

    said = export.svg(coverage.Coverage(*cases.WORDS, (row, named))).decode()

    assert "Middle, session 1 of 2 by date: delivered, not rated</title>" in said
    assert "Middle, 13 Jan 2025: rated, drawn at random, by two</title>" in said


def test_adherence_and_quality_have_a_panel_each_with_its_whole_scale_and_its_line():
    page = course_fidelity.draw(cases.CASES["course, fourteen"])

    assert [axes.get_ylim() for axes in page.axes] == [(0, 100), (1, 5)]
    assert 80 in levels(page, 0)
    assert 3 in levels(page, 1)
    said = " ".join(texts(page))
    assert "pass line 3, a convention" in said
    assert "adherence line 80 %, common usage without a source" in said


def test_scores_stand_in_a_panel_of_their_own_on_the_same_dates():
    page = course_fidelity.draw(cases.CASES["course, with scores"])

    assert [axes.get_ylim() for axes in page.axes] == [(0, 100), (1, 5), (0, 80)]
    assert len({axes.get_xlim() for axes in page.axes}) == 1


def test_each_rater_has_a_shape_and_only_those_who_rated_are_in_the_key():
    own = tuple(m for m in cases.CASES["course, fourteen"].marks if m.by is By.SELF)
    page = course_fidelity.draw(course_fidelity.Fidelity(*cases.WORDS, own))

    assert "the therapist's own rating" in texts(page)
    assert "supervisor" not in texts(page)


def test_the_downloaded_svg_says_on_hover_which_session_and_who_rated_it():
    svg = export.svg(cases.CASES["course, fourteen"]).decode()

    assert "27 Jan 2025, session 4, supervisor: 90 %; something that is not IPT was seen" in svg
    assert "6 Jan 2025, session 1, supervisor: 0 %" in svg
    assert "6 Jan 2025, session 1, consensus: 1.00" in svg


def test_the_words_name_every_figure_that_the_picture_shows():
    row = coverage.Row("Middle", (Seen.RANDOM, Seen.CHOSEN, Seen.NOT), 0.5)
    assert export.alt(coverage.Coverage(*cases.WORDS, (row,))) == (
        "Rated of delivered sessions. Middle: 2 of 3 (1 random, 1 chosen, plan 50 %)."
    )
    assert "mean difference +0.35, limits −0.46 to +1.16" in export.alt(
        cases.CASES["agreement, fifteen"]
    )
    assert export.alt(cases.CASES["xmr, eight"]).startswith("Quality of 8 sessions in date order")
    said = export.alt(cases.CASES["course, fourteen"])
    assert "Supervisor: 5 sessions, adherence 0 % to 90 %, quality 1.00 to 4.00." in said
    assert "Something that is not IPT was seen in 1 session. 5 of 14 sessions rated." in said


def test_nothing_joins_the_sessions_and_a_line_joins_the_ratings_of_one():
    day = cases.FIRST
    marks = (
        course_fidelity.Mark(day, By.SELF, "session 1", 90, 4.5),
        course_fidelity.Mark(day, By.SUPERVISOR, "session 1", 70, 3.0),
        course_fidelity.Mark(day + timedelta(7), By.SUPERVISOR, "session 2", 80, 3.5),
    )
    page = course_fidelity.draw(course_fidelity.Fidelity(*cases.WORDS, marks))
    upright = [
        tuple(at)
        for line in page.axes[1].findobj(LineCollection)
        for (x, at) in [(s[0][0], (s[0][1], s[1][1])) for s in line.get_segments()]
        if x == day.toordinal() and tuple(at) != (1, 5)  # a date line runs from end to end
    ]

    assert [line for line in page.axes[1].get_lines() if line.get_linestyle() == "-"] == []
    assert upright == [(3.0, 4.5)]


def test_equal_ratings_of_one_session_are_all_seen():
    mark = course_fidelity.Mark(cases.FIRST, By.SELF, "session 1", 80, 3.0, flagged=True)
    marks = tuple(replace(mark, by=by) for by in By)
    page = course_fidelity.draw(course_fidelity.Fidelity(*cases.WORDS, marks))
    sizes = {
        line.get_marker() + line.get_mfc(): line.get_markersize()
        for line in page.axes[0].get_lines()
        if line.get_alpha() != 0
    }

    assert sizes["o" + BLUE] < sizes["onone"] < sizes["snone"] < sizes["Dnone"] * 2**0.5
    assert sizes["+" + BLUE] > sizes["snone"]


def test_sessions_of_several_courses_have_a_lane_for_the_rated_and_one_for_the_others():
    said = texts(drawn("course, of a therapist"))

    assert {"Rated", "Not rated", "14 of 40 sessions", "26 of 40 sessions"} <= set(said)
    assert "Session" not in said


def test_values_are_printed_for_the_first_last_best_and_worst_of_the_supervisor():
    said = texts(drawn("course, fourteen"))

    assert {"0 %", "30 %", "90 %", "1.0", "2.5", "4.0"} <= set(said)
    assert "100 %" not in said  # the therapist's own

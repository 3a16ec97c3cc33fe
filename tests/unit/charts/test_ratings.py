"""The pictures of ratings: nothing overlaps, nothing is invented, the same bytes each time."""

import io
import re

import pytest
from matplotlib.collections import LineCollection
from PIL import Image
from pypdf import PdfReader

from ipt_tracker.charts import bland_altman, course_fidelity, coverage, domains, export, xmr
from ipt_tracker.charts.course_fidelity import By
from ipt_tracker.charts.coverage import PER_LINE, Seen
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


def test_without_limits_there_are_none_and_the_picture_says_why():
    page = xmr.draw(cases.xmr(5))

    assert levels(page) == [1, 2, 3, 4, 5]
    assert "Limits need six points; the points stand alone until then." in texts(page)
    assert not any("limit " in text for text in texts(page))


@pytest.mark.parametrize(("count", "firm"), [(11, False), (12, True)])
def test_limits_that_rest_on_few_points_are_dashed_and_said_to_move(count, firm):
    page = xmr.draw(cases.xmr(count, cases.INSIDE))
    at = [
        line.get_linestyles()[0]
        for line in page.axes[0].findobj(LineCollection)
        for s in line.get_segments()
        if s[0][1] == 4.5
    ]

    assert [style == (0, None) or style[1] is None for style in at] == [firm]
    assert any("will still move" in text for text in texts(page)) is not firm


def test_every_signal_has_a_diamond_and_its_reason():
    data = cases.CASES["xmr, forty"]
    page = xmr.draw(data)
    diamonds = [
        line
        for line in page.axes[0].get_lines()
        if line.get_marker() == "D" and len(line.get_xdata())
    ]

    assert [len(line.get_xdata()) for line in diamonds] == [9]
    assert sum("beyond a limit" in text for text in texts(page)) == 9


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
    page = bland_altman.draw(cases.CASES["agreement, four"])

    assert levels(page) == [float(n) for n in range(-4, 5)]
    assert "Limits of agreement need six pairs." in texts(page)


def test_sessions_on_one_spot_are_counted_beside_it():
    same = (bland_altman.Pair("a", 3, 2), bland_altman.Pair("b", 3, 2))
    page = bland_altman.draw(bland_altman.BlandAltman(*cases.WORDS, same))

    assert "×2" in texts(page)


def test_an_interval_of_a_domain_stays_on_the_scale_and_none_is_drawn_without_one():
    some = (
        domains.Domain("focus", 13, 4.8, 4.2, 5.4, 90),
        domains.Domain("safety", 4, 3.0, None, None, None),
    )
    page = domains.draw(domains.Domains(*cases.WORDS, some))
    bars = [line for line in page.axes[0].get_lines() if line.get_linestyle() == "-"]

    assert [list(bar.get_xdata()) for bar in bars] == [[4.2, 5.0]]
    assert "–" in texts(page)


def test_each_delivered_session_has_one_mark_of_the_shape_of_its_kind():
    page = coverage.draw(cases.CASES["coverage, five hundred"])
    marks = [line for line in page.get_children() if getattr(line, "get_marker", None)]
    shapes = {line.get_marker() for line in marks}

    assert sum(len(line.get_xdata()) for line in marks) == 501
    assert len(shapes) == len(Seen) - 1  # rated at random and not rated differ by their fill
    assert "400 of 500 = 80 %" in texts(page)
    assert "plan 25 %" in texts(page)


def test_squares_fill_a_line_before_the_next_begins_and_never_reach_the_counts():
    page = coverage.draw(cases.coverage(PER_LINE + 1))
    marks = [line for line in page.get_children() if getattr(line, "get_marker", None)]
    heights = {round(float(y), 2) for line in marks for y in line.get_ydata()}

    assert len(heights) == 2
    assert max(float(x) for line in marks for x in line.get_xdata()) < coverage.WIDTH - 90


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

    assert "6 Jan 2025, session 1, supervisor: 0 %" in svg
    assert "6 Jan 2025, session 1, consensus: 1.00" in svg


def test_the_words_name_every_figure_that_the_picture_shows():
    assert export.alt(cases.CASES["coverage, three"]) == (
        "Rated of delivered sessions. Therapist 0: 9 of 12; Therapist 1: 35 of 44; "
        "Therapist 2: 2 of 3."
    )
    assert "mean difference +0.35, limits −0.46 to +1.16" in export.alt(
        cases.CASES["agreement, fifteen"]
    )
    assert export.alt(cases.CASES["xmr, eight"]).startswith("Quality of 8 sessions in date order")

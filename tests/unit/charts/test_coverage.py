"""Coverage: a square for each session, and what each way of picking adds to the whole."""

from dataclasses import replace

from matplotlib.collections import LineCollection

from ipt_tracker.charts import coverage, export
from ipt_tracker.charts.coverage import Seen
from ipt_tracker.charts.style import INK, WHITE
from tests.unit.charts import rating_cases as cases
from tests.unit.charts.ink import ink
from tests.unit.charts.rating_pictures import drawn, texts


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

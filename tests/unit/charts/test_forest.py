"""The forest plot: rows as they are given, cut at the axis, told apart without colour."""

from matplotlib.collections import LineCollection, PolyCollection

from ipt_tracker.charts import export, forest
from ipt_tracker.charts.forest import ForestRow
from tests.unit.charts import evidence_cases as cases
from tests.unit.charts.rating_pictures import texts


def marks(page, shape):
    """Give place and size of the marks of one shape."""
    return [
        (round(float(x), 3), line.get_markersize())
        for line in page.axes[0].get_lines()
        if line.get_marker() == shape and line.get_alpha() != 0
        for x in line.get_xdata()
    ]


def bars(page):
    """Give the lines that lie in a row, from where to where."""
    return {
        (round(float(s[0][0]), 3), round(float(s[1][0]), 3))
        for line in page.axes[0].findobj(LineCollection)
        for s in line.get_segments()
        if s[0][1] == s[1][1]
    }


def lozenges(page):
    """Give the ends and the faces of the lozenges."""
    return [
        (round(float(path.vertices[:, 0].min()), 3), round(float(path.vertices[:, 0].max()), 3))
        for drawn in page.axes[0].findobj(PolyCollection)
        for path in drawn.get_paths()
    ]


def test_a_trial_is_a_square_at_its_effect_with_its_interval_and_its_numbers():
    page = forest.draw(cases.forest(ForestRow("Study", "study", -0.5, -0.9, -0.1)))

    assert marks(page, "s") == [(-0.5, forest.SQUARE)]
    assert bars(page) == {(-0.9, -0.1)}
    assert {"Study", "−0.50 (−0.90 to −0.10)"} <= set(texts(page))


def test_pooled_effects_are_lozenges_as_wide_as_their_intervals():
    page = forest.draw(cases.forest(*cases.PUBLISHED))

    assert lozenges(page) == [(-0.69, -0.19), (-0.97, -0.27), (-0.61, 0.1), (-1.68, 0.23)]
    assert marks(page, "s") == []
    assert "no value in the text" in texts(page)
    assert "difference: p = 0.15" in texts(page)


def test_the_scenario_is_broken_apart_from_the_interval_and_called_one():
    page = forest.draw(cases.forest(cases.PUBLISHED[0]))

    assert bars(page) == {(-1.16, 0.28)}
    assert {forest.SCENARIO, "(−1.16 to 0.28)"} <= set(texts(page))
    assert any("nobody observed it" in text for text in texts(page))


def test_squares_are_alike_without_weights_and_as_large_as_their_weights_with_them():
    alike = [size for _, size in marks(forest.draw(cases.CASES["forest, one"]), "s")]
    sizes = {round(size, 2) for _, size in marks(forest.draw(cases.CASES["forest, weighted"]), "s")}

    assert alike == [forest.SQUARE]
    assert len(sizes) == 8
    assert max(sizes) == forest.LARGEST


def test_an_interval_beyond_the_axis_is_cut_with_an_arrow_and_printed_whole():
    page = forest.draw(cases.CASES["forest, beyond the axis"])
    low, high = -4.5, 4.5

    assert min(a for a, _ in bars(page)) == low
    assert max(b for _, b in bars(page)) == high
    assert {x for x, _ in marks(page, "<")} == {low}
    assert {x for x, _ in marks(page, ">")} == {high}
    assert [x for x, _ in marks(page, "s")] == [0.5]  # the far one has no place
    assert "0.50 (−8.00 to 9.00)" in texts(page)
    assert "goes on beyond the axis" in texts(page)


def test_an_effect_without_an_interval_says_so():
    page = forest.draw(cases.CASES["forest, one without an interval"])

    assert "−0.40, no interval" in texts(page)
    assert bars(page) == set()


def test_the_words_name_the_pooled_effects_and_what_is_missing():
    said = export.alt(cases.forest(*cases.PUBLISHED))

    assert "All 10 comparisons: −0.44 (−0.69 to −0.19)" in said
    assert "without a value: Perinatal" in said
    assert "negative favours IPT" in said
    assert "60 single comparisons" in export.alt(cases.CASES["forest, sixty"])


def test_every_row_on_the_axis_has_its_numbers_on_hover():
    said = export.svg(cases.CASES["forest, weighted"]).decode()

    assert "Study 0: −1.23 (−1.53 to −0.93), weight 1 % (PTSD)</title>" in said

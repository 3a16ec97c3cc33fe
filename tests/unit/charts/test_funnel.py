"""The funnel plot: precision upwards, limits around the centre, no reading of bias from few."""

import pytest

from ipt_tracker.charts import export, funnel
from ipt_tracker.charts.style import BLUE, WHITE
from tests.unit.charts import evidence_cases as cases
from tests.unit.charts.rating_pictures import texts


def dots(page, face):
    return [
        (float(x), float(y))
        for line in page.axes[0].get_lines()
        if line.get_marker() == "o" and line.get_alpha() != 0 and line.get_mfc() == face
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    ]


def test_the_standard_error_grows_downwards_from_zero():
    page = funnel.draw(cases.CASES["funnel, eight"])
    low, high = page.axes[0].get_ylim()

    assert high == 0
    assert low > max(p.se for p in cases.CASES["funnel, eight"].points)


def test_every_comparison_is_a_point_hollow_where_it_is_uncertain():
    data = cases.CASES["funnel, sixty"]
    page = funnel.draw(data)

    for certain, face in ((True, BLUE), (False, WHITE)):
        given = [(p.estimate, p.se) for p in data.points if p.certain is certain]
        assert dots(page, face) == given


def test_the_limits_stand_around_the_pooled_effect():
    page = funnel.draw(cases.CASES["funnel, eight"])
    slopes = [
        (round((line.get_xdata()[1] - line.get_xdata()[0]) / line.get_ydata()[1], 2))
        for line in page.axes[0].get_lines()
        if line.get_marker() == "None"
    ]

    assert slopes == [-1.96, 1.96]
    assert "pooled −0.44" in texts(page)


@pytest.mark.parametrize(("count", "few"), [(1, True), (9, True), (10, False)])
def test_under_ten_comparisons_the_picture_and_its_words_forbid_reading_bias(count, few):
    data = cases.funnel(count)

    assert ("too few to see or to test bias" in " ".join(texts(funnel.draw(data)))) is few
    assert ("too few to see or to test bias" in export.alt(data)) is few


def test_a_name_without_room_is_counted_and_kept_on_hover():
    data = cases.CASES["funnel, sixty"]
    said = set(texts(funnel.draw(data)))
    unnamed = [p for p in data.points if p.label not in said]

    assert f"{len(unnamed)} names without room, see the table" in said
    assert all(f"<title>{p.title}</title>" in export.svg(data).decode() for p in unnamed)


def test_a_long_name_is_cut_and_whole_on_hover():
    data = cases.CASES["funnel, twelve with long names"]

    assert not any(cases.LONG in text for text in texts(funnel.draw(data)))
    assert f"{cases.LONG} 3: " in export.svg(data).decode()

"""Two raters of the same sessions: the whole range, limits as given, no point hidden."""

from ipt_tracker.charts import bland_altman
from ipt_tracker.charts.style import BLUE
from tests.unit.charts import rating_cases as cases
from tests.unit.charts.rating_pictures import levels, texts


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
    assert any(text.startswith("several on one spot") for text in texts(page))
    filled = [line for line in page.axes[0].get_lines() if line.get_mfc() == BLUE]
    assert [list(line.get_xdata()) for line in filled] == [[2.5]]

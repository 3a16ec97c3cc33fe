"""Spark lines: the whole scale, honest breaks, and markup that a strict page accepts."""

from xml.etree import ElementTree as ET

import pytest

from ipt_tracker.charts.spark import Spark, draw


def parts(spark):
    root = ET.fromstring(draw(spark))  # noqa: S314 -- our own output
    return {e.get("class"): e for e in root}


def test_the_path_breaks_at_a_missing_total_and_at_a_long_gap():
    spark = Spark("PCL-5", (0, 7, 14, 21, 28, 60, 67), (47, 48, None, 44, 40, 30, 28))

    assert parts(spark)["l"].get("d").count("M") == 3


def test_a_score_between_two_breaks_is_a_dot():
    spark = Spark("PCL-5", (0, 30, 60), (47, 48, 44))

    assert parts(spark)["l"].get("d").count("h0") == 3


@pytest.mark.parametrize(("value", "y"), [(0, "34.0"), (40, "19.0"), (80, "4.0")])
def test_height_is_the_share_of_the_whole_range(value, y):
    assert parts(Spark("PCL-5", (0,), (value,)))["e"].get("cy") == y


def test_a_scale_may_start_above_zero():
    spark = Spark("PCL for DSM-IV", (0, 7), (17, 85), top=85, bottom=17, line=None)

    assert (parts(spark)["h"].get("cy"), parts(spark)["e"].get("cy")) == ("34.0", "4.0")
    assert "c" not in parts(spark)


def test_first_and_last_score_are_marked_and_a_single_one_only_once():
    assert {"h", "e"} <= set(parts(Spark("PCL-5", (0, 7), (47, 44))))
    assert "h" not in parts(Spark("PCL-5", (0,), (47,)))


@pytest.mark.parametrize("values", [(), (None, None)])
def test_without_a_score_only_the_cut_off_is_drawn(values):
    assert set(parts(Spark("PCL-5, no score", tuple(range(len(values))), values))) == {"c"}


def test_the_band_stays_on_the_scale():
    band = parts(Spark("PCL-5", (0, 7), (3, 5), reliable=14.5))["b"]

    assert float(band.get("y")) + float(band.get("height")) == pytest.approx(34)


def test_the_name_is_the_text_alternative_and_nothing_needs_inline_style():
    markup = draw(Spark('PCL-5 "past week" <2 scores>', (0, 7), (47, 44)))

    root = ET.fromstring(markup)  # noqa: S314 -- our own output
    assert root.get("role") == "img"
    assert root.get("aria-label") == 'PCL-5 "past week" <2 scores>'
    assert "style" not in markup
    assert len(markup) < 600

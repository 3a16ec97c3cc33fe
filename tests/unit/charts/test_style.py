"""Contrast by the WCAG formula: graphics 3 to 1 and text 4.5 to 1 on every ground they lie on."""

import pytest

from ipt_tracker.charts.style import (
    BAND,
    BAND_ALPHA,
    BLUE,
    INK,
    LINE,
    MID,
    SHADE,
    VERMILLION,
    WHITE,
)


def channels(color):
    return [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def luminance(parts):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def over(color, alpha, ground):
    return [alpha * c + (1 - alpha) * g for c, g in zip(channels(color), ground, strict=True)]


GROUNDS = {
    "white": channels(WHITE),
    "shade": channels(SHADE),
    "band": over(BAND, BAND_ALPHA, channels(WHITE)),
    "band over shade": over(BAND, BAND_ALPHA, channels(SHADE)),
}


def test_the_formula_gives_the_known_extremes():
    assert contrast(channels("#000000"), channels("#FFFFFF")) == pytest.approx(21)
    assert contrast(channels("#767676"), channels("#FFFFFF")) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("color", [BLUE, VERMILLION, INK, LINE])
def test_marks_and_lines_stand_out_from_every_ground(color, ground):
    assert contrast(channels(color), GROUNDS[ground]) >= 3


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("color", [INK, MID])
def test_text_can_be_read_on_every_ground(color, ground):
    assert contrast(channels(color), GROUNDS[ground]) >= 4.5


def test_the_patients_line_and_the_cut_off_differ_in_greyscale():
    assert contrast(channels(BLUE), channels(INK)) >= 3


def test_no_fill_is_dark_enough_to_pass_for_a_mark():
    for ground in GROUNDS.values():
        assert contrast(ground, channels(WHITE)) < 1.25

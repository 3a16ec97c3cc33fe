"""The artists hold the data, and nothing that is not in the data."""

from dataclasses import replace

import pytest
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D

from ipt_tracker.charts.model import Event, Score, Series, Span
from ipt_tracker.charts.progress import alt, draw
from ipt_tracker.charts.style import BLUE, WHITE
from ipt_tracker.charts.typeset import Label
from tests.unit.charts.cases import (
    START,
    after,
    amended,
    caps,
    crowded,
    held,
    plain,
    two_focal_areas,
    weekly,
)


def joined(axes):
    """The values of each line that joins scores."""
    lines = [n for n in axes.lines if n.get_linestyle() == "-" and n.get_zorder() == 4]
    return [list(n.get_ydata()) for n in lines if n.get_solid_capstyle() != "round"]


def marked(axes, shape):
    return [
        (x, y)
        for line in axes.lines
        if line.get_marker() == shape and line.get_gid() is None
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    ]


def texts(page):
    return [label.get_text() for label in page.findobj(Label)]


def test_each_score_is_a_mark_at_its_date_and_value():
    chart = draw(plain((47, 48, 45)))

    first = START.toordinal()

    assert marked(chart.axes[0], "o") == [(first, 47), (first + 7, 48), (first + 14, 45)]


@pytest.mark.parametrize(
    ("bottom", "top", "values"),
    [(0, 80, (47, 44)), (17, 85, (61, 60)), (0, 27, (3, 2)), (0, 52, ())],
)
def test_the_axis_is_the_whole_range_of_the_instrument_and_never_flipped(bottom, top, values):
    scores = tuple(Score(after(7 * i), v) for i, v in enumerate(values))

    chart = draw(replace(plain(), main=Series("Any", top, scores, bottom)))

    assert chart.axes[0].get_ylim() == (bottom, top)
    assert {str(bottom), str(top)} <= set(texts(chart))


def test_an_incomplete_form_is_a_capsule_over_its_possible_totals_and_breaks_the_line():
    axes = draw(plain((47, 48, 45, None, 44, 36))).axes[0]

    assert joined(axes) == [[47, 48, 45], [44, 36]]
    capsules = [list(n.get_ydata()) for n in axes.lines if n.get_solid_capstyle() == "round"]
    assert capsules == [[41, 53], [41, 53]]  # blue, and white inside
    assert len(marked(axes, "o")) == 5


def test_an_incomplete_form_without_any_answer_is_not_drawn():
    main = weekly((47, 45, 44))
    blank = replace(main.scores[1], value=None)

    axes = draw(
        replace(plain(), main=replace(main, scores=(main.scores[0], blank, main.scores[2])))
    ).axes[0]

    assert not [n for n in axes.lines if n.get_solid_capstyle() == "round"]
    assert joined(axes) == [[47], [44]]


@pytest.mark.parametrize(
    ("days", "gap", "lines"), [(10, 7, 1), (11, 7, 2), (42, 28, 1), (43, 28, 2)]
)
def test_the_line_stops_beyond_one_and_a_half_planned_intervals(days, gap, lines):
    scores = (Score(START, 50), Score(after(days), 40, gap_days=gap))

    axes = draw(replace(plain(), main=replace(weekly(()), scores=scores))).axes[0]

    assert len(joined(axes)) == lines


def test_forms_over_another_lookback_are_hollow_squares_that_nothing_joins():
    other = (Score(START, 51), Score(after(28), 44))
    main = replace(weekly((47, 45)), other_scores=other, other_name="PCL-5, past month")

    chart = draw(replace(plain(), main=main))

    axes = chart.axes[0]
    assert [y for _, y in marked(axes, "s")] == [51, 44]
    assert joined(axes) == [[47, 45]]
    squares = next(n for n in axes.lines if n.get_marker() == "s")
    assert (to_hex(squares.get_mfc()).upper(), to_hex(squares.get_mec()).upper()) == (WHITE, BLUE)
    assert any("PCL-5, past month: not joined" in t for t in texts(chart))


def test_an_interview_that_was_not_blind_is_hollow():
    main = weekly((47, 45))
    main = replace(main, scores=(main.scores[0], replace(main.scores[1], hollow=True)))

    axes = draw(replace(plain(), main=main)).axes[0]

    dots = [n for n in axes.lines if n.get_marker() == "o" and n.get_gid() is None]
    assert [(list(n.get_ydata()), to_hex(n.get_mfc()).upper()) for n in dots] == [
        ([47], BLUE),
        ([45], WHITE),
    ]


def test_an_amended_score_carries_a_diamond_and_both_values():
    chart = draw(amended(1))

    assert [y for _, y in marked(chart.axes[0], "D")] == [50]
    assert "50\N{DAGGER}" in texts(chart)
    assert any("amended: 50, was 10 (digits swapped)" in t for t in texts(chart))


def test_an_amended_form_that_is_incomplete_now_is_marked_over_its_range():
    main = weekly((47, None, 44))
    corrected = replace(main.scores[1], was="45")

    chart = draw(replace(plain(), main=replace(main, scores=(main.scores[0], corrected))))

    assert marked(chart.axes[0], "D") == [(START.toordinal() + 7, 47)]  # middle of 41 to 53
    assert any("amended: no total, was 45" in t for t in texts(chart))


def test_an_amended_score_of_the_other_lookback_is_marked_too():
    other = Score(after(0), 61, was="16")

    chart = draw(replace(plain(), main=weekly((47, 45), other_scores=(other,))))

    assert (START.toordinal(), 61) in marked(chart.axes[0], "D")
    assert any("amended: 61, was 16" in t for t in texts(chart))


def test_two_scores_of_one_day_are_two_marks():
    scores = (Score(after(0), 47), Score(after(7), 44), Score(after(7), 39))

    axes = draw(replace(plain(), main=Series("Any", 80, scores))).axes[0]

    day = START.toordinal()
    assert marked(axes, "o") == [(day, 47), (day + 7, 44), (day + 7, 39)]


def levels(axes):
    """Heights of the horizontal lines over the grid."""
    return sorted(
        float(segment[0][1])
        for lines in axes.collections
        if lines.get_zorder() in (1.5, 2) and hasattr(lines, "get_segments")
        for segment in lines.get_segments()
        if segment[0][1] == segment[1][1]
    )


def test_reliable_change_and_cut_off_lie_half_a_point_from_the_scores_they_separate():
    assert levels(draw(plain((47, 45))).axes[0]) == [0, 32.5, 32.5, 61.5]


@pytest.mark.parametrize(("base", "expected"), [(2, [0, 16.5, 32.5]), (79, [0, 32.5, 64.5])])
def test_the_band_ends_where_the_scale_ends(base, expected):
    axes = draw(plain((base, base))).axes[0]

    assert levels(axes) == expected
    low, high = axes.get_ylim()
    band = next(c for c in axes.collections if c.get_zorder() == 1)
    heights = band.get_paths()[0].vertices[:, 1]
    assert low <= heights.min() < heights.max() <= high


def test_the_threshold_set_is_named_beside_the_band():
    said = " ".join(texts(draw(plain((47, 45)))))

    assert "47 \N{PLUS-MINUS SIGN} 14: less than reliable change" in said
    assert "(Marx\N{NO-BREAK SPACE}2022)" in said


def test_the_interview_has_a_panel_and_an_axis_of_its_own_on_the_same_dates():
    below = replace(caps((0, 60, "baseline"), (35, 30, "end")), top=136)

    main, interview = draw(plain(interview=below)).axes

    assert interview.get_ylim() == (0, 136)
    assert interview.get_xlim() == main.get_xlim()
    assert joined(interview) == [[60, 30]]
    assert 60 not in [y for line in joined(main) for y in line]


def test_two_focal_areas_open_at_once_have_a_row_each():
    said = texts(draw(two_focal_areas()))

    assert {"Focus", "and", "Grief", "Role transition", "Dispute"} <= set(said)


def test_each_later_focal_area_starts_with_a_line_through_the_panel():
    axes = draw(two_focal_areas()).axes[0]

    upright = [
        segment[0][0]
        for lines in axes.collections
        if lines.get_zorder() == 2
        for segment in lines.get_segments()
        if segment[0][0] == segment[1][0]
    ]
    assert upright == [after(14).toordinal(), after(21).toordinal()]


def test_every_other_phase_is_shaded_and_each_is_named():
    phases = (Span("Beginning", START, after(14)), Span("Middle", after(14), after(35)))

    chart = draw(plain(phases=phases))

    assert len([p for p in chart.axes[0].patches if p.get_zorder() == 0]) == 1
    assert {"Beginning", "Middle"} <= set(texts(chart))


def test_a_spell_too_short_for_its_name_is_named_in_the_key():
    phases = (Span("Engagement", START, after(1)), Span("Middle", after(1), after(600)))

    said = " ".join(texts(draw(plain(phases=phases))))

    assert "Phase without room for a name: Engagement" in said


def test_a_missed_slot_is_a_cross_without_a_number():
    chart = draw(crowded())

    crosses = next(n for n in chart.findobj(Line2D) if n.get_marker() == "x")
    assert len(crosses.get_xdata()) == 4
    assert any("did not take place" in t for t in texts(chart))


def test_an_event_long_before_the_course_does_not_squeeze_the_axis():
    events = (Event(START.replace(year=1999), "the accident"), Event(after(7), "moved out"))

    chart = draw(plain(events=events))

    assert chart.axes[0].get_xlim() == draw(plain()).axes[0].get_xlim()
    assert "1 other event is not drawn." in texts(chart)


def test_provenance_is_printed_inside_the_picture():
    said = " ".join(texts(draw(plain())))

    for value in ("Patient: SYN-02", "5 of 6 forms", "2024-10-07 10:32 UTC", "IPT Tracker 0.1.0"):
        assert value in said


def test_the_alternative_text_says_what_the_picture_shows():
    course = plain(visits=(*held(6)[:5], replace(held(6)[5], label="")))

    assert alt(course) == (
        "PCL-5, past week: 5 complete scores, from 47 on 2 Sep 2024 to 36 on 7 Oct 2024, "
        "lowest 36, highest 48; 1 incomplete form. Scale 0 to 80, lower is better. "
        "1 session did not take place."
    )
    assert alt(plain(())) == "PCL-5, past week: no score."
    assert "44 on 2 Sep 2024. Scale" in alt(plain((44,)))

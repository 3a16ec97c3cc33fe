"""Adherence and quality on true dates: a panel each, a shape for each kind of rater."""

from dataclasses import replace
from datetime import timedelta

from matplotlib.collections import LineCollection

from ipt_tracker.charts import course_fidelity, export
from ipt_tracker.charts.course_fidelity import By
from ipt_tracker.charts.style import BLUE
from tests.unit.charts import rating_cases as cases
from tests.unit.charts.rating_pictures import drawn, levels, texts


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


def test_sessions_of_two_courses_with_one_day_and_one_number_are_not_joined():
    mark = course_fidelity.Mark(cases.FIRST, By.SUPERVISOR, "session 3", 90, 4.5)
    marks = (mark, replace(mark, adherence=60, quality=2.5))
    page = course_fidelity.draw(course_fidelity.Fidelity(*cases.WORDS, marks))
    whole = {(1.0, 5.0), (0.0, 100.0)}  # lines of dates

    for axes in page.axes:
        lines = [s for line in axes.findobj(LineCollection) for s in line.get_segments()]
        assert {(s[0][1], s[1][1]) for s in lines if s[0][0] == s[1][0]} <= whole
    assert "A thin line joins the ratings of one session." not in texts(page)


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

    assert {"Shown", "Others", "14 of 40 sessions", "26 of 40 sessions"} <= set(said)
    assert "Session" not in said


def test_values_are_printed_for_the_first_last_best_and_worst_of_the_supervisor():
    said = texts(drawn("course, fourteen"))

    assert {"0 %", "30 %", "90 %", "1.0", "2.5", "4.0"} <= set(said)
    assert "100 %" not in said  # the therapist's own

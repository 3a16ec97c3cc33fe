"""The scores of a course as lines: what counts, what is joined, what is marked."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import Amendment, Measure
from ipt_tracker.services.corrections import correct_measure, withdraw_measure
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.outline import outline
from ipt_tracker.services.progress import ChartChoice, read_chart
from ipt_tracker.services.progress_facts import read_scores
from ipt_tracker.services.scores import Scores
from tests.factories.clinic import FIRST_DAY, PCL5
from tests.factories.courses import add_measure, measure
from tests.factories.stores import on_every_engine

TWICE = frozenset({"duplicate"})


def writing(clinic, do):
    """Do something with the first course as its therapist."""
    with clinic.writing(clinic.therapist) as work:
        return do(work, open_course(work, clinic.course.id, Permission.RECORD_MEASURE))


def scores(clinic) -> Scores:
    with clinic.reading(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.OPEN_COURSE)
        return read_scores(work, outline(work, course))


def chart(clinic, **choice):
    with clinic.reading(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.OPEN_COURSE)
        return read_chart(work, course, ChartChoice(**choice), "1")


def totals(found, key="pcl5_week"):
    return [g.row.total for g in found.by_key[key]]


def form_of(work, course, day):
    wanted = select(Measure).where(Measure.course_id == course.id, Measure.taken_on == day)
    return work.session.scalars(wanted.where(Measure.instrument == "pcl5_week")).one()


@on_every_engine
def test_what_was_withdrawn_counts_for_nothing_and_stays_readable(clinic):
    writing(clinic, lambda w, c: withdraw_measure(w, c, form_of(w, c, FIRST_DAY), "wrong patient"))

    found = scores(clinic)

    assert totals(found) == list(PCL5[1:])
    assert [g.row.total for g in found.withdrawn] == [PCL5[0]]
    assert len(chart(clinic).main.scores) == len(PCL5) - 1


def test_a_withdrawn_form_decides_no_set_and_asks_about_nothing(clinic):
    def both(work, course):
        form = add_measure(work, course, measure("phq9", clinic.today, 12))
        withdraw_measure(work, course, form, "of somebody else")

    writing(clinic, both)

    found = scores(clinic)
    assert "phq9" not in found.by_key
    assert found.no_item_words.startswith("No measure entered in this course so far asks")


def test_a_measure_that_asks_about_suicide_ends_the_warning(clinic):
    writing(clinic, lambda w, c: add_measure(w, c, measure("phq9", clinic.today, 12)))

    assert scores(clinic).no_item_words == ""


def correct(clinic, day, reason="digits swapped", **change):
    def do(work, course):
        form = form_of(work, course, day)
        entry = measure("pcl5_week", form.taken_on, form.total)
        correct_measure(work, course, form, replace(entry, **change), reason=reason)

    writing(clinic, do)


@on_every_engine
def test_a_corrected_total_is_drawn_as_it_is_now_and_marked(clinic):
    correct(clinic, FIRST_DAY, total=59)

    first = chart(clinic).main.scores[0]
    (given, *_) = scores(clinic).by_key["pcl5_week"]

    assert (first.value, first.was, first.note) == (59, "58", "corrected 11 Mar")
    assert "was 58, corrected 11 Mar (digits swapped)" in given.remarks


@pytest.mark.parametrize("field", ["taken_on", "answers.nightmares", "withdrawn", "assessor"])
def test_only_a_correction_of_the_total_marks_the_total(clinic, field):
    def amended(work, course):
        form = form_of(work, course, FIRST_DAY)
        work.session.add(
            Amendment(
                course_id=course.id,
                subject_kind="measure",
                subject_id=form.id,
                field=field,
                old=3,
                new=4,
                amended_on=clinic.today,
                recorded_at=work.now,
            )
        )

    writing(clinic, amended)

    (given, *_) = scores(clinic).by_key["pcl5_week"]
    assert given.total_was == given.amendment == ""
    assert chart(clinic).main.scores[0].was == ""


def test_a_total_that_came_later_says_that_there_was_none(clinic):
    answered = {"nightmares": 3}

    def partial(work, course):
        add_measure(work, course, measure("pcl5_week", clinic.today, answers=answered))

    writing(clinic, partial)
    correct(clinic, clinic.today, answers={}, total=30)

    last = chart(clinic).main.scores[-1]
    assert (last.value, last.was) == (30, "no total")


@on_every_engine
def test_two_forms_of_one_day_are_both_kept_drawn_and_numbered(clinic):
    day = FIRST_DAY + timedelta(weeks=5)
    again = measure("pcl5_week", day, 44, confirmed=TWICE)
    writing(clinic, lambda w, c: add_measure(w, c, again))

    series = chart(clinic).main
    given = [g for g in scores(clinic).by_key["pcl5_week"] if g.row.taken_on == day]

    assert sorted(s.value for s in series.scores if s.day == day) == [41, 44]
    assert [g.remarks[0] for g in given] == ["1 of 2 on this day", "2 of 2 on this day"]
    assert "PCL-5: 2 scores of 11 Feb, each drawn." in series.remarks


@pytest.mark.parametrize(("days", "said"), [(2, None), (3, "entered 3 days later")])
def test_a_form_that_was_entered_more_than_two_days_later_says_so(clinic, days, said):
    day = clinic.today - timedelta(days=days)
    writing(clinic, lambda w, c: add_measure(w, c, measure("pcl5_week", day, 30)))

    remarks = scores(clinic).by_key["pcl5_week"][-1].remarks

    assert remarks == ((said,) if said else ())


def test_what_came_out_of_a_file_is_not_called_late(clinic):
    with clinic.writing() as work:
        work.session.execute(update(Measure).values(recorded_by=None))

    assert all(g.remarks == () for g in scores(clinic).by_key["pcl5_week"])


def test_the_newest_value_of_a_chart_is_its_newest_correction(clinic):
    before = chart(clinic).provenance.newest_recorded
    with clinic.writing() as work:
        form = form_of(work, clinic.course, FIRST_DAY)
        work.session.add(
            Amendment(
                course_id=clinic.course.id,
                subject_kind="measure",
                subject_id=form.id,
                field="total",
                old=57,
                new=58,
                amended_on=clinic.today,
                recorded_at=work.now + timedelta(hours=3),
            )
        )

    assert before == "2026-03-11 10:00 UTC"
    assert chart(clinic).provenance.newest_recorded == "2026-03-11 13:00 UTC"


def test_the_forms_of_two_editions_and_of_two_lookbacks_are_never_one_line(clinic):
    def every_form(work, course):
        for key in ("pcl5_month", "pcl4", "caps5_week", "caps4"):
            add_measure(work, course, measure(key, FIRST_DAY, 45))
            add_measure(work, course, measure(key, clinic.today, 40))

    writing(clinic, every_form)

    found = scores(clinic)
    for key, given in found.by_key.items():
        assert {g.row.instrument for g in given} == {key}
        drawn = chart(clinic, measure=key)
        lines = [drawn.main, *([drawn.interview] if drawn.interview else [])]
        for line in lines:
            own = next(k for k in found.by_key if line.name == INSTRUMENTS[k].version)
            assert [s.value for s in line.scores] == totals(found, own)


def test_the_monthly_first_point_is_marked_beside_the_weekly_line(clinic):
    writing(clinic, lambda w, c: add_measure(w, c, measure("pcl5_month", FIRST_DAY, 61)))

    main = chart(clinic).main

    assert main.name == "PCL-5, past week"
    assert 61 not in [s.value for s in main.scores]
    assert [(s.day, s.value) for s in main.other_scores] == [(FIRST_DAY, 61)]
    assert main.other_name == "PCL-5, past month"


@on_every_engine
def test_the_one_answer_that_a_file_gave_is_said_beside_the_total(clinic):
    with clinic.writing() as work:
        form = form_of(work, clinic.course, FIRST_DAY)
        form.extra = {"item9": 1}

    (given, *_) = scores(clinic).by_key["pcl5_week"]
    assert "item 9: 1" in given.remarks


@on_every_engine
@pytest.mark.parametrize("value", [0, '"often"', None, "1.5"])
def test_an_item_9_of_0_reassures_nobody_and_one_that_is_no_number_breaks_no_page(clinic, value):
    with clinic.writing() as work:
        form_of(work, clinic.course, FIRST_DAY).extra = {"item9": value}

    (given, *_) = scores(clinic).by_key["pcl5_week"]
    assert not [remark for remark in given.remarks if "item 9" in remark]


def test_the_newest_total_of_the_family_names_the_set_of_all_its_forms(clinic):
    def monthly(work, course):
        form = add_measure(work, course, measure("pcl5_month", clinic.today, 40))
        form.threshold_set = "marx2022_s2_pcl5@1"

    writing(clinic, monthly)

    found = scores(clinic)
    keys = ("pcl5_week", "pcl5_month", "caps5_month")
    assert [found.thresholds_of(key).reliable_points for key in keys] == [18, 18, 13]

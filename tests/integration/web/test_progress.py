"""The progress page: verdict, chart, scores, and the trials beside them."""

from datetime import date

import pytest
from sqlalchemy import select

from ipt_tracker.persistence.models import AuditEntry, Course
from tests.factories.courses import add_measure, measure
from tests.factories.pages import read, says
from tests.factories.stores import on_every_engine


@pytest.fixture
def url(clinic):
    return f"/courses/{clinic.course.id}/progress"


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


def end(clinic, status):
    with clinic.writing() as work:
        course = work.session.get(Course, clinic.course.id)
        course.status, course.ended_on = status, clinic.today


@on_every_engine
def test_the_page_opens_with_the_change_in_words_and_holds_every_score(therapist, url):
    page = read(therapist.get(url))

    assert "The PCL-5 fell from 58 to 33, down 25 points: a reliable improvement" in page.main
    rows = [[says(cell) for cell in row] for row in page.all("tr")]
    assert ["18 Feb", "6", "33", "−25", "Reliably improved"] in rows
    assert "SMD −0.44 (−0.69 to −0.19)" in page.main
    assert page.one("img").attrib["alt"].startswith("PCL-5")


def test_a_course_that_goes_on_is_not_set_beside_the_end_of_treatment_unsaid(therapist, url):
    page = read(therapist.get(url))

    assert "The course goes on (session 6 of 14, middle phase); the trials' figures" in page.main
    assert "Differences between IPT and control groups" in page.main


def test_a_completed_course_needs_no_such_words(therapist, url, clinic):
    end(clinic, "completed")

    assert "The course goes on" not in read(therapist.get(url)).main


def test_a_course_that_the_patient_left_has_no_end_of_treatment_score(therapist, url, clinic):
    end(clinic, "dropped_out")

    page = read(therapist.get(url))

    assert "How it ended cannot be told: the patient left the course." in page.main
    assert "the last score is not an end-of-treatment score, and the trials'" in page.main
    assert "The patient left the course" in therapist.get(f"{url}/chart.svg").text


@pytest.mark.parametrize(("typed", "said"), [("x", "“x” is not a number."), ("-2", "SD")])
def test_an_sd_that_cannot_be_is_said_and_the_usual_one_used(therapist, url, typed, said):
    answer = therapist.get(url, query_string={"sd": typed})

    page = read(answer)
    assert answer.status_code == 422
    assert said in page.main
    assert "The usual SD is used below." in page.main


def test_another_sd_changes_the_points(therapist, url):
    usual = read(therapist.get(url)).main
    other = read(therapist.get(url, query_string={"sd": "12.0"})).main

    assert "−12.6 points (95 % interval −17.2 to −8.1)" in usual
    assert "−12.2 points" in other


def test_a_depression_course_says_what_happened_to_the_trauma_symptoms(therapist, url, clinic):
    with clinic.writing(clinic.therapist) as work:
        course = work.session.get(Course, clinic.course.id)
        course.patient.primary_diagnosis = "mdd"
        add_measure(work, course, measure("phq9", date(2026, 1, 7), 18))
        add_measure(work, course, measure("phq9", date(2026, 2, 18), 9))

    page = read(therapist.get(url))

    assert "The PHQ-9 fell from 18 to 9" in page.main
    assert "self-rated PCL-5" in page.main


@pytest.mark.parametrize("fmt", ["svg", "png", "pdf"])
def test_a_download_is_written_down_and_the_same_each_time(therapist, url, clinic, fmt):
    first = therapist.get(f"{url}/download/chart.{fmt}")
    second = therapist.get(f"{url}/download/chart.{fmt}")

    assert first.data == second.data
    assert first.headers["Content-Disposition"] == f'attachment; filename="progress-chart.{fmt}"'
    with clinic.reading() as work:
        noted = work.session.scalars(
            select(AuditEntry).where(AuditEntry.event == "chart.downloaded")
        ).all()
    assert [n.details["format"] for n in noted] == [fmt, fmt]
    assert {n.actor_id for n in noted} == {clinic.therapist.id}


def test_the_picture_on_the_page_is_the_file(therapist, url):
    assert therapist.get(f"{url}/chart.svg").data == therapist.get(f"{url}/download/chart.svg").data

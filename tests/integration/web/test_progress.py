"""The progress page: verdict, chart, scores, and the trials beside them."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import AuditEntry, Course, Measure
from ipt_tracker.services.corrections import correct_measure
from ipt_tracker.services.doors import open_course
from tests.factories.courses import add_measure, measure
from tests.factories.pages import read, says
from tests.factories.stores import on_every_engine
from tests.integration.web.test_caseload import MOST_STATEMENTS, statements


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

    assert (
        "The PCL-5 (past week) fell from 58 to 33, down 25 points: a reliable improvement"
        in page.main
    )
    rows = [[says(cell) for cell in row] for row in page.all("tr")]
    late = "Reliably improved entered 21 days later"
    assert ["18 Feb", "6", "33", "−25", late] in rows
    assert "SMD −0.44 (−0.69 to −0.19)" in page.main
    assert page.all("img")[0].attrib["alt"].startswith("PCL-5")


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
    assert "self-rated PCL-5 (past week)" in page.main


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


@pytest.mark.parametrize("fmt", ["svg", "png", "pdf"])
def test_the_picture_beside_the_trials_leaves_as_a_file_and_that_is_written_down(
    therapist, url, clinic, fmt
):
    given = therapist.get(f"{url}/download/beside.{fmt}")

    assert given.headers["Content-Disposition"] == f'attachment; filename="beside-the-trials.{fmt}"'
    assert given.data == therapist.get(f"{url}/download/beside.{fmt}").data
    with clinic.reading() as work:
        noted = work.session.scalars(
            select(AuditEntry).where(AuditEntry.event == "chart.downloaded")
        ).all()
    assert [n.details["what"] for n in noted] == ["beside_trials"] * 2
    assert {n.actor_id for n in noted} == {clinic.therapist.id}


def test_the_page_shows_the_picture_with_three_ranges_never_the_mean_alone(therapist, url):
    page = read(therapist.get(url))
    words = page.all("img")[1].attrib["alt"]

    assert "interval of the mean −17.2 to −8.1" in words
    assert "mean of one new setting" in words
    assert "single patients" in words
    for said in ("Mean of one clinic like these, a scenario", "19 of 20 patients, a scenario"):
        assert said in page.main


def test_the_picture_follows_the_sd_and_a_wrong_one_is_not_used(therapist, url):
    usual = therapist.get(f"{url}/beside.svg").data

    assert therapist.get(f"{url}/beside.svg", query_string={"sd": "5"}).data != usual
    assert therapist.get(f"{url}/beside.svg", query_string={"sd": "none"}).data == usual


def test_a_course_without_a_comparison_has_no_picture_and_says_why(therapist, url, clinic):
    record(clinic, "phq9", (date(2026, 1, 7), 18), (date(2026, 2, 18), 9))

    asked = {"measure": "phq9"}
    assert therapist.get(f"{url}/beside.svg", query_string=asked).status_code == 204
    assert len(read(therapist.get(url, query_string=asked)).all("img")) == 1


def test_a_caps4_course_shows_its_place_in_both_arms_and_both_yardsticks(therapist, url, clinic):
    record(clinic, "caps4", (date(2026, 1, 7), 80), (date(2026, 2, 18), 54))
    page = read(therapist.get(url, query_string={"measure": "caps4"}))

    assert "About 9 of 20 improved at least as much in Krupnick 2008, group IPT" in page.main
    assert "About 1 of 20 improved at least as much in Krupnick 2008, waiting list" in page.main
    assert "n = 20" in page.main
    assert "n = 7" in page.main
    assert "Smallest important difference: 10 points; this change is as large" in page.main
    assert "under 15 points could be measurement error" in page.main
    assert "−21.6 points (95 % interval −30.2 to −13.0)" in page.main
    assert "about 6 weeks" in page.main
    assert "achieved" not in page.main


def test_a_pcl5_course_has_no_place_among_patients_and_says_why(therapist, url):
    assert "has no place among their patients" in read(therapist.get(url)).main


def test_printed_subgroups_follow_the_record_and_carry_their_test(therapist, url, clinic):
    with clinic.writing(clinic.therapist) as work:
        patient = work.session.get(Course, clinic.course.id).patient
        patient.primary_diagnosis, patient.precipitating_event = "mdd", "not_classified"
    page = read(therapist.get(url))

    assert "Depression as primary diagnosis: SMD −0.38 (−0.59 to −0.17)" in page.main
    assert "(p = 0.57)" in page.main
    assert "not classified in this record" in page.main
    assert "the overall effect is the usual one" in page.main


def record(clinic, key, *pairs):
    """Record totals of one instrument in the first course: day and total each."""
    with clinic.writing(clinic.therapist) as work:
        course = work.session.get(Course, clinic.course.id)
        for day, total in pairs:
            add_measure(work, course, measure(key, day, total))


def repeat(clinic, key, day, total):
    """Record one more form of a day that has one already."""
    again = measure(key, day, total, confirmed=frozenset({"duplicate"}))
    with clinic.writing(clinic.therapist) as work:
        form = add_measure(work, work.session.get(Course, clinic.course.id), again)
        form.recorded_at += timedelta(hours=1)


@on_every_engine
def test_a_second_total_of_the_last_day_and_a_newer_one_of_another_window_are_said(
    therapist, url, clinic
):
    repeat(clinic, "pcl5_week", date(2026, 2, 18), 20)
    record(clinic, "pcl5_month", (date(2026, 2, 20), 60))

    page = read(therapist.get(url))

    assert "The PCL-5 (past week) fell from 58 to 20" in page.main
    assert "A past-month PCL-5 of 20 Feb stands at 60; the two are not compared." in page.main
    assert "On 18 Feb there are two totals, 33 and 20; the one entered last is used." in page.main
    picture = therapist.get(f"{url}/chart.svg").text
    assert "PCL-5 (past week): 20 on 18 Feb 2026 (entered last of 2 totals)" in picture


def test_the_reason_of_a_correction_never_stands_on_the_chart(therapist, url, clinic):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_MEASURE)
        for key in ("pcl5_week", "caps5_month"):
            wanted = select(Measure).where(
                Measure.course_id == course.id, Measure.instrument == key
            )
            form = work.session.scalars(wanted.order_by(Measure.taken_on)).first()
            entry = measure(key, form.taken_on, form.total + 1, point=form.point)
            correct_measure(work, course, form, entry, reason="Zebra mixed up (again)")

    picture = " ".join(therapist.get(f"{url}/chart.svg").text.split())

    assert "was 58 (corrected 11 Mar)" in picture
    assert "Zebra" not in picture
    assert "again" not in picture
    assert b"Zebra" not in therapist.get(f"{url}/download/chart.png").data


def judged(page):
    return says(page.one("section[@aria-labelledby='judged-head']"))


@on_every_engine
def test_the_page_names_the_set_in_use_with_its_source_and_certainty(therapist, url):
    said = judged(read(therapist.get(url)))

    assert "Unchanged" not in said
    assert "OutcomeImproved, judged by Marx 2022, sample 1; still above the range reported" in said
    assert "Percent−43.1 % of the first total; the form starts at 0" in said
    assert "No definition of response or remission is published for the PCL-5" in said
    assert "Recorded withMarx 2022, sample 1" in said
    assert "Reliable change15 points or more" in said
    assert "End rangethe range reported for people without PTSD (28 or lower)" in said
    assert "SourceMarx 2022, Psychological Assessment 34:197-203 (abstract)" in said
    assert "Populationmale veterans, N 198" in said
    assert "How sureseen in the publication, its abstract" in said
    assert "the course goes on" in said
    assert "By a rule, not a predictionOn track: no rule says" in said
    assert "Sudden gains" in said
    assert "Criteria: down 15 points or more (Marx 2022, sample 1) and 25 % or more" in said
    assert "Tang and DeRubeis 1999, adapted" in said


def test_the_page_can_be_shown_by_another_set_which_is_said_and_never_stored(
    therapist, url, clinic
):
    recorded = read(therapist.get(url))
    before = refs(clinic)

    page = read(therapist.get(url, query_string={"by": "older_pcl5"}))

    said = "Recorded with Marx 2022, sample 1; shown here by Older PCL guidance"
    assert said in page.main
    assert said not in recorded.main
    assert (
        "Improved, judged by Older PCL guidance; the set has no end range, so recovery"
        in judged(page)
    )
    assert "10 points or more are called meaningful: met" in judged(page)
    rows = [[says(cell) for cell in row][3:] for row in page.all("tr")]
    assert ["−9", "Reliably improved entered 49 days later"] in rows
    assert "by=older_pcl5" in page.all("img")[0].attrib["src"]
    assert all("by=older_pcl5" in link for link in page.links() if "/download/" in link)
    picture = therapist.get(f"{url}/chart.svg?by=older_pcl5").text
    assert "recorded with Marx 2022, sample 1" in picture.replace("\n", " ") or said in picture
    assert refs(clinic) == before


def refs(clinic):
    with clinic.reading() as work:
        return sorted(work.session.scalars(select(Measure.threshold_set)))


def test_every_set_of_the_form_is_offered_and_none_of_another(therapist, url):
    page = read(therapist.get(url))

    options = [o.attrib["value"] for o in page.one("select[@id='by']").findall("option")]
    assert options == ["", "marx2022_s2_pcl5", "computed_pcl5", "older_pcl5"]


@pytest.mark.parametrize("by", ["marx2022_s2_caps5", "nhs_phq9", "x", "", "marx2022_s1_pcl5"])
def test_a_set_of_another_form_or_none_changes_nothing(therapist, url, by):
    usual = judged(read(therapist.get(url)))

    page = read(therapist.get(url, query_string={"by": by}))

    assert judged(page) == usual
    assert "shown here by" not in page.main


def test_a_set_that_this_version_does_not_know_is_said_and_not_guessed(therapist, url, clinic):
    with clinic.writing() as work:
        form = work.session.scalars(
            select(Measure).where(
                Measure.course_id == clinic.course.id, Measure.instrument == "pcl5_week"
            )
        ).all()
        for each in form:
            each.threshold_set = "later@7"

    page = read(therapist.get(url))

    assert "There is no threshold set to judge this by" in page.main
    assert "Recorded with “later@7”, a set that this version does not know: no class" in page.main
    rows = [[says(cell) for cell in row][3:] for row in page.all("tr")]
    assert ["−25", "entered 21 days later"] in rows
    assert therapist.get(f"{url}/chart.svg").status_code == 200
    other = read(therapist.get(url, query_string={"by": "marx2022_s1_pcl5"}))
    assert "Recorded with “later@7”, a set that this version does not know; shown" in other.main


@pytest.mark.parametrize(
    ("course", "said"),
    [
        (("caps4", 100, 70), "Responsea fall of more than 30 %: not met"),
        (("caps4", 100, 70), "Responsea fall of at least 30 %: met"),
        (("caps4", 100, 19), "Remissiona last total of below 20: met"),
        (("pcl4", 51, 34), "Percent−50.0 % above the form's floor of 17 (−33.3 % of the raw"),
        (("phq9", 12, 5), "OutcomeRecovered, judged by NHS Talking Therapies"),
        (("phq9", 5, 12), "OutcomeDeteriorated, judged by NHS Talking Therapies"),
        (("phq9", 12, 7), "OutcomeUnchanged, judged by NHS Talking Therapies"),
    ],
)
def test_what_a_change_means_is_judged_by_everything_published(
    therapist, url, clinic, course, said
):
    key, first, last = course
    record(clinic, key, (date(2026, 1, 7), first), (clinic.today, last))

    assert said in judged(read(therapist.get(url, query_string={"measure": key})))


def test_a_course_without_a_question_about_suicide_says_so(therapist, url, clinic):
    assert "No measure entered in this course so far asks about" in read(therapist.get(url)).main

    record(clinic, "phq9", (clinic.today, 12))

    assert "No measure entered in this course" not in read(therapist.get(url)).main


def test_one_score_is_no_change(therapist, client_of, clinic):
    page = read(client_of(clinic.therapist2).get(f"/courses/{clinic.course2.id}/progress"))

    assert "Cannot tell: it needs two complete scores" in judged(page)


def test_another_set_costs_no_statement_more(app, therapist, url):
    with statements(app) as usual:
        therapist.get(url)
    with statements(app) as other:
        therapist.get(url, query_string={"by": "older_pcl5"})

    assert len(other) == len(usual) <= MOST_STATEMENTS + 1

"""The page of what is due: whose, since when, and what can be pressed at once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.course.schedule import FOR_PTSD, Schedule
from ipt_tracker.persistence.models import Measure
from tests.factories.courses import add_measure, add_session, measure
from tests.factories.pages import read, says
from tests.factories.schedules import add_scheduled
from tests.integration.web.test_caseload import MOST_STATEMENTS, statements

URL = "/due"


@pytest.fixture
def scheduled(clinic):
    """Give a course that began eight weeks ago and had one session yesterday, without a form."""
    with clinic.writing(clinic.therapist) as work:
        course = add_scheduled(work, clinic.today - timedelta(days=56))
        add_measure(work, course, measure("pcl5_month", course.started_on, 50, point="baseline"))
        add_session(work, course, number=1, held_on=clinic.today - timedelta(days=1))
        return course.id


def rows(page):
    return [says(row) for row in page.one("main").findall(".//tbody/tr")]


def buttons(page):
    return [says(b).split(":")[0] for b in page.one("main").findall(".//tbody//button")]


def test_each_row_says_whose_what_and_since_when(client_of, clinic, scheduled):
    page = read(client_of(clinic.therapist).get(URL))

    assert page.h1 == "Measures due"
    assert "One overdue, three due now." in page.main
    assert [row.partition(" Enter")[0] for row in rows(page)] == [
        "Name T-501T-501 CAPS-5, past monthBaseline Overduesince 14 Jan, 56 days",
        "Name T-501T-501 CAPS-5, past monthHalf way Duesince 4 Mar",
        "Name T-501T-501 PCL-5, past weekSession 1 Duesince 10 Mar",
        "Name T-501T-501 PHQ-9, last two weeksSession 1 Duesince 10 Mar",
    ]
    assert f"/courses/{scheduled}" in page.links()


def test_an_assessment_is_entered_with_its_point_and_a_form_of_a_session_without(
    client_of, clinic, scheduled
):
    page = read(client_of(clinic.therapist).get(URL))

    entered = [link for link in page.links() if link.endswith(("/new", "baseline", "mid"))]
    base = f"/courses/{scheduled}/measures"
    assert entered == [
        f"{base}/caps5_month/new?point=baseline",
        f"{base}/caps5_month/new?point=mid",
        f"{base}/pcl5_week/new",
        f"{base}/phq9/new",
    ]


@pytest.mark.parametrize(
    ("show", "listed"), [("waiting", 4), ("overdue", 1), ("due", 3), ("coming", 0), ("all", 4)]
)
def test_a_list_holds_what_its_name_says(client_of, clinic, scheduled, show, listed):
    page = read(client_of(clinic.therapist).get(f"{URL}?show={show}"))

    assert len(rows(page)) == listed
    counts = [says(pill) for pill in page.all("ul[@class='quick']/li")]
    assert counts == ["Due and overdue 4", "Overdue 1", "Due now 3", "Next 14 days 0"]


def test_pressing_not_returned_keeps_it_at_once_and_the_row_goes(client_of, clinic, scheduled):
    client = client_of(clinic.therapist)
    page = read(client.get(f"{URL}?show=due"))
    form = page.form("/sessions/1/pcl5_week?show=due")

    answer = client.post(form.action, data=form.but(not_done="not_returned"))

    assert (answer.status_code, answer.location) == (303, "/due?show=due")
    page = read(client.get(answer.location))
    assert "Kept as “not returned”." in page.text
    assert not [row for row in rows(page) if "PCL-5" in row]
    with clinic.reading() as work:
        row = select(Measure).where(
            Measure.course_id == scheduled, Measure.status == "not_returned"
        )
        assert work.session.scalars(row).one().instrument == "pcl5_week"


def test_pressing_it_twice_keeps_it_once_and_says_so(client_of, clinic, scheduled):
    client = client_of(clinic.therapist)
    page = read(client.get(f"{URL}?show=overdue"))
    (form,) = [f for f in page.forms() if "/assessments/" in f.action]
    client.post(form.action, data=form.but(not_done="declined"))

    answer = client.post(form.action, data=form.but(not_done="declined"))

    assert "Something was entered for it meanwhile." in read(client.get(answer.location)).text


def test_an_interview_is_not_said_to_be_not_returned(client_of, clinic, scheduled):
    page = read(client_of(clinic.therapist).get(f"{URL}?show=overdue"))

    assert buttons(page) == ["Declined", "Not given"]


def test_a_supervisor_sees_the_lists_by_therapist_and_can_press_nothing(
    client_of, clinic, scheduled
):
    page = read(client_of(clinic.supervisor).get(URL))

    assert [says(h) for h in page.one("main").findall(".//h2")] == ["R. Calder"]
    assert "4 in this list" in page.main
    assert len(rows(page)) == 4
    assert buttons(page) == []
    assert not [link for link in page.links() if "/measures/" in link]


def test_somebody_else_finds_nothing_of_it(client_of, clinic, scheduled):
    page = read(client_of(clinic.therapist2).get(URL))

    assert "Nothing is due" in page.main
    assert "T-501" not in page.text
    assert client_of(clinic.admin).get(URL).status_code == 404


def test_an_empty_list_leads_to_one_that_is_not(client_of, clinic, scheduled):
    page = read(client_of(clinic.therapist).get(f"{URL}?show=coming"))

    assert "No assessment is planned for the next 14 days." in page.main
    assert "/due?show=waiting" in page.links()


def test_the_navigation_leads_there_for_those_who_have_patients(client_of, clinic):
    assert URL in read(client_of(clinic.supervisor).get("/caseload")).links()
    assert URL not in read(client_of(clinic.admin).get("/people")).links()


def test_a_page_holds_25_rows_and_costs_the_same_for_few_and_for_many(app, client_of, clinic):
    client = client_of(clinic.therapist)
    client.get(URL)
    with statements(app) as for_one:
        client.get(URL)
    with clinic.writing(clinic.therapist) as work:
        for number in range(20):
            start = clinic.today - timedelta(days=49)
            course = add_scheduled(work, start, FOR_PTSD.schedule, code=f"M-{number:02}")
            add_session(work, course, measure("phq9", clinic.today, 9), held_on=clinic.today)

    with statements(app) as for_many:
        page = read(client.get(URL))
    last = read(client.get(f"{URL}?page=99"))

    assert len(rows(page)) == 25
    assert "26 to 50 of 80" in read(client.get(f"{URL}?page=2")).main
    assert len(rows(last)) == 5
    assert len(for_many) == len(for_one) <= MOST_STATEMENTS


def test_a_course_without_a_schedule_lists_the_form_that_was_in_use(client_of, clinic):
    with clinic.writing(clinic.therapist) as work:
        day = clinic.today
        course = add_scheduled(work, day, schedule=None)
        add_session(work, course, measure("pcl5_week", day, 50), held_on=day, number=1)
        add_session(work, course, held_on=day, number=2)

    page = read(client_of(clinic.therapist).get(URL))

    assert rows(page)[0].startswith("Name T-501T-501 PCL-5, past weekSession 2 Missingsince 11 Mar")


def test_a_form_of_a_maintenance_visit_says_so(client_of, clinic):
    with clinic.writing(clinic.therapist) as work:
        course = add_scheduled(work, clinic.today, Schedule.of(every_session=["phq9"]))
        add_session(work, course, held_on=clinic.today, number=1, kind="maintenance")

    page = read(client_of(clinic.therapist).get(URL))

    assert "PHQ-9, last two weeksSession M1 Duetoday" in rows(page)[0]

"""Reports on the page: the same parts as on paper, four choices, and a file that is asked for."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from ipt_tracker.persistence.models import Course
from ipt_tracker.services.identity.recognition import FRESH
from tests.factories.pages import read
from tests.factories.pdfs import reader, said
from tests.factories.tables import audit_rows
from tests.integration.web.test_caseload import statements

MOST_STATEMENTS = 40


@pytest.fixture
def client(client_of, clinic):
    return client_of(clinic.therapist)


@pytest.fixture
def url(clinic):
    return f"/courses/{clinic.course.id}/reports"


def words(text):
    return text.replace("\N{NO-BREAK SPACE}", " ").split()


def test_the_preview_says_what_the_file_says(client, url):
    page = read(client.get(url))
    on_paper = set(words(said(client.get(f"{url}/progress.pdf").data)))

    assert page.status == 200
    assert page.h1 == "Reports, T-101"
    assert "T-101 Imre Solberg" in page.main
    assert "Draft" in page.main
    body = [w for panel in page.all("article//p") for w in words("".join(panel.itertext()))]
    missing = [w for w in body if w not in on_paper and w.isalpha()]
    assert body
    assert set(missing) <= {"Lines", "to", "fill", "in"}


def test_the_pictures_travel_within_the_page(client, url):
    images = read(client.get(url)).all("figure/img")

    assert len(images) == 3
    assert all(each.get("src").startswith("data:image/svg+xml;base64,") for each in images)
    assert all(each.get("alt") for each in images)


@pytest.mark.parametrize(
    ("query", "inside", "never"),
    [
        ("?without=name", "Made without names", "Imre"),
        ("?kind=letter", "Your first score was 58", "Beside the trials"),
        ("?ratings=1", "How the sessions were done", "Made without names"),
        ("?kind=nonsense&without=x", "Beside the trials", "How the sessions were done"),
    ],
)
def test_each_choice_stands_in_the_address_and_is_marked(client, url, query, inside, never):
    page = read(client.get(url + query))

    sheet = "".join(page.one("article").itertext())
    assert inside in sheet
    assert never not in sheet
    current = page.all("nav[@aria-label='Kinds of report']//a[@aria-current='page']")
    assert len(current) == 1


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("progress.pdf", "progress-report.pdf"),
        ("progress.pdf?without=name", "progress-report-without-names.pdf"),
        ("letter.pdf", "letter.pdf"),
    ],
)
def test_a_file_is_named_without_the_patient_and_written_down(client, clinic, url, address, name):
    answer = client.get(f"{url}/{address}")

    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(reader(answer.data).pages) >= 1
    printed = [each for each in audit_rows(clinic.database) if each.event.startswith("report.")]
    assert len(printed) == 1


def test_a_file_asks_for_a_fresh_sign_in(client, clock, url):
    client.get("/")
    clock.now += FRESH + timedelta(seconds=1)
    assert client.get(f"{url}/progress.pdf").status_code == 303


def test_nobody_else_reaches_the_reports_of_a_course(client_of, clinic, url):
    for person in (clinic.therapist2, clinic.admin, clinic.auditor, clinic.assessor):
        client = client_of(person)
        assert client.get(url).status_code in {403, 404}
        assert client.get(f"{url}/letter.pdf").status_code in {403, 404}
    assert client_of(clinic.supervisor).get(url).status_code == 200


def test_the_page_says_why_there_is_no_letter(client, clinic, url):
    values = {"status": "closed", "disposition": "deceased", "ended_on": clinic.today}
    with clinic.database.write() as session, session.begin():
        session.execute(update(Course).where(Course.id == clinic.course.id).values(**values))

    page = read(client.get(f"{url}?kind=letter"))
    assert "this patient has died" in page.main
    answer = client.get(f"{url}/letter.pdf")
    assert answer.status_code == 409
    assert "this patient has died" in answer.text


def test_the_progress_page_leads_to_the_reports(client, clinic, url):
    assert url in read(client.get(f"/courses/{clinic.course.id}/progress")).links()


def test_a_report_is_a_fixed_number_of_statements(client, app, url):
    with statements(app) as seen:
        client.get(url)
    assert len(seen) <= MOST_STATEMENTS

"""Reports of a caseload on their pages: choosing, going on, cancelling, the file, and a restart."""

import io
import re
import zipfile
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select, update

from ipt_tracker.app import create_app
from ipt_tracker.persistence.models import Assignment, ReportBatch, ReportBatchPart
from ipt_tracker.services.identity.recognition import FRESH
from ipt_tracker.services.report_batches.making import NO_ACCESS
from ipt_tracker.web.batches import routes
from tests.factories.pages import read, submit
from tests.factories.people import PASSWORD
from tests.factories.report_batches import REASON, asked, more_courses
from tests.factories.stores import config_of
from tests.factories.tables import audit_rows
from tests.integration.web.test_caseload import statements

REPORTS = "/caseload/reports"
MOST_STATEMENTS = 15


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


@pytest.fixture
def one_each_time(monkeypatch):
    """Let each answer make one report."""
    monkeypatch.setattr(routes, "AT_MOST", 0)


def ask(client, **wanted):
    """Ask for reports and give the address of the page that follows them."""
    answer = submit(client, REPORTS, REPORTS, **{"reason": REASON} | wanted)
    assert answer.status_code == 303, answer.text
    return answer.location


def go_on(client, url):
    """Press the button until there is nothing more to make; give the pages seen on the way."""
    pages = [read(client.get(url))]
    while any(form.action.endswith("/next") for form in pages[-1].forms()):
        answer = submit(client, url, "/next")
        assert (answer.status_code, answer.location) == (303, url)
        pages.append(read(client.get(url)))
    return pages


def bar(page):
    found = page.one("progress")
    return int(found.attrib["value"]), int(found.attrib["max"])


def cost(app, client, url):
    with statements(app) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_choosing_going_on_and_downloading_without_scripts(clinic, therapist, one_each_time):
    more_courses(clinic, 2)
    url = ask(therapist)

    pages = go_on(therapist, url)

    assert [bar(page) for page in pages] == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert pages[0].h1 == "Progress reports"
    assert "1 of 3 reports made" in pages[1].main
    answer = submit(therapist, url, "/file")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="progress-reports-2026-03-11.zip"'
    )
    zipped = zipfile.ZipFile(io.BytesIO(answer.data))
    assert zipped.testzip() is None
    assert len(zipped.namelist()) == 4
    row = audit_rows(clinic.database)[-1]
    assert (row.event, row.actor_id) == ("batch.downloaded", clinic.therapist.id)
    assert row.details["sha256"] == sha256(answer.data).hexdigest()
    assert (row.details["reports"], row.details["bytes"]) == (3, len(answer.data))
    after = read(therapist.get(url))
    assert "nothing of it is kept here" in after.main
    assert [form.action for form in after.forms() if "/caseload/reports/" in form.action] == []


def test_one_answer_makes_as_many_as_two_seconds_allow(clinic, therapist):
    url = ask(therapist)

    pages = go_on(therapist, url)

    assert [bar(page) for page in pages] == [(0, 1), (1, 1)]


def test_the_page_offers_open_and_ended_courses_of_ones_own_and_no_others(clinic, therapist):
    page = read(therapist.get(REPORTS))

    assert f"{clinic.course.code}, {clinic.course.name}" in page.main
    assert clinic.course2.code not in page.text
    assert "Open courses: 1." in page.main
    row = audit_rows(clinic.database)[-1]
    assert (row.event, row.subject_id) == ("batch.listed", "reports")


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"reason": "  "}, "Say why these reports are needed."),
        ({"reason": "x" * 201}, "There is room for 200 characters here."),
        ({"which": "chosen"}, "Tick at least one course."),
        ({"which": None}, "Choose which courses."),
        ({"kind": "letter", "disguised": "y"}, "A letter is written to the patient by name."),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_asked_for(
    clinic, therapist, wanted, words
):
    answer = submit(therapist, REPORTS, REPORTS, **{"reason": REASON} | wanted)

    assert answer.status_code == 422
    page = read(answer)
    assert any(words in error for error in page.errors())
    with clinic.reading() as work:
        assert work.session.scalars(select(ReportBatch)).all() == []


@pytest.mark.parametrize("wanted", [{"kind": "poster"}, {"which": "chosen", "courses": "1"}])
def test_what_no_page_offers_is_refused(clinic, therapist, wanted):
    answer = submit(therapist, REPORTS, REPORTS, **{"reason": REASON} | wanted)

    assert answer.status_code == 422
    with clinic.reading() as work:
        assert work.session.scalars(select(ReportBatch)).all() == []


def test_somebody_elses_course_cannot_be_slipped_in(clinic, therapist):
    both = [str(clinic.course.id), str(clinic.course2.id)]

    answer = submit(therapist, REPORTS, REPORTS, which="chosen", courses=both, reason=REASON)

    assert answer.status_code == 422
    assert clinic.course2.code not in answer.text


def test_cancelling_in_the_middle_leaves_nothing(clinic, therapist, one_each_time):
    more_courses(clinic, 1)
    url = ask(therapist)
    submit(therapist, url, "/next")

    answer = submit(therapist, url, "/cancel")

    assert (answer.status_code, answer.location) == (303, url)
    page = read(therapist.get(url))
    assert "Cancelled. No report is kept here." in page.main
    with clinic.reading() as work:
        assert set(work.session.scalars(select(ReportBatchPart.content))) == {None}
    again = therapist.post(f"{url}/next", data={"csrf_token": page.token})
    assert again.status_code == 303
    assert therapist.post(f"{url}/cancel", data={"csrf_token": page.token}).status_code == 303
    assert "These reports were cancelled already." in therapist.get(url).text


@pytest.fixture
def restarted(clinic, clock, kind, tmp_path):
    """Make another application on the clinic's database, as after a restart."""
    made = create_app(config_of(clinic.store, kind, tmp_path), clock)
    yield made
    made.extensions["ipt_tracker"].database.close()


def test_a_new_server_on_the_same_database_goes_on_where_the_old_one_stopped(
    clinic, therapist, restarted, one_each_time
):
    more_courses(clinic, 2)
    url = ask(therapist)
    submit(therapist, url, "/next")

    again = restarted.test_client()
    submit(again, "/sign-in", email=clinic.therapist.email, password=PASSWORD)
    pages = go_on(again, url)
    answer = submit(again, url, "/file")

    assert [bar(page) for page in pages] == [(1, 3), (2, 3), (3, 3)]
    assert len(zipfile.ZipFile(io.BytesIO(answer.data)).namelist()) == 4
    printed = [row for row in audit_rows(clinic.database) if row.event == "report.printed"]
    assert len(printed) == 3


def test_what_is_withdrawn_in_the_middle_is_named_on_the_page_and_in_the_file(
    clinic, therapist, one_each_time
):
    second = more_courses(clinic, 2)[1]
    url = ask(therapist)
    submit(therapist, url, "/next")
    with clinic.writing() as work:
        of_course = update(Assignment).where(Assignment.course_id == second)
        work.session.execute(of_course.values(therapist_id=clinic.therapist2.id))

    page = go_on(therapist, url)[-1]
    answer = submit(therapist, url, "/file")

    assert "2 of 3 reports made, 1 left out" in page.main
    assert f"M-02{NO_ACCESS}" in page.main
    assert "Name 2" not in page.text
    zipped = zipfile.ZipFile(io.BytesIO(answer.data))
    assert "M-02-progress-report.pdf" not in zipped.namelist()
    assert f"M-02,,{NO_ACCESS}" in zipped.read("list.csv").decode()


def test_asking_and_downloading_need_a_fresh_sign_in_and_lose_nothing_on_the_way(
    clinic, therapist, clock
):
    page = read(therapist.get(REPORTS))
    clock.now += FRESH + timedelta(seconds=1)
    typed = page.form(REPORTS).but(reason=REASON)
    asked_first = therapist.post(REPORTS, data=typed)
    assert asked_first.status_code == 401
    assert REASON in asked_first.text

    url = f"{REPORTS}/{asked(clinic)}"
    ready = go_on(therapist, url)[-1]
    assert "Download the ZIP file" not in ready.main
    confirm = next(link for link in ready.links() if link.startswith("/confirm-it-is-you"))
    refused = therapist.post(f"{url}/file", data={"csrf_token": ready.token, "act": "take"})
    assert (refused.status_code, refused.mimetype) == (401, "text/html")

    answer = submit(therapist, confirm, password=PASSWORD)

    assert (answer.status_code, answer.location) == (303, url)
    assert submit(therapist, url, "/file").mimetype == "application/zip"


def test_a_file_is_not_given_before_all_is_made_nor_twice(clinic, therapist, one_each_time):
    more_courses(clinic, 1)
    url = ask(therapist)
    token = read(therapist.get(url)).token

    early = therapist.post(f"{url}/file", data={"csrf_token": token})
    go_on(therapist, url)
    first = therapist.post(f"{url}/file", data={"csrf_token": token})
    second = therapist.post(f"{url}/file", data={"csrf_token": token})

    assert [each.status_code for each in (early, first, second)] == [303, 200, 303]
    assert "These reports were taken already." in therapist.get(url).text


def test_what_others_left_lying_is_removed_when_somebody_asks(clinic, therapist, clock):
    with clinic.writing() as work:
        left = asked(clinic, clinic.therapist2)
        batch = work.session.get(ReportBatch, left)
        batch.asked_at = clinic.now - timedelta(hours=25)

    ask(therapist)

    with clinic.reading() as work:
        assert work.session.get(ReportBatch, left).cancelled_at is not None


def test_letters_and_files_without_names_say_so_on_their_pages(clinic, therapist):
    letters = ask(therapist, kind="letter")
    page = read(therapist.get(letters))
    assert page.h1 == "Letters to the patients"
    submit(therapist, letters, "/cancel")

    without = ask(therapist, disguised="y")

    assert read(therapist.get(without)).h1 == "Progress reports without names"
    rows = re.sub(r"\s+", " ", read(therapist.get(REPORTS)).main)
    assert "Letters to the patients" in rows
    assert "Cancelled" in rows
    assert REASON in rows


def test_pages_cost_the_same_for_few_courses_and_for_many(app, clinic, therapist):
    url = ask(therapist)
    few = [cost(app, therapist, each) for each in (REPORTS, url)]
    submit(therapist, url, "/cancel")
    more_courses(clinic, 12)
    url = ask(therapist)

    many = [cost(app, therapist, each) for each in (REPORTS, url)]

    assert few == many
    assert max(many) <= MOST_STATEMENTS


def test_somebody_without_courses_is_told_why_there_is_nothing_to_choose(clinic, client_of):
    with clinic.writing() as work:
        work.session.execute(update(Assignment).values(therapist_id=clinic.therapist2.id))

    page = read(client_of(clinic.therapist).get(REPORTS))

    assert "No course to report on" in page.main
    assert [form for form in page.forms() if form.action == REPORTS] == []

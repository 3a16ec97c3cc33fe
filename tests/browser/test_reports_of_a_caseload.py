"""Reports of a caseload: made while their page is open, left, continued, cancelled, downloaded."""

import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from ipt_tracker.persistence.models import AuditEntry, ReportBatch, ReportBatchPart
from ipt_tracker.services.report_batches.batches import State, state_of
from ipt_tracker.services.report_batches.making import end
from ipt_tracker.web.batches import routes
from tests.browser.conftest import PASSWORD
from tests.browser.looking import look
from tests.factories.pdfs import said

pytestmark = pytest.mark.browser

REPORTS = "/caseload/reports"


@pytest.fixture
def known(site):
    """Give three courses of the therapist, who has no other reports waiting."""
    with site.writing() as work:
        for batch in work.session.scalars(select(ReportBatch)):
            if state_of(batch, work.now) in {State.MAKING, State.READY}:
                end(work, batch, "before another journey")
    return [site.course() for _ in range(3)]


@pytest.fixture
def slowly(monkeypatch):
    """Let each answer make one report, so that there is something to see."""
    monkeypatch.setattr(routes, "AT_MOST", 0)


@pytest.fixture
def without_scripts(open_window, therapist):
    """Give the window of the therapist in a browser that runs no scripts."""
    kept = therapist.context.storage_state()
    return open_window(storage_state=kept, java_script_enabled=False)


def ask(page, known):
    """Tick the courses, say why, and ask; prove who one is where that is asked for."""
    page.goto(REPORTS)
    page.get_by_label("Those ticked below").check()
    for each in known:
        page.get_by_label(f"{each.code}, {each.name}").check()
    page.get_by_label("Reason").fill("yearly audit of the clinic")
    page.get_by_role("button", name="Make the reports").click()
    confirm(page)


def confirm(page):
    """Give the password again if it is asked for."""
    if page.get_by_role("heading", name="Confirm that it is you").count():
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
        again = page.get_by_role("button", name="Save what I typed")
        if again.count():
            again.click()


def contents(site):
    """Give what is kept of any reports."""
    with site.database.read() as session:
        return list(session.scalars(select(ReportBatchPart.content)))


def test_reports_are_made_while_the_page_shows_how_far_they_are_and_are_downloaded_whole(
    therapist, site, known, slowly
):
    therapist.goto(REPORTS)
    look(therapist, "reports of the caseload, choosing")
    ask(therapist, known)

    expect(therapist).to_have_title("Progress reports | IPT Tracker")
    download = therapist.get_by_role("button", name="Download the ZIP file")
    expect(download).to_be_visible()
    expect(therapist.get_by_role("status").last).to_contain_text("All are made.")
    look(therapist, "reports of the caseload, ready")
    with therapist.expect_download() as downloading:
        download.click()
    file = Path(downloading.value.path())

    with zipfile.ZipFile(file) as zipped:
        assert zipped.testzip() is None
        names = [f"{each.code}-progress-report.pdf" for each in known]
        assert sorted(zipped.namelist()) == sorted([*names, "list.csv"])
        for each, name in zip(known, names, strict=True):
            assert each.code in said(zipped.read(name))
    with site.database.read() as session:
        newest = select(AuditEntry).where(AuditEntry.event == "batch.downloaded")
        row = session.scalars(newest.order_by(AuditEntry.id.desc())).first()
    assert row.details["sha256"] == sha256(file.read_bytes()).hexdigest()
    expect(therapist.get_by_role("main")).to_contain_text("nothing of it is kept here")
    look(therapist, "reports of the caseload, downloaded")


def test_reports_are_cancelled_in_the_middle_without_scripts_and_nothing_is_left(
    without_scripts, site, known, slowly
):
    page = without_scripts
    ask(page, known)
    go_on = page.get_by_role("button", name="Go on")
    bar = page.get_by_role("progressbar", name="Courses done")
    expect(bar).to_have_attribute("value", "0")
    go_on.click()
    expect(bar).to_have_attribute("value", "1")
    where = page.url
    page.goto("/caseload")
    page.goto(where)
    go_on.click()
    expect(bar).to_have_attribute("value", "2")

    page.get_by_role("button", name="Cancel and remove what was made").click()

    expect(page.get_by_role("main")).to_contain_text("Cancelled. No report is kept here.")
    expect(go_on).to_have_count(0)
    assert {*contents(site)} == {None}

"""A supervisor reads the courses of current supervisees, changes nothing, and sees no other."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.looking import look

pytestmark = pytest.mark.browser


@pytest.fixture
def supervisor(page_of):
    """Give the window of a supervisor who has signed in."""
    return page_of("supervisor")


def test_a_supervisor_finds_and_reads_a_supervisees_course(page, course, site):
    sign_in(page, "supervisor", site)
    page.get_by_label("Find a patient by code or name").fill(course.name)
    page.get_by_role("button", name="Find", exact=True).click()

    expect(page).to_have_title(f"Course, {course.code} | IPT Tracker")
    expect(page.get_by_role("link", name="Log session")).to_have_count(0)
    expect(page.get_by_role("link", name="Enter ")).to_have_count(0)
    page.get_by_role("link", name="Progress", exact=True).click()
    expect(page.locator(".verdict .lead")).to_contain_text("from 58 to 41, down 17 points")


@pytest.mark.parametrize("there", ["", "/progress", "/sessions", "/sessions/1", "/measures"])
def test_a_course_of_nobodys_supervisee_is_not_there(supervisor, site, there):
    other = site.imported(f"TH-9{len(there)}")
    supervisor.watch.may_answer.add(404)

    answer = supervisor.goto(f"/courses/{other.id}{there}")

    assert answer.status == 404
    text = supervisor.locator("body").inner_text()
    assert other.name not in text
    assert other.code not in text


def test_the_search_finds_no_patient_of_another(supervisor, site):
    other = site.imported("TH-88")

    supervisor.goto("/caseload")
    supervisor.get_by_label("Find a patient by code or name").fill(other.name)
    supervisor.keyboard.press("Enter")

    expect(supervisor.get_by_role("heading", name="Nobody found")).to_be_visible()
    expect(supervisor.get_by_role("link", name=other.name)).to_have_count(0)
    look(supervisor, "nobody found")


@pytest.mark.parametrize("there", ["sessions/new", "measures/pcl5_week/new", "patient", "contract"])
def test_a_supervisor_can_send_nothing(supervisor, course, there):
    supervisor.goto(f"/courses/{course.id}")
    token = supervisor.locator("[name=csrf_token]").first.input_value()

    answer = supervisor.request.post(
        f"/courses/{course.id}/{there}",
        form={"csrf_token": token, "held_on": "2026-03-11", "risk": "asked_none"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    assert answer.status == 404

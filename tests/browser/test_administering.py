"""An administrator decides who can sign in and who supervises whom, and reads of no patient."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.looking import look

pytestmark = pytest.mark.browser

NEW_PASSWORD = "four unrelated plain words"


@pytest.fixture
def admin(page_of):
    """Give the window of an administrator who has signed in."""
    return page_of("admin")


def test_somebody_known_from_a_file_is_enabled_and_then_supervised(admin, open_window, site):
    course = site.imported("TH-71")
    admin.goto("/")
    row = admin.get_by_role("row", name="TH-71 no e-mail Therapist")
    expect(row).to_contain_text("May not sign in")

    row.get_by_role("link").click()
    admin.get_by_label("Name").fill("L. Haugen")
    admin.get_by_label("Work e-mail").fill("l.haugen@demo.example")
    admin.get_by_label("May sign in").check()
    admin.get_by_role("button", name="Save account").click()
    expect(admin.get_by_role("row", name="L. Haugen")).to_contain_text("May sign in")

    admin.get_by_role("link", name="L. Haugen").click()
    admin.get_by_role("link", name="First password").click()
    look(admin, "before the code")
    admin.get_by_role("button", name="Make the code").click()
    code = admin.locator(".typed-code").inner_text()
    look(admin, "the code")
    admin.get_by_role("link", name="I have handed it over").click()

    own = open_window()
    own.goto("/set-password")
    own.get_by_label("Work e-mail").fill("l.haugen@demo.example")
    own.get_by_label("One-time code").fill(code.lower())
    own.get_by_label("New password", exact=True).fill(NEW_PASSWORD)
    own.get_by_label("New password again").fill(NEW_PASSWORD)
    own.get_by_role("button", name="Set password").click()
    own.get_by_label("E-mail").fill("l.haugen@demo.example")
    own.get_by_label("Password").fill(NEW_PASSWORD)
    own.get_by_role("button", name="Sign in").click()
    expect(own.get_by_role("link", name=course.name).first).to_be_visible()

    admin.get_by_role("link", name="Supervision").click()
    admin.get_by_label("Supervisor").select_option("I. Marlowe")
    admin.get_by_label("Therapist").select_option("L. Haugen")
    admin.get_by_role("button", name="Start supervision").click()
    running = admin.get_by_role("region", name="Supervisions, table")
    expect(running.get_by_role("row", name="I. Marlowe L. Haugen")).to_contain_text("11 Mar 2026")
    look(admin, "supervision started")

    above = open_window()
    sign_in(above, "supervisor", site)
    assert above.goto(f"/courses/{course.id}").status == 200
    expect(above.get_by_text(course.name).first).to_be_visible()


def test_no_page_of_an_administrator_names_a_patient(admin, site):
    course = site.course()
    shown = []

    for there in ("/people", "/people/new", "/people/supervision"):
        admin.goto(there)
        shown.append(admin.content())
    admin.goto("/people")
    admin.get_by_role("row", name="R. Calder").get_by_role("link").click()
    shown.append(admin.content())

    assert "R. Calder" in shown[0]
    assert not [page for page in shown if course.name in page or course.code in page]
    assert not [page for page in shown if "Maren Holt" in page or "SYN-01" in page]
    expect(admin.get_by_label("Find a patient by code or name")).to_have_count(0)


@pytest.mark.parametrize("there", ["", "/progress", "/sessions/1", "/measures"])
def test_a_course_is_not_there_for_an_administrator(admin, course, there):
    admin.watch.may_answer.add(404)

    assert admin.goto(f"/courses/{course.id}{there}").status == 404
    expect(admin.get_by_text(course.name)).to_have_count(0)

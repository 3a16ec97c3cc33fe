"""Who has left leaves nothing behind, and who was put out loses nothing."""

import pytest
from playwright.sync_api import Page, expect

from ipt_tracker.services import accounts
from ipt_tracker.web.identity import TOKEN
from tests.browser.conftest import sign_in
from tests.browser.looking import look
from tests.browser.site import NOW, PASSWORD, Site

pytestmark = pytest.mark.browser


def test_the_back_button_shows_no_patient_after_signing_out(page, course, site):
    sign_in(page, "therapist", site)
    page.goto(f"/courses/{course.id}")
    page.goto(f"/courses/{course.id}/progress")
    expect(page.get_by_text(course.name).first).to_be_visible()

    page.get_by_text("R. Calder").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You have signed out.")).to_be_visible()
    look(page, "signed out")

    for _ in range(2):
        page.go_back()
        assert course.name not in page.content()
        assert course.code not in page.content()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_another_window_of_the_same_person_is_signed_out_too(page, course, site):
    sign_in(page, "therapist", site)
    other = page.context.new_page()
    other.goto(f"/courses/{course.id}")
    page.get_by_text("R. Calder").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You have signed out.")).to_be_visible()

    other.reload()

    expect(other.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_what_was_typed_when_the_sign_in_ran_out_is_not_lost(page, course, site):
    page.watch.may_answer |= {401, 403, 422}
    page.watch.may_be_told |= {401}
    sign_in(page, "therapist", site)
    page.goto(f"/courses/{course.id}/sessions/new")
    page.get_by_label("Note").fill("A long note that nobody wants to write twice.")
    page.get_by_label("Asked: none").check()
    put_out(page, site)

    page.get_by_role("button", name="Save session").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    look(page, "sign in again")
    page.get_by_label("E-mail").fill(site.person("therapist").email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    look(page, "send again")
    page.get_by_role("button", name="Save what I typed").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Session 6")
    expect(page.get_by_text("A long note that nobody wants to write twice.")).to_be_visible()


def put_out(page: Page, site: Site) -> None:
    """End the sign-in of this window on the server, as an hour away from the desk does."""
    cookie = next(each["value"] for each in page.context.cookies() if each["name"] == "ipt_demo")
    held = site.app.session_interface.get_signing_serializer(site.app).loads(cookie)
    accounts.sign_out(site.database, held[TOKEN], NOW)

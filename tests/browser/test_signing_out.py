"""Who has left leaves nothing behind, and who was put out loses nothing."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from pyotp import TOTP
from sqlalchemy import select

from ipt_tracker.governance.access import Role
from ipt_tracker.persistence.models import SignIn
from ipt_tracker.services.accounts import NewAccount, create_account
from ipt_tracker.services.identity import second_factor
from ipt_tracker.services.identity.recognition import digest
from ipt_tracker.services.identity.sign_ins import sign_out
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
    """End the sign-in of this window on the server, as twelve hours do."""
    sign_out(site.database, held(page, site), NOW)


def held(page: Page, site: Site) -> str:
    """Give the token that this window holds."""
    cookie = next(each["value"] for each in page.context.cookies() if each["name"] == "ipt_demo")
    inside = site.app.session_interface.get_signing_serializer(site.app).loads(cookie)
    return inside[TOKEN]


def test_a_window_left_alone_is_locked_and_opens_where_it_was(page, course, site):
    sign_in(page, "therapist", site)
    page.goto(f"/courses/{course.id}")
    leave_alone(page, site)

    page.goto(f"/courses/{course.id}/progress")
    expect(page.get_by_role("heading", level=1)).to_have_text("Locked")
    expect(page.get_by_text("R. Calder")).to_be_visible()
    assert course.name not in page.content()
    look(page, "locked")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Unlock").click()

    expect(page).to_have_url(re.compile(f"/courses/{course.id}/progress$"))
    expect(page.get_by_text(course.name).first).to_be_visible()


def test_what_was_typed_is_sent_again_after_the_lock(page, course, site):
    page.watch.may_answer |= {401}
    page.watch.may_be_told |= {401}
    sign_in(page, "therapist", site)
    page.goto(f"/courses/{course.id}/sessions/new")
    page.get_by_label("Note").fill("Typed before the telephone rang.")
    page.get_by_label("Asked: none").check()
    leave_alone(page, site)

    page.get_by_role("button", name="Save session").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Locked")
    look(page, "locked with something typed")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Unlock").click()
    page.get_by_role("button", name="Save what I typed").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Session 6")
    expect(page.get_by_text("Typed before the telephone rang.")).to_be_visible()


def test_the_code_of_the_telephone_follows_the_password(page, site):
    new = NewAccount("factor@demo.example", "T. Wostep", Role.THERAPIST, PASSWORD)
    key = site.app.extensions["ipt_tracker"].factor_key
    with site.writing() as work:
        account = create_account(work, new)
        begun = second_factor.begin(work, account, key)
        earlier = NOW - timedelta(minutes=5)
        before = replace(work, now=earlier)
        second_factor.confirm(before, account, begun.sealed, TOTP(begun.seed).at(earlier), key)

    page.goto("/")
    page.get_by_label("E-mail").fill(new.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter the code")
    look(page, "enter the code")
    page.get_by_label("Code").fill(TOTP(begun.seed).at(NOW))
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_text("T. Wostep")).to_be_visible()


def leave_alone(page: Page, site: Site) -> None:
    """Let an hour pass in which nobody touched this window."""
    with site.writing() as work:
        row = work.session.scalars(select(SignIn).filter_by(token_digest=digest(held(page, site))))
        row.one().last_seen_at = NOW - timedelta(hours=1)

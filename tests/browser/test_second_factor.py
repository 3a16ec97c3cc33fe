"""A second factor is set up, asked for, and on paper stands in for a lost telephone."""

from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import expect
from pyotp import TOTP

from ipt_tracker.governance.access import Role
from ipt_tracker.services.accounts import NewAccount, create_account
from tests.browser.looking import look

pytestmark = pytest.mark.browser

PASSWORD = "seven walnuts under a quiet bridge"


@pytest.fixture
def clock(site):
    """Let time go on for this journey, and put the clock back for the others."""
    moving = site.app.extensions["ipt_tracker"].clock
    before = moving.now
    yield moving
    moving.now = before


@pytest.fixture
def person(site):
    """Give somebody of this journey's own; tried again, somebody else."""
    with site.writing() as work:
        new = NewAccount(f"{uuid4().hex}@demo.example", "Q. Varga", Role.THERAPIST, PASSWORD)
        return create_account(work, new)


def sign_in(page, person):
    page.goto("/sign-in")
    page.get_by_label("Work e-mail").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def enter_code(page, code):
    page.get_by_label("Code").fill(code)
    page.locator("main").get_by_role("button").first.click()


def sign_out(page):
    page.locator("summary", has_text="Q. Varga").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You have signed out.")).to_be_visible()


def test_a_second_factor_from_its_picture_to_the_day_the_telephone_is_lost(page, person, clock):
    page.watch.may_answer.add(422)
    sign_in(page, person)
    page.locator("summary", has_text="Q. Varga").click()
    page.get_by_role("link", name="Your account").click()
    page.get_by_role("link", name="Set up second factor").click()
    page.get_by_role("button", name="Begin").click()
    picture = page.get_by_role("img", name="The picture that the authenticator app reads")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
    look(page, "second factor begun")
    totp = TOTP(page.locator("[data-secret]").inner_text().replace(" ", ""))
    page.get_by_label("Code on the telephone").fill(totp.at(clock.now))
    page.get_by_role("button", name="Confirm second factor").click()
    codes = page.locator("li .typed-code").all_inner_texts()
    assert len(codes) == 10
    look(page, "recovery codes")
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("10 of 10 left")).to_be_visible()
    for button in ("Make new recovery codes", "Remove second factor"):
        page.get_by_role("link", name=button).click()
        look(page, button)
        page.goto("/account")
    sign_out(page)

    clock.now += timedelta(minutes=1)
    sign_in(page, person)
    used = totp.at(clock.now)
    enter_code(page, used)
    expect(page.locator("summary", has_text="Q. Varga")).to_be_visible()
    sign_out(page)

    sign_in(page, person)
    enter_code(page, used)
    expect(page.get_by_role("alert")).to_be_visible()
    enter_code(page, codes[0])
    expect(page.locator("summary", has_text="Q. Varga")).to_be_visible()
    sign_out(page)

    sign_in(page, person)
    enter_code(page, codes[0])
    expect(page.get_by_role("alert")).to_be_visible()
    enter_code(page, codes[1])
    page.goto("/account")
    expect(page.get_by_text("8 of 10 left")).to_be_visible()

"""A visit missed after a positive screen: contact is asked for, tried, and closed, by keyboard."""

import pytest
from playwright.sync_api import expect

from tests.browser.keys import Keys
from tests.browser.looking import look

pytestmark = pytest.mark.browser


def test_a_missed_visit_after_a_screen_leads_to_contact_and_is_closed_by_keyboard(
    therapist, course
):
    log = f"/courses/{course.id}/sessions/new"
    keys = Keys(therapist)
    therapist.goto(log)
    therapist.wait_for_load_state("load")
    _screen(keys, therapist)
    expect(therapist.get_by_role("main")).to_contain_text("Suicide screen: moderate")
    look(therapist, "session with a moderate screen")

    therapist.goto(log)
    therapist.wait_for_load_state("load")
    keys.to("Attended", "Shift+Tab")
    for _ in range(3):
        keys.press("ArrowRight")
    expect(therapist.get_by_label("No-show")).to_be_checked()
    keys.press("Control+Enter")

    banner = therapist.get_by_role("note").filter(has_text="Same-day contact")
    expect(banner).to_contain_text("The suicide screener of 9 Mar 2026 said: moderate.")
    look(therapist, "missed after a positive screen")
    keys.to("Numbers and attempts")
    keys.press("Enter")
    expect(therapist).to_have_title(f"Same-day contact, {course.code} | IPT Tracker")
    _attempt(keys, "No", "no answer, message left")
    expect(therapist.get_by_role("row", name="no answer, message left")).to_be_visible()

    _attempt(keys, "Yes", "mixed up the days, safe, comes on Friday", "Reached, and safe")

    expect(therapist.get_by_role("region", name="How it ended")).to_contain_text(
        "Reached, and safe"
    )
    look(therapist, "contact closed")
    therapist.goto(f"/courses/{course.id}")
    expect(banner).to_have_count(0)


def _screen(keys, page):
    """Log a session with a moderate screen; what is folded away opens with the keyboard."""
    page.get_by_label("Date", exact=True).fill("2026-03-09")
    page.get_by_label("5", exact=True).focus()
    keys.press("Space")
    keys.to("Asked: none")
    keys.press("ArrowRight")
    keys.to("What was asked, found and done")
    keys.write("an attempt years ago, none since")
    keys.to("Use the suicide screener (C-SSRS)")
    keys.press("Enter")
    for answer in ("No", "No", "Yes", "No"):
        _choose(keys, answer)
    expect(page.get_by_role("radiogroup", name="3. Has thought of a way")).to_be_hidden()
    keys.to("What was done")
    keys.write("safety plan written")
    keys.to("Supervisor told on")
    keys.type("03112026")
    keys.press("Control+Enter")


def _choose(keys, answer):
    """Go to the next question, which has no answer yet, and choose one."""
    keys.to("Not answered")
    keys.press("ArrowRight")
    if answer == "No":
        keys.press("ArrowRight")


def _attempt(keys, reached, what, outcome=None):
    keys.to("Phone call")
    keys.press("Space")
    keys.to("Yes")
    keys.press("Space" if reached == "Yes" else "ArrowRight")
    keys.to("Who, and what was said or left")
    keys.write(what)
    if outcome:
        keys.to("Stays open")
        keys.press("ArrowRight")
    keys.press("Control+Enter")

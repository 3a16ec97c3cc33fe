"""Twenty items by the digits of the keyboard, like the paper form."""

import pytest
from playwright.sync_api import expect

from tests.browser.keys import Keys
from tests.browser.looking import look

pytestmark = pytest.mark.browser

TWENTY = "2312" + "10" + "2213301" + "212332"
"""Nineteen digits; with the blank in the middle they are the twenty items."""


def test_twenty_items_are_twenty_keys_and_one_left_blank_gives_no_total(therapist, course):
    therapist.goto(f"/courses/{course.id}/measures/pcl5_week/new")
    keys = Keys(therapist)

    keys.type(TWENTY[:7] + "-" + TWENTY[7:])  # the first item has the focus
    board = therapist.get_by_role("region", name="Answered so far")
    expect(board).to_contain_text("19 of 20 answered")
    expect(board).to_contain_text("Sum so far 34. Possible total 34 to 38.")
    look(therapist, "items typed")
    keys.press("Control+Enter")

    assert keys.pressed == 21
    expect(therapist.get_by_role("heading", level=1)).to_have_text("Measures")
    saved = therapist.get_by_role("status").filter(has_text="Saved.")
    expect(saved).to_contain_text("34 to 38")
    row = therapist.get_by_role("region", name="PCL-5, past week").get_by_role("row").last
    expect(row).to_contain_text("1 item blank")
    look(therapist, "measures after a blank item")


def test_a_digit_can_be_taken_back_and_arrows_answer_nothing(therapist, course):
    therapist.goto(f"/courses/{course.id}/measures/pcl5_week/new")
    keys = Keys(therapist)
    items = therapist.locator(".item")

    keys.type("43")
    keys.press("Backspace")
    keys.type("1")
    keys.press("ArrowDown")
    keys.type("2")

    chosen = [items.nth(n).locator("input:checked").get_attribute("data-key") for n in (0, 1, 3)]
    assert chosen == ["4", "1", "2"]
    expect(items.nth(2).locator("input:checked")).to_have_count(0)


def test_items_are_answered_on_the_page_of_the_session_too(therapist, course):
    therapist.goto(f"/courses/{course.id}/sessions/new")
    therapist.get_by_text("Enter the 20 items instead").click()
    keys = Keys(therapist)
    therapist.locator(".item input").first.focus()

    keys.type("1" * 20)
    expect(therapist.get_by_role("region", name="Answered so far")).to_contain_text(
        "All answered: 20."
    )
    therapist.get_by_label("Asked: none").check()
    keys.press("Control+Enter")

    expect(therapist.get_by_role("heading", level=1)).to_have_text("Session 6")
    expect(therapist.get_by_role("main")).to_contain_text("20")
    look(therapist, "session with items")

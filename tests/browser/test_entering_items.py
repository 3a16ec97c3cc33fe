"""Forms by the digits of the keyboard, as fast as on paper, and what an answer calls for."""

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


def test_the_last_answer_is_corrected_where_it_stands(therapist, course):
    therapist.goto(f"/courses/{course.id}/measures/phq9/new")
    keys = Keys(therapist)

    keys.type("0" * 8 + "3")
    keys.press("Backspace")
    keys.type("1")

    chosen = therapist.locator(".item input:checked")
    assert [box.get_attribute("data-key") for box in chosen.all()] == [*"0" * 8, "1"]


def test_a_digit_that_the_form_does_not_have_answers_nothing_and_is_said(therapist, course):
    therapist.goto(f"/courses/{course.id}/measures/pcl4/new")
    keys = Keys(therapist)

    keys.type("06")
    said = therapist.get_by_role("status").filter(has_text="has no 6")
    expect(said).to_have_text("“intrusive memories” has no 6, only 1, 2, 3, 4, 5.")
    expect(said).to_be_in_viewport()
    expect(therapist.locator(".item input:checked")).to_have_count(0)

    keys.type("1-5")
    expect(said).to_have_count(0)
    board = therapist.get_by_role("region", name="Answered so far")
    expect(board).to_contain_text("Sum so far 6. Possible total 21 to 81.")


def test_enter_moves_on_and_never_saves_a_form_that_is_half_done(therapist, course):
    therapist.goto(f"/courses/{course.id}/measures/phq9/new")
    keys = Keys(therapist)

    keys.type("12")
    for _ in range(12):
        keys.press("Enter")

    expect(therapist.locator("#answers-self_harm input").first).to_be_focused()
    expect(therapist.locator(".item input:checked")).to_have_count(2)
    expect(therapist.get_by_role("heading", level=1)).to_have_text("Enter PHQ-9")


def test_moving_on_can_be_switched_off(therapist, course):
    therapist.goto(f"/courses/{course.id}/measures/phq9/new")
    keys = Keys(therapist)
    therapist.get_by_label("Move on by itself after a digit").uncheck()
    therapist.locator(".item input").first.focus()

    keys.type("123")

    expect(therapist.locator(".item input:checked")).to_have_count(1)
    expect(therapist.locator("#answers-interest input:checked")).to_have_attribute("data-key", "3")
    therapist.get_by_label("Move on by itself after a digit").check()


def test_a_phq9_is_ten_keys_and_what_was_done_about_its_last_item_is_said_in_place(
    therapist, course
):
    therapist.goto(f"/courses/{course.id}/measures/phq9/new")
    keys = Keys(therapist)
    alert = therapist.get_by_role("alert")

    keys.type("01230123")
    expect(alert).to_have_count(0)
    keys.type("2")
    expect(alert).to_contain_text("Item 9 of the PHQ-9")
    expect(therapist.get_by_label("Handed on to somebody who asks today")).to_be_visible()
    look(therapist, "PHQ-9 with item 9")
    therapist.get_by_label("Asked directly").check()
    therapist.get_by_label("What was asked, found and done").fill("Asked: thoughts, no plan.")
    therapist.locator("#answers-self_harm input:checked").focus()
    keys.press("Control+Enter")

    assert keys.pressed == 10
    expect(therapist.get_by_role("heading", level=1)).to_have_text("Measures")
    expect(therapist.get_by_role("status").filter(has_text="Saved.")).to_contain_text("14")
    expect(therapist.get_by_role("link", name="Say what was done")).to_have_count(0)


def test_leaving_the_question_open_saves_the_form_and_leads_to_the_question(therapist, course):
    therapist.goto(f"/courses/{course.id}/measures/phq9/new")
    keys = Keys(therapist)

    keys.type("00000000-")
    expect(therapist.get_by_role("alert")).to_contain_text("Item 9 of the PHQ-9")
    keys.press("Backspace")
    expect(therapist.get_by_role("alert")).to_have_count(0)
    keys.type("1")
    keys.press("Control+Enter")

    therapist.wait_for_url("**/prompts/*")
    look(therapist, "the question after a PHQ-9")


def test_a_total_alone_holds_no_answer_about_suicide_and_the_page_says_so(therapist, course):
    therapist.goto(f"/courses/{course.id}/measures/phq9/new")
    therapist.get_by_text("Only a total, or no form").click()

    therapist.get_by_label("PHQ-9 total").fill("12")

    expect(therapist.get_by_role("alert")).to_contain_text("Item 9 of the PHQ-9")


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


def test_a_second_form_of_the_day_is_asked_about_on_the_page_of_the_session(therapist, course):
    therapist.goto(f"/courses/{course.id}/measures/pcl5_week/new")
    Keys(therapist).type("1" * 20)
    Keys(therapist).press("Control+Enter")
    expect(therapist.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    therapist.goto(f"/courses/{course.id}/sessions/new")
    therapist.get_by_label("PCL-5 total").fill("22")
    therapist.get_by_label("Asked: none").check()
    therapist.watch.may_answer.add(422)
    Keys(therapist).press("Control+Enter")

    expect(therapist.locator("[data-errors]")).to_contain_text("already (total 20)")
    look(therapist, "session with a question")
    therapist.get_by_label("Yes, keep both").check()
    Keys(therapist).press("Control+Enter")

    expect(therapist.get_by_role("heading", level=1)).to_have_text("Session 6")

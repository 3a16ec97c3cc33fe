"""When a session cannot be saved as it is: what is said, where it leads, that all is kept."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import look

pytestmark = pytest.mark.browser

TOO_HIGH = "94 is too high, the form goes from 0 to 80."
NOT_SAID = "“Not asked” with a reason is an answer."


@pytest.fixture
def refused(therapist, course) -> Page:
    """Give the form that was sent with a total of 94 and no word about risk."""
    therapist.watch.may_answer.add(422)
    therapist.goto(f"/courses/{course.id}/sessions/new")
    therapist.get_by_role("radiogroup", name="Mood").get_by_label("7", exact=True).check()
    therapist.get_by_label("Event tied to it").fill("her brother called")
    therapist.get_by_label("Communication analysis").check()
    therapist.locator(".tasks input").first.check()
    therapist.get_by_label("PCL-5 total").fill("94")
    therapist.get_by_label("Note").fill("First line.\n\nSecond line, with “quotes” & more.")
    therapist.get_by_role("button", name="Save session").click()
    expect(therapist.get_by_role("alert")).to_be_visible()
    return therapist


def test_a_total_of_94_and_no_word_about_risk_are_both_named_at_once(refused):
    summary = refused.get_by_role("alert")

    expect(summary).to_be_focused()
    expect(summary).to_contain_text("two answers need a look")
    links = summary.get_by_role("link")
    assert [TOO_HIGH in text or NOT_SAID in text for text in links.all_inner_texts()] == [True] * 2
    look(refused, "session refused")


def test_each_message_leads_to_its_field_and_is_heard_there(refused):
    links = refused.get_by_role("alert").get_by_role("link")

    links.filter(has_text=TOO_HIGH).click()
    total = refused.get_by_label("PCL-5 total")
    expect(total).to_be_focused()
    assert TOO_HIGH in total.evaluate(
        "at => at.getAttribute('aria-describedby').split(' ')"
        ".map(id => document.getElementById(id).textContent).join(' ')"
    )
    links.filter(has_text=NOT_SAID).click()
    expect(refused.get_by_label("Asked: none")).to_be_focused()


def test_everything_typed_is_still_there(refused):
    mood = refused.get_by_role("radiogroup", name="Mood")

    expect(mood.get_by_label("7", exact=True)).to_be_checked()
    expect(refused.get_by_label("Event tied to it")).to_have_value("her brother called")
    expect(refused.get_by_label("Communication analysis")).to_be_checked()
    expect(refused.locator(".tasks input").first).to_be_checked()
    expect(refused.get_by_label("PCL-5 total")).to_have_value("94")
    expect(refused.get_by_label("Note")).to_have_value(
        "First line.\n\nSecond line, with “quotes” & more."
    )


def test_mended_it_is_saved_once(refused):
    refused.get_by_label("PCL-5 total").fill("49")
    refused.get_by_label("Asked: none").check()
    refused.get_by_role("button", name="Save session").dblclick()

    expect(refused.get_by_role("heading", level=1)).to_have_text("Session 6")
    refused.get_by_role("link", name="Sessions").click()
    expect(refused.get_by_role("region", name="Sessions, table").get_by_role("row")).to_have_count(
        7
    )


def test_leaving_with_something_typed_that_cannot_be_kept_asks_first(therapist, course):
    therapist.goto(f"/courses/{course.id}/sessions/new")
    therapist.context.set_offline(True)
    therapist.get_by_label("Event tied to it").press_sequentially("she wr")
    asked = []
    therapist.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))

    therapist.get_by_role("link", name="Leave without saving").click(no_wait_after=True)
    therapist.wait_for_timeout(200)

    assert asked == ["beforeunload"]
    expect(therapist.get_by_label("Event tied to it")).to_have_value("she wr")
    assert all("DISCONNECTED" in complaint for complaint in therapist.watch.taken())

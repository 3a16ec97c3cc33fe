"""A no-show keeps its place in the course and has no number."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import look, picture

pytestmark = pytest.mark.browser


def test_what_did_not_happen_is_not_asked_and_the_slot_has_no_number(therapist, course):
    therapist.goto(f"/courses/{course.id}/sessions/new")
    mood = therapist.get_by_role("radiogroup", name="Mood")
    expect(mood).to_be_visible()

    therapist.get_by_label("No-show").check()

    expect(mood).to_be_hidden()
    expect(therapist.get_by_label("Minutes", exact=True)).to_be_hidden()
    expect(therapist.get_by_label("Communication analysis")).to_be_hidden()
    expect(therapist.get_by_label("Plan for next time")).to_be_visible()
    look(therapist, "no-show")
    therapist.get_by_role("button", name="Save").click()

    expect(therapist.get_by_role("status").filter(has_text="saved")).to_be_visible()
    therapist.get_by_role("link", name="Overview").click()
    line = therapist.get_by_role("region", name="Course line")
    missed = line.get_by_role("link").last
    expect(missed).to_have_accessible_name("11 Mar, no-show")
    expect(missed).to_have_text("✕")
    expect(therapist.get_by_role("link", name="Log session 6").first).to_be_visible()
    picture(therapist, "overview after a no-show")


def test_what_was_hidden_comes_back_as_it_was(therapist, course):
    therapist.goto(f"/courses/{course.id}/sessions/new")
    therapist.get_by_label("Event tied to it").fill("his father called")

    therapist.get_by_label("No-show").check()
    therapist.get_by_label("Attended", exact=True).check()

    expect(therapist.get_by_label("Event tied to it")).to_have_value("his father called")

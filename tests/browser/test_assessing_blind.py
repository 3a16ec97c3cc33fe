"""A blinded assessor: asked by a therapist, enters the form by keypad, and the therapist has it."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import look

pytestmark = pytest.mark.browser


def test_an_assessor_enters_what_a_therapist_asked_for(page_of, course):
    therapist, assessor = page_of("therapist"), page_of("assessor")
    therapist.goto(f"/courses/{course.id}/measures")
    therapist.get_by_role("link", name="Ask an assessor").click()
    therapist.get_by_label("Assessor", exact=True).select_option(label="J. Moreau")
    therapist.get_by_label("Form or interview").select_option("phq9")
    therapist.get_by_label("Note for the assessor").fill("Room 4")
    therapist.get_by_role("button", name="Ask the assessor").click()
    expect(therapist.get_by_role("region", name="Asked so far").first).to_contain_text("Waits")
    look(therapist, "assessments asked")

    assessor.goto("/")
    look(assessor, "assessments waiting")
    assessor.get_by_role("link", name=f"Enter PHQ-9 of {course.code}").click()
    first = assessor.locator("[data-high] input").first
    first.focus()
    for _ in range(8):
        assessor.keyboard.press("1")
    assessor.keyboard.press("2")
    expect(assessor.get_by_role("alert")).not_to_be_empty()
    look(assessor, "entering blind")
    assessor.keyboard.press("Control+Enter")
    expect(assessor.get_by_role("main")).to_contain_text("tell the therapist")
    look(assessor, "assessment saved")

    therapist.goto(f"/courses/{course.id}/assessments")
    therapist.get_by_role("link", name="What it says").click()
    expect(therapist.get_by_role("main")).to_contain_text("J. Moreau")
    expect(therapist.get_by_role("note").first).to_be_visible()

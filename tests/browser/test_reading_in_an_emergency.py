"""Somebody stands in: a record is read in an emergency, ended, and the supervisor is told."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import look

pytestmark = pytest.mark.browser

REASON = "Stands at the front desk in distress and nobody can be reached."


def test_a_record_is_read_in_an_emergency_and_the_supervisor_is_told(page_of, course):
    other = page_of("therapist2")
    other.watch.may_answer.add(422)
    other.goto("/")
    other.locator("details.menu summary").click()
    other.get_by_role("link", name="Read a record in an emergency").click()
    other.get_by_label("Clinic code").fill("no such code")
    other.get_by_label("Why it cannot wait").fill(REASON)
    other.get_by_role("button", name="Open this record").click()
    expect(other.get_by_role("alert")).to_contain_text("No patient has this code")
    look(other, "emergency, wrong code")

    other.get_by_label("Clinic code").fill(course.code)
    other.get_by_role("button", name="Open this record").click()
    banner = other.get_by_role("note").filter(has_text="Emergency access")
    expect(banner).to_contain_text(f"You are reading {course.code} in an emergency")
    look(other, "a course in an emergency")
    other.get_by_role("link", name="Measures", exact=True).click()
    expect(banner).to_be_visible()
    expect(other.get_by_role("link", name="Enter a measure")).to_have_count(0)
    other.goto("/emergency")
    look(other, "emergency, open now")
    other.get_by_role("listitem").filter(has_text=course.code).get_by_role("button").click()
    expect(other.get_by_role("status").first).to_contain_text("has ended")

    supervisor = page_of("supervisor")
    supervisor.goto("/supervision")
    supervisor.get_by_role("link", name="Who, whose and when").click()
    row = supervisor.get_by_role("row").filter(has_text=course.code)
    expect(row).to_contain_text(REASON)
    look(supervisor, "emergency notices")
    row.get_by_role("link").click()
    expect(supervisor.get_by_role("region", name="What was read", exact=True)).to_contain_text(
        "Measures"
    )
    look(supervisor, "one emergency notice")
    supervisor.get_by_role("button", name="Mark as seen").click()
    expect(row).to_contain_text("Seen")

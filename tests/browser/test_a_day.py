"""A day: from the start page to a logged session, and back to the note that is left to finish."""

from datetime import time

import pytest
from playwright.sync_api import expect

from ipt_tracker.governance.access import Permission
from ipt_tracker.services.appointments import AppointmentEntry, book
from ipt_tracker.services.doors import open_course
from tests.browser.looking import look
from tests.browser.site import NOW

pytestmark = pytest.mark.browser


@pytest.fixture
def soon() -> time:
    """Give the minute at which the site's clock stands, on the machine's own clock."""
    return NOW.astimezone().time().replace(microsecond=0)


@pytest.fixture
def booked(site, course, soon):
    """Book the journey's course for this very minute, so that it is the next one of the day."""
    with site.writing("therapist") as work:
        own = open_course(work, course.id, Permission.RECORD_SESSION)
        return book(work, own, AppointmentEntry(work.today, soon, 50, "in_person", "room 2"))


def test_the_highlighted_session_is_logged_from_the_start_page(therapist, course, booked):
    therapist.goto("/")
    today = therapist.get_by_role("region", name="Today's sessions")
    following = today.locator("li.next")
    expect(following).to_contain_text(course.name)
    expect(following).to_contain_text("session 6 of 14, middle phase")
    expect(following).to_contain_text("PCL-5 41, down 17 from the start, reliably improved.")
    expect(following).to_contain_text("Focus: role transition")
    look(therapist, "today, before the session")

    following.get_by_role("link", name="Log session 6").click()
    therapist.get_by_role("radiogroup", name="Mood").get_by_label("5", exact=True).check()
    therapist.get_by_label("PCL-5 total").fill("39")
    therapist.get_by_label("Asked: none").check()
    therapist.get_by_label("Note", exact=True).fill("Said no to a shift.")
    therapist.get_by_role("button", name="Save session").click()
    expect(therapist.get_by_role("heading", level=1)).to_have_text("Session 6")

    therapist.get_by_role("link", name="Today", exact=True).click()
    held = today.get_by_role("listitem").filter(has_text=course.name)
    expect(held).to_contain_text("held")
    expect(held).to_contain_text("Note not signed.")
    look(therapist, "today, after the session")
    held.get_by_role("link", name="Finish note").click()
    expect(therapist.get_by_role("heading", level=1)).to_have_text("Session 6")


def test_a_course_is_booked_to_its_end_and_one_day_is_taken_back(therapist, course):
    therapist.goto(f"/courses/{course.id}/appointments")
    therapist.get_by_role("link", name="Book the rest of the course").click()
    expect(therapist.get_by_role("checkbox")).to_have_count(9)
    therapist.get_by_role("checkbox").nth(1).uncheck()
    therapist.get_by_label("Time").fill("07:15")
    therapist.get_by_role("button", name="Book these").click()

    expect(
        therapist.get_by_role("status").filter(has_text="8 appointments booked.")
    ).to_be_visible()
    book_of = therapist.get_by_role("region", name="Booked appointments, table")
    expect(book_of.get_by_role("row")).to_have_count(9)
    book_of.get_by_role("button", name="Take back").first.click()
    expect(book_of.get_by_role("row")).to_have_count(8)
    look(therapist, "appointments, one taken back")

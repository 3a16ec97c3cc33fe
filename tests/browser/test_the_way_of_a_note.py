"""A trainee's note by keyboard: signed, sent back, changed, signed again, approved, added to."""

import pytest
from playwright.sync_api import Page, expect

from ipt_tracker.persistence.models import Course
from tests.browser.keys import Keys
from tests.browser.looking import look

pytestmark = pytest.mark.browser

COMMENT = "Say what was agreed for the weekend."
PLAN = "she rings her sister on Saturday"


@pytest.fixture
def session(site, course) -> str:
    """Give the newest session of a course whose therapist is in training."""
    with site.writing() as work:
        work.session.get(Course, course.id).therapist_role = "trainee"
    return f"/courses/{course.id}/sessions/5"


def note_of(page: Page):
    return page.get_by_role("region", name="Note", exact=True)


def sign(page: Page) -> None:
    keys = Keys(page)
    keys.to("Read and sign")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign session 5")
    keys.press("Control+Enter")
    expect(note_of(page)).to_contain_text("Awaiting co-signature")


def decide(page: Page, key: str, words: str = "") -> None:
    """Open the note from the list, choose with a key, say why, and keep it."""
    page.goto("/notes")
    keys = Keys(page)
    keys.to("Session 5")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Co-sign session 5")
    look(page, "co-sign")
    keys.to("Approve and co-sign")
    keys.press(key)
    keys.to("What shall be changed")
    keys.write(words)
    keys.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Session 5")


def change(page: Page) -> None:
    """Go from the list to the note that was sent back, and do what was asked."""
    page.goto("/notes")
    expect(page.get_by_role("region", name="Sent back to you", exact=True)).to_contain_text(COMMENT)
    look(page, "notes, one sent back")
    keys = Keys(page)
    keys.to("Session 5")
    keys.press("Enter")
    expect(note_of(page)).to_contain_text(COMMENT)
    look(page, "session, changes requested")
    keys.to("Change session 5")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Change session 5")
    keys.to("Plan for next time")
    keys.write(PLAN)
    keys.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Session 5")


def add(page: Page) -> None:
    """Add to the note what came to light after signing."""
    keys = Keys(page)
    keys.to("Add to the note")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Add to session 5")
    keys.to("What is added")
    keys.write("She rang her sister already.")
    keys.to("Why it is added now")
    keys.write("She told me on the telephone.")
    look(page, "add to a note")
    keys.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Session 5")


def test_a_trainees_note_goes_its_way_by_keyboard(therapist, page_of, session):
    supervisor = page_of("supervisor")
    therapist.goto(session)
    look(therapist, "session, not signed")
    sign(therapist)
    look(therapist, "session, awaiting co-signature")

    decide(supervisor, "ArrowDown", COMMENT)
    change(therapist)
    sign(therapist)
    decide(supervisor, "Space")
    expect(note_of(supervisor)).to_contain_text("Signed and co-signed")
    therapist.goto(session)
    add(therapist)

    after = therapist.get_by_role("region", name="Added and corrected after signing", exact=True)
    expect(after).to_contain_text("She rang her sister already.")
    expect(therapist.get_by_role("link", name="Change session 5")).to_have_count(0)
    look(therapist, "session, co-signed and added to")
    therapist.goto(f"{session}/print")
    expect(therapist.locator("main")).to_contain_text(PLAN)
    look(therapist, "note on paper")

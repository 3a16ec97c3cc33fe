"""A clinic loads its own item set, and a supervisor draws a sample and is led to the ratings."""

import pytest
from playwright.sync_api import expect

from ipt_tracker.clinical.fidelity.item_set import example_text
from tests.browser.looking import look

pytestmark = pytest.mark.browser


def test_an_administrator_loads_a_set_after_looking_at_it_and_chooses_it(page_of):
    admin = page_of("admin")
    admin.watch.may_answer.add(422)
    admin.goto("/settings")
    admin.get_by_role("link", name="Item sets", exact=True).click()
    hand_in(admin, '{"schema": "ipt-tracker-item-set/1", "items": []}')
    expect(admin.get_by_role("alert")).to_contain_text("Items: there must be 1 to 120")

    hand_in(admin, example_text())
    expect(admin.get_by_role("heading", level=1)).to_have_text("Load this item set?")
    expect(admin.get_by_role("row", name="B1 An item of the ending")).to_be_visible()
    look(admin, "an item set before it is loaded")
    admin.get_by_role("button", name="Load this set").click()
    expect(admin.get_by_role("row", name="Name of the item set, version 1")).to_be_visible()
    look(admin, "an item set loaded")

    admin.get_by_role("radio", name="Name of the item set, version 1").check()
    admin.get_by_role("button", name="Save choice").click()
    row = admin.get_by_role("row", name="Name of the item set, version 1")
    expect(row).to_contain_text("used for new ratings")
    put_back(admin)


def hand_in(admin, text):
    file = {"name": "set.json", "mimeType": "application/json", "buffer": text.encode()}
    admin.get_by_label("File with an item set").set_input_files(files=[file])
    admin.get_by_role("button", name="Look at the file").click()


def put_back(admin):
    """Let new ratings use the own set again, for the journeys that come after."""
    admin.get_by_role("radio", name="IPT Tracker items, version 1").check()
    admin.get_by_role("button", name="Save choice").click()
    expect(admin.get_by_role("row", name="IPT Tracker items")).to_contain_text("used for new")


def test_a_supervisor_sets_a_plan_draws_by_it_and_is_led_to_the_ratings(page_of, site):
    site.course()
    supervisor = page_of("supervisor")
    base = f"/supervision/therapists/{site.person('therapist').id}"
    supervisor.goto(f"{base}/plan")
    supervisor.get_by_label("Share of all sessions").fill("10")
    supervisor.get_by_label("Fewest of each course").fill("1")
    reason = supervisor.get_by_label("Why the plan changes")
    if reason.count():
        reason.fill("See a little of each course this time.")
    supervisor.get_by_role("button", name="Set plan").click()
    expect(supervisor.get_by_role("row", name="10 % of sessions").first).to_contain_text("holds")
    look(supervisor, "a sampling plan")

    supervisor.get_by_role("link", name="Draw a sample").click()
    seed = supervisor.get_by_label("Seed")
    proposed = seed.input_value()
    supervisor.get_by_role("button", name="Look at these days").click()
    expect(seed).to_have_value(proposed)
    look(supervisor, "what would be drawn")
    supervisor.get_by_role("button", name="Draw and ask").click()

    expect(supervisor.get_by_role("heading", level=1)).to_have_text("Draw of 11 Mar 2026")
    expect(supervisor.get_by_text("the same sessions")).to_be_visible()
    expect(supervisor.get_by_role("definition").filter(has_text=proposed)).to_be_visible()
    look(supervisor, "a draw")
    supervisor.get_by_role("link", name="Rate blind").first.click()
    expect(supervisor.get_by_role("heading", level=1)).to_contain_text("Rate")

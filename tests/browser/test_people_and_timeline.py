"""From an empty inventory to a closeness circle and a timeline, by keyboard where it counts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.keys import Keys
from tests.browser.looking import look

pytestmark = pytest.mark.browser

PEOPLE = (("Ada", "sister", "2"), ("Ben", "friend from school", "4"), ("Mother", "parent", "3"))


def is_drawn(page):
    page.wait_for_load_state("load")
    return page.evaluate("document.querySelector('figure img').naturalWidth") > 0


def test_people_are_added_moved_and_seen_in_circle_and_table(therapist, course):
    therapist.goto(f"/courses/{course.id}/measures")
    therapist.get_by_role("link", name="People and timeline").click()
    expect(therapist.get_by_role("heading", name="Nobody yet")).to_be_visible()
    look(therapist, "people, none yet")

    for name, relation, ring in PEOPLE:
        therapist.get_by_label("Name or initials").focus()
        keys = Keys(therapist)
        keys.write(name)
        keys.press("Tab")
        keys.write(relation)
        therapist.get_by_label("Closeness", exact=True).select_option(ring)
        therapist.get_by_label("Name or initials").press("Enter")
        expect(therapist.get_by_role("row", name=name)).to_be_visible()

    expect(therapist.get_by_role("row", name="Mother")).to_contain_text("Further away")
    closer = therapist.get_by_role("button", name="Closer Mother, to close")
    closer.focus()
    closer.press("Enter")
    expect(therapist.get_by_role("row", name="Mother")).to_contain_text("Close")
    circle = therapist.get_by_role("img")
    expect(circle).to_have_attribute("alt", "3 people: 2 close, 1 lost or out of touch. "
                                     "Close: Ada, Mother. Lost or out of touch: Ben.")  # fmt: skip
    assert is_drawn(therapist)
    look(therapist, "people, three of them")

    therapist.get_by_role("link", name="Details of Ada").click()
    therapist.get_by_label("What is given").fill("calls on Sundays")
    therapist.keyboard.press("Control+Enter")
    expect(therapist.get_by_role("row", name="Ada")).to_contain_text("calls on Sundays")
    therapist.get_by_role("link", name="Details of Ben").click()
    therapist.get_by_role("button", name="Take this person off the page").click()
    off = therapist.get_by_role("region", name="Taken off", exact=True)
    expect(off).to_contain_text("Ben")
    look(therapist, "people, one taken off")
    off.get_by_role("button", name="Put back Ben").click()
    expect(off).to_have_count(0)


def test_an_onset_and_an_event_by_month_share_the_axis_with_the_scores(therapist, course):
    year = "2024"
    therapist.goto(f"/courses/{course.id}/timeline")
    therapist.get_by_role("link", name="Add the onset of symptoms").click()
    expect(therapist.get_by_label("Onset of symptoms")).to_be_checked()
    therapist.get_by_label("In a few words").fill("Sleeps badly")
    therapist.get_by_label("Year", exact=True).fill(year)
    therapist.get_by_label("Month", exact=True).select_option("6")
    therapist.keyboard.press("Control+Enter")
    expect(therapist.get_by_role("row", name="Sleeps badly")).to_contain_text(f"Jun {year}")

    therapist.get_by_role("link", name="Add an event").click()
    therapist.get_by_label("Loss").check()
    therapist.get_by_label("In a few words").fill("Father died")
    therapist.get_by_label("Year", exact=True).fill(year)
    therapist.get_by_label("Month", exact=True).select_option("5")
    look(therapist, "timeline, an event")
    therapist.get_by_role("button", name="Add event").click()

    row = therapist.get_by_role("row", name="Father died")
    expect(row).to_contain_text("within 3 months of onset")
    expect(therapist.get_by_role("img")).to_have_attribute(
        "alt", re.compile(f"Within 3 months of onset: May {year}: Father died")
    )
    assert is_drawn(therapist)
    look(therapist, "timeline, whole life")
    therapist.get_by_role("link", name="Course", exact=True).click()
    expect(therapist.get_by_role("region", name="Phases and focus")).to_be_visible()
    look(therapist, "timeline, course")

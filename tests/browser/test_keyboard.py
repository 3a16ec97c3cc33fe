"""Everything by keyboard: what Tab reaches, in which order, and that the focus stays in view."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keys import Keys

pytestmark = pytest.mark.browser

ENOUGH = 24
"""Pixels of a tall field, such as the note, that must be in view; of anything else, all of it."""
OUT_OF_VIEW = """(enough) => {
  const at = document.activeElement, box = at.getBoundingClientRect();
  const bar = document.querySelector(".savebar");
  if (at === document.body || at.matches(".skip") || bar.contains(at)) return "";
  const needed = at.matches("textarea") ? Math.min(enough, box.height) : box.height;
  const edge = bar.getBoundingClientRect(), low = box.top + needed;
  const covered = low > edge.top + 1 && box.top < edge.bottom - 1;
  const words = `${at.outerHTML.slice(0, 90)} reaches ${low}, the bar begins at ${edge.top}`;
  return covered || low > window.innerHeight + 1 || box.bottom - needed < -1 ? words : "";
}"""


def test_the_first_tab_is_the_way_past_the_navigation(therapist):
    therapist.goto("/caseload")
    keys = Keys(therapist)

    keys.press("Tab")
    skip = therapist.get_by_role("link", name="Skip to the main part")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    keys.press("Enter")
    keys.press("Tab")

    expect(therapist.get_by_role("link", name="New patient")).to_be_focused()


def test_the_main_action_of_a_course_is_reached_in_reading_order(therapist, course):
    therapist.goto(f"/courses/{course.id}")
    keys = Keys(therapist)
    order = [
        "Overview",
        "Sessions",
        "Measures",
        "Progress",
        "People and timeline",
        "Formulation and contract",
        "Files",
        "Enter PCL-5",
        "Log session 6",
    ]

    keys.to("Overview")
    seen = [keys.here()[-1]]
    while len(seen) < len(order):
        keys.press("Tab")
        seen.append(keys.here()[-1])

    assert seen == order


def test_a_slash_finds_a_patient_and_a_question_mark_opens_the_map(therapist, course):
    therapist.goto("/caseload")
    keys = Keys(therapist)

    keys.press("/")
    expect(therapist.get_by_label("Find a patient by code or name")).to_be_focused()
    keys.write("?/")
    expect(therapist.get_by_label("Find a patient by code or name")).to_have_value("?/")
    therapist.locator("h1").click()
    keys.press("?")

    expect(therapist.locator("#keymap")).to_have_attribute("open", "")
    expect(therapist.get_by_text("find a patient", exact=True)).to_be_in_viewport()


def test_escape_closes_a_menu_and_gives_the_focus_back(therapist):
    therapist.goto("/caseload")
    keys = Keys(therapist)

    keys.to("R. Calder")
    keys.press("Enter")
    expect(therapist.get_by_role("button", name="Sign out")).to_be_visible()
    keys.press("Tab")
    keys.press("Escape")

    expect(therapist.get_by_role("button", name="Sign out")).to_be_hidden()
    assert "R. Calder" in keys.here()


@pytest.mark.parametrize("there", ["sessions/new", "measures/pcl5_week/new"])
@pytest.mark.parametrize("size", [(1280, 600), (640, 500), (320, 600), (320, 400)], ids=str)
def test_the_save_bar_never_hides_what_has_the_focus(therapist, course, there, size):
    therapist.set_viewport_size({"width": size[0], "height": size[1]})
    therapist.goto(f"/courses/{course.id}/{there}")

    assert _hidden_on_the_way(therapist) == []


def _hidden_on_the_way(page: Page) -> list[str]:
    """Press Tab through the form, then back through a part of it."""
    hidden = []
    for key in ["Tab"] * 60 + ["Shift+Tab"] * 20:
        page.keyboard.press(key)
        hidden.append(page.evaluate(OUT_OF_VIEW, ENOUGH))
    return [words for words in hidden if words]

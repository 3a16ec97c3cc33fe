"""The beginning written down by keyboard; at the end, the ending and a safety plan on paper."""

from io import BytesIO

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.keys import Keys
from tests.browser.looking import look

pytestmark = pytest.mark.browser


@pytest.fixture
def begun(site):
    """Give a course of one session: the beginning phase."""
    return site.course((58,))


def keys_at(page, url):
    """Open a page and give the keyboard of its window."""
    page.goto(url)
    return Keys(page)


def test_the_beginning_is_written_down_by_keyboard(therapist, begun):
    sheets = f"/courses/{begun.id}/sheets"
    therapist.watch.may_answer.add(422)

    keys = keys_at(therapist, f"{sheets}/suitability/edit")
    keys.to("Absent")
    keys.press("Space")
    keys.to("Absent")
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    keys.to("IPT")
    keys.press("Space")
    keys.press("Control+Enter")
    summary = therapist.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Bipolarity: reason to go on")
    look(therapist, "suitability asks for a reason")
    keys.press("Tab")
    keys.press("Enter")
    keys.write("Family history; asked again in session 3")
    keys.press("Control+Enter")
    expect(therapist.locator(".verdict")).to_contain_text("Unclear: bipolarity")

    keys = keys_at(therapist, f"{sheets}/formulation/edit")
    keys.to("Event")
    keys.write("Moved in with her sister after the assault")
    keys.to("How they are linked")
    keys.write("Silence keeps the peace and makes her feel alone")
    keys.to("Role transition")
    keys.press("Space")
    keys.to("Yes")
    keys.press("Space")
    keys.to("Agreed on")
    keys.write("03112026")
    keys.press("Control+Enter")
    expect(therapist.locator(".verdict")).to_have_text(
        "Role transition; the patient agreed on 11 Mar 2026."
    )
    look(therapist, "formulation")

    keys = keys_at(therapist, sheets)
    keys.to("Add a goal")
    keys.press("Enter")
    expect(therapist.get_by_role("heading", level=1)).to_have_text("New goal")
    keys.to("Goal")
    keys.write("Tell her sister how the week was")
    keys.press("Control+Enter")
    expect(therapist.get_by_role("link", name="Review Tell her sister")).to_be_visible()

    keys = keys_at(therapist, f"/courses/{begun.id}/contract")
    therapist.locator("[name=contract_agreed_on]").focus()
    keys.write("03112026")
    keys.press("Control+Enter")
    therapist.wait_for_url(f"**/courses/{begun.id}")
    therapist.goto(sheets)
    expect(
        therapist.get_by_role("region", name="Steps of the beginning phase, table")
    ).to_contain_text("Yes, on 11 Mar 2026")
    look(therapist, "formulation and contract, begun")


def test_an_ending_is_written_and_a_safety_plan_is_printed_on_one_page(therapist, course):
    sheets = f"/courses/{course.id}/sheets"

    therapist.goto(f"{sheets}/ending/edit")
    expect(therapist.get_by_text("PCL-5, past week 58")).to_be_visible()
    therapist.get_by_label("Ending raised in").fill("session 5")
    therapist.get_by_label("What is normal sadness here").fill("Missing the hour on Tuesdays")
    therapist.get_by_label("What would be illness again").fill("Not getting up for two weeks")
    therapist.get_by_label("Early warning signs").fill("lying awake\nnot answering the phone")
    therapist.get_by_role("button", name="Save ending").click()
    expect(therapist.locator(".verdict")).to_contain_text("sadness told apart from illness")
    look(therapist, "ending")

    therapist.goto(f"{sheets}/safety_plan/edit")
    for field in ("Signs that it is getting worse", "What I can do by myself", "People I can ask"):
        therapist.get_by_label(field).fill("one\ntwo\nthree\nfour")
    therapist.get_by_label("Professionals and services").fill("Crisis line, 555 0111")
    therapist.get_by_label("Agreed on").fill("2026-03-11")
    therapist.get_by_role("button", name="Save safety plan").click()
    therapist.get_by_role("link", name="For the patient, to print").click()
    expect(therapist.get_by_role("heading", level=1)).to_have_text("My safety plan")
    look(therapist, "safety plan for the patient")

    pages = PdfReader(BytesIO(therapist.pdf(prefer_css_page_size=True))).pages
    text = pages[0].extract_text()
    assert len(pages) == 1
    assert "Crisis line, 555 0111" in text
    assert course.name not in text
    assert course.code not in text
    assert "Ctrl" not in text

"""The main road: a therapist logs today's session and sees what it means."""

from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import sign_in
from tests.browser.keys import Keys
from tests.browser.looking import look, picture

pytestmark = pytest.mark.browser

ENOUGH_KEYS = 60
"""Presses beside the words: half a minute of the minute and a half that a session may take."""
SVG = "{http://www.w3.org/2000/svg}"


def test_a_therapist_logs_todays_session_by_keyboard_and_reads_the_verdict(page, course, site):
    sign_in(page, "therapist", site)
    expect(page.get_by_role("region", name="Today's sessions")).to_be_visible()
    _find(page, course.code)
    expect(page).to_have_title(f"Course, {course.code} | IPT Tracker")
    page.get_by_role("link", name="Log session 6").first.click()

    expect(page).to_have_title(f"Log session 6, {course.code} | IPT Tracker")
    page.wait_for_load_state("load")

    keys = Keys(page)
    keys.press("5")  # the mood has the focus
    mood = page.get_by_role("radiogroup", name="Mood")
    expect(mood.get_by_label("5", exact=True)).to_be_checked()
    keys.to("Event tied to it")
    keys.write("said no to an extra shift")
    keys.to("PCL-5 total")
    keys.type("41")
    keys.to("Asked: none")
    keys.press("Space")
    keys.to("Note")
    keys.write("Sad on Sunday, named it as missing.")
    keys.press("Control+Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Session 6")
    expect(page.get_by_role("status").filter(has_text="Session saved.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("5 of 10")
    assert keys.pressed <= ENOUGH_KEYS, keys.told
    look(page, "session just logged")
    page.get_by_role("link", name="Overview").click()
    newest = page.get_by_role("region", name="Newest sessions").get_by_role("row").nth(1)
    expect(newest).to_contain_text("said no to an extra shift")
    expect(newest).to_contain_text("41")
    expect(
        page.get_by_role("region", name="Course line").get_by_text("6", exact=True)
    ).to_have_count(1)
    page.get_by_role("link", name="Progress", exact=True).click()
    expect(page.locator(".verdict .lead")).to_contain_text("from 58 to 41, down 17 points")
    expect(page.get_by_role("row", name="41").first).to_contain_text("Reliably improved")
    expect(page.get_by_role("img", name="PCL-5").first).to_be_visible()
    look(page, "progress after the session")


def test_the_chart_leaves_as_a_picture_a_drawing_and_a_document(therapist, course):
    therapist.goto(f"/courses/{course.id}/progress")

    png = Image.open(BytesIO(_download(therapist, "Picture, PNG 300 dpi")))
    drawn = _download(therapist, "SVG").decode()
    document = PdfReader(BytesIO(_download(therapist, "PDF")))

    assert png.width > 1500
    assert round(png.info["dpi"][0]) == 300
    assert course.code in " ".join(str(value) for value in png.info.values())
    words = " ".join("".join(ET.fromstring(drawn).itertext()).split())  # noqa: S314 -- our own
    written = " ".join(document.pages[0].extract_text().split())
    assert len(document.pages) == 1
    for said in (course.code, "PCL-5", "Marx 2022", "IPT Tracker"):
        assert said in words
        assert said in written
    assert course.name not in words + written


def test_the_same_road_works_without_scripts(open_window, course, site):
    page = open_window(java_script_enabled=False)
    page.watch.may_answer.add(422)
    sign_in(page, "therapist", site)
    _find(page, course.code)
    page.get_by_role("link", name="Log session 6").first.click()
    picture(page, "log session without scripts")
    page.get_by_label("PCL-5 total").fill("94")
    page.get_by_label("Event tied to it").fill("called her sister")
    page.get_by_role("button", name="Save session").click()

    expect(page.get_by_role("alert")).to_contain_text("94 is too high, the form goes from 0 to 80.")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Event tied to it")).to_have_value("called her sister")
    picture(page, "log session refused without scripts")

    page.get_by_label("PCL-5 total").fill("39")
    page.get_by_label("Asked: none").check()
    page.get_by_role("button", name="Save session").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Session 6")
    page.get_by_role("link", name="Progress", exact=True).click()
    expect(page.locator(".verdict .lead")).to_contain_text("from 58 to 39, down 19 points")


def _find(page: Page, code: str) -> None:
    page.get_by_label("Find a patient by code or name").fill(code)
    page.keyboard.press("Enter")


def _download(page: Page, name: str) -> bytes:
    page.get_by_text("Download chart").click()
    with page.expect_download() as caught:
        page.get_by_role("link", name=name).click()
    page.keyboard.press("Escape")
    return caught.value.path().read_bytes()

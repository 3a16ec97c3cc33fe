"""What was entered wrongly is put right in view of everybody, and what must be asked is asked."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keys import Keys
from tests.browser.looking import look

pytestmark = pytest.mark.browser


@pytest.fixture
def entered(therapist, course) -> Page:
    """Give the page of a PCL-5 that was just entered by its items."""
    therapist.goto(f"/courses/{course.id}/measures/pcl5_week/new")
    keys = Keys(therapist)
    keys.type("2" * 20)
    keys.press("Control+Enter")
    therapist.get_by_role("link", name="What it says").click()
    expect(therapist.get_by_role("heading", level=1)).to_contain_text("PCL-5, past week")
    expect(therapist.get_by_role("main")).to_contain_text("Total 40")
    return therapist


def answer(page: Page, item: str, value: str) -> None:
    """Answer one item with the mouse."""
    page.locator(f"#answers-{item} input[value='{value}']").check(force=True)


def test_a_wrong_digit_is_corrected_with_its_reason_and_the_old_one_stays(entered):
    entered.get_by_role("link", name="Correct it").click()
    answer(entered, "sleep", "4")
    entered.get_by_role("button", name="Correct the measure").focus()
    entered.watch.may_answer.add(422)
    Keys(entered).press("Control+Enter")
    expect(entered.get_by_role("alert")).to_contain_text("Say why it is corrected.")
    expect(entered.locator("#answers-sleep input:checked")).to_have_attribute("data-key", "4")
    look(entered, "correction without a reason")

    entered.get_by_label("Why it is corrected").fill("misread on paper")
    entered.get_by_role("button", name="Correct the measure").click()

    expect(entered.get_by_role("main")).to_contain_text("Total 42")
    row = entered.get_by_role("row").filter(has_text="sleep")
    expect(row).to_contain_text("was 2")
    changed = entered.get_by_role("region", name="What was changed")
    expect(changed).to_contain_text("misread on paper")
    expect(changed).to_contain_text("Total: 40, now 42")
    look(entered, "measure corrected")


def test_two_keyings_are_compared_and_the_wrong_one_is_mended(entered):
    entered.get_by_role("link", name="Key it a second time").click()
    expect(entered.get_by_role("heading", level=1)).to_have_text("Key PCL-5 a second time")
    keys = Keys(entered)
    keys.type("2" * 19 + "3")
    keys.press("Control+Enter")

    differ = entered.get_by_role("region", name="Where the keyings differ")
    expect(differ.get_by_role("row").last).to_contain_text("sleep")
    look(entered, "keyings differ")
    entered.get_by_role("link", name="Correct the first keying").click()
    expect(entered.get_by_role("heading", level=1)).to_have_text("Correct a measure")
    answer(entered, "sleep", "3")
    entered.get_by_label("Why it is corrected").fill("the second keying is right")
    keys.press("Control+Enter")

    expect(entered.get_by_role("main")).to_contain_text("Keyed twice, agree")


def test_a_form_entered_twice_is_withdrawn_and_put_back(entered, course):
    entered.get_by_role("link", name="Withdraw it").click()
    entered.get_by_label("Why").fill("entered twice")
    entered.get_by_role("button", name="Withdraw the measure").click()
    expect(entered.get_by_role("main")).to_contain_text("It stays readable and counts for nothing.")
    look(entered, "measure withdrawn")

    entered.goto(f"/courses/{course.id}/measures")
    away = entered.get_by_role("region", name="Withdrawn, table")
    expect(away).to_contain_text("Withdrawn 11 Mar by R. Calder: entered twice")
    look(entered, "measures with one withdrawn")
    away.get_by_role("link").click()
    entered.get_by_role("link", name="Put it back").click()
    entered.get_by_label("Why").fill("it was the second form")
    entered.get_by_role("button", name="Put the measure back").click()

    expect(entered.get_by_role("link", name="Correct it")).to_be_visible()


def test_a_form_of_another_patient_is_moved_there(entered, course, site):
    other = site.course(())
    entered.get_by_role("link", name="Move it").click()
    entered.get_by_label("Code of the patient it is of").fill(other.code.lower())
    entered.get_by_label("Why").fill("two folders open")
    entered.watch.may_answer.add(422)
    entered.get_by_role("button", name="Move the measure").click()
    expect(entered.get_by_role("main")).to_contain_text(f"It goes to {other.code}, {other.name}")
    look(entered, "asked before a measure is moved")
    entered.get_by_label("Yes, it belongs there").check()
    entered.get_by_role("button", name="Move the measure").click()

    expect(entered.get_by_role("main")).to_contain_text("Moved here from another patient")
    expect(entered.locator("body")).not_to_contain_text(course.name)
    entered.goto(f"/courses/{course.id}/measures")
    expect(entered.get_by_role("main")).to_contain_text("moved to another patient on 11 Mar")
    expect(entered.locator("body")).not_to_contain_text(other.name)
    look(entered, "measures with one moved away")


def test_a_question_stands_on_every_page_until_it_is_said_what_was_done(therapist, course):
    strip = therapist.get_by_role("region", name="Patient and course")
    therapist.goto(f"/courses/{course.id}/measures/phq9/new")
    keys = Keys(therapist)
    keys.type("000000001")
    keys.press("Control+Enter")
    expect(therapist.get_by_role("heading", level=1)).to_have_text(
        "Ask about suicide and self-harm"
    )

    therapist.get_by_role("link", name="Leave it open").click()
    for tab in ("Overview", "Sessions", "Progress", "Measures"):
        therapist.get_by_role("navigation", name="Course").get_by_role("link", name=tab).click()
        expect(strip.get_by_role("link", name="Say what was done")).to_be_visible()
    look(therapist, "measures with an open question")
    strip.get_by_role("link", name="Say what was done").click()
    therapist.get_by_label("Asked directly").check(force=True)
    therapist.get_by_role("radiogroup", name="What came of asking").get_by_label("Present").check()
    therapist.get_by_label("What was asked, found and done").fill("Asked: passive thoughts.")
    therapist.get_by_role("button", name="Keep what was done").click()

    expect(therapist.get_by_role("main")).to_contain_text("Asked: passive thoughts.")
    look(therapist, "question answered")
    therapist.goto(f"/courses/{course.id}")
    expect(strip.get_by_role("link", name="Say what was done")).to_have_count(0)

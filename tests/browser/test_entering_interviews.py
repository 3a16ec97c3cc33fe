"""Interviews: ratings in halves, a severity that is proposed, what stands beside the total."""

import pytest
from playwright.sync_api import Page, expect

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from tests.browser.keys import Keys
from tests.browser.looking import look

pytestmark = pytest.mark.browser


def saved(page: Page, words: str) -> None:
    """Expect the list of measures, which says what was saved."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Measures")
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_contain_text(words)


@pytest.mark.parametrize("key", INSTRUMENTS)
def test_every_form_keeps_what_every_page_must_keep(therapist, course, key):
    therapist.goto(f"/courses/{course.id}/measures/{key}/new")

    look(therapist, f"entering {key}")


def test_the_older_interview_is_thirty_five_keys(therapist, course):
    therapist.goto(f"/courses/{course.id}/measures/caps4/new")
    keys = Keys(therapist)

    keys.type("12" * 17)
    board = therapist.get_by_role("region", name="Answered so far")
    expect(board).to_contain_text("All answered: 51.")
    keys.press("Control+Enter")

    assert keys.pressed == 35
    saved(therapist, "51")


def test_a_pair_that_can_hardly_be_is_asked_about_with_everything_kept(therapist, course):
    therapist.goto(f"/courses/{course.id}/measures/caps4/new")
    keys = Keys(therapist)
    therapist.watch.may_answer.add(422)

    keys.type("12" * 3 + "03" + "12" * 13)
    keys.press("Control+Enter")
    expect(therapist.locator("[data-errors]")).to_contain_text("4 (distress at cues)")
    expect(therapist.locator(".item input:checked")).to_have_count(34)
    look(therapist, "a pair that is asked about")
    therapist.get_by_label("Yes, that is how it was rated").check()
    keys.press("Control+Enter")

    saved(therapist, "51")


def test_the_ratings_beside_the_total_follow_the_items_by_keyboard(therapist, course):
    therapist.goto(f"/courses/{course.id}/measures/caps5_month/new")
    keys = Keys(therapist)

    keys.type("2" * 20)
    keys.type("y310n0-")  # longer than a month, three ratings, impaired, two on dissociation

    beside = therapist.get_by_role("group", name="Beside the total")
    chosen = [box.get_attribute("value") for box in beside.locator("input:checked").all()]
    assert chosen == ["yes", "3", "1", "0", "no", "0", "na"]
    expect(therapist.get_by_role("region", name="Answered so far")).to_contain_text(
        "All answered: 40."
    )
    look(therapist, "CAPS-5 filled in")
    keys.press("Control+Enter")
    saved(therapist, "40")


def test_a_severity_is_proposed_and_taken_with_one_key_and_never_set_by_itself(therapist, course):
    therapist.goto(f"/courses/{course.id}/measures/caps5_month/new")
    keys = Keys(therapist)
    therapist.get_by_text("frequency, intensity of intrusive memories").click()
    first = therapist.locator("[data-symptom]").first
    first.locator(".halves input").first.focus()

    keys.type("24")  # twice a month, extreme
    expect(first.get_by_role("status")).to_contain_text("The rule proposes 3: P takes it.")
    expect(first.locator("> .item input:checked")).to_have_count(0)
    look(therapist, "a severity that is proposed")
    keys.press("p")
    expect(therapist.locator("#answers-intrusive_memories input:checked")).to_have_value("3")
    expect(first.get_by_role("status")).to_have_text("3, as the rule proposes.")

    keys.press("4")  # the next item: P moved on
    expect(therapist.locator("#answers-nightmares input:checked")).to_have_value("4")


def test_a_rating_stands_until_the_person_takes_the_proposal(therapist, course):
    therapist.goto(f"/courses/{course.id}/measures/caps5_month/new")
    Keys(therapist).press("1")
    therapist.get_by_text("frequency, intensity of intrusive memories").click()
    first = therapist.locator("[data-symptom]").first
    first.locator(".halves input").first.focus()

    Keys(therapist).type("44")
    own = therapist.locator("#answers-intrusive_memories input:checked")
    expect(own).to_have_value("1")
    expect(first.get_by_role("status")).to_contain_text("1 stands, the rule proposes 4")
    first.get_by_role("button", name="Take 4").click()

    expect(own).to_have_value("4")


def test_levels_that_contradict_each_other_are_said_and_nothing_is_proposed(therapist, course):
    therapist.goto(f"/courses/{course.id}/measures/caps5_month/new")
    therapist.get_by_text("frequency, intensity of intrusive memories").click()
    first = therapist.locator("[data-symptom]").first
    first.locator(".halves input").first.focus()

    Keys(therapist).type("02")  # not at all, clear

    expect(first.get_by_role("status")).to_have_text(
        "Not at all, and yet a strength: look at both again."
    )
    expect(first.get_by_role("button")).to_have_count(0)


def test_frequency_and_intensity_can_be_opened_for_the_whole_form(therapist, course):
    therapist.goto(f"/courses/{course.id}/measures/caps5_month/new")
    switch = therapist.get_by_label("Frequency and intensity for every item")
    switch.check()
    keys = Keys(therapist)
    therapist.locator(".halves input").first.focus()

    keys.type("22p33p")

    expect(therapist.locator("#answers-intrusive_memories input:checked")).to_have_value("2")
    expect(therapist.locator("#answers-nightmares input:checked")).to_have_value("3")
    look(therapist, "CAPS-5 with frequency and intensity")
    switch.uncheck()
    expect(therapist.locator(".halves[open]")).to_have_count(2)  # what was used stays in view


def test_weight_that_was_not_assessed_adds_nothing_to_the_sum(therapist, course):
    therapist.goto(f"/courses/{course.id}/measures/hamd17/new")

    Keys(therapist).type("0" * 15 + "3")
    board = therapist.get_by_role("region", name="Answered so far")
    expect(board).to_contain_text("Sum so far 0. Possible total 0 to 2.")
    Keys(therapist).type("1")

    expect(board).to_contain_text("All answered: 1.")


def test_a_rating_of_suicide_is_asked_about_beside_its_item(therapist, course):
    therapist.goto(f"/courses/{course.id}/measures/hamd17/new")

    Keys(therapist).type("201")

    expect(therapist.get_by_role("alert")).to_contain_text("Item 3 of the HAM-D 17")
    expect(therapist.locator("#answers-insomnia_early input").first).to_be_focused()
    look(therapist, "HAM-D with item 3")


def test_without_scripts_the_same_pages_are_radios_and_buttons(
    page_of, open_window, cookies, course
):
    page_of("therapist")
    page = open_window(storage_state=cookies["therapist"], java_script_enabled=False)
    page.goto(f"/courses/{course.id}/measures/caps5_month/new")
    page.get_by_text("frequency, intensity of flashbacks").click()
    page.locator("[id='answers-flashbacks.how_often-2']").check()
    page.locator("[id='answers-flashbacks.how_strong-4']").check()
    page.get_by_role("button", name="Propose severities").click()

    expect(page.locator("#answers-flashbacks-3")).to_be_checked()
    expect(page.get_by_text("Nothing is saved yet.")).to_be_visible()
    page.get_by_label("Items without an answer were left blank on the form").check()
    page.get_by_role("button", name="Save CAPS-5").click()
    saved(page, "no total: 1 of 20 answered, 3 to 79 possible")


def test_without_scripts_the_question_on_suicide_is_there_folded(
    page_of, open_window, cookies, course
):
    page_of("therapist")
    page = open_window(storage_state=cookies["therapist"], java_script_enabled=False)
    page.goto(f"/courses/{course.id}/measures/phq9/new")
    for item in INSTRUMENTS["phq9"].items:
        page.locator(f"#answers-{item.key}-1").check()

    expect(page.get_by_label("What was asked, found and done")).to_be_hidden()
    page.get_by_text("Ask about suicide and self-harm").click()
    page.get_by_label("Asked directly").check()
    page.get_by_label("What was asked, found and done").fill("Asked: no thoughts this week.")
    page.get_by_role("button", name="Save PHQ-9").click()
    saved(page, "9")

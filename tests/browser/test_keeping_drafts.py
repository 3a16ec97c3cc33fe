"""What is typed is never lost: no connection, a closed tab, a sign-in that ran out, two windows."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from tests.browser.keys import Keys
from tests.browser.looking import look
from tests.browser.site import NOW, PASSWORD
from tests.browser.test_signing_out import put_out

pytestmark = pytest.mark.browser

WORDS = "Came in lighter. Joined a five-a-side team through a colleague."
CLOCK = f"{NOW.astimezone():%H:%M}"
KEPT = f"Draft kept {CLOCK}"
LEFT = "net::ERR_INTERNET_DISCONNECTED"


def state(page: Page):
    return page.locator("[data-state]")


def write(page: Page, words: str) -> None:
    """Type a note and leave the field, as somebody does who goes on to the next one."""
    page.get_by_label("Note", exact=True).fill(words)
    page.get_by_label("Plan for next time").focus()


@pytest.fixture
def form(course) -> str:
    return f"/courses/{course.id}/sessions/new"


def test_a_closed_tab_loses_nothing(therapist, form):
    therapist.goto(form)
    therapist.get_by_label("Note", exact=True).fill(WORDS)
    expect(state(therapist)).to_have_text(KEPT)
    therapist.get_by_label("Plan for next time").fill("the foreman's answer")
    context = therapist.context
    therapist.close(run_before_unload=False)

    page = context.new_page()
    page.watch = therapist.watch
    page.goto(form)

    expect(page.get_by_text(f"Draft of {CLOCK}, not saved yet.")).to_be_visible()
    expect(page.get_by_label("Note", exact=True)).to_have_value(WORDS)
    look(page, "draft of a session")
    page.get_by_label("Asked: none").check()
    page.get_by_role("button", name="Save session").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Session 6")
    page.goto(form)
    expect(page.get_by_text("not saved yet")).to_have_count(0)


def test_leaving_a_page_whose_draft_is_kept_asks_nothing(therapist, form):
    therapist.goto(form)
    write(therapist, WORDS)
    expect(state(therapist)).to_have_text(KEPT)

    therapist.get_by_role("link", name="Leave without saving").click()

    expect(therapist.get_by_role("heading", level=1)).to_have_text("Sessions")


def test_a_lost_connection_is_told_and_what_was_typed_is_kept_when_it_is_back(therapist, form):
    therapist.goto(form)
    therapist.context.set_offline(True)
    write(therapist, WORDS)
    expect(state(therapist)).to_contain_text("No connection")
    therapist.get_by_role("button", name="Save session").click()
    expect(state(therapist)).to_contain_text("not saved yet")
    look(therapist, "no connection")

    therapist.context.set_offline(False)

    expect(state(therapist)).to_have_text(KEPT)
    assert all(LEFT in complaint for complaint in therapist.watch.taken())
    again = therapist.context.new_page()
    again.goto(form)
    expect(again.get_by_label("Note", exact=True)).to_have_value(WORDS)


def test_a_sign_in_that_ran_out_is_told_and_the_draft_goes_on_after_another(page, form, site):
    page.watch.may_be_told |= {400, 401}
    sign_in(page, "therapist", site)
    page.goto(form)
    write(page, WORDS)
    expect(state(page)).to_have_text(KEPT)
    put_out(page, site)
    page.get_by_label("Plan for next time").fill("the foreman's answer")
    page.get_by_label("Note", exact=True).focus()
    expect(state(page)).to_contain_text(f"Your draft of {CLOCK} is safe")
    look(page, "signed out while typing")

    other = page.context.new_page()
    other.goto("/")
    other.get_by_label("E-mail").fill(site.person("therapist").email)
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_text("R. Calder")).to_be_visible()

    page.get_by_label("Note", exact=True).press_sequentially("!")
    expect(state(page)).to_have_text(KEPT, timeout=15_000)
    page.get_by_label("Asked: none").check()
    page.get_by_role("button", name="Save session").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Session 6")


def test_saving_after_the_sign_in_ran_out_carries_the_form_through_the_sign_in(page, form, site):
    page.watch.may_answer |= {401}
    page.watch.may_be_told |= {401}
    sign_in(page, "therapist", site)
    page.goto(form)
    write(page, WORDS)
    page.get_by_label("Asked: none").check()
    put_out(page, site)

    page.get_by_role("button", name="Save session").click()
    page.get_by_label("E-mail").fill(site.person("therapist").email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Save what I typed").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Session 6")
    expect(page.get_by_text(WORDS)).to_be_visible()
    page.goto(form)
    expect(page.get_by_text("not saved yet")).to_have_count(0)


def test_an_older_window_says_that_a_newer_draft_is_elsewhere_and_lets_one_choose(therapist, form):
    therapist.watch.may_be_told |= {409}
    therapist.goto(form)
    other = therapist.context.new_page()
    other.goto(form)
    write(other, "written in the other window")
    expect(state(other)).to_have_text(KEPT)

    write(therapist, WORDS)
    notice = therapist.get_by_role("alert")
    expect(notice).to_contain_text(
        f"A newer draft of this form was kept in another window at {CLOCK}"
    )
    look(therapist, "a newer draft elsewhere")
    with therapist.context.expect_page() as opened:
        notice.get_by_role("link", name="Look at it").click()
    expect(opened.value.get_by_label("Note", exact=True)).to_have_value(
        "written in the other window"
    )
    notice.get_by_role("button", name="Keep what is here instead").click()

    expect(state(therapist)).to_have_text(KEPT)
    expect(notice).to_be_hidden()
    opened.value.reload()
    expect(opened.value.get_by_label("Note", exact=True)).to_have_value(WORDS)


def test_a_draft_is_thrown_away_by_keyboard_after_a_question(therapist, form):
    therapist.goto(form)
    write(therapist, WORDS)
    expect(state(therapist)).to_have_text(KEPT)
    therapist.goto(form)
    keys = Keys(therapist)

    keys.to("Start again without it")
    keys.press("Enter")
    keys.to("Throw the draft away")
    keys.press("Enter")

    expect(therapist.get_by_text("The draft is thrown away.")).to_be_visible()
    expect(therapist.get_by_label("Note", exact=True)).to_have_value("")


def test_nothing_that_was_typed_stays_in_the_browser(therapist, form):
    sent = []
    therapist.on("request", lambda request: sent.append(request.url))
    therapist.goto(form)
    write(therapist, WORDS)
    expect(state(therapist)).to_have_text(KEPT)

    kept = therapist.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")

    assert "lighter" not in kept
    assert not [url for url in sent if re.search("lighter|Came", url)]


def test_two_editors_meet_on_one_page_and_both_texts_stay_in_the_record(page_of, therapist, course):
    therapist.watch.may_answer.add(409)
    edit = f"/courses/{course.id}/sessions/5/edit"
    therapist.goto(edit)
    write(therapist, "Came in lighter. Sad on Sunday, the usual family day.")
    expect(state(therapist)).to_have_text(KEPT)
    other = page_of("therapist")
    other.request.get(edit)
    _save_elsewhere(therapist, edit, "Came in lighter. Phoned about next week.")

    therapist.get_by_role("button", name="Save session").click()
    expect(therapist.get_by_role("heading", level=1)).to_have_text("Two versions of session 5")
    look(therapist, "two versions of a session")
    keys = Keys(therapist)
    keys.to("Keep both, one after the other")
    for _ in range(2):
        keys.press("ArrowLeft")
    expect(therapist.get_by_label("Keep this version")).to_be_checked()
    for _ in range(3):
        keys.press("ArrowRight")
    expect(therapist.get_by_label("Note, written anew")).to_be_visible()
    keys.to("Note, written anew")
    keys.press("Control+a")
    keys.write("Came in lighter; sad on Sunday, and phoned about next week.")
    look(therapist, "two versions written anew")
    keys.press("Control+Enter")

    expect(therapist.get_by_role("heading", level=1)).to_have_text("Session 5")
    page = therapist.get_by_role("main")
    expect(page).to_contain_text("Came in lighter; sad on Sunday, and phoned about next week.")
    expect(page).to_contain_text("Sad on Sunday, the usual family day.")
    expect(page).to_contain_text("Phoned about next week.")


def _save_elsewhere(page: Page, edit: str, note: str) -> None:
    """Save another version of the note in a window without scripts, with a form of its own."""
    context = page.context.browser.new_context(
        base_url=page.url.partition("/courses")[0],
        java_script_enabled=False,
        storage_state=page.context.storage_state(),
    )
    other = context.new_page()
    other.goto(edit)
    version = other.locator("input[name='version']").input_value()
    assert version
    other.get_by_label("Note", exact=True).fill(note)
    other.get_by_role("button", name="Save session").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Session 5")
    context.close()

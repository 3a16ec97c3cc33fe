"""Rating a session by the keyboard, blind, as fast as a form of the measures."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from ipt_tracker.clinical.fidelity.codes import RaterRole, Selection
from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import FidelityRating, SessionRecord
from ipt_tracker.services.fidelity.doors import RatedKind, open_rated
from ipt_tracker.services.fidelity.requests import ask_for_rating
from ipt_tracker.services.unit_of_work import writing
from tests.browser.keys import Keys
from tests.browser.looking import look
from tests.browser.site import NOW, TODAY

pytestmark = pytest.mark.browser

FOURTEEN = "y4y2p3" + "y3y3y3" + "y4y4y3y3y2" + "y5" + "y4y4"
"""Two keys an item: delivered, and how well."""


@pytest.fixture
def supervisor(page_of):
    return page_of("supervisor")


@pytest.fixture
def session(site, course):
    wanted = select(SessionRecord.id).where(SessionRecord.course_id == course.id)
    with site.database.read() as db:
        return db.scalars(wanted.order_by(SessionRecord.slot)).all()[3]


@pytest.fixture
def form(session):
    return f"/fidelity/session/{session}/rate"


def ratings(site, session):
    with site.database.read() as db:
        wanted = select(FidelityRating).where(FidelityRating.session_id == session)
        return list(db.scalars(wanted))


def pressed(page):
    """Give the keys of what is chosen, row by row."""
    script = "els => els.map(each => each.dataset.key).join('')"
    return page.locator(".item.rated input:checked").evaluate_all(script)


def say_basis(page):
    """Say how one knows the session, as the form asks first: a letter finds it, Enter goes on."""
    page.keyboard.press("f")
    expect(page.get_by_label("Basis")).to_have_value("full_recording")
    page.keyboard.press("Enter")


def test_enter_on_a_basis_that_is_not_said_submits_nothing(supervisor, form):
    supervisor.goto(form)
    supervisor.keyboard.press("Enter")
    expect(supervisor.get_by_label("Basis")).to_be_focused()
    expect(supervisor.get_by_role("alert")).to_have_count(0)


def test_a_part_of_a_recording_leads_to_its_minutes(supervisor, form):
    supervisor.goto(form)
    supervisor.keyboard.press("p")
    supervisor.keyboard.press("Enter")
    expect(supervisor.get_by_label("Minutes heard")).to_be_focused()


def test_fourteen_items_are_twenty_eight_keys_and_two_for_the_whole(
    supervisor, site, session, form
):
    supervisor.goto(form)
    expect(supervisor.get_by_label("Basis")).to_be_focused()
    look(supervisor, "a rating, nothing answered")
    say_basis(supervisor)
    keys = Keys(supervisor)

    keys.type(FOURTEEN)  # the first item has the focus
    assert keys.pressed == 28
    board = supervisor.get_by_role("region", name="Rated so far")
    expect(board).to_contain_text("14 of 14 rated")
    expect(board).to_contain_text("overall competence and alliance to go.")
    keys.type("34")
    assert keys.pressed == 30
    expect(board).to_contain_text("Everything is rated.")
    expect(supervisor.get_by_label("Cognitive restructuring or exposure tasks")).to_be_focused()
    look(supervisor, "a rating, answered")
    keys.press("Control+Enter")

    expect(supervisor).not_to_have_url(form)
    expect(supervisor.get_by_text("Your rating is submitted.")).to_be_visible()
    (row,) = ratings(site, session)
    assert row.basis == "full_recording"
    assert (row.global_competence, row.alliance) == (3, 4)
    assert row.items["F11"] == {"d": 0.5, "q": 3}  # the third on the page
    assert [each["q"] for each in row.items.values() if each["q"] is None] == []


def test_no_and_not_applicable_are_one_key_and_rest_the_keys_of_quality(supervisor, form):
    supervisor.goto(form)
    say_basis(supervisor)
    keys = Keys(supervisor)
    rows = supervisor.locator(".item.rated")

    keys.type("n-y3")

    assert pressed(supervisor) == "n-y3"
    for nth in (0, 1):
        expect(rows.nth(nth).locator(".quality input").first).to_be_disabled()
    expect(rows.nth(2).locator(".quality input").first).to_be_enabled()


def test_quality_goes_when_an_item_was_not_delivered_after_all(supervisor, form):
    supervisor.goto(form)
    say_basis(supervisor)
    keys = Keys(supervisor)

    keys.type("y4")
    keys.press("ArrowUp")
    keys.type("n")

    assert pressed(supervisor) == "n"


def test_backspace_takes_one_answer_back_and_arrows_answer_nothing(supervisor, form):
    supervisor.goto(form)
    say_basis(supervisor)
    keys = Keys(supervisor)

    keys.type("y4y2")
    keys.press("Backspace")  # the quality of the second item
    assert pressed(supervisor) == "y4y"
    keys.press("Backspace")  # that it was delivered
    assert pressed(supervisor) == "y4"
    keys.press("Backspace")  # the quality of the first
    assert pressed(supervisor) == "y"
    keys.type("5")
    keys.press("ArrowDown")
    keys.press("Enter")
    keys.type("p1")

    assert pressed(supervisor) == "y5p1"
    expect(supervisor.locator(".item.rated").nth(3).locator("input:checked")).to_have_count(2)
    expect(supervisor.get_by_role("heading", level=1)).to_contain_text("Rate ")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("4", "say first whether it was delivered, with Y, P, N or -."),
        ("y7", "Quality goes from 1 to 5."),
    ],
)
def test_a_key_that_answers_nothing_is_said(supervisor, form, typed, says):
    supervisor.goto(form)
    say_basis(supervisor)

    Keys(supervisor).type(typed)

    said = supervisor.locator("[data-says]")
    expect(said).to_contain_text(says)
    expect(said).to_be_in_viewport()


def test_a_draft_is_kept_while_one_rates_and_gone_once_it_is_submitted(
    supervisor, site, session, form
):
    supervisor.goto(form)
    say_basis(supervisor)
    keys = Keys(supervisor)
    keys.type(FOURTEEN[:10])
    expect(supervisor.get_by_text("Draft kept")).to_be_visible()
    supervisor.get_by_role("button", name="Keep draft and leave").click()

    expect(supervisor.get_by_role("heading", level=1)).to_have_text("Ratings")
    look(supervisor, "ratings, one begun")
    supervisor.locator(f"a[href='{form}']").click()
    expect(supervisor.get_by_text("not saved yet.")).to_be_visible()
    assert pressed(supervisor) == FOURTEEN[:10]
    supervisor.watch.may_answer.add(422)
    supervisor.get_by_role("button", name="Submit rating and unseal").click()

    expect(supervisor.get_by_role("alert")).to_contain_text("Not submitted yet: three places")
    look(supervisor, "a rating with gaps")
    assert ratings(site, session) == []


def test_a_second_rater_goes_from_the_list_to_the_form_and_submits(page_of, site, session, course):
    supervisor, second = site.person("supervisor"), site.person("therapist2")
    actor = supervisor.actor(site.person("therapist"))
    with writing(site.database, actor, NOW, TODAY) as work:
        found = open_rated(work, RatedKind.SESSION, session, Permission.SUPERVISE)
        ask_for_rating(
            *(work, found, second.id, RaterRole.INDEPENDENT, Selection.CHOSEN),
            reason="a second opinion",
            due_on=TODAY + timedelta(days=7),
        )
    page = page_of("therapist2")
    page.goto("/fidelity")
    look(page, "ratings, one asked")
    page.get_by_role("link", name=f"{course.code}, session 4").click()
    expect(page.get_by_text("14 items, overall competence and alliance to go.")).to_be_visible()
    say_basis(page)
    keys = Keys(page)

    keys.type(FOURTEEN + "34")
    page.get_by_label("In your own words").fill("Stayed with the feeling.")
    keys.press("Control+Enter")

    expect(page.get_by_text("Your rating is submitted.")).to_be_visible()
    (row,) = ratings(site, session)
    assert (row.role, row.selection, row.remark) == (
        "independent",
        "chosen",
        "Stayed with the feeling.",
    )

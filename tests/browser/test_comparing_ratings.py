"""Blind ratings that open side by side: two raters and a consensus; feedback read and answered."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from ipt_tracker.persistence.models import SessionRecord
from tests.browser.looking import look
from tests.factories.compared import rate_as, whole

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Rated:
    """A session of a journey's own course, by its id and its address."""

    id: object
    url: str
    code: str


@pytest.fixture
def rated(site, course) -> Rated:
    """Give the first session of a course of the therapist's own."""
    with site.database.read() as db:
        first = select(SessionRecord.id).where(SessionRecord.course_id == course.id)
        found = db.scalars(first.order_by(SessionRecord.slot)).first()
    return Rated(found, f"/fidelity/session/{found}", course.code)


def rate(page, rated, quality, **others):
    """Fill in the form of a rating, every item delivered at one quality; `others` says which not.

    The form stands on the page.
    """
    page.get_by_label("Basis").select_option("Full recording")
    groups = page.locator("[data-item]")
    for place in range(groups.count()):
        item = groups.nth(place)
        item.get_by_role("radiogroup", name="Delivered").locator("label").nth(0).click()
        wanted = others.get(f"item{place + 1}", quality)
        item.get_by_role("radiogroup", name="Quality").locator("label").nth(wanted - 1).click()
    for name in ("Overall competence", "Alliance"):
        whole_session = page.get_by_role("group", name=name)
        whole_session.get_by_role("radiogroup").locator("label").nth(quality - 1).click()
    page.get_by_label("In your own words").fill("Stayed with the feeling.")
    page.get_by_role("button", name="Submit rating and unseal").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare ratings")


def test_a_supervisor_rates_blind_compares_and_gives_feedback_that_is_acknowledged(
    page_of, site, rated
):
    # given a session that its therapist has rated
    with site.writing("therapist") as work:
        rate_as(work, rated.id, whole(4, "I liked the pace."))

    # when the supervisor opens it, it is sealed
    page = page_of("supervisor")
    page.goto(rated.url)
    main = page.get_by_role("main")
    expect(main).to_contain_text("sealed for you")
    expect(main).to_contain_text("R. Calder")
    assert "I liked the pace." not in page.content()
    look(page, "ratings sealed")

    # when the supervisor has rated it, both stand side by side
    page.get_by_role("link", name="Rate this session").click()
    assert "I liked the pace." not in page.content()
    rate(page, rated, 3, item2=2)
    expect(main).to_contain_text("before you saw any other")
    expect(main).to_contain_text("2 higher")
    expect(main).to_contain_text("I liked the pace.")
    look(page, "ratings compared")

    # then feedback begins with the rater's own words, and is sent
    page.get_by_role("link", name="Write feedback").click()
    expect(page.get_by_label("Keep doing")).to_have_value("Stayed with the feeling.")
    page.get_by_label("Try next").fill("Ask what he wants before rehearsing it.")
    look(page, "feedback on a rating")
    page.get_by_role("button", name="Send feedback").click()
    expect(main).to_contain_text("not yet")

    # when the therapist reads it, they can answer and acknowledge it, once
    theirs = page_of("therapist")
    theirs.goto(rated.url)
    expect(theirs.get_by_role("main")).to_contain_text("Ask what he wants before rehearsing it.")
    look(theirs, "feedback to read")
    theirs.get_by_label("Your answer").fill("I will.")
    theirs.get_by_role("button", name="Acknowledge feedback").click()
    expect(theirs.get_by_role("main")).to_contain_text("by R. Calder")
    expect(theirs.get_by_role("button", name="Acknowledge feedback")).to_have_count(0)

    # then the supervisor sees when, and the answer
    page.goto(rated.url)
    expect(main).to_contain_text("I will.")


def test_two_raters_and_a_consensus(page_of, site, rated):
    # given a session that its supervisor has rated
    page = page_of("supervisor")
    page.goto(f"{rated.url}/rate")
    rate(page, rated, 3)

    # when a colleague is asked, they rate it blind and see nothing else of the course
    page.get_by_role("link", name="Ask a second rater").click()
    page.get_by_label("Who rates it").select_option(label="A. Okafor")
    page.get_by_label("Why this session").fill("To agree on how we rate.")
    page.get_by_role("button", name="Ask to rate this session").click()
    expect(page.get_by_role("row").filter(has_text="A. Okafor")).to_contain_text("waits")
    look(page, "a second rater is asked")
    second = page_of("therapist2")
    second.goto(rated.url)
    expect(second.get_by_role("main")).to_contain_text("sealed for you")
    assert "Stayed with the feeling." not in second.content()
    second.get_by_role("link", name="Rate this session").click()
    rate(second, rated, 3, item1=5)
    expect(second.get_by_role("main")).not_to_contain_text("R. Calder")
    look(second, "ratings compared by a second rater")

    # when the two talk, the consensus begins with what they said alike
    page.goto(rated.url)
    page.get_by_role("link", name="Add a consensus rating").click()
    first = page.locator("[data-item]").first
    quality = first.get_by_role("radiogroup", name="Quality")
    expect(first).to_contain_text("I. Marlowe: yes, quality 3; A. Okafor: yes, quality 5")
    expect(
        first.get_by_role("radiogroup", name="Quality").get_by_role("radio", checked=True)
    ).to_have_count(0)
    look(page, "consensus begun")
    quality.locator("label").nth(3).click()
    page.get_by_role("button", name="Save consensus").click()

    # then it is a third record beside the two, which stay as they were
    row = page.get_by_role("row").filter(has_text="Opens by tying mood")
    expect(row).to_contain_text("yes, 3")
    expect(row).to_contain_text("yes, 5")
    expect(row).to_contain_text("yes, 4")
    expect(page.get_by_role("main")).to_contain_text("agreed on by A. Okafor and I. Marlowe")
    look(page, "ratings with a consensus")

    # when one's own rating was wrong, it is amended and says what it was
    page.get_by_role("link", name="Amend your rating").click()
    page.locator("[data-item]").first.get_by_role("radiogroup", name="Quality").locator(
        "label"
    ).nth(1).click()
    page.get_by_label("Why you amend it").fill("Misread the scale.")
    look(page, "amending a rating")
    page.get_by_role("button", name="Amend your rating").click()
    expect(page.get_by_role("row").filter(has_text="Misread the scale.")).to_contain_text("quality")
    look(page, "ratings amended")

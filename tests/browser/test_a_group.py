"""A group at a keyboard: a session with six members, a cancellation, and what a co-leader sees."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import pytest
from playwright.sync_api import expect

from ipt_tracker.services.groups import change_co_leader
from tests.browser.keys import Keys
from tests.browser.looking import look
from tests.factories.groups import GroupRef, add_group, add_meeting, opened

pytestmark = pytest.mark.browser

ENOUGH_KEYS = 90
"""Presses beside the words, for a session of six members with one absent and one late."""
_COUNTED = count(1)


@dataclass(frozen=True)
class Group:
    """A group of the therapist, by what a journey needs."""

    ref: GroupRef
    code: str

    @property
    def url(self) -> str:
        return f"/groups/{self.ref.id}"


@pytest.fixture
def group(site) -> Group:
    """Give a group of six with one session a week ago, which two people lead."""
    code = f"GB-{next(_COUNTED)}"
    with site.writing("therapist") as work:
        first = work.today - timedelta(weeks=1)
        ref = add_group(work, 6, code, first)
        change_co_leader(work, opened(work, ref.id), site.person("therapist2").id, first)
        add_meeting(work, ref, first, theme="Why we are here")
    return Group(ref, code)


def test_a_leader_logs_a_session_with_one_absent_and_one_late_by_keyboard(therapist, group):
    page = therapist
    page.goto(group.url)
    page.get_by_role("link", name="Log group session 2").first.click()
    expect(page).to_have_title("Log group session 2 | IPT Tracker")
    page.wait_for_load_state("load")

    keys = Keys(page)
    expect(page.get_by_label("Theme")).to_be_focused()
    keys.write("Losing a role")
    keys.to("How the group worked")
    keys.write("Warmer than the week before.")
    first, late, away = (f"{group.ref.names[n]}, {group.ref.codes[n]}" for n in range(3))
    keys.to(f"Note, {group.ref.codes[0]}")
    keys.write("Spoke of the old team.")
    keys.to(late)
    keys.type("Attended, l")
    keys.to("Minutes late")
    keys.type("15")
    keys.to(away)
    keys.type("n")
    keys.to("Why risk was not asked of the others")
    keys.write("not asked in the group, asked at the individual meetings")
    expect(page.get_by_role("combobox", name=late)).to_have_value("attended_late")
    keys.press("Control+Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Group session 2")
    expect(page.get_by_role("status").filter(has_text="The group session is saved")).to_be_visible()
    main = page.get_by_role("main")
    expect(main).to_contain_text("Losing a role")
    expect(main).to_contain_text("Late: 15 minutes.")
    expect(main).to_contain_text(f"{away}, no-show")
    expect(main).to_contain_text(f"{first}, attended")
    assert keys.pressed <= ENOUGH_KEYS, keys.told
    look(page, "group session just logged")
    page.get_by_role("button", name="Sign the group record and the 6 notes that are yours").click()
    expect(page.get_by_role("status").filter(has_text="and 6 notes.")).to_be_visible()
    look(page, "group session signed")
    page.get_by_role("link", name="Members and sessions").click()
    row = page.get_by_role("row").filter(has_text=group.ref.codes[2])
    expect(row).to_contain_text("50 % (1 of 2)")


def test_a_whole_group_cancellation_takes_no_number_and_is_nobodys_absence(therapist, group):
    page = therapist
    page.goto(group.url)
    page.get_by_role("link", name="Whole group cancelled").click()
    page.get_by_label("Why it was cancelled").fill("Heavy snow.")
    page.get_by_role("button", name="Save cancellation").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Cancelled session of")
    page.get_by_role("link", name="Members and sessions").click()
    row = page.get_by_role("row").filter(has_text=group.ref.codes[0])
    expect(row).to_contain_text("100 % (1 of 1)")
    expect(page.get_by_role("link", name="Log group session 2").first).to_be_visible()
    look(page, "group with a cancelled session")


def test_what_is_wrong_in_a_row_is_led_to_and_nothing_is_lost(therapist, group):
    page = therapist
    page.watch.may_answer.add(422)
    page.goto(f"{group.url}/sessions/new")
    page.get_by_label(f"Note, {group.ref.codes[1]}").fill(f"thinks of {group.ref.names[0]}")
    page.get_by_label("Why risk was not asked of the others").fill("later")
    page.get_by_role("button", name="Save group session").click()

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("as in the name or code of another member")
    expect(alert).to_be_focused()
    expect(page.get_by_label(f"Note, {group.ref.codes[1]}")).to_have_value(
        f"thinks of {group.ref.names[0]}"
    )
    look(page, "group session asked about a name")


def test_a_co_leader_sees_the_group_and_its_notes_and_no_way_into_a_course(page_of, group):
    page = page_of("therapist2")
    page.goto("/groups")
    page.get_by_role("link", name=group.code, exact=True).click()
    expect(page.get_by_role("row").filter(has_text=group.ref.names[0])).to_be_visible()
    expect(page.get_by_role("main").locator("a[href^='/courses/']")).to_have_count(0)
    look(page, "group as its co-leader sees it")

    page.get_by_role("link", name="Group session 1").click()
    expect(page.get_by_role("main")).to_contain_text(group.ref.names[0])
    expect(page.get_by_role("button", name="Sign the group record", exact=True)).to_be_visible()
    page.watch.may_answer.add(404)
    page.goto(f"/courses/{group.ref.courses[0]}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Not found")

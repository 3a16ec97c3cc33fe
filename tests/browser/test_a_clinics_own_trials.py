"""A supervisor keeps a set of trials: by form, from a file looked at first, one withdrawn."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import look

pytestmark = pytest.mark.browser
FILE = (
    "study,g,se_g,subgroup,population\n"
    "Trial A,-0.62,0.21,waiting list,veterans\n"
    "Trial B,-0.15,0.19,other therapy,\n"
    "Trial C,-0.30,0.25,other therapy,\n"
)


def test_a_supervisor_makes_a_set_adds_trials_and_withdraws_one(page_of):
    page = page_of("supervisor")
    page.watch.may_answer.add(422)
    page.goto("/evidence/sets")
    look(page, "no evidence set yet")
    page.get_by_role("link", name="Make a set").first.click()
    page.get_by_label("Name of the set").fill("IPT against other therapies")
    page.get_by_role("button", name="Make set").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what was measured.")
    expect(page.get_by_label("Name of the set")).to_have_value("IPT against other therapies")
    page.get_by_label("What was measured").fill("PTSD symptoms")
    page.get_by_label("Last search").fill("2026-01-31")
    page.get_by_label("Why this set").fill("To see what newer trials add.")
    page.get_by_label("Where was searched").fill("PubMed")
    look(page, "an evidence set being made")
    page.get_by_role("button", name="Make set").click()
    look(page, "an evidence set without trials")

    by_form(page)
    from_a_file(page)

    expect(page.get_by_text("Two results, kept apart")).to_be_visible()
    expect(page.get_by_text("Test for differences")).to_be_visible()
    look(page, "an evidence set with its result")
    trials = page.get_by_role("region", name="Trials that count, table")
    trials.get_by_role("link", name="Withdraw Trial C").click()
    page.get_by_label("Reason").fill("It is the same trial as B.")
    look(page, "a trial being withdrawn")
    page.get_by_role("button", name="Withdraw").click()
    gone = page.get_by_role("region", name="Withdrawn trials, table")
    expect(gone).to_contain_text("It is the same trial as B.")
    look(page, "an evidence set with a withdrawn trial")


def by_form(page):
    page.get_by_role("link", name="Add a trial").first.click()
    page.get_by_label("Study").fill("Krupnick 2008")
    page.get_by_label("Subgroup").fill("waiting list")
    page.get_by_label("Source").fill("Krupnick 2008, Psychother Res 18:497")
    page.get_by_role("button", name="Add trial").click()
    expect(page.get_by_label("Study")).to_have_value("Krupnick 2008")
    page.get_by_label("Population").fill("low-income women")
    page.get_by_role("radio", name="not known").check()
    for label, value in (
        ("Mean, IPT", "40.6"),
        ("SD, IPT", "20.9"),
        ("People, IPT", "20"),
        ("Mean, control", "56.6"),
        ("SD, control", "25.1"),
        ("People, control", "7"),
    ):
        page.get_by_label(label).fill(value)
    look(page, "a trial being added")
    page.get_by_role("button", name="Add trial").click()
    expect(page.get_by_role("region", name="Trials that count, table")).to_contain_text("n = 20")


def from_a_file(page):
    page.get_by_role("link", name="Add from a file").click()
    hand_in(page, FILE.replace("0.19", "wide"))
    expect(page.get_by_role("alert")).to_contain_text("Row 3, column se_g")
    page.get_by_label("Source of all rows").fill("our own review")
    page.get_by_label("Population of all rows").fill("adults with PTSD")
    look(page, "trials from a file, not right yet")
    hand_in(page, FILE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Add these trials?")
    look(page, "trials of a file before they are kept")
    page.get_by_role("button", name="Add 3 trials").click()


def hand_in(page, text):
    file = {"name": "trials.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label("CSV file").set_input_files(files=[file])
    page.get_by_role("button", name="Look at the file").click()

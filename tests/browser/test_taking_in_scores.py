"""A therapist takes in scores of an earlier program: wrong rows first, then all, then undone."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.looking import look
from tests.browser.site import TODAY

pytestmark = pytest.mark.browser
HEAD = "Client;Test date;Scale;Score"


def test_a_therapist_takes_in_scores_and_takes_them_back(page_of, site):
    known = site.course()
    page = page_of("therapist")
    page.watch.may_answer.add(422)
    page.goto("/caseload/scores")
    days = [TODAY - timedelta(days=n) for n in (40, 47)]
    rows = [f"{known.code};{day:%d/%m/%Y};PCL-5;{50 + n}" for n, day in enumerate(days)]
    other = f"{known.code};{days[0]:%d/%m/%Y};BDI-II;21"

    wrong_first(page, [*rows, f"{known.code};soon;PCL-5;12", other])
    hand_in(page, [*rows, other])
    say_what_it_is(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Take in these scores?")
    table = page.get_by_role("region", name="Rows of the file, table")
    expect(table.get_by_role("row")).to_have_count(3)
    expect(page.get_by_text("Answers on suicide.")).to_be_visible()
    look(page, "rows of a spreadsheet before they are taken in")
    page.get_by_role("button", name="Take in 2 scores").click()

    expect(page.get_by_role("status").get_by_text("2 scores taken in.")).to_be_visible()
    look(page, "scores taken in from a spreadsheet")
    page.get_by_role("link", name="PCL-5, past week").first.click()
    expect(page).to_have_url(re.compile(f"/courses/{known.id}/measures/"))
    page.go_back()
    taken_back(page)


def wrong_first(page, rows):
    """Hand in a file with a row that is wrong: it is named, and the file is dropped."""
    hand_in(page, rows)
    look(page, "the columns of a spreadsheet")
    page.get_by_role("button", name="Look at the rows").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Choose a form, or leave these rows out.")
    alert.get_by_role("link").first.click()
    expect(page.get_by_label("“PCL-5” is")).to_be_focused()
    say_what_it_is(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Rows that are wrong")
    wrong = page.get_by_role("region", name="Rows that are wrong, table")
    expect(wrong).to_contain_text("B, Test date")
    expect(wrong).to_contain_text("“soon” is no date")
    look(page, "rows of a spreadsheet that are wrong")
    page.get_by_role("button", name="Drop the spreadsheet").click()
    expect(page.get_by_role("status").get_by_text("Nothing of it is kept.")).to_be_visible()


def hand_in(page, rows):
    text = "\r\n".join([HEAD, *rows])
    file = {"name": "old.csv", "mimeType": "text/csv", "buffer": text.encode("utf-16")}
    page.get_by_label("Spreadsheet, CSV or XLSX").set_input_files(files=[file])
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Columns of the spreadsheet")


def say_what_it_is(page):
    page.get_by_label("“PCL-5” is").select_option("pcl5_week")
    page.get_by_label("“BDI-II” is").select_option("leave")
    order = page.get_by_role("radio", name="Day first")
    if order.count():  # on some days of the year every date can be read in one way alone
        order.check()
    page.get_by_role("button", name="Look at the rows").click()


def taken_back(page):
    page.get_by_role("link", name="Undo all of it").click()
    page.get_by_role("button", name="Undo all of it").click()
    expect(page.get_by_role("alert")).to_contain_text("Give the reason.")
    page.get_by_label("Reason").fill("the dates are of another study")
    look(page, "a spreadsheet being undone")
    page.get_by_role("button", name="Undo all of it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Scores taken in and undone")
    expect(page.get_by_text("Withdrawn", exact=True)).to_have_count(2)
    look(page, "a spreadsheet that was undone")

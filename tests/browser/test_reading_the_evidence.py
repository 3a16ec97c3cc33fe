"""Reading the evidence: from the navigation to the doubts, the trials, and a picture to keep."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import look

pytestmark = pytest.mark.browser


def heading(page):
    return page.get_by_role("heading", level=1)


def test_a_sceptical_therapist_reads_the_effect_its_doubts_and_the_trials(therapist):
    therapist.goto("/today")
    therapist.get_by_role("link", name="Evidence", exact=True).click()

    expect(heading(therapist)).to_have_text("Evidence: IPT for PTSD")
    expect(therapist.get_by_text("62 times in 100")).to_be_visible()
    for plot in ("forest", "funnel"):
        expect(therapist.locator(f'figure img[src$="/{plot}.svg"]')).to_be_visible()
    effects = therapist.get_by_role("region", name="Pooled effect and subgroups, table")
    expect(effects).to_contain_text("no evidence that these differ, p = 0.15")
    look(therapist, "evidence")

    therapist.get_by_role("link", name="All 27 with their checks").click()
    expect(heading(therapist)).to_have_text("Points that do not add up")
    expect(therapist.locator("tbody tr")).to_have_count(27)
    look(therapist, "points that do not add up")

    therapist.get_by_role("main").get_by_role("link", name="Evidence").click()
    therapist.get_by_role("link", name="The trials", exact=True).click()
    expect(heading(therapist)).to_have_text("The trials of IPT for PTSD")
    expect(therapist.get_by_text("not a replication")).to_be_visible()
    look(therapist, "trials")


@pytest.mark.parametrize("who", ["supervisor", "admin"])
def test_other_roles_read_it_too_and_take_a_picture_along(page_of, who):
    page = page_of(who)
    page.goto("/evidence")
    panel = page.get_by_role("region", name="Pooled effect and subgroups", exact=True)
    panel.locator("summary").click()

    with page.expect_download() as kept:
        panel.get_by_role("link", name="PDF").click()
    assert kept.value.suggested_filename == "evidence-forest.pdf"

    with page.expect_download() as kept:
        page.get_by_role("link", name="Figures, CSV").click()
    assert kept.value.suggested_filename == "evidence-figures.csv"

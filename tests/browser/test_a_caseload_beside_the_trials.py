"""A caseload beside the trials: found from the caseload, narrowed down, downloaded."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import look

pytestmark = pytest.mark.browser


def test_a_therapist_reads_the_own_caseload_and_takes_the_figures_along(therapist):
    therapist.goto("/caseload")
    therapist.get_by_role("link", name="Beside the trials").click()

    expect(therapist.get_by_role("heading", level=1)).to_have_text("My caseload beside the trials")
    change = therapist.get_by_role("region", name="Change from start to end, table")
    expect(change).to_contain_text("Everyone who started")
    expect(change).to_contain_text("Completers")
    expect(therapist.get_by_text("There is no control group here.").first).to_be_visible()
    look(therapist, "caseload beside the trials")

    with therapist.expect_download() as kept:
        therapist.get_by_role("link", name="Figures, CSV").click()
    assert kept.value.suggested_filename == "benchmark-figures.csv"


def test_a_part_of_the_caseload_is_chosen_and_under_ten_there_is_no_mean(therapist):
    therapist.goto("/benchmark")
    therapist.get_by_label("Measure", exact=True).select_option(label="CAPS-5, past month")
    therapist.get_by_label("Focal area", exact=True).select_option(label="Grief")
    therapist.get_by_role("button", name="Show", exact=True).click()

    expect(therapist.get_by_role("link", name="Take the filters off")).to_be_visible()
    expect(therapist.get_by_text("no mean below 10").first).to_be_visible()
    expect(therapist.get_by_text("one-sided p")).to_have_count(0)
    look(therapist, "caseload beside the trials, few courses")


def test_a_supervisor_sees_supervisees_together_and_nobody_by_name(page_of, site):
    page = page_of("supervisor")
    page.goto("/supervision")
    page.get_by_role("link", name="Caseload beside the trials").click()

    title = "Supervisees’ caseload beside the trials"
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    names = [site.person(who).name for who in ("therapist", "therapist2")]
    for name in names:
        expect(page.locator("main").get_by_text(name)).to_have_count(0)
    look(page, "supervisees beside the trials")

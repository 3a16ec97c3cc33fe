"""One patient beside the trials: the picture, the place of the change, another SD, a file."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.looking import look

pytestmark = pytest.mark.browser


def test_a_therapist_reads_the_change_beside_the_trials_and_tries_another_sd(therapist, course):
    therapist.goto(f"/courses/{course.id}/progress")
    panel = therapist.get_by_role("region", name="Beside the trials")

    expect(panel.locator('img[src*="beside.svg"]')).to_be_visible()
    expect(panel).to_contain_text("Smallest important difference: 8.5 to 12.5 points")
    expect(panel).to_contain_text("no evidence that these groups differ")
    expect(panel).to_contain_text("not a forecast for one person")
    table = panel.get_by_role("region", name="Comparison table")
    for words in ("Expected if the trials apply", "a scenario", "Waiting-list patients"):
        expect(table).to_contain_text(words)
    look(therapist, "a patient beside the trials")

    panel.get_by_label("Points at an SD of").select_option(index=1)
    panel.get_by_role("button", name="Recalculate").click()
    expect(therapist).to_have_url(re.compile("sd="))
    expect(panel.locator('img[src*="sd="]')).to_be_visible()

    panel.get_by_text("Download").first.click()
    with therapist.expect_download() as kept:
        panel.get_by_role("link", name="Document, PDF").click()
    assert kept.value.suggested_filename == "beside-the-trials.pdf"

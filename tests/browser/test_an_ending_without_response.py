"""The termination phase of a course that has not helped enough: extend, then sequence."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import look

pytestmark = pytest.mark.browser

NO_RESPONSE = (58, 57, 59, 56, 58, 57, 55, 58, 56, 57, 55, 56, 57)
"""Thirteen sessions of fourteen, and no reliable change."""


def test_a_treatment_that_falls_short_is_extended_and_then_goes_over_to_another(therapist, site):
    known = site.course(NO_RESPONSE)
    therapist.goto(f"/courses/{known.id}")
    notice = therapist.get_by_role("region", name="So far this treatment has not reached enough")
    expect(notice).to_contain_text("the treatment's shortfall, not the patient's")
    look(therapist, "near the end without response")

    notice.get_by_role("link", name="agree more sessions").click()
    therapist.get_by_label("Planned sessions").fill("18")
    therapist.get_by_label("Last session, as told to the patient").fill("2026-04-15")
    therapist.get_by_label("Why the contract changes").fill("two deaths in the family")
    therapist.get_by_label("The patient agreed to the change").check()
    therapist.get_by_role("button", name="Save contract").click()
    strip = therapist.get_by_role("region", name="Patient and course")
    expect(strip).to_contain_text("13 of 18")
    expect(therapist.get_by_role("region", name="Contract")).to_contain_text("Extension: 14 to 18")

    therapist.watch.may_answer.add(422)
    therapist.goto(f"/courses/{known.id}/end")
    therapist.get_by_role("radiogroup", name="How it ended").get_by_label(
        "Completed", exact=True
    ).check()
    therapist.get_by_label("What was decided").select_option("sequenced_to_other_treatment")
    therapist.get_by_role("button", name="End course").click()
    expect(therapist.get_by_role("alert")).to_contain_text("Say which treatment or service goes on")
    look(therapist, "ending refused")
    therapist.get_by_label("Which treatment or service goes on").fill("trauma-focused therapy")
    therapist.get_by_role("button", name="End course").click()

    ended = therapist.get_by_role("region", name="Ended")
    expect(ended).to_contain_text("Sequenced to another treatment")
    expect(ended).to_contain_text("trauma-focused therapy")
    look(therapist, "course sequenced")

    ended.get_by_role("link", name="Let the course go on").click()
    therapist.get_by_label("Why the course goes on").fill("the place fell through")
    therapist.get_by_role("button", name="Let the course go on").click()
    expect(therapist.get_by_role("region", name="Focal areas")).to_contain_text("Open")


def test_a_course_that_the_patient_left_keeps_its_outcome_unknown(therapist, site):
    known = site.course((58, 40))
    therapist.goto(f"/courses/{known.id}/end")
    therapist.get_by_role("radiogroup", name="How it ended").get_by_label("Dropped out").check()
    therapist.get_by_label("What was decided").select_option("closed_by_service")
    therapist.get_by_role("button", name="End course").click()

    expect(therapist.get_by_role("region", name="Ended")).to_contain_text(
        "Unknown: the patient left. That is not the same as no change."
    )
    look(therapist, "course dropped out")

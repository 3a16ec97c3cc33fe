"""From a new patient to a focal area and a changed contract."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import look

pytestmark = pytest.mark.browser


def test_a_new_patient_gets_a_course_a_focal_area_and_a_changed_contract(therapist):
    therapist.goto("/caseload")
    therapist.get_by_role("link", name="New patient").click()
    therapist.get_by_label("Clinic code").fill("N-2026")
    therapist.get_by_label("Name", exact=True).fill("Ragna Tveit")
    therapist.get_by_label("Birth date").fill("1988-07-30")
    therapist.get_by_role("radiogroup", name="Primary diagnosis").get_by_label("PTSD").check()
    therapist.get_by_label("Protocol", exact=True).select_option("IPT-PTSD-14")
    therapist.get_by_label("First day").fill("2026-03-04")
    therapist.get_by_role("button", name="Start course").click()

    expect(therapist.get_by_role("heading", level=1)).to_have_text("Course, N-2026")
    expect(therapist.get_by_role("region", name="Patient and course")).to_contain_text(
        "Ragna Tveit"
    )
    expect(therapist.get_by_role("link", name="Log session 1").first).to_be_visible()
    look(therapist, "course just started")

    therapist.get_by_role("link", name="Open a focal area").click()
    therapist.get_by_label("Focal area").select_option("grief")
    therapist.get_by_label("From").fill("2026-03-11")
    therapist.get_by_label("With whom, or about what").fill("her father")
    therapist.get_by_role("button", name="Open focal area").click()
    expect(therapist.get_by_role("region", name="Patient and course")).to_contain_text(
        "Focus: grief"
    )

    therapist.watch.may_answer.add(422)
    therapist.get_by_role("link", name="Change contract").click()
    therapist.get_by_label("Planned sessions").fill("16")
    therapist.get_by_role("button", name="Save contract").click()
    expect(therapist.get_by_role("alert")).to_be_focused()
    expect(therapist.get_by_label("Planned sessions")).to_have_value("16")
    look(therapist, "contract without a reason")
    therapist.get_by_label("Why the contract changes").fill("the anniversary falls in week 15")
    therapist.get_by_label("The patient agreed to the change").check()
    therapist.get_by_role("button", name="Save contract").click()

    contract = therapist.get_by_role("region", name="Contract")
    expect(contract).to_contain_text("the anniversary falls in week 15")
    expect(contract).to_contain_text("16")
    look(therapist, "contract changed")


def test_a_code_that_is_taken_is_said_beside_the_code(therapist, course):
    therapist.watch.may_answer.add(422)
    therapist.goto("/courses/new")

    therapist.get_by_label("Clinic code").fill(course.code)
    therapist.get_by_label("Notes").fill("Referred by the ward.")
    therapist.get_by_role("button", name="Start course").click()

    expect(therapist.get_by_role("alert")).to_contain_text("Clinic code")
    expect(therapist.get_by_label("Clinic code")).to_have_attribute("aria-invalid", "true")
    expect(therapist.get_by_label("Notes")).to_have_value("Referred by the ward.")
    look(therapist, "new patient refused")

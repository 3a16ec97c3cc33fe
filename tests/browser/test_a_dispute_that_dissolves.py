"""The middle phase: a dispute is staged, dissolves, and the focus goes over to the new role."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import look

pytestmark = pytest.mark.browser


def test_a_dispute_that_dissolves_is_switched_to_a_role_transition(therapist, course):
    therapist.goto(f"/courses/{course.id}")
    therapist.get_by_role("link", name="Switch from Role transition").click()
    therapist.get_by_label("Focal area").select_option("dispute")
    therapist.get_by_label("With whom, or about what").fill("her husband")
    therapist.get_by_label("Why the focus changes").fill("the quarrels came to the fore")
    therapist.get_by_role("button", name="Switch focal area").click()
    expect(therapist.get_by_role("region", name="Focal areas")).to_contain_text("Role dispute")

    therapist.goto(f"/courses/{course.id}/sessions/new")
    therapist.get_by_role("radiogroup", name="Focal area worked on").get_by_label("dispute").check()
    therapist.get_by_role("radiogroup", name="Stage of the dispute").get_by_label(
        "Dissolution"
    ).check()
    therapist.get_by_label("Say who the dispute is with").check()
    therapist.get_by_role("radiogroup", name="Was risk asked about?").get_by_label(
        "Asked: none"
    ).check()
    therapist.get_by_role("button", name="Save session").click()
    therapist.get_by_role("link", name="Switch").first.click()

    expect(therapist.get_by_role("heading", level=1)).to_have_text("Switch the focal area")
    expect(therapist.get_by_label("Focal area")).to_have_value("role_transition")
    look(therapist, "switching the focal area")
    therapist.get_by_label("With whom, or about what").fill("living alone")
    therapist.get_by_label("Why the focus changes").fill("the marriage ended")
    therapist.get_by_label("The formulation was gone through anew").check()
    therapist.get_by_label("The patient agreed to the change").check()
    therapist.get_by_role("button", name="Switch focal area").click()

    contract = therapist.get_by_role("region", name="Contract")
    expect(contract).to_contain_text("Focus switch: role dispute to role transition")
    expect(contract).to_contain_text("the marriage ended")
    areas = therapist.get_by_role("region", name="Focal areas")
    expect(areas).to_contain_text("Left: the marriage ended")
    look(therapist, "course after the switch")

    areas.get_by_role("link", name="Role dispute").click()
    expect(therapist.get_by_role("region", name="Stages of the dispute")).to_contain_text(
        "Dissolution"
    )
    expect(therapist.get_by_role("region", name="Strategies")).to_contain_text("session 6")
    look(therapist, "focal area")

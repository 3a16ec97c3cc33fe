"""Taking files away from a course: listed on one page, taken with a reason, opened and read."""

import json
from pathlib import Path

import pytest
from fhir.resources.R4B.bundle import Bundle
from playwright.sync_api import expect
from sqlalchemy import select

from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import AuditEntry
from tests.browser.looking import look
from tests.factories.fhir import broken_rules, of_type
from tests.factories.pdfs import said

pytestmark = pytest.mark.browser

A_SECOND = 1100
"""Milliseconds after which the same form may be sent for another file."""
REASON = "the hospital keeps its own record"


def take(page, file):
    """Choose a file of the whole course, say why, and give what was downloaded."""
    page.wait_for_timeout(A_SECOND)
    page.get_by_label(file).check()
    page.get_by_label("Reason").fill(REASON)
    with page.expect_download() as kept:
        page.get_by_role("button", name="Download").click()
    content = json.loads(Path(kept.value.path()).read_bytes())
    return kept.value.suggested_filename, content


def test_a_therapist_takes_the_files_of_a_course_away_and_reads_them(therapist, site, course):
    therapist.goto(f"/courses/{course.id}")
    therapist.get_by_role("navigation", name="Course").get_by_role("link", name="Files").click()
    expect(therapist.get_by_role("heading", level=1)).to_have_text(f"Files, {course.code}")
    look(therapist, "files of a course")

    therapist.watch.may_answer.add(422)
    therapist.get_by_role("button", name="Download").click()
    expect(therapist.get_by_role("alert")).to_contain_text("Choose a file.")
    look(therapist, "files of a course, not yet")

    name, made = take(therapist, "FHIR, with the name")
    assert name == "fhir.json"
    Bundle.model_validate(made)
    assert broken_rules(made) == []
    assert of_type(made, "Patient")[0]["name"] == [{"text": course.name}]

    name, made = take(therapist, "FHIR, without names")
    assert name == "fhir_without_names.json"
    assert course.name not in json.dumps(made)
    assert course.code not in json.dumps(made)

    name, made = take(therapist, "Whole record, JSON")
    assert name == "course.json"
    assert made["schema"] == "ipt-course-bundle/2"

    with therapist.expect_download() as kept:
        therapist.get_by_role("link", name="Progress report, PDF", exact=True).click()
    assert course.code in said(Path(kept.value.path()).read_bytes())

    own = select(AuditEntry.details).where(AuditEntry.event == Event.COURSE_EXPORTED)
    with site.database.read() as session:
        rows = list(session.scalars(own.order_by(AuditEntry.id.desc()).limit(3)))
    assert [row["reason"] for row in rows] == [REASON] * 3

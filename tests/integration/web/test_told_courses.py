"""The told courses of the demo, on their pages: maintenance, a drop-out, an end."""

from datetime import date

import pytest
from sqlalchemy import select

from ipt_tracker.cli.demo import days_to_now
from ipt_tracker.exchange import course_bundle
from ipt_tracker.persistence.models import Course, StaffCode
from ipt_tracker.services.imports import Options, import_bundle
from tests.factories.pages import read, says

ACUTE = "20 (session 8, 13 Oct 2025), down 14: no reliable change"


@pytest.fixture
def told(clinic, client_of):
    """Take in the demo's bundle as the therapist's own; give a page of a case by its name."""
    bundle = course_bundle.read_demo()
    with clinic.writing() as work:
        work.session.add_all(
            StaffCode(code=f"TH-0{n}", account_id=clinic.therapist.id) for n in range(1, 5)
        )
        work.session.flush()
        import_bundle(work, bundle, Options(days_to_now(bundle, clinic.today)))
    with clinic.reading() as work:
        ids = dict(tuple(row) for row in work.session.execute(select(Course.case_id, Course.id)))
    client = client_of(clinic.therapist)
    return lambda case, place="": read(client.get(f"/courses/{ids[case]}{place}"))


def meaning(page):
    return says(page.one("section[@aria-labelledby='judged-head']"))


def test_a_last_score_of_a_maintenance_visit_is_said_to_be_one(told):
    overview, progress = told("SYN-06"), told("SYN-06", "/progress")

    said = f"Maintenance visits are included. Last score of the acute treatment: {ACUTE}."
    assert said in overview.main
    assert said in progress.main
    assert "first to last score, maintenance visits included" in meaning(progress)
    assert f"Acute treatmentLast score: {ACUTE}" in meaning(progress)
    assert "The last score is of a maintenance visit; the trials' figures are" in progress.main


@pytest.mark.parametrize("case", ["SYN-01", "SYN-02", "SYN-04"])
def test_a_course_without_maintenance_says_nothing_of_it(told, case):
    page = told(case, "/progress")

    assert "maintenance visit" not in page.main.lower()
    assert "acute treatment" not in page.main.lower()


def test_the_change_of_a_patient_who_left_is_never_called_an_outcome(told):
    said = meaning(told("SYN-04", "/progress"))

    assert "outcome" not in said.lower()
    assert "Unchanged" not in said
    assert "First to last scoreNo reliable change, judged by Marx 2022, sample 1: less" in said
    assert "First to last scoreCannot tell: it needs two complete scores" in said


def test_an_ended_course_does_not_speak_of_what_is_still_to_come(told):
    for case in ("SYN-04", "SYN-06"):
        page = told(case)

        assert " yet" not in page.main
        assert "Inventory not recorded" in page.main
        assert "No formulation is recorded." in page.main
        assert "has one score" in page.main
        assert "so change cannot be told" in page.main
    assert "No focal area is recorded." in told("SYN-04").main


def test_what_was_not_reached_was_due_before_today(told, clinic):
    rows = told("SYN-02").main

    assert "due 9 Mar, not reached" in rows
    assert date(2026, 3, 9) < clinic.today

"""Removing old records from the command line: a backup first, and only what may go."""

import json
from datetime import timedelta

import pytest

from ipt_tracker.cli.house import opened
from ipt_tracker.governance.access import Role
from ipt_tracker.persistence.models import Course, Patient
from ipt_tracker.services.retention import set_years
from ipt_tracker.services.unit_of_work import writing
from tests.factories.bundles import case, session
from tests.factories.people import add_person
from tests.integration.cli.conftest import NOW

CODE = "OLD-01"


@pytest.fixture
def old(house, take_in, change):
    """Take in a course that ended long ago, in a clinic that keeps records for ten years."""
    take_in(case(CODE, session(1, 1, total=40)))

    def end(db):
        course = db.query(Course).one()
        course.status, course.ended_on = "completed", course.started_on + timedelta(days=100)

    change(end)
    database = opened(house.load())
    with writing(database, None, NOW) as work:
        admin = add_person(work, "a@clinic.example", "A. Min", Role.ADMINISTRATOR)
    with writing(database, admin.actor(), NOW) as work:
        set_years(work, 1)
    database.close()


def patients(house):
    database = opened(house.load())
    with database.read() as db:
        found = [each.code for each in db.query(Patient)]
    database.close()
    return found


def test_without_a_period_the_list_says_so(run):
    assert run("retention", "list") == (
        0,
        "No period is chosen. An administrator chooses one under Records.\n",
    )


def test_a_patient_past_the_period_is_listed_by_code(old, run):
    code, said = run("retention", "list", "--json")

    found = json.loads(said)
    assert (code, found["years"]) == (0, 1)
    assert [(each["code"], each["held"]) for each in found["past"]] == [(CODE, False)]


def test_removing_makes_a_backup_and_takes_the_records_away(old, run, house):
    code, said = run("retention", "remove", CODE, "--yes")

    assert (code, patients(house)) == (0, [])
    (made,) = house.load().backups.iterdir()
    assert str(made) in said
    assert run("backup", "verify", str(made))[0] == 0


def test_a_patient_who_is_not_there_is_refused_before_any_backup(old, run, house):
    code, _ = run("retention", "remove", "NOBODY", "--yes")

    assert code == 1
    assert not house.load().backups.exists()
    assert patients(house) == [CODE]

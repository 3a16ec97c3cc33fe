"""Administrators are told when the newest backup is too old, and nobody else."""

from dataclasses import replace

import pytest

from tests.factories.people import Person

TOLD = "no checked backup of the last 24 hours"


@pytest.fixture
def late(app):
    """Let the newest backup be too old."""
    app.extensions["ipt_tracker"] = replace(
        app.extensions["ipt_tracker"], backup_is_late=lambda _: True
    )


def said_to(client_of, person: Person, page: str) -> bool:
    answer = client_of(person).get(page)
    assert answer.status_code == 200
    return TOLD in answer.text


def test_an_administrator_is_told_of_a_late_backup(late, client_of, clinic):
    assert said_to(client_of, clinic.admin, "/people")


def test_nobody_else_is_told(late, client_of, clinic):
    assert not said_to(client_of, clinic.therapist, "/caseload")


def test_a_backup_in_time_is_not_spoken_of(client_of, clinic):
    assert not said_to(client_of, clinic.admin, "/people")

"""An administrator made at the machine, and a code for whoever is locked out."""

from datetime import UTC, datetime

import pytest

from ipt_tracker.cli.house import opened
from ipt_tracker.services.identity.password_by_code import PasswordByCode, set_password
from ipt_tracker.services.identity.sign_ins import sign_in
from tests.factories.tables import audit_rows

EMAIL, PASSWORD, NEW = "a@clinic.example", "five quick brown jars", "seven walnuts under a bridge"


@pytest.fixture
def records(house):
    """Open the records of the instance beside the commands."""
    database = opened(house.load())
    yield database
    database.close()


def make_administrator(run, password=PASSWORD):
    return run("admin", EMAIL, "--name", "A. Gray", "--password", password)


def code_in(said):
    return said.split()[0]


def test_an_administrator_is_made_with_a_password_and_can_sign_in(run, records):
    code, said = make_administrator(run)

    assert (code, said) == (0, "a@clinic.example can sign in as administrator.\n")
    assert sign_in(records, EMAIL, PASSWORD, datetime.now(UTC)).token


@pytest.mark.parametrize("password", ["too short", "password password", "A. Gray clinic 1"])
def test_the_command_keeps_the_rule_for_passwords(run, records, password):
    code, _ = make_administrator(run, password)

    assert code != 0
    assert sign_in(records, EMAIL, password, datetime.now(UTC)).token is None


def test_a_code_lets_the_only_administrator_set_a_new_password(house, run, records):
    make_administrator(run)

    code, said = run("access-code", EMAIL.upper())

    assert code == 0
    now, key = datetime.now(UTC), house.load().keys.factor
    entered = PasswordByCode(EMAIL, code_in(said), NEW)
    assert set_password(records, entered, now, key) is None
    assert sign_in(records, EMAIL, NEW, now).token
    made = [row for row in audit_rows(records) if row.event == "account.access_code_made"]
    assert [row.actor_id for row in made] == [None]
    assert code_in(said) not in str(vars(made[0]))


def test_a_code_for_a_lost_factor_needs_a_factor(run):
    make_administrator(run)

    assert run("access-code", EMAIL, "--second-factor")[0] != 0


def test_there_is_no_code_for_an_unknown_address(run):
    code, said = run("access-code", "nobody@clinic.example")

    assert code != 0
    assert "No account has this e-mail address." in said

"""Wrong tries: who waits, for how long, and what ends it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from ipt_tracker.app import create_app
from ipt_tracker.config import Kind
from ipt_tracker.persistence.models import Throttle
from ipt_tracker.services.identity import throttle
from ipt_tracker.services.identity.sign_ins import REFUSED, sign_in
from ipt_tracker.services.unit_of_work import reading, writing
from tests.factories.clinic import NOW
from tests.factories.pages import read, submit
from tests.factories.people import PASSWORD, Clock
from tests.factories.stores import config_of, on_every_engine
from tests.factories.tables import audit_rows

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
ADDRESS = "192.0.2.7"
WRONG = "this is not the right one"


def attempt(clinic, now=NOW, email=None, password=WRONG, address=ADDRESS):
    email = email or clinic.therapist.email
    return sign_in(clinic.database, email, password, now, address=address)


def waits(clinic, now=NOW, account="somebody", address=ADDRESS):
    with reading(clinic.database, None, now) as work:
        return throttle.wait_for(work.session, now, account=account, address=address)


def fail(clinic, now=NOW, account="somebody", address=ADDRESS):
    with writing(clinic.database, None, now) as work:
        throttle.count_failure(work, account=account, address=address)


def locked_out(clinic):
    rows = [row for row in audit_rows(clinic.database) if row.event == "account.locked_out"]
    return [row.details["counted"] for row in rows]


@on_every_engine
def test_four_wrong_tries_cost_nothing_and_the_fifth_half_a_minute(clinic):
    for _ in range(4):
        assert attempt(clinic).refusal == REFUSED

    fifth = attempt(clinic)

    assert fifth.refusal == "Too many tries did not succeed. Try again in 30 seconds."
    assert attempt(clinic, password=PASSWORD).refusal == fifth.refusal
    assert attempt(clinic, NOW + 29 * SECOND, password=PASSWORD).token is None
    assert attempt(clinic, NOW + 30 * SECOND, password=PASSWORD).token


def test_each_further_wrong_try_doubles_the_wait_up_to_a_quarter_of_an_hour(clinic):
    now, took = NOW, []
    for nth in range(16):
        fail(clinic, now)
        wait = waits(clinic, now)
        took.append(wait and wait.total_seconds())
        now += wait or timedelta()
        assert waits(clinic, now) is None, nth

    assert took[:10] == [None, None, None, None, 30, 60, 120, 240, 480, 900]
    assert set(took[9:]) == {900}


def test_tries_while_one_waits_are_neither_counted_nor_checked(clinic):
    for _ in range(5):
        attempt(clinic)
    before = audit_rows(clinic.database)

    for _ in range(20):
        attempt(clinic, password=PASSWORD)

    assert len(audit_rows(clinic.database)) == len(before)
    assert attempt(clinic, NOW + 30 * SECOND, password=PASSWORD).token


def test_a_wait_that_begins_is_written_down_once(clinic):
    for _ in range(9):
        attempt(clinic)

    assert locked_out(clinic) == ["account"]
    (row,) = [r for r in audit_rows(clinic.database) if r.event == "account.locked_out"]
    assert row.subject_id == str(clinic.therapist.id)


@on_every_engine
def test_an_unknown_person_waits_like_a_known_one(clinic):
    known = [attempt(clinic).refusal for _ in range(7)]
    unknown = [attempt(clinic, email="nobody@clinic.example").refusal for _ in range(7)]
    again = [attempt(clinic, email=" Nobody@Clinic.example ").refusal for _ in range(2)]

    assert known == unknown
    assert again == unknown[-2:]


def test_the_right_password_wipes_the_slate_clean(clinic):
    for _ in range(4):
        attempt(clinic)
    assert attempt(clinic, password=PASSWORD).token

    assert {attempt(clinic).refusal for _ in range(4)} == {REFUSED}


def test_a_day_without_a_wrong_try_wipes_it_too(clinic):
    for _ in range(4):
        fail(clinic)

    fail(clinic, NOW + timedelta(days=1))

    assert waits(clinic, NOW + timedelta(days=1)) is None
    with clinic.reading() as work:
        assert work.session.scalar(select(func.count()).select_from(Throttle)) == 3


def test_one_account_does_not_slow_another_down(clinic):
    for _ in range(6):
        attempt(clinic)

    assert attempt(clinic, email=clinic.therapist2.email, password=PASSWORD).token


@on_every_engine
def test_thirty_wrong_tries_of_one_address_in_a_quarter_of_an_hour_close_it(clinic):
    for nth in range(30):
        assert waits(clinic, NOW + nth * SECOND) is None
        fail(clinic, NOW + nth * SECOND, account=f"person {nth}")

    closed = NOW + 29 * SECOND
    assert waits(clinic, closed, account="somebody else") == 15 * MINUTE
    assert waits(clinic, NOW + 15 * MINUTE, account="somebody else")
    assert waits(clinic, closed, account="somebody else", address="192.0.2.8") is None
    assert waits(clinic, closed + 15 * MINUTE, account="somebody else") is None
    assert locked_out(clinic) == ["address"]


def test_thirty_wrong_tries_spread_over_a_longer_time_close_nothing(clinic):
    for nth in range(60):
        fail(clinic, NOW + nth * 40 * SECOND, account=f"person {nth}")
        assert waits(clinic, NOW + nth * 40 * SECOND) is None, nth


def test_an_address_that_is_closed_refuses_the_right_password_too(clinic):
    for nth in range(30):
        fail(clinic, account=f"person {nth}")

    assert attempt(clinic, password=PASSWORD).token is None
    assert attempt(clinic, password=PASSWORD, address="192.0.2.8").token


def test_two_hundred_wrong_tries_in_five_minutes_slow_everybody(clinic):
    with writing(clinic.database, None, NOW) as work:
        for nth in range(199):
            throttle.count_failure(work, account=f"person {nth}", address=f"host {nth}")
    assert waits(clinic, address="host 500") is None

    fail(clinic, account="the last", address="host 200")

    assert waits(clinic, address="host 500") == 5 * MINUTE
    assert waits(clinic, NOW + 5 * MINUTE - SECOND, address="host 500") == SECOND
    assert waits(clinic, NOW + 5 * MINUTE, address="host 500") is None
    assert locked_out(clinic) == ["global"]


def test_a_restart_forgives_nothing(clinic, tmp_path):
    """Two applications on one database: the second is told what the first has counted."""
    answers = []
    for _ in range(2):
        app = create_app(config_of(clinic.store, Kind.DEMO, tmp_path), Clock(NOW))
        client = app.test_client()
        typed = {"email": clinic.therapist.email, "password": WRONG}
        answers.extend(submit(client, "/sign-in", **typed) for _ in range(3))
        app.extensions["ipt_tracker"].database.close()

    said = ["30 seconds" in read(answer).main for answer in answers]
    assert said == [False] * 4 + [True] * 2
    assert {answer.status_code for answer in answers} == {422}


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        (timedelta(milliseconds=5), "1 second"),
        (SECOND, "1 second"),
        (29.2 * SECOND, "30 seconds"),
        (119 * SECOND, "119 seconds"),
        (120 * SECOND, "2 minutes"),
        (241 * SECOND, "5 minutes"),
    ],
)
def test_how_long_to_wait_is_said_in_words(wait, words):
    assert throttle.words(wait) == f"Too many tries did not succeed. Try again in {words}."

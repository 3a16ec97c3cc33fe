"""The run's own guards are believed because they are seen to refuse."""

import socket
from types import SimpleNamespace

import psycopg
import pytest

from tests.equipment import last_line


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("clinic.example", 443)])
def test_a_test_that_reaches_for_another_machine_fails(address):
    with socket.socket() as anything, pytest.raises(Exception, match="Tests use no network"):
        anything.connect(address)


def test_a_test_may_talk_to_this_machine():
    here = socket.create_server(("127.0.0.1", 0))
    with here, socket.create_connection(here.getsockname()) as there:
        assert there.getpeername() == here.getsockname()


def skipped(reason):
    return SimpleNamespace(longrepr=("file", 1, f"Skipped: {reason}"))


def test_the_last_line_counts_what_passed_failed_and_was_skipped():
    stats = {"passed": [0] * 7, "failed": [0], "error": [0], "skipped": [skipped("not here")]}

    assert last_line(stats) == "7 passed, 2 failed, 1 skipped"


def test_the_last_line_says_which_kind_of_check_could_not_run_and_what_to_do():
    stats = {"skipped": [skipped("BROWSER: install Chromium")] * 3}

    assert last_line(stats) == (
        "0 passed, 0 failed, 3 skipped; BROWSER: 0 of 3 browser checks ran: install Chromium"
    )


@pytest.mark.postgres
def test_each_postgresql_database_is_fresh_and_goes_away(postgres):
    url = postgres.fresh()
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert tables.fetchone() == (0,)

    postgres.drop(url)

    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url.replace("+psycopg", ""))

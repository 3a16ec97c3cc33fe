"""The database is opened so that it cannot lose, leak or guess: on every connection of the pool."""

import sqlite3
from contextlib import ExitStack

import pytest
import sqlcipher3.dbapi2
from sqlalchemy import QueuePool, text
from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError

from ipt_tracker.persistence.connection import wal_is_safe
from ipt_tracker.persistence.engine import open_database
from ipt_tracker.persistence.schema import SchemaTooOld, require_newest
from tests.factories.stores import KEY, POSTGRESQL, SQLCIPHER, SQLITE, on_every_engine

in_files = pytest.mark.parametrize("engine", [SQLCIPHER, SQLITE], indirect=True)
ALWAYS = {
    "foreign_keys": 1,
    "busy_timeout": 10_000,
    "recursive_triggers": 1,
    "secure_delete": 1,
    "trusted_schema": 0,
}
WAL_FULL = {"journal_mode": "wal", "synchronous": 2}
DELETE_EXTRA = {"journal_mode": "delete", "synchronous": 3}


def pragmas(connection, names):
    return {name: connection.scalar(text(f"PRAGMA {name}")) for name in names}


@in_files
def test_every_connection_of_the_pool_has_every_setting(clinic, engine):
    module = sqlcipher3.dbapi2 if engine == SQLCIPHER else sqlite3
    expected = ALWAYS | (WAL_FULL if wal_is_safe(module.sqlite_version_info) else DELETE_EXTRA)
    reading = clinic.database.engine.execution_options(ipt_access="read")

    with ExitStack() as open_at_once:
        connections = [open_at_once.enter_context(reading.connect()) for _ in range(12)]
        found = [pragmas(connection, expected) for connection in connections]

    assert found == [expected] * 12


def test_the_embedded_engine_is_past_the_fault_that_damages_files():
    assert wal_is_safe(sqlcipher3.dbapi2.sqlite_version_info)


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 6, 23), True),
        ((3, 7, 0), False),
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_which_engines_may_use_a_write_ahead_log(version, safe):
    assert wal_is_safe(version) is safe


@on_every_engine
def test_the_pool_is_the_one_under_which_threads_do_not_crash_the_process(clinic):
    assert type(clinic.database.engine.pool) is QueuePool


@on_every_engine
def test_no_patients_words_stand_in_the_text_of_a_database_error(clinic):
    with pytest.raises(DBAPIError) as refused, clinic.writing() as work:
        work.session.execute(
            text("INSERT INTO patient (code, name) VALUES ('T-101', :name)"),
            {"name": "Imre Solberg"},
        )

    assert "Imre Solberg" not in str(refused.value)


@in_files
def test_errors_of_the_driver_arrive_as_those_of_the_framework(clinic):
    with pytest.raises(IntegrityError), clinic.writing() as work:
        work.session.execute(text("UPDATE course SET planned_sessions = 0"))


@pytest.mark.parametrize("key", [bytes(32), None])
def test_an_encrypted_database_does_not_open_with_another_key_or_with_none(clinic, key):
    url = clinic.store.url
    clinic.database.close()

    with pytest.raises(DatabaseError, match="file is not a database"):
        open_database(url, key).read().scalar(text("SELECT count(*) FROM patient"))


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_of_another_length_is_refused_before_the_file_is_touched(tmp_path, length):
    path = tmp_path / "records.db"

    if length:
        with pytest.raises(ValueError, match="32 bytes"):
            open_database(f"sqlite:///{path}", bytes(length))
    else:
        with pytest.raises(ValueError, match="32 bytes"):
            open_database(f"sqlite:///{path}", b"")

    assert not path.exists()


def test_a_flipped_bit_in_the_encrypted_file_is_refused_and_not_read_as_something_else(clinic):
    clinic.database.close()
    content = bytearray(clinic.store.path.read_bytes())
    for page in range(4096, len(content), 4096):
        content[page + 2000] ^= 1  # every page but the first, which names the tables
    clinic.store.path.write_bytes(content)

    database = open_database(clinic.store.url, KEY)
    with pytest.raises(DatabaseError), database.read() as session:
        session.scalar(text("SELECT name FROM patient"))
    database.close()


@pytest.mark.parametrize("engine", [SQLCIPHER], indirect=True)
def test_the_encrypted_file_and_its_log_hold_no_plain_text(clinic):
    with clinic.writing() as work:
        work.session.execute(text("UPDATE patient SET notes = 'quartz pelican'"))
    log = clinic.store.path.with_name(clinic.store.path.name + "-wal")

    content = clinic.store.path.read_bytes() + log.read_bytes()

    assert log.stat().st_size > 0
    for word in (b"quartz pelican", b"Imre Solberg", b"patient", b"SQLite format 3"):
        assert word not in content, word


@pytest.mark.parametrize("engine", [SQLITE], indirect=True)
def test_the_same_words_are_found_in_a_file_that_is_not_encrypted(clinic):
    clinic.database.close()
    content = clinic.store.path.read_bytes()

    assert b"Imre Solberg" in content
    assert b"SQLite format 3" in content


@on_every_engine
def test_the_application_does_not_start_on_an_older_schema(clinic, engine):
    with clinic.writing() as work:
        work.session.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    with pytest.raises(SchemaTooOld, match="at schema 0000"):
        require_newest(clinic.database)


@on_every_engine
def test_foreign_keys_hold(clinic):
    with pytest.raises(IntegrityError), clinic.writing() as work:
        work.session.execute(text("DELETE FROM patient"))


@pytest.mark.parametrize(
    "engine", [pytest.param(POSTGRESQL, marks=pytest.mark.postgres)], indirect=True
)
def test_the_database_server_keeps_what_it_acknowledged(clinic):
    with clinic.database.engine.connect() as connection:
        assert connection.scalar(text("SHOW synchronous_commit")) == "on"

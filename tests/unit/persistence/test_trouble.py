"""Telling trouble outside the program from a fault in it, by what each engine says."""

import sqlite3

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from ipt_tracker.persistence.trouble import Trouble, trouble_of

SOME = "UPDATE course SET version=2"
AUDIT_ROW = "INSERT INTO audit_entry (id) VALUES (1)"


def said(words):
    return OperationalError(SOME, {}, sqlite3.OperationalError(words))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("database is locked", Trouble.BUSY),
        ("database or disk is full", Trouble.FULL),
        ("disk I/O error", Trouble.DISK),
        ("attempt to write a readonly database", Trouble.DISK),
        ("unable to open database file", Trouble.DISK),
        ("no such table: course", None),
    ],
)
def test_what_sqlite_says_is_understood(words, expected):
    assert trouble_of(said(words)) is expected


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (psycopg.errors.LockNotAvailable, Trouble.BUSY),
        (psycopg.errors.DeadlockDetected, Trouble.BUSY),
        (psycopg.errors.DiskFull, Trouble.FULL),
        (psycopg.errors.ReadOnlySqlTransaction, Trouble.DISK),
        (psycopg.OperationalError, Trouble.GONE),
        (psycopg.errors.AdminShutdown, Trouble.GONE),
    ],
)
def test_what_postgresql_says_is_understood(error, expected):
    assert trouble_of(OperationalError(SOME, {}, error())) is expected


def test_a_broken_connection_leaves_it_open_whether_the_last_save_arrived():
    broken = DBAPIError(SOME, {}, psycopg.OperationalError(), connection_invalidated=True)

    assert trouble_of(broken) is Trouble.GONE


def test_an_audit_row_that_is_refused_is_trouble_and_any_other_row_is_a_fault_of_ours():
    refused = sqlite3.IntegrityError("refused")

    assert trouble_of(IntegrityError(AUDIT_ROW, {}, refused)) is Trouble.AUDIT
    assert trouble_of(IntegrityError(SOME, {}, refused)) is None

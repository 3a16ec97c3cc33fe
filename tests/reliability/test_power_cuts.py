"""The power fails during saves: with the application's settings nothing acknowledged is lost."""

import os
import random
import sqlite3

import apsw
import pytest

from ipt_tracker.persistence.connection import Setting, require, settings_for
from tests.reliability.power import NAME, Cut, Disk, ForgetfulDisk

CUTS = int(os.environ.get("IPT_TEST_CUTS", "60"))
SAVES = max(80, CUTS)
NAMED = {"wal": "SQLite with a log", "delete": "SQLite with a rollback journal"}
SOUND, FAULTY = (3, 53, 4), (3, 40, 1)
"""An engine with a sound log, and one on which the application keeps a rollback journal."""

# A program with a disk of its own writes the index of the log into no shared memory; a short log
# is copied into the file often, which is when a weak setting loses.
FOR_THE_TRIAL = (("locking_mode", "EXCLUSIVE"), ("wal_autocheckpoint", "20"))


def weaker(settings, synchronous, answer):
    """Give the application's settings with a weaker promise."""
    changed = Setting("synchronous", synchronous, answer)
    return tuple(changed if each.name == "synchronous" else each for each in settings)


def run(folder, settings, seed):
    """Save rows one by one on a disk that loses power at random moments; give what each leaves."""
    (folder / "counted").mkdir()
    quiet = Disk(frozenset())
    saves(folder / "counted" / "records.db", settings, quiet)
    chosen = random.Random(seed).sample(range(1, quiet.moments + 1), CUTS)  # noqa: S311 -- no secret
    (folder / "cut").mkdir()
    disk = Disk(frozenset(chosen))
    saves(folder / "cut" / "records.db", settings, disk)
    return disk.cuts


def saves(path, settings, disk):
    system = ForgetfulDisk(disk)
    connection = apsw.Connection(str(path), vfs=NAME)
    try:
        has_log = ("journal_mode", "wal") in {(each.name, each.answer) for each in settings}
        for pragma in FOR_THE_TRIAL if has_log else ():
            connection.pragma(*pragma)
        for setting in settings:
            connection.pragma(setting.name, setting.to)
        require(connection.cursor(), settings, encrypted=False)
        connection.execute("CREATE TABLE saved (id INTEGER PRIMARY KEY, words TEXT NOT NULL)")
        for nth in range(1, SAVES + 1):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO saved VALUES (?, ?)", (nth, f"words {nth} " * 40))
            connection.execute("COMMIT")
            disk.acknowledged = nth
    finally:
        connection.close()
        system.unregister()


def left(cut: Cut, folder):
    """Start again on what a cut left: the rows that are there, and what the engine says of it."""
    cut.lay_down(folder)
    connection = sqlite3.connect(folder / "records.db")
    try:
        whole = connection.execute("PRAGMA integrity_check").fetchone()[0]
        tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
        rows = connection.execute("SELECT id FROM saved").fetchall() if tables else []
    except sqlite3.DatabaseError as error:
        return set(), str(error)
    finally:
        connection.close()
    return {row[0] for row in rows}, whole


def outcome(folder, cuts):
    """Say how many acknowledged rows all cuts lost, and how many files they damaged."""
    lost = damaged = 0
    for nth, cut in enumerate(cuts):
        rows, whole = left(cut, folder / str(nth))
        damaged += whole != "ok"
        lost += len(set(range(1, cut.acknowledged + 1)) - rows)
    return lost, damaged


JOURNALS = pytest.mark.parametrize(
    ("version", "journal", "weak"),
    [(SOUND, "wal", ("NORMAL", "1")), (FAULTY, "delete", ("FULL", "2"))],
    ids=["log", "journal"],
)


@JOURNALS
def test_the_power_fails_and_every_acknowledged_row_is_there(
    tmp_path, version, journal, weak, figures
):
    settings = settings_for(version, foreign_keys=True)
    assert journal in {each.answer for each in settings}

    cuts = run(tmp_path, settings, seed=20)

    assert len(cuts) == CUTS
    assert sum(cut.acknowledged for cut in cuts) > CUTS
    lost, damaged = outcome(tmp_path, cuts)
    saved = sum(cut.acknowledged for cut in cuts)
    figures(
        "power",
        NAMED[journal],
        cuts=CUTS,
        acknowledged_saves=saved,
        lost=lost,
        damaged_files=damaged,
    )
    assert (lost, damaged) == (0, 0)


@JOURNALS
def test_a_control_with_a_weaker_promise_loses_so_the_trial_can_tell(
    tmp_path, version, journal, weak, figures
):
    cuts = run(tmp_path, weaker(settings_for(version, foreign_keys=True), *weak), seed=20)

    lost, damaged = outcome(tmp_path, cuts)
    figures("power", NAMED[journal], lost_by_the_control=lost)
    assert lost > 0
    assert damaged == 0

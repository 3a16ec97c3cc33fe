"""Backups, restores, upgrades and moves as people do them: by command."""

import json
import os
import resource
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from ipt_tracker.__main__ import House
from ipt_tracker.cli.backup import make
from ipt_tracker.cli.house import opened
from ipt_tracker.cli.main import commands
from ipt_tracker.cli.schedule import Schedule, hourly
from ipt_tracker.persistence import audit_chain, backup_folder, copying, schema
from ipt_tracker.persistence.models import AuditEntry
from ipt_tracker.persistence.recovery_key import encode

PATIENTS = ("generate", "--patients", "3", "--seed", "1")
LARGEST_FILE = 200_000
"""Bytes: less than a backup needs."""


@pytest.fixture
def run(house):
    """Run a command on the instance; give its exit code, what it said, and why it failed."""

    def command(*arguments):
        done = CliRunner().invoke(commands, arguments, obj=house)
        return done.exit_code, done.output + str(done.exception or "")

    return command


@pytest.fixture
def filled(house, run):
    """Give the configuration of an instance with three invented patients."""
    assert run(*PATIENTS)[0] == 0
    return house.load()


def contents(config):
    database = opened(config)
    try:
        return copying.contents(database)
    finally:
        database.close()


def events(config):
    database = opened(config)
    with database.read() as session:
        found = session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)).all()
    database.close()
    return found


def key_file(config, tmp_path):
    file = tmp_path / "recovery.txt"
    file.write_text(" ".join(encode(config.keys.root)), encoding="utf-8")
    return str(file)


def on_a_new_machine(tmp_path, monkeypatch):
    """Point at a folder in which there is no instance."""
    monkeypatch.setenv("IPT_INSTANCE", str(tmp_path / "elsewhere" / "instance"))

    def command(*arguments, **options):
        done = CliRunner().invoke(commands, arguments, obj=House(), **options)
        return done.exit_code, done.output + str(done.exception or "")

    return command


def test_a_backup_is_made_verified_and_restored_on_a_new_machine(
    filled, run, tmp_path, monkeypatch
):
    file = tmp_path / "one.iptbackup"
    code, said = run("backup", str(file), "--json")
    assert code == 0, said
    assert json.loads(said.splitlines()[-1])["counts"]["patient"] == 3
    assert run("backup", "verify", str(file))[0] == 0
    before = contents(filled)

    elsewhere = on_a_new_machine(tmp_path, monkeypatch)
    code, said = elsewhere("restore", str(file), "--recovery-key-file", key_file(filled, tmp_path))

    assert code == 0, said
    config = House().load()
    assert config.keys.root == filled.keys.root
    assert config.instance != filled.instance
    after = contents(config)
    assert {n for n in before if before[n] != after[n]} <= {"audit_entry", "sign_in"}
    assert events(config)[-1] == "backup.restored"
    assert sorted(each.name for each in config.instance.iterdir()) == [
        "instance.json",
        "records.db",
    ]


def test_the_recovery_key_is_asked_for_and_a_slip_is_named(filled, run, tmp_path, monkeypatch):
    file = tmp_path / "one.iptbackup"
    run("backup", str(file))
    typed = list(encode(filled.keys.root))
    typed[4] = ("1" if typed[4][0] == "0" else "0") + typed[4][1:]

    elsewhere = on_a_new_machine(tmp_path, monkeypatch)
    code, said = elsewhere("restore", str(file), input=" ".join(typed) + "\n")

    assert code == 1
    assert "Group 5" in said
    assert not (tmp_path / "elsewhere").exists()
    assert elsewhere("restore", str(file), input=" ".join(encode(filled.keys.root)) + "\n")[0] == 0


def test_a_damaged_backup_restores_nothing_and_can_be_tried_again(
    filled, run, tmp_path, monkeypatch
):
    file = tmp_path / "one.iptbackup"
    run("backup", str(file))
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    key = key_file(filled, tmp_path)
    elsewhere = on_a_new_machine(tmp_path, monkeypatch)

    code, said = elsewhere("restore", str(file), "--recovery-key-file", key)
    assert (code, "cut short" in said) == (1, True)
    file.write_bytes(whole)

    assert elsewhere("restore", str(file), "--recovery-key-file", key)[0] == 0


def test_a_restore_over_records_is_refused_without_replace_and_keeps_the_old_ones(
    filled, run, tmp_path
):
    file = tmp_path / "one.iptbackup"
    run("backup", str(file))
    run("generate", "--patients", "2", "--seed", "2")
    later = contents(filled)

    assert "There is an instance" in run("restore", str(file))[1]
    assert contents(filled) == later
    code, said = run("restore", str(file), "--replace")

    assert code == 0, said
    assert contents(filled)["patient"].rows == 3
    assert "was made" in said
    assert "now ends at row" in said
    aside = next(filled.instance.glob("records.db.before-restore-of-*"))
    (filled.instance / "records.db").unlink()
    aside.rename(filled.instance / "records.db")
    assert contents(filled) == later


def test_a_restore_is_refused_while_the_records_are_in_use(filled, run, tmp_path):
    file = tmp_path / "one.iptbackup"
    run("backup", str(file))
    using = opened(filled)
    code, said = run("restore", str(file), "--replace")
    using.close()

    assert code == 1
    assert "in use" in said
    assert not list(filled.instance.glob("*before*"))
    assert run("restore", str(file), "--replace")[0] == 0


def test_the_audit_explains_a_restore(filled, run, tmp_path):
    file = tmp_path / "one.iptbackup"
    run("backup", str(file))
    run("generate", "--patients", "1", "--seed", "3")
    run("restore", str(file), "--replace")

    database = opened(filled)
    with database.read() as session:
        report = audit_chain.verify(session, filled.audit)
    database.close()
    assert report.findings == ()
    code, said = run("audit", "verify")
    assert (code, "A backup was restored at" in said) == (0, True)


def test_scheduled_backups_get_dated_names_and_old_ones_go(filled, run):
    now = datetime.now(UTC)
    filled.backups.mkdir()
    for day in range(60, 63):
        at = now - timedelta(days=day)
        make(filled, filled.backups / backup_folder.dated_name(at), at)
    leftover = filled.backups / f"{backup_folder.WORKING}gone"
    leftover.mkdir()
    os.utime(leftover, (0, 0))

    code, said = run("backup", "--scheduled", "--json")

    assert code == 0, said
    made = json.loads(said.splitlines()[-1])
    assert Path(made["file"]).parent == filled.backups
    assert len(backup_folder.listed(filled.backups)) == 4 - made["removed"]
    assert not leftover.exists()


def test_the_drill_restores_the_newest_backup_and_changes_nothing(filled, run):
    run("backup", "--scheduled")
    before = contents(filled)

    code, said = run("backup", "drill")

    assert code == 0, said
    assert "with every check in" in said
    assert contents(filled) == before


def test_the_schedule_makes_one_at_once_and_none_for_a_demo(filled, tmp_path, monkeypatch):
    tried = hourly(filled)
    tried.start()
    tried.stop()
    assert len(backup_folder.listed(filled.backups)) == 1

    monkeypatch.setenv("IPT_INSTANCE", str(tmp_path / "demo"))
    demo = House().create_instance("demo")
    with hourly(demo):
        pass
    assert not demo.backups.exists()


def test_a_schedule_outlives_a_failure():
    tries = []

    def fails():
        tries.append(1)
        raise OSError

    schedule = Schedule(fails, every=0.01)
    schedule.start()
    while len(tries) < 3:
        pass
    schedule.stop()


def test_an_upgrade_backs_up_first_and_skips_it_for_no_clinic(filled, run):
    schema.downgrade(filled.database_url, filled.database_key, "0006")

    code, said = run("upgrade", "--no-backup")
    assert (code, "Run it without --no-backup" in said) == (1, True)
    code, said = run("upgrade")

    assert code == 0, said
    assert backup_folder.newest(backup_folder.listed(filled.backups)) is not None
    assert events(filled)[-1] == "backup.made"
    assert "already" in run("upgrade")[1]


def test_records_move_to_a_server_and_back(filled, run, postgres_url, monkeypatch):
    code, said = run("move", "--to", postgres_url)
    assert code == 0, said
    moved = contents(filled_elsewhere(monkeypatch, postgres_url))
    monkeypatch.delenv("IPT_DATABASE_URL")
    with pytest.raises(Exception, match="were moved to"):
        House().load()

    monkeypatch.setenv("IPT_DATABASE_URL", postgres_url)
    (filled.instance / "records.db").rename(filled.instance / "old.db")
    code, said = run("move", "--to", f"sqlite:///{filled.instance / 'records.db'}")
    assert code == 0, said
    monkeypatch.delenv("IPT_DATABASE_URL")
    back = contents(House().load())
    assert {n for n in moved if moved[n] != back[n]} == {"audit_entry"}  # the move back itself


def filled_elsewhere(monkeypatch, url):
    monkeypatch.setenv("IPT_DATABASE_URL", url)
    return House().load()


def test_a_move_onto_records_is_refused(filled, run, postgres_url):
    code, said = run("move", "--to", postgres_url)
    assert code == 0, said
    (filled.instance / "moved.json").unlink()

    code, said = run("move", "--to", postgres_url)

    assert code == 1, said


@pytest.mark.skipif(os.name != "posix", reason="a limit on files is set as on Unix")
def test_a_full_disk_leaves_no_file(filled, tmp_path):
    target = tmp_path / "full" / "one.iptbackup"
    target.parent.mkdir()

    def with_little_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))

    done = subprocess.run(
        [sys.executable, "-m", "ipt_tracker", "backup", str(target)],
        preexec_fn=with_little_room,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "IPT_INSTANCE": str(filled.instance)},
    )

    assert done.returncode == 1, done.stderr
    assert "Nothing was left there" in done.stderr
    assert list(target.parent.iterdir()) == []

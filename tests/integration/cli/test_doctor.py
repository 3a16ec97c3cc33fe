"""One page of what is right, what is wrong and what to do; broken on purpose, one at a time."""

import json
import os
import shutil
from contextlib import closing
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from ipt_tracker.__main__ import House
from ipt_tracker.cli.doctor import checks
from ipt_tracker.cli.main import commands, main
from ipt_tracker.config import Kind, create_instance, load
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.audit_chain import anchor
from ipt_tracker.persistence.engine import open_database
from ipt_tracker.persistence.recovery_key import encode
from ipt_tracker.services.unit_of_work import Subject, writing
from tests.factories.stores import config_of, on_every_engine

NAMES = {"name", "state", "says", "do"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Make one clinic; each test gets a copy of it."""
    folder = tmp_path_factory.mktemp("made")
    create_instance("clinic", {"IPT_INSTANCE": str(folder / "clinic")})
    return folder


@pytest.fixture
def place(made, tmp_path, monkeypatch):
    """Give a folder that holds a clinic with its keys beside it."""
    shutil.copytree(made, tmp_path / "machine")
    for name in ("FLASK_DEBUG", "IPT_KEYS", "IPT_DATABASE_URL", "IPT_BACKUPS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("IPT_INSTANCE", str(tmp_path / "machine" / "clinic"))
    return tmp_path / "machine"


def run(*argv, typed=None):
    return CliRunner().invoke(commands, argv, obj=House(), input=typed)


def found(name, now=None):
    return next(check for check in checks(load(os.environ), now) if check.name == name)


def test_it_says_the_same_on_paper_and_for_machines(place):
    spoken, machine = run("doctor"), json.loads(run("doctor", "--json").stdout)

    assert set(machine) == {"ok", "checks"}
    assert {frozenset(check) for check in machine["checks"]} == {frozenset(NAMES)}
    for check in machine["checks"]:
        assert check["says"] in spoken.stdout or check["name"] == "disk"  # it changes meanwhile
        assert check["do"] in spoken.stdout
        assert bool(check["do"]) is (check["state"] != "ok"), check


def test_a_new_clinic_is_told_what_is_still_to_do(place):
    told = {check.name: check.state for check in checks(load(os.environ))}

    assert told["administrators"] == "bad"
    assert told["recovery key"] == told["backups"] == "warn"
    for name in ("safe to start", "engine", "schema", "integrity", "foreign keys", "disk", "clock"):
        assert told[name] == "ok", name
    assert run("doctor").exit_code == 1


def test_a_folder_that_others_can_read_is_named(place):
    (place / "clinic").chmod(0o755)

    check = found("mode")

    assert check.state == "bad"
    assert check.do.startswith("Run: chmod 700")


def test_a_page_that_was_changed_is_found(place):
    path = place / "clinic" / "records.db"
    content = bytearray(path.read_bytes())
    content[-2000] ^= 1
    path.write_bytes(content)

    names = {check.name for check in checks(load(os.environ)) if check.state == "bad"}

    assert names & {"integrity", "records"}


def test_an_older_schema_is_named_with_its_command(place):
    change("UPDATE alembic_version SET version_num = '0000'")

    assert "upgrade" in found("schema").do


def test_a_row_that_points_at_nothing_is_found(place):
    config = load(os.environ)
    loose = open_database(config.database_url, config.database_key, foreign_keys=False)
    with closing(loose), loose.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO recovery_code (id, account_id, code_digest, made_at) "
                "VALUES ('a', 'b', 'c', '2026-01-01 00:00:00')"
            )
        )

    assert found("foreign keys").state == "bad"


def test_a_clock_that_went_back_is_found(place):
    config = load(os.environ)
    database = open_database(config.database_url, config.database_key, audit=config.audit)
    with closing(database), writing(database, None, datetime(2026, 1, 2, tzinfo=UTC)) as work:
        work.audit(Event.SIGN_IN_REFUSED, Subject("account", "nobody"))

    assert found("clock", datetime(2026, 1, 1, tzinfo=UTC)).state == "bad"
    assert found("clock", datetime(2026, 1, 3, tzinfo=UTC)).state == "ok"


def test_a_full_disk_is_found(place, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))

    assert found("disk").state == "bad"


def change(statement):
    config = load(os.environ)
    database = open_database(config.database_url, config.database_key)
    with closing(database), database.engine.begin() as connection:
        connection.execute(text(statement))


def test_another_key_is_one_finding_and_not_a_crash(place):
    (place / "clinic.keys" / "database.key").write_text(bytes(range(1, 64, 2)).hex())

    told = run("doctor")

    assert told.exit_code == 1
    assert "records" in told.stdout


def test_a_backup_counts_for_a_day(place):
    assert run("backup", "--scheduled").exit_code == 0

    assert found("backups").state == "ok"
    assert found("backups", datetime.now(UTC) + timedelta(hours=25)).state == "warn"


def test_the_recovery_key_is_asked_for_until_it_was_typed_from_the_paper(place):
    groups = encode(load(os.environ).keys.root)
    printed = run("recovery-key").stdout
    for group in groups:
        assert group in printed

    wrong = ("0" if groups[0][0] != "0" else "1") + groups[0][1:]
    refused = run("recovery-key", "--confirm", typed=" ".join((wrong, *groups[1:])))
    assert refused.exit_code == 1
    assert "Group 1 " in refused.output
    assert found("recovery key").state == "warn"

    other = run("recovery-key", "--confirm", typed=" ".join(encode(bytes(32))))
    assert "another instance" in other.output
    assert found("recovery key").state == "warn"

    assert run("recovery-key", "--confirm", typed=" ".join(groups)).exit_code == 0
    assert found("recovery key").state == "ok"


@on_every_engine
def test_it_reads_the_records_on_every_engine(clinic, engine, tmp_path):
    config = config_of(clinic.store, Kind.CLINIC, tmp_path)
    with clinic.database.read() as session:
        anchor(session, config.audit, "test", datetime.now(UTC))

    told = {check.name: check for check in checks(config)}

    assert "records" not in told, told["records"]
    assert told["schema"].state == "ok"
    assert told["audit"].state == "ok"
    assert told["engine"].state == "ok"
    if engine == "postgresql":
        assert told["database role"].state == "warn"
    else:
        assert told["integrity"].state == "ok"


def test_the_whole_command_ends_with_a_code_that_a_script_can_ask_for(place, capsys):
    (place / "clinic" / "records.db").chmod(0o644)
    with pytest.raises(SystemExit) as ended:
        main(["doctor"], House())

    assert ended.value.code == 1
    assert "chmod 600" in capsys.readouterr().out

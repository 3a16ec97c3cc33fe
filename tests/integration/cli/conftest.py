"""An instance of its own for each test of a command."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from ipt_tracker.__main__ import House
from ipt_tracker.cli.house import opened
from ipt_tracker.cli.main import commands
from ipt_tracker.services.unit_of_work import writing
from tests.factories import bundles

NOW = datetime(2026, 3, 11, 10, tzinfo=UTC)


@pytest.fixture
def house(tmp_path, monkeypatch):
    """Make an empty clinic instance."""
    monkeypatch.setenv("IPT_INSTANCE", str(tmp_path / "instance"))
    made = House()
    made.create_instance("clinic")
    return made


@pytest.fixture
def run(house):
    """Run a command on the instance; give its exit code and what it said."""

    def command(*arguments):
        done = CliRunner().invoke(commands, arguments, obj=house)
        return done.exit_code, done.output

    return command


@pytest.fixture
def take_in(run, tmp_path):
    """Import a bundle with these cases through the command, which must say no warning."""

    def imported(*cases):
        file = tmp_path / "bundle.json"
        file.write_text(bundles.text(bundles.bundle(*cases)), encoding="utf-8")
        code, said = run("import", str(file), "--json")
        assert (code, json.loads(said)["warnings"]) == (0, [])

    return imported


@pytest.fixture
def change(house):
    """Change the records behind a report in one transaction."""

    def changed(how):
        database = opened(house.load())
        with writing(database, None, NOW) as work:
            how(work.session)
        database.close()

    return changed

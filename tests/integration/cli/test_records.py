"""Putting records into an instance from the command line."""

import json

import pytest
from click.testing import CliRunner

from ipt_tracker.__main__ import House
from ipt_tracker.cli.main import commands
from tests.factories import bundles


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a command on an empty clinic instance; give its exit code and everything it said."""
    monkeypatch.setenv("IPT_INSTANCE", str(tmp_path / "instance"))
    House().create_instance("clinic")

    def command(*arguments):
        done = CliRunner().invoke(commands, arguments, obj=House())
        return done.exit_code, done.output

    return command


def test_invented_patients_go_into_an_empty_instance_and_beside_one_another(run):
    assert run("generate", "--patients", "2", "--seed", "1") == (0, "Added 2 invented courses.\n")
    assert run("generate", "--patients", "2", "--seed", "2") == (0, "Added 2 invented courses.\n")
    assert run("generate", "--patients", "2", "--seed", "2") == (0, "Added 0 invented courses.\n")


def test_invented_patients_never_go_among_a_clinics_own(run, tmp_path):
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps(bundles.demo()), encoding="utf-8")
    imported, _ = run("import", str(file))

    code, said = run("generate", "--patients", "2", "--seed", "1")

    assert imported == 0
    assert code == 1
    assert "a clinic's own patients" in said


def test_the_report_of_an_import_is_json_alone(run, tmp_path):
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps(bundles.demo()), encoding="utf-8")

    _, said = run("import", str(file), "--json")

    assert json.loads(said) == {
        "added": ["SYN-01", "SYN-02", "SYN-04", "SYN-06"],
        "unchanged": [],
        "warnings": [],
    }

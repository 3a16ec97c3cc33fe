"""Taking a course or a clinic out from the command line, and into another instance."""

import json

import pytest
from click.testing import CliRunner

from ipt_tracker.__main__ import House
from ipt_tracker.cli.main import commands
from tests.factories import bundles


@pytest.fixture
def run_in(tmp_path, monkeypatch):
    """Run a command on the clinic instance of this name."""

    def command(name, *arguments):
        monkeypatch.setenv("IPT_INSTANCE", str(tmp_path / name))
        house = House()
        if not (tmp_path / name).exists():
            house.create_instance("clinic")
        done = CliRunner().invoke(commands, [str(each) for each in arguments], obj=house)
        return done.exit_code, done.output or str(done.exception)

    return command


@pytest.fixture
def filled(run_in, tmp_path):
    """Put invented patients into the instance "old"."""
    file = tmp_path / "first.json"
    file.write_text(json.dumps(bundles.demo()), encoding="utf-8")
    assert run_in("old", "import", file)[0] == 0


def test_a_course_goes_from_one_instance_to_another_and_back(run_in, filled, tmp_path):
    one, again = tmp_path / "one.json", tmp_path / "again.json"

    assert run_in("old", "export", one, "--course", "SYN-01")[0] == 0
    code, said = run_in("new", "import", one, "--json")
    assert run_in("new", "export", again, "--course", "SYN-01")[0] == 0

    assert (code, json.loads(said)) == (
        0,
        {"added": ["SYN-01"], "unchanged": [], "warnings": []},
    )
    assert again.read_bytes() == one.read_bytes()
    assert json.loads(run_in("old", "import", one, "--json")[1])["unchanged"] == ["SYN-01"]


def test_a_clinic_goes_whole_and_only_into_an_instance_where_nobody_is_treated(
    run_in, filled, tmp_path
):
    whole, again = tmp_path / "whole.json", tmp_path / "again.json"

    assert run_in("old", "export", whole, "--clinic")[0] == 0
    assert run_in("new", "import", whole)[0] == 0
    assert run_in("new", "export", again, "--clinic")[0] == 0
    run_in("other", "generate", "--patients", 1)
    code, said = run_in("other", "import", whole)

    assert again.read_bytes() == whole.read_bytes()
    assert code == 1
    assert "A whole clinic goes into an empty instance. Nothing was imported." in said


def test_the_file_is_its_owners_alone_and_never_replaces_another(run_in, filled, tmp_path):
    file = tmp_path / "out" / "one.json"
    file.parent.mkdir()

    run_in("old", "export", file, "--course", "SYN-01")
    held = file.read_bytes()
    code, said = run_in("old", "export", file, "--clinic")

    assert file.stat().st_mode & 0o777 == 0o600
    assert (code, file.read_bytes()) == (1, held)
    assert "is there already" in said
    assert [each.name for each in file.parent.iterdir()] == ["one.json"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ((), "Say either --course and which one, or --clinic."),
        (("--course", "SYN-01", "--clinic"), "Say either --course and which one, or --clinic."),
        (("--course", "NOBODY"), "There is no course of NOBODY."),
    ],
)
def test_what_cannot_be_taken_out_is_said_and_leaves_no_file(
    run_in, filled, tmp_path, options, sentence
):
    code, said = run_in("old", "export", tmp_path / "x.json", *options)

    assert code == 1
    assert sentence in said
    assert not (tmp_path / "x.json").exists()

"""The way in on a bare Python: it sets itself up, mends what is broken, says what to do."""

import ast
import shutil
import sys

import pytest

from ipt_tracker.__main__ import Environment, SetUpFailed, refuse_old_python
from tests.integration.cli.clone import PACKAGE, heard, make_clone

SETTING_UP = "Setting up: installing packages"
ANEW = "making it anew"
WITHOUT_ENSUREPIP = (
    "import runpy, sys; sys.modules['ensurepip'] = None; "
    "runpy.run_module('ipt_tracker', run_name='__main__')"
)


@pytest.fixture
def bare(tmp_path):
    return make_clone(tmp_path)


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    """Give a clone that has been set up; each test leaves it set up again."""
    clone = make_clone(tmp_path_factory.mktemp("ready"))
    assert clone.run("demo").code == 0
    return clone


def test_the_way_in_can_be_read_by_python_3_6_and_needs_nothing_but_python():
    tree = ast.parse((PACKAGE / "__main__.py").read_text(), feature_version=(3, 6))
    first = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    names = {alias.name for node in first if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in first if isinstance(node, ast.ImportFrom)}

    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names
    assert "__future__" not in names


@pytest.mark.parametrize("version", [(3, 6), (3, 9), (3, 10)])
def test_an_old_python_is_refused_in_one_sentence(version):
    with pytest.raises(SetUpFailed, match=r"^IPT Tracker needs Python 3\.11 or newer, this is 3\."):
        refuse_old_python(version)


@pytest.mark.parametrize("version", [(3, 11), (3, 14)])
def test_a_newer_python_is_welcome(version):
    refuse_old_python(version)


def test_the_first_command_sets_up_and_then_runs_inside(bare):
    said = bare.run("score", "a file.json", "--json")

    assert said.answer == {
        "argv": ["score", "a file.json", "--json"],
        "prefix": str(bare.venv),
        "left": False,
    }
    assert SETTING_UP in said.err
    assert ANEW not in said.err


def test_the_second_command_sets_nothing_up(ready):
    said = ready.run("demo")

    assert said.answer["prefix"] == str(ready.venv)
    assert said.err == ""


def test_the_exit_code_of_a_command_is_passed_on(ready):
    assert ready.run("demo", "fail").code == 7


def test_only_test_installs_the_test_tools_and_they_serve_every_other_command(ready):
    assert SETTING_UP in ready.run("test").err
    assert ready.run("test").err == ""
    assert ready.run("demo").err == ""


def test_a_changed_lock_is_installed_into_the_environment_that_is_there(ready):
    lock = ready.root / "ipt_tracker" / "locks" / "app.txt"
    lock.write_text(lock.read_text() + "# changed\n")
    test_lock = lock.with_name("test.txt")
    test_lock.write_text(test_lock.read_text() + "# changed\n")

    said = ready.run("demo")

    assert said.code == 0
    assert SETTING_UP in said.err
    assert ANEW not in said.err


def remove_python(venv):
    (venv / "bin" / "python").unlink()


def point_python_nowhere(venv):
    remove_python(venv)
    (venv / "bin" / "python").symlink_to("/nowhere/python3")


def remove_a_package(venv):
    site = next(venv.glob("lib/python*/site-packages"))
    shutil.rmtree(site / "sqlalchemy")


def remove_all_packages(venv):
    shutil.rmtree(venv / "lib")


def stop_half_way(venv):
    (venv / "ipt-tracker-unfinished").touch()


def upgrade_python(venv):
    marker = venv / "ipt-tracker-lock"
    marker.write_text(marker.read_text().split()[0] + " 3.10\n")


@pytest.mark.skipif(sys.platform == "win32", reason="the damage is done as on POSIX")
@pytest.mark.parametrize(
    "damage",
    [
        remove_python,
        point_python_nowhere,
        remove_a_package,
        remove_all_packages,
        stop_half_way,
        upgrade_python,
    ],
)
def test_damage_to_an_environment_is_seen(ready, tmp_path, damage):
    venv = shutil.copytree(ready.venv, tmp_path / ".venv", symlinks=True)
    assert Environment(tmp_path).is_whole()

    damage(venv)

    assert not Environment(tmp_path).is_whole()


@pytest.mark.skipif(sys.platform == "win32", reason="the damage is done as on POSIX")
def test_a_damaged_environment_is_made_anew(ready):
    point_python_nowhere(ready.venv)

    said = ready.run("demo")

    assert said.code == 0
    assert ANEW in said.err
    assert ready.run("demo").err == ""


def test_a_file_found_missing_in_the_middle_of_a_command_is_one_sentence_and_then_mended(ready):
    site = next(ready.venv.glob("lib/python*/site-packages"))
    (site / "sqlalchemy" / "late.py").unlink()

    said = ready.run("demo", "late")

    assert said.code == 3
    assert said.err.startswith("The environment .venv has lost sqlalchemy/late.py: run the same")
    assert ready.run("demo", "late").code == 0


def test_two_set_ups_at_once_become_one(bare):
    said = [heard(process) for process in (bare.start("demo", "1"), bare.start("demo", "2"))]

    assert [one.code for one in said] == [0, 0]
    assert sorted(SETTING_UP in one.err for one in said) == [False, True]
    waited = next(one for one in said if SETTING_UP not in one.err)
    assert waited.err == "Another set-up is running in this folder: waiting for it to finish.\n"


def test_a_python_without_ensurepip_is_told_the_one_line_to_run(bare):
    said = bare.run("demo", python=(sys.executable, "-c", WITHOUT_ENSUREPIP))

    assert said.code == 3
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "`apt-get install -y python3-venv`" in said.err
    assert not bare.venv.exists()


def test_packages_that_cannot_be_fetched_are_one_sentence_and_the_next_try_succeeds(bare):
    failed = bare.run("demo", PIP_FIND_LINKS="")

    assert failed.code == 3
    assert failed.err.splitlines()[-1].startswith("The packages were not installed (see above)")
    assert "Traceback" not in failed.err
    assert bare.run("demo").code == 0


def test_an_installed_package_goes_straight_to_its_command(bare):
    (bare.root / "pyproject.toml").unlink()

    said = bare.run("demo")

    assert said.answer["prefix"] == sys.prefix
    assert not bare.venv.exists()

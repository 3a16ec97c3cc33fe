"""Rules about what we build on: each dependency has a reason, and the locks hold exactly those."""

import re
import tomllib
from importlib.metadata import packages_distributions

import pytest

from ipt_tracker.__main__ import PACKAGES
from tests.architecture.source import PACKAGE, ROOT

TEXT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT = tomllib.loads(TEXT)
RUNTIME = PROJECT["project"]["dependencies"]
EXTRAS = [each for extra in PROJECT["project"]["optional-dependencies"].values() for each in extra]
TOOLS = [each for group in PROJECT["dependency-groups"].values() for each in group]
LOCKS = {name: (PACKAGE / "locks" / f"{name}.txt").read_text() for name in ("app", "test")}


def bare(requirement):
    return re.match(r"[A-Za-z0-9._-]+", requirement).group().lower().replace("_", "-")


def pins(lock):
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==([^\s;]+)", LOCKS[lock], re.MULTILINE))


@pytest.mark.parametrize("requirement", [*RUNTIME, *EXTRAS, *TOOLS])
def test_every_dependency_says_what_it_is_for(requirement):
    lines = [line for line in TEXT.splitlines() if f'"{requirement}"' in line]

    assert lines
    assert all(re.search(r'",\s+# \w+', line) for line in lines)


def test_the_locks_hold_everything_that_is_asked_for():
    assert {bare(each) for each in RUNTIME} <= set(pins("app"))
    assert {bare(each) for each in [*RUNTIME, *EXTRAS, *TOOLS]} <= set(pins("test"))


def test_the_tests_run_on_the_very_releases_that_people_get():
    app = set(re.findall(r"^[a-z0-9-]+==.*?(?= \\$)", LOCKS["app"], re.MULTILINE))
    test = set(re.findall(r"^[a-z0-9-]+==.*?(?= \\$)", LOCKS["test"], re.MULTILINE))

    assert app
    assert app - test == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_every_package_by_hash_and_names_no_place_to_fetch_it_from(lock):
    entries = re.split(r"^(?=[a-z0-9-]+(?:\[[a-z,]+\])?==)", LOCKS[lock], flags=re.MULTILINE)[1:]

    assert len(entries) > 30
    assert [entry[:40] for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.findall(r"https?:|file:|--index|--find-links|@ ", LOCKS[lock]) == []


def test_the_environment_is_judged_whole_by_exactly_the_packages_of_the_program():
    modules = packages_distributions()
    found = {bare(distribution) for name in PACKAGES for distribution in set(modules[name])}

    assert found == {bare(each) for each in RUNTIME}

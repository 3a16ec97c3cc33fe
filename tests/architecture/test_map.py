"""README's map says the rooms' own words, and misses no command and no setting."""

import ast
import re

import pytest

from ipt_tracker.cli.main import WHERE
from tests.architecture.source import PACKAGE, ROOT, place, python_files, tree

README = ROOT / "README.md"
SETTING = re.compile(r"\bIPT_[A-Z_]+\b")
BETWEEN_OUR_OWN_PROCESSES = {"IPT_TEST_LAST_LINE", "IPT_TRACKER_RESTARTED"}
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


def rows(text):
    """Read the two columns of every table row whose first cell is one name in code type."""
    found = re.findall(r"^\|\s*`(?:ipt_tracker/)?(\w+)/?`\s*\|\s*(.+?)\s*\|", text, re.MULTILINE)
    return dict(found)


def sentence(room):
    return ast.get_docstring(tree(PACKAGE / room / "__init__.py"))


def test_there_are_rooms_to_describe():
    assert {"clinical", "governance", "persistence", "services", "web", "cli"} <= set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_the_map_in_readme_describes_a_room_in_the_room_s_own_words(room):
    described = rows(README.read_text(encoding="utf-8")) if README.exists() else {}
    written = described.get(room, "nothing")

    assert written.rstrip(".") == sentence(room).rstrip("."), (
        f"In README.md's find-your-way table, the row `{room}/` must say what "
        f"ipt_tracker/{room}/__init__.py says."
    )


def test_each_package_is_introduced_by_one_sentence_and_exports_nothing_but_the_tables():
    found = []
    for path in PACKAGE.rglob("__init__.py"):
        body = tree(path).body
        said = ast.get_docstring(tree(path)) or ""
        allowed = path.parent in {PACKAGE, PACKAGE / "persistence" / "models"}
        if "\n" in said or not said.endswith(".") or (len(body) > 1 and not allowed):
            found.append(place(path, 1))
    assert found == []


def documentation():
    pages = [README, *sorted((ROOT / "docs").glob("*.md"))]
    return "\n".join(page.read_text(encoding="utf-8") for page in pages if page.exists())


@pytest.mark.parametrize("command", sorted(WHERE))
def test_every_command_is_documented(command):
    assert re.search(rf"ipt_tracker {command}\b", documentation()), (
        f"README.md or docs/ must show `python3 -m ipt_tracker {command}`."
    )


def test_every_setting_is_documented():
    read = {
        name
        for path in python_files("ipt_tracker", "tests")
        if "architecture" not in path.parts
        for name in SETTING.findall(path.read_text(encoding="utf-8"))
    }
    assert read - BETWEEN_OUR_OWN_PROCESSES - set(SETTING.findall(documentation())) == set()

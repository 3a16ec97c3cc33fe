"""Rules about Python code that the linter cannot state."""

import ast
import re

import pytest

from tests.architecture.source import PACKAGE, place, python_files, tree

SUPPRESSION = re.compile(r"#\s*(noqa|type:\s*ignore|pragma:\s*no)\b")
REASON = re.compile(r"\s(#\s)?-- \S")
PURE = ("ipt_tracker/clinical", "ipt_tracker/governance")
SQL_OF_OUR_OWN_CONSTANTS = {
    PACKAGE / "persistence" / "connection.py",  # a pragma takes no bound value
    PACKAGE / "persistence" / "engine.py",  # the same
    PACKAGE / "persistence" / "triggers.py",  # nor does the name of a table or a trigger
}
IMPURE_MODULES = {"os", "pathlib", "random", "secrets", "socket", "subprocess", "tempfile", "time"}
IMPURE_CALLS = {"open", "input", "print"}


def suppressions_without_a_reason(text):
    for number, line in enumerate(text.splitlines(), start=1):
        found = SUPPRESSION.search(line)
        if found and not REASON.search(line[found.end() :]):
            yield number


@pytest.mark.parametrize(
    ("line", "is_wrong"),
    [
        ("x = 1  # noqa: S101", True),
        ("x = 1  # type: ignore[attr-defined]", True),
        ("x = 1  # pragma: no cover", True),
        ("x = 1  # noqa: S101 -- a literal of the test", False),
        ("x = 1  # type: ignore[attr-defined]  # -- untyped rim", False),
    ],
)
def test_a_suppression_without_a_reason_is_recognised(line, is_wrong):
    assert bool(list(suppressions_without_a_reason(line))) is is_wrong


def test_every_suppression_carries_its_reason():
    found = [
        place(path, number)
        for path in python_files("ipt_tracker", "tests")
        if path.name != "test_code.py"
        for number in suppressions_without_a_reason(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def sql_in_pieces(module):
    """Find SQL glued together: by an f-string, by + or %, or by format."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and called(node) in {"text", "execute", "exec_driver_sql"}:
            for part in node.args:
                glued = isinstance(part, ast.Call) and called(part) == "format"
                if glued or isinstance(part, (ast.JoinedStr, ast.BinOp)):
                    yield node.lineno


@pytest.mark.parametrize(
    "code",
    [
        'text(f"SELECT {x}")',
        'c.execute("SELECT " + x)',
        'text("SELECT %s" % x)',
        'c.execute(text("SELECT {}".format(x)))',
    ],
)
def test_sql_in_pieces_is_recognised(code):
    assert list(sql_in_pieces(ast.parse(code))) == [1]


def test_no_sql_is_put_together_from_pieces():
    found = [
        place(path, line)
        for path in python_files("ipt_tracker")
        if path not in SQL_OF_OUR_OWN_CONSTANTS
        for line in sql_in_pieces(tree(path))
    ]
    assert found == []


def called(call):
    return getattr(call.func, "attr", None) or getattr(call.func, "id", None)


def test_only_the_unit_of_work_commits():
    found = [
        place(path, node.lineno)
        for path in python_files("ipt_tracker/services", "ipt_tracker/web", "ipt_tracker/cli")
        if path != PACKAGE / "services" / "unit_of_work.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and called(node) == "commit"
    ]
    assert found == []


def test_nothing_prints_past_the_command_line():
    found = [
        place(path, node.lineno)
        for path in python_files("ipt_tracker")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "print"
    ]
    assert found == []


def test_the_ground_floor_has_no_clock_no_chance_and_no_files():
    found = []
    for path in python_files(*PURE):
        for node in ast.walk(tree(path)):
            if imported_modules(node) & IMPURE_MODULES:
                found.append(place(path, node.lineno))
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) in IMPURE_CALLS:
                found.append(place(path, node.lineno))
    assert found == []


def imported_modules(node):
    if isinstance(node, ast.Import):
        return {alias.name.split(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return {(node.module or "").split(".")[0]}
    return set()


def test_every_module_opens_with_why_it_exists():
    silent = [
        place(path, 1)
        for path in python_files("ipt_tracker")
        if "migrations" not in path.parts and not ast.get_docstring(tree(path))
    ]
    assert silent == []

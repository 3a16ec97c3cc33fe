"""The table of requirements is whole, and every test and document that it names is there."""

import ast
import re
from functools import cache

import pytest

from tests.architecture.source import ROOT

TABLE = ROOT / "docs" / "asvs.md"
ROW = re.compile(r"\| (\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| ([^|]+) \|")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
DOCUMENT = re.compile(r"\b(docs/[\w-]+\.md)")
CHAPTERS = 17
STARTS = (
    *("`tests/", "document: docs/", "setting: "),
    *("not applicable, because ", "not met, because "),
)


def rows():
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    found = [ROW.fullmatch(line) for line in lines if line.startswith("| ") and line[2].isdigit()]
    assert None not in found
    return [match.groups() for match in found]


@cache
def names_in(name):
    """Give the names of the tests in a file."""
    path = ROOT / name
    if not path.exists():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def missing_tests(text):
    """Name the tests that a text names and that are not there."""
    return [f"{file}::{name}" for file, name in TEST.findall(text) if name not in names_in(file)]


def missing_documents(text):
    return [name for name in DOCUMENT.findall(text) if not (ROOT / name).exists()]


def test_every_requirement_of_levels_one_and_two_is_there_once():
    numbers = [number for number, *_ in rows()]
    levels = [level for _, level, *_ in rows()]

    assert len(set(numbers)) == len(numbers) == 253
    assert (levels.count("1"), levels.count("2")) == (70, 183)
    assert numbers == sorted(numbers, key=lambda n: [int(part) for part in n.split(".")])
    assert {int(number.split(".")[0]) for number in numbers} == set(range(1, CHAPTERS + 1))


def test_every_answer_is_a_test_a_document_a_setting_or_a_reason():
    wrong = [number for number, _, _, answer in rows() if not answer.startswith(STARTS)]
    empty = [
        number
        for number, _, about, answer in rows()
        if len(about.strip()) < 3 or ("because" in answer and len(answer.split("because")[1]) < 10)
    ]

    assert wrong == []
    assert empty == []


def test_every_test_that_the_table_names_is_there():
    assert missing_tests(TABLE.read_text(encoding="utf-8")) == []


def test_every_document_that_the_table_names_is_there():
    assert missing_documents(TABLE.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("text", ["`tests/security/test_asvs.py::test_nothing`"])
def test_a_test_that_is_gone_would_be_named(text):
    assert missing_tests(text) == [text.strip("`")]

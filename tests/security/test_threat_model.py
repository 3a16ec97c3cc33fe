"""The threat model names controls that are tested, by tests that are there."""

import re

from ipt_tracker.governance.access import Role
from tests.architecture.source import ROOT
from tests.security.test_asvs import TEST, missing_documents, missing_tests

MODEL = ROOT / "docs" / "threat-model.md"


def section(heading):
    """Give what stands under a heading."""
    text = MODEL.read_text(encoding="utf-8")
    return re.split(r"^## ", text.partition(f"## {heading}\n")[2], flags=re.MULTILINE)[0]


def test_every_test_and_document_that_it_names_is_there():
    text = MODEL.read_text(encoding="utf-8")

    assert missing_tests(text) == []
    assert missing_documents(text) == []
    assert len(TEST.findall(text)) > 20


def test_every_role_is_trusted_with_something_that_is_said():
    trusted = section("Who is trusted with what")

    assert [role for role in Role if role.value not in trusted.casefold()] == []


def test_each_control_against_an_attack_names_its_test():
    rows = [line for line in section("What stops them").splitlines() if line.startswith("| ")][2:]

    assert len(rows) > 10
    assert [row for row in rows if not TEST.search(row)] == []


def test_it_says_what_is_not_stopped():
    assert len(re.findall(r"^- ", section("What does not stop them"), flags=re.MULTILINE)) > 5

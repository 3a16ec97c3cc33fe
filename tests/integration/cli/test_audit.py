"""Checking the sealed audit by command."""

import json

import pytest
from sqlalchemy import text

from ipt_tracker.cli.house import opened
from ipt_tracker.persistence.audit_chain import newest_anchor


@pytest.fixture
def filled(house, run):
    """Give the configuration of an instance with three invented patients."""
    assert run("generate", "--patients", "3", "--seed", "1")[0] == 0
    return house.load()


def tamper(config, *statements):
    database = opened(config)
    with database.engine.begin() as connection:
        for each in statements:
            connection.execute(text(each))
    database.close()


def test_a_whole_audit_ends_with_0_and_says_how_much_was_checked(run, filled):
    code, words = run("audit", "verify")

    assert code == 0
    assert "3 rows and 1 anchors were checked." in words
    assert "Nothing was changed past the program." in words
    assert newest_anchor(filled.audit.anchor).id == 4  # the row about the check itself


def test_an_edited_row_ends_with_1_and_is_named(run, filled):
    tamper(
        filled,
        "DROP TRIGGER audit_entry_no_update",
        "UPDATE audit_entry SET event = 'course.opened' WHERE id = 2",
    )

    code, said = run("audit", "verify", "--json")

    found = json.loads(said)
    assert code == 1
    assert set(found) == {"ok", "rows", "head", "anchors", "findings"}
    assert (found["ok"], found["rows"], found["head"]) == (False, 3, 3)
    assert [(each["kind"], each["id"]) for each in found["findings"]] == [
        ("triggers", None),
        ("edited", 2),
    ]
    assert "- Row 2 was changed since the writing." in run("audit", "verify")[1]


def test_a_cut_tail_is_named_after_it_was_anchored(run, filled):
    assert run("audit", "anchor")[0] == 0
    tamper(filled, "DROP TRIGGER audit_entry_no_delete", "DELETE FROM audit_entry WHERE id = 3")

    code, words = run("audit", "verify")

    assert code == 1
    assert "Row 3 is missing at the end" in words


def test_an_anchor_that_cannot_be_written_is_said_by_its_command(run, filled):
    filled.audit.anchor.unlink(missing_ok=True)
    filled.audit.anchor.mkdir()

    code, words = run("audit", "anchor")

    assert code == 1
    assert "could not be written" in words

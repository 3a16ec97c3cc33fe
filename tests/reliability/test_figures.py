"""The page of figures says what its tests record, in the form that the command gives it."""

import re
from datetime import date
from pathlib import Path

import pytest

from ipt_tracker.cli.figures import COLUMNS, PAGE, page
from ipt_tracker.cli.promises import ENGINE, PROMISES

ROOT = Path(__file__).resolve().parents[2]
EACH = pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.key)


def everything_once():
    """Give records in which each count is told once."""
    return [
        {"key": p.key, "where": "", "counts": dict.fromkeys((*p.tried, *p.broken, *p.control), 1)}
        for p in PROMISES
    ]


def shape(of):
    """Give a page without its numbers, its date, its engines and where each promise was tried."""
    lines = []
    for line in of.splitlines():
        cells = line.split(" | ")
        if line.startswith("Tried on "):
            continue
        if len(cells) == len(COLUMNS):
            cells[2] = "anywhere"
        lines.append(re.sub(r"\b\d[\d,]*\b", "0", " | ".join(cells)))
    return lines


def rows():
    """Give the lines of the table of the page as it stands, by promise."""
    found = [line.strip("| ").split(" | ") for line in PAGE.read_text().splitlines()]
    return {cells[0]: cells for cells in found if len(cells) == len(COLUMNS)}


def counts(cell):
    """Give the numbers of a cell by their names."""
    pairs = [part.split(" ", 1) for part in re.split(r", (?=\d)", cell)]
    return {name.replace(" ", "_"): int(number.replace(",", "")) for number, name in pairs}


def test_the_page_has_the_form_that_the_command_makes():
    made = page(everything_once(), date(2026, 1, 1))

    assert shape(PAGE.read_text(encoding="utf-8")) == shape(made)


@EACH
def test_every_promise_has_a_test_that_records_each_of_its_counts(promise):
    source = (ROOT / promise.test).read_text(encoding="utf-8")

    assert f'figures("{promise.key}"' in source or f'"{promise.key}",' in source
    missing = [
        name
        for name in (*promise.tried, *promise.broken, *promise.control)
        if not re.search(rf"\b{name}\b", source)
    ]
    assert missing == []


@EACH
def test_the_page_tells_of_trials_in_which_nothing_was_broken_and_each_control_lost(promise):
    cells = rows()[promise.words]
    tried, result = counts(cells[3]), counts(cells[4])

    assert all(tried[name] > 0 for name in promise.tried)
    assert [name for name in promise.broken if result[name]] == []
    assert all(result[name] > 0 for name in promise.control)


def test_counts_of_all_tests_are_added_up_and_places_are_named_once():
    first = {"key": "kills", "where": "SQLite", "counts": {"kills": 999, "lost": 0}}
    records = [first, first, {"key": ENGINE, "where": "SQLite 3.0", "counts": {}}]

    made = page(records, date(2026, 1, 2), "9.9")

    assert "| SQLite | 1,998 kills, 0 acknowledged saves | 0 lost," in made
    assert "Tried on 2 January 2026 with IPT Tracker 9.9; SQLite 3.0." in made

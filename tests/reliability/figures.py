"""Counts that tests record for docs/reliability.md: ask for the fixture `figures` and call it.

`figures("kills", "SQLCipher", kills=30, lost=0)`: a key of ipt_tracker/cli/promises.py, where,
counts. Those of passed tests are added up over all workers; IPT_TEST_FIGURES names their JSON file.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ipt_tracker.cli.promises import ENGINE, promise_of

FILE = "IPT_TEST_FIGURES"
PROPERTY = "ipt_figures"
Figures = Callable[..., None]


@pytest.fixture
def figures(request) -> Figures:
    """Give the function by which this test records counts: `figures(key, where, **counts)`.

    Add a Promise in ipt_tracker/cli/promises.py for a key of your own; a count is a whole number.
    """

    def record(key: str, where: str = "", **counts: int) -> None:
        if key != ENGINE:
            known = promise_of(key)
            unknown = set(counts) - {*known.tried, *known.broken, *known.control}
            assert not unknown, f"{key} has no counts named {unknown}"
        request.node.user_properties.append((PROPERTY, [key, where, counts]))

    return record


class Gatherer:
    """Takes up what each test recorded, from this process and from all workers."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._found: list[dict[str, object]] = []

    def pytest_runtest_logreport(self, report) -> None:
        """Take up what a test that passed recorded; one that failed has proved nothing."""
        if report.when != "call" or not report.passed:
            return
        for name, value in report.user_properties:
            if name == PROPERTY:
                key, where, counts = value
                self._found.append(
                    {"key": key, "where": where, "counts": counts, "test": report.nodeid}
                )

    def pytest_sessionfinish(self) -> None:
        """Write them to the file."""
        self._file.write_text(json.dumps(self._found, indent=1) + "\n", encoding="utf-8")


def pytest_configure(config) -> None:
    """Gather only where a file is named, and only in the process that reports."""
    named = os.environ.get(FILE)
    if named and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Gatherer(Path(named)), "ipt-figures")

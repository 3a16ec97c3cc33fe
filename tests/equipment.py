"""What a test run needs from the machine, and the one line that says what was and was not run."""

import os
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import pytest

Stats = Mapping[str, Sequence[Any]]  # pytest's reports by outcome
KINDS = {"BROWSER": "browser", "POSTGRESQL": "PostgreSQL"}


def cannot_run(kind: str, advice: str) -> NoReturn:
    """Skip this test in a way that the last line of the run counts by its kind."""
    pytest.skip(f"{kind}: {advice}")


def must_run_all() -> bool:
    """Whether a check that cannot run counts as a failure."""
    return os.environ.get("IPT_REQUIRE_ALL") == "1"


def last_line(stats: Stats) -> str:
    """Say how many checks passed, failed and were skipped, and what kept which from running."""
    passed, skipped = len(stats.get("passed", ())), len(stats.get("skipped", ()))
    failed = len(stats.get("failed", ())) + len(stats.get("error", ()))
    counted = f"{passed} passed, {failed} failed, {skipped} skipped"
    again = [f"ran twice: {report.nodeid}" for report in stats.get("rerun", ())]
    return "; ".join([counted, *again, *lacks(stats)])


def lacks(stats: Stats) -> list[str]:
    """Say, for each thing that the machine lacks, how many checks it kept from running."""
    reasons = [_reason(report) for report in stats.get("skipped", ())]
    found = []
    for kind, name in KINDS.items():
        ours = [reason for reason in reasons if reason.startswith(f"{kind}: ")]
        if ours:
            advice = ours[0].removeprefix(f"{kind}: ")
            found.append(f"{kind}: 0 of {len(ours)} {name} checks ran: {advice}")
    return found


def _reason(report: Any) -> str:
    longrepr = report.longrepr
    reason = longrepr[2] if isinstance(longrepr, (tuple, list)) else longrepr
    return str(reason).removeprefix("Skipped: ")

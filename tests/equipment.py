"""What a test run needs from the machine, and the one line that says what was and was not run."""

import os
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import pytest

KINDS = {"BROWSER": "browser", "POSTGRESQL": "PostgreSQL"}


def cannot_run(kind: str, advice: str) -> NoReturn:
    """Skip this test in a way that the last line of the run counts by its kind."""
    pytest.skip(f"{kind}: {advice}")


def must_run_all() -> bool:
    """Whether a check that cannot run counts as a failure."""
    return os.environ.get("IPT_REQUIRE_ALL") == "1"


def last_line(stats: Mapping[str, Sequence[Any]]) -> str:
    """Say how many checks passed, failed and were skipped, and what kept which from running."""
    failed = len(stats.get("failed", ())) + len(stats.get("error", ()))
    skipped = [_reason(report) for report in stats.get("skipped", ())]
    counts = f"{len(stats.get('passed', ()))} passed, {failed} failed, {len(skipped)} skipped"
    return "; ".join([counts, *_lacks(skipped)])


def _reason(report: Any) -> str:
    longrepr = report.longrepr
    reason = longrepr[2] if isinstance(longrepr, (tuple, list)) else str(longrepr)
    return str(reason).removeprefix("Skipped: ")


def _lacks(reasons: Sequence[str]) -> list[str]:
    lacks = []
    for kind, name in KINDS.items():
        ours = [reason for reason in reasons if reason.startswith(f"{kind}: ")]
        if ours:
            advice = ours[0].removeprefix(f"{kind}: ")
            lacks.append(f"{kind}: 0 of {len(ours)} {name} checks ran: {advice}")
    return lacks

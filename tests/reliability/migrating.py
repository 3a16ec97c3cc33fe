"""Taking a step to a newer schema in a process that ends at once, in the middle of the step.

What it needs stands in the environment: STEP_URL, STEP_KEY (may be empty), STEP_AUDIT, STEP_AT.
"""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from sqlalchemy import Engine, event

from ipt_tracker.persistence import schema
from tests.factories.stores import Store

ROOT = Path(__file__).resolve().parents[2]
CHANGES = re.compile(r"\s*(CREATE|ALTER|DROP|INSERT|UPDATE|DELETE|COMMENT)\b", re.IGNORECASE)
"""Statements that change something."""


def killed_at(store: Store, audit: bytes, nth: int) -> bool:
    """Take the newest step in a process of its own, killed at a statement; say whether it was."""
    said = {"STEP_URL": store.url, "STEP_KEY": store.key.hex() if store.key else ""}
    said |= {"STEP_AUDIT": audit.hex(), "STEP_AT": str(nth)}
    command = [sys.executable, "-m", "tests.reliability.migrating"]
    return subprocess.call(command, cwd=ROOT, env={**os.environ, **said}) == -signal.SIGKILL


def main() -> None:
    """Take the step, and end at the statement that the environment names."""
    said, seen = os.environ, [0]

    def look(_connection, _cursor, statement, *_):
        seen[0] += bool(CHANGES.match(statement))
        if seen[0] == int(said["STEP_AT"]):
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "after_cursor_execute", look)
    key = bytes.fromhex(said["STEP_KEY"]) or None
    schema.upgrade(said["STEP_URL"], key, audit=bytes.fromhex(said["STEP_AUDIT"]))


if __name__ == "__main__":
    main()

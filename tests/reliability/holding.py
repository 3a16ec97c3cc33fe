"""Another program that holds the writer's lock until its input ends.

What it needs stands in the environment: HOLD_URL, HOLD_KEY (may be empty), HOLD_ENGINE.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from tests.factories.stores import Store

ROOT = Path(__file__).resolve().parents[2]
HELD = b"held\n"


@contextmanager
def locked_by_another(store: Store) -> Iterator[None]:
    """Let another process hold the lock until the block ends."""
    said = {"HOLD_URL": store.url, "HOLD_KEY": store.key.hex() if store.key else ""}
    other = subprocess.Popen(
        [sys.executable, "-m", "tests.reliability.holding"],
        cwd=ROOT,
        env={**os.environ, **said, "HOLD_ENGINE": store.engine},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with other:  # leaving it closes its input, which ends it
        assert other.stdout.readline() == HELD
        yield


def main() -> None:
    """Take the lock, say so, and keep it until there is no more input."""
    said = os.environ
    store = Store(said["HOLD_ENGINE"], said["HOLD_URL"], bytes.fromhex(said["HOLD_KEY"]) or None)
    database = store.open()
    with database.write() as session:
        session.execute(text("SELECT 1"))
        sys.stdout.buffer.write(HELD)
        sys.stdout.flush()
        sys.stdin.read()
    database.close()


if __name__ == "__main__":
    main()

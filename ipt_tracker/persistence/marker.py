"""The marker of an instance: a small file that says what the folder holds, replaced as a whole."""

import json
import os
from pathlib import Path
from typing import Any

MARKER = "instance.json"
CONFIRMED = "recovery_key_confirmed"


def read_marker(folder: Path) -> dict[str, Any]:
    """Give what the marker says; empty where there is none or it is damaged."""
    try:
        said = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def note_in_marker(folder: Path, **values: str) -> None:
    """Add to the marker. It is written beside and moved into place, so it is never half there."""
    said = read_marker(folder) | values
    beside = folder / f"{MARKER}.new"
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(json.dumps(said) + "\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(folder / MARKER)

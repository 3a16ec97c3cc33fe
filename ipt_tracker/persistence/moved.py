"""The mark of records that were moved away, so that nobody goes on working on the old ones."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

MOVED = "moved.json"


def place_of(url: str) -> str:
    """Name a database without its password."""
    return make_url(url).render_as_string(hide_password=True)


def moved_to(folder: Path, url: str) -> str | None:
    """Say where the records of this database were moved to; None when they were not."""
    if not (folder / MOVED).exists():  # nobody moved anything: the usual case, and no parsing
        return None
    to = _read(folder).get(place_of(url))
    return str(to) if to else None


def mark_moved(folder: Path, source: str, target: str) -> None:
    """Mark one database as left and another as in use, in one step."""
    marks = _read(folder) | {place_of(source): place_of(target)}
    marks.pop(place_of(target), None)
    beside = folder / f"{MOVED}.new"
    beside.write_text(json.dumps(marks, indent=1) + "\n", encoding="utf-8")
    beside.replace(folder / MOVED)


def _read(folder: Path) -> dict[str, Any]:
    try:
        said = json.loads((folder / MOVED).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return said if isinstance(said, dict) else {}

"""Whether a record could be saved this moment: asked by machines, answered in names alone."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ipt_tracker.persistence.connection import UnsafeDatabase
from ipt_tracker.persistence.engine import Database
from ipt_tracker.persistence.schema import SchemaTooOld, require_newest

_SERVER_ONLY_READS = text(
    "SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on'"
)
LEAST_FREE = 200_000_000
"""Bytes. A day's work is a few million; a backup needs as much again as the records."""


def not_ready(database: Database) -> tuple[str, ...]:
    """Name what fails: database, schema, writing, disk, anchor. Nothing is changed."""
    if not _answers(_select, database):
        return ("database",)
    looks: dict[str, Callable[[Database], bool]] = {
        "schema": _is_newest,
        "writing": _can_write,
        "disk": lambda it: all(free(place) >= LEAST_FREE for place in _places(it)),
        "anchor": _anchor_can_be_written,
    }
    return tuple(name for name, look in looks.items() if not _answers(look, database))


def _answers(look: Callable[[Database], bool], database: Database) -> bool:
    try:
        return look(database)
    except (DBAPIError, UnsafeDatabase, SchemaTooOld, OSError):
        return False


def _select(database: Database) -> bool:
    with database.read() as session:
        return bool(session.scalar(text("SELECT 1")) == 1)


def _is_newest(database: Database) -> bool:
    require_newest(database)
    return True


def _can_write(database: Database) -> bool:
    """Look without taking the writer's place: whoever asks could otherwise hold up the work."""
    file = file_of(database)
    if file is None:
        with database.read() as session:
            return not session.scalar(_SERVER_ONLY_READS)
    return os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)


def _anchor_can_be_written(database: Database) -> bool:
    anchor = database.audit.anchor if database.audit else None
    if anchor is None:
        return True
    return os.access(anchor if anchor.exists() else anchor.parent, os.W_OK)


def _places(database: Database) -> tuple[Path, ...]:
    file = file_of(database)
    anchor = database.audit.anchor if database.audit else None
    return tuple(path.parent for path in (file, anchor) if path is not None)


def file_of(database: Database) -> Path | None:
    """Give the file of an embedded database, or None for a server."""
    url = database.engine.url
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def free(place: Path) -> int:
    """Give the free bytes of the disk that holds a folder."""
    return shutil.disk_usage(place).free

"""Putting restored records where an instance looks for them: a file, or an empty server."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import gettempdir

from sqlalchemy import make_url

from ipt_tracker.persistence import copying, restoring, schema
from ipt_tracker.persistence.backup_file import BackupRefused, Progress
from ipt_tracker.persistence.engine import open_database
from ipt_tracker.persistence.keys import Keys
from ipt_tracker.persistence.restoring import Ready


@dataclass(frozen=True, slots=True)
class Placed:
    """Restored records in their place."""

    ready: Ready
    target: Path | None = None
    aside: Path | None = None
    """Where the records are kept that were there before."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where records belong: the URL, and the raw key of a file that has one."""

    url: str
    key: bytes | None


def restore(file: Path, keys: Keys, place: Place, now: datetime, tell: Progress) -> Placed:
    """Check a backup, make its records ready, and put them in their place."""
    path = file_of(place.url)
    if path is None:
        refuse_records(place.url, None)
        with restoring.made_ready(file, keys, Path(gettempdir()), now, tell) as ready:
            fill(place.url, None, ready, keys, tell)
            return Placed(ready)
    if path.exists() and not path.stat().st_size:
        path.unlink()  # made for these records by the set-up; there is nothing in it to keep
    if path.exists():
        restoring.refuse_while_used(place.url, place.key)
    with restoring.made_ready(file, keys, path.parent, now, tell) as ready:
        usable = ready if place.key else _plain(ready, keys, tell)
        return Placed(ready, path, restoring.into_file(usable, path))


def file_of(url: str) -> Path | None:
    """Give the file of an embedded database; None for a server."""
    named = make_url(url)
    return Path(named.database or "") if named.get_backend_name() == "sqlite" else None


def refuse_records(url: str, key: bytes | None) -> None:
    """Raise BackupRefused unless the database is there and has no record."""
    database = open_database(url, key)
    try:
        with database.engine.connect() as connection:
            if not copying.is_empty(connection):
                raise BackupRefused(
                    "The other database holds records already, and nothing was changed. Make an "
                    "empty one and name it instead."
                )
    finally:
        database.close()


def fill(url: str, key: bytes | None, ready: Ready, keys: Keys, tell: Progress) -> None:
    """Copy the records into an empty database, on any engine."""
    schema.upgrade(url, key)
    tell("Copying the records.")
    database = open_database(url, key)
    try:
        restoring.into_database(ready, keys, database, tell)
    finally:
        database.close()


def _plain(ready: Ready, keys: Keys, tell: Progress) -> Ready:
    """Copy into a plain file, for an instance that is not encrypted."""
    plain = ready.path.with_name("plain.db")
    fill(f"sqlite:///{plain}", None, ready, keys, tell)
    return replace(ready, path=plain)

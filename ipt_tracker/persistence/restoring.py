"""Checking a backup file, and bringing its records back."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import gettempdir

from sqlalchemy import func, select, update
from sqlalchemy.exc import DatabaseError, OperationalError

from ipt_tracker.governance.events import Event
from ipt_tracker.persistence import audit_chain, backup, backup_file, copying, schema
from ipt_tracker.persistence.backup_file import BackupRefused, Fault, Manifest, Progress
from ipt_tracker.persistence.engine import Database, open_database
from ipt_tracker.persistence.keys import Keys
from ipt_tracker.persistence.models import SignIn

ENDINGS = ("", "-wal", "-shm", "-journal")
"""A database file and what an engine keeps beside it."""
SOON = "PRAGMA busy_timeout = 2000"
"""How long to wait for whoever holds the records, before saying that somebody does."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A backup file that passed every check."""

    path: Path
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Ready:
    """Records out of a backup, checked and made ready to be used again."""

    path: Path
    manifest: Manifest
    head_id: int
    """The newest audit row, the one that tells of the restore."""
    sign_ins_ended: int


def verify(file: Path, keys: Keys, tell: Progress = lambda _: None) -> Checked:
    """Open a backup and try all that is in it; BackupRefused names what is wrong."""
    beside = file.parent if os.access(file.parent, os.W_OK) else Path(gettempdir())
    with (
        backup.working_folder(beside) as folder,
        unpacked(file, keys, folder, tell) as (_, manifest),
    ):
        return Checked(file, manifest)


@contextmanager
def unpacked(
    file: Path, keys: Keys, folder: Path, tell: Progress = lambda _: None
) -> Iterator[tuple[Path, Manifest]]:
    """Unpack a backup into the folder and check it against what it says of itself."""
    payload = folder / "records.db"
    tell(f"Reading {file.name}.")
    try:
        with os.fdopen(os.open(payload, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as into:
            manifest = backup_file.unpack(file, keys.backup, into, tell)
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise BackupRefused(f"{file} cannot be read ({error.strerror}).") from error
    tell("Checking the records: pages, cipher, references, audit, counts.")
    inside = backup.check(payload, keys)
    said = (manifest.schema, manifest.counts, manifest.head_id, manifest.head_seal)
    if said != (inside.schema, inside.counts, inside.head_id, inside.head_seal):
        raise BackupRefused(f"{file.name} does not hold what it says it holds.", Fault.CONTENT)
    yield payload, manifest


@contextmanager
def made_ready(
    file: Path, keys: Keys, beside: Path, now: datetime, tell: Progress = lambda _: None
) -> Iterator[Ready]:
    """Unpack and check a backup, bring it to this schema, end its sign-ins, write it down."""
    with (
        backup.working_folder(beside) as folder,
        unpacked(file, keys, folder, tell) as (payload, manifest),
    ):
        if not schema.knows(manifest.schema):
            raise BackupRefused(
                f"{file.name} was made by version {manifest.software}, whose records this version "
                "does not know. Install that version first.",
                Fault.NEWER,
            )
        if manifest.schema != schema.newest():
            tell("Bringing the records to this version's schema.")
            schema.upgrade(f"sqlite:///{payload}", keys.database, audit=keys.audit)
        with backup.opened(payload, keys) as database:
            ended = _end_sign_ins(database, now)
            details = {"made_at": manifest.made_at, "head": manifest.head_id}
            backup.write_down(database, Event.BACKUP_RESTORED, file.name, now, details)
        inside = backup.check(payload, keys)
        yield Ready(payload, manifest, inside.head_id, ended)


def _end_sign_ins(database: Database, now: datetime) -> int:
    """End every sign-in: whoever was signed in then may not be anybody's concern now."""
    live = update(SignIn).where(SignIn.revoked_at.is_(None)).values(revoked_at=now)
    with database.write() as session, session.begin():
        found = session.scalar(
            select(func.count()).select_from(SignIn).where(SignIn.revoked_at.is_(None))
        )
        session.execute(live)
    return found or 0


def into_file(ready: Ready, target: Path) -> Path | None:
    """Put the records where the instance looks for them; give where the old ones are kept.

    The swap is one step: at every moment the name stands for the old records or for the new.
    """
    _settle(ready.path)
    aside = None
    if target.exists():
        aside = _free_name(target, ready)
        for ending in ENDINGS[1:]:
            beside = Path(f"{target}{ending}")
            if beside.exists():
                beside.rename(f"{aside}{ending}")
        os.link(target, aside)
    ready.path.replace(target)
    return aside


def _free_name(target: Path, ready: Ready) -> Path:
    day = datetime.fromisoformat(ready.manifest.made_at).strftime("%Y%m%d-%H%M%S")
    wanted, number = target.with_name(f"{target.name}.before-restore-of-{day}"), 1
    while wanted.exists():
        number += 1
        wanted = target.with_name(f"{target.name}.before-restore-of-{day}-{number}")
    return wanted


def _settle(payload: Path) -> None:
    """Wait until the disk holds the records, before they take the place of others."""
    with payload.open("rb+") as file:
        os.fsync(file.fileno())


def into_database(ready: Ready, keys: Keys, target: Database, tell: Progress) -> None:
    """Copy the records into an empty database at the newest schema, on any engine."""
    with backup.opened(ready.path, keys) as source:
        copying.copy(source, target, tell)


def refuse_while_used(url: str, key: bytes | None) -> None:
    """Raise BackupRefused while anybody else has this embedded database open.

    Leaving write-ahead logging needs the file for oneself, so trying that is the test; it also
    brings everything out of the log, so that the file alone is all of it.
    """
    database = open_database(url, key)
    driver = database.engine.dialect.dbapi
    if driver is None:
        raise RuntimeError("an engine has a driver")
    try:
        with closing(database.engine.raw_connection()) as connection:
            for statement in (SOON, "PRAGMA journal_mode = DELETE"):
                connection.cursor().execute(statement)
    except (OperationalError, driver.OperationalError) as error:
        raise _in_use() from error
    except (DatabaseError, driver.DatabaseError):
        return  # damaged: what a restore is for
    finally:
        database.close()


def _in_use() -> BackupRefused:
    return BackupRefused(
        "The records are in use: stop the running application first, then run this again. "
        "Nothing was changed."
    )


def anchor(database: Database, ready: Ready, now: datetime) -> int | None:
    """Write down outside the database that the audit went back to this restore.

    Gives the newest row that was anchored before, when the restored audit is older than that.
    """
    chain = database.audit
    if chain is None or chain.anchor is None:
        return None
    newest = audit_chain.newest_anchor(chain.anchor)
    with database.read() as session:
        audit_chain.anchor(session, chain, audit_chain.RESTORE, now)
    return newest.id if newest and newest.id >= ready.head_id else None

"""Making a backup: one consistent copy of all records, checked before it gets its name.

The copy is itself an encrypted database under the instance's key, so that no plain text is ever
written. An encrypted file is copied by the engine's own backup (a copy of the file would miss what
is still in the log beside it); other engines are copied row by row from one moment.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from sqlalchemy import Connection, PoolProxiedConnection, inspect, text
from sqlalchemy.exc import DBAPIError

from ipt_tracker.governance.events import Event
from ipt_tracker.persistence import audit_chain, backup_file, copying, schema
from ipt_tracker.persistence.audit_chain import AuditChain
from ipt_tracker.persistence.backup_file import (
    WORKING,
    BackupRefused,
    Fault,
    Manifest,
    Progress,
)
from ipt_tracker.persistence.engine import Database, open_database
from ipt_tracker.persistence.keys import Keys
from ipt_tracker.persistence.models import AuditEntry


@dataclass(frozen=True, slots=True)
class About:
    """What a backup is told of the instance."""

    kind: str
    software: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made and checked."""

    path: Path
    manifest: Manifest
    bytes: int


@dataclass(frozen=True, slots=True)
class Inside:
    """What a database holds, after all its checks."""

    schema: str
    counts: dict[str, int] = field(hash=False)
    head_id: int
    head_seal: str


class _Digest:
    """Takes what is written and keeps a digest alone."""

    def __init__(self) -> None:
        self.of = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.of.update(data)
        return len(data)


def make(
    database: Database,
    keys: Keys,
    target: Path,
    about: About,
    tell: Progress = lambda _: None,
) -> Made:
    """Make a backup file and check it; nothing is left behind when that fails.

    Raises BackupRefused when there is such a file already, or it cannot be written or checked.
    """
    if target.exists():
        raise BackupRefused(f"{target} is there already; a backup never overwrites a file.")
    with working_folder(target.parent) as folder:
        payload, sealed = folder / "records.db", folder / "sealed"
        tell("Copying the records.")
        take(database, keys, payload, tell)
        tell("Checking the copy.")
        inside = check(payload, keys)
        manifest = _manifest(database, keys, about, inside, payload.stat().st_size)
        tell("Sealing it, and reading it back.")
        backup_file.write(sealed, payload, manifest, keys.backup)
        _read_back(sealed, payload, keys)
        made = Made(target, manifest, sealed.stat().st_size)
        if inside.schema == schema.newest():
            write_down_made(database, made, about.made_at)
        sealed.replace(target)
        _wait_for(target.parent)
    return made


def take(database: Database, keys: Keys, payload: Path, tell: Progress) -> None:
    """Copy all records from one moment into a new file under the instance's key."""
    engine = database.engine.dialect.dbapi
    if engine is None or not engine.__name__.startswith("sqlcipher3"):
        _copy_rows(database, keys, payload, tell)
        return
    with opened(payload, keys) as copied:
        source, target = database.engine.raw_connection(), copied.engine.raw_connection()
        try:
            _driver(source).backup(_driver(target))
        except engine.Error as error:
            raise _not_copied(payload.parent.parent, error) from error
        finally:
            source.close()
            target.close()


def _driver(connection: PoolProxiedConnection) -> Any:  # noqa: ANN401 -- the driver has no types
    """Give the driver's own connection, which alone knows the engine's backup."""
    return connection.driver_connection


def _copy_rows(database: Database, keys: Keys, payload: Path, tell: Progress) -> None:
    url = f"sqlite:///{payload}"
    with database.engine.connect() as connection:
        revision = schema.current(connection)
    schema.upgrade(url, keys.database, revision or "head")
    with opened(payload, keys) as target:
        copying.copy(database, target, tell)


def check(payload: Path, keys: Keys) -> Inside:
    """Try an encrypted database in every way, or raise BackupRefused."""
    with opened(payload, keys) as database:
        with database.engine.execution_options(ipt_access="read").connect() as connection:
            _check_pages(connection)
            revision = schema.current(connection) or ""
            counted = copying.counts(connection)
            sealed = "seal" in {c["name"] for c in inspect(connection).get_columns("audit_entry")}
        head_id, head_seal = _checked_head(database) if sealed else (0, "")
    return Inside(revision, counted, head_id, head_seal)


def _check_pages(connection: Connection) -> None:
    wrong: list[Any] = [
        row[0] for row in connection.execute(text("PRAGMA integrity_check")) if row[0] != "ok"
    ]
    wrong += list(connection.execute(text("PRAGMA cipher_integrity_check")))
    if wrong:
        raise BackupRefused("The copy of the records is damaged inside.", Fault.CONTENT)
    if connection.execute(text("PRAGMA foreign_key_check")).first():
        raise BackupRefused("A record in the copy points at nothing.", Fault.CONTENT)


def _checked_head(database: Database) -> tuple[int, str]:
    """Check the audit's chain and give its newest row, by number and seal."""
    if database.audit is None:
        raise RuntimeError("this needs the key of the audit")
    with database.read() as session:
        report = audit_chain.verify(session, database.audit)
        if report.findings:
            raise BackupRefused(
                f"The audit in these records is broken in {len(report.findings)} places. "
                "Run: python3 -m ipt_tracker audit verify",
                Fault.CONTENT,
            )
        head = audit_chain.newest_row(session)
    return head.id, head.seal


def _manifest(database: Database, keys: Keys, about: About, inside: Inside, size: int) -> Manifest:
    return Manifest(
        kind=about.kind,
        software=about.software,
        made_at=about.made_at.isoformat(timespec="seconds"),
        engine=database.engine.dialect.name,
        instance=instance_of(keys),
        payload_bytes=size,
        **asdict(inside),
    )


def instance_of(keys: Keys) -> str:
    """Name an instance without telling anything of its key."""
    return hashlib.sha256(b"ipt-tracker instance " + keys.backup).hexdigest()[:16]


def _read_back(sealed: Path, payload: Path, keys: Keys) -> None:
    """Make sure that what now stands on the disk opens and is the very copy that was checked."""
    found = _Digest()
    backup_file.unpack(sealed, keys.backup, found)
    with payload.open("rb") as file:
        if hashlib.file_digest(file, "sha256").digest() != found.of.digest():
            raise BackupRefused("The disk did not keep what was written to it.", Fault.CHANGED)


def write_down_made(database: Database, made: Made, now: datetime) -> None:
    """Audit that a backup was made, and anchor the audit as far as it goes."""
    details = {"bytes": made.bytes, "head": made.manifest.head_id, "schema": made.manifest.schema}
    write_down(database, Event.BACKUP_MADE, made.path.name, now, details)


def write_down(
    database: Database, happened: Event, name: str, now: datetime, details: dict[str, Any]
) -> None:
    """Write one audit row about a backup file, as the command line."""
    if database.audit is None:
        raise RuntimeError("this needs the key of the audit")
    entry = AuditEntry(
        at=now, event=happened, subject_kind="backup", subject_id=name[:60], details=details
    )
    with database.write() as session, session.begin():
        audit_chain.append(session, database.audit, entry)
    with database.read() as session:
        audit_chain.anchor(session, database.audit, "backup", now)


@contextmanager
def opened(path: Path, keys: Keys) -> Iterator[Database]:
    """Open an encrypted file under the instance's key, its audit without anchors."""
    database = open_database(f"sqlite:///{path}", keys.database, audit=AuditChain(keys.audit, None))
    try:
        yield database
    finally:
        database.close()


@contextmanager
def working_folder(beside: Path) -> Iterator[Path]:
    """Give a folder of our own that is gone afterwards; a full disk becomes one sentence."""
    try:
        folder = Path(mkdtemp(prefix=WORKING, dir=beside))
    except OSError as error:
        raise _no_room(beside, error) from error
    try:
        yield folder
    except OSError as error:
        raise _no_room(beside, error) from error
    except DBAPIError as error:
        raise _not_copied(beside, error.orig) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _no_room(beside: Path, error: OSError) -> BackupRefused:
    return BackupRefused(
        f"{beside} could not be written to ({error.strerror}). Make room or name another place. "
        "Nothing was left there."
    )


def _not_copied(beside: Path, why: object) -> BackupRefused:
    return BackupRefused(
        f"The records could not be read, or copied into {beside} ({why}). Is the disk full, or the "
        "database in use or damaged? Nothing was left there."
    )


def _wait_for(folder: Path) -> None:
    """Wait until the disk knows the new name of a file, where a system offers that."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

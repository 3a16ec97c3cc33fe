"""Opening the database so that nothing acknowledged is lost and no read can write.

Measured before it was chosen: the driver's own transaction handling loses updates without an error,
so every transaction is begun here, explicitly; SQLCipher needs QueuePool (another pool crashes the
process under threads) and must be passed as `module` so that its errors arrive wrapped.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import sqlcipher3.dbapi2
from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.orm import Session

from ipt_tracker.persistence.audit_chain import AuditChain

KEY_BYTES = 32
BUSY_SECONDS = 10
WRITER_LOCK = 7041
"""Any fixed number: PostgreSQL writers queue on it, as SQLite writers do on the file."""

WAL_RESET_BUG = ((3, 7, 0), (3, 51, 3))
WAL_RESET_FIXED = ((3, 44, 6), (3, 50, 7))
"""Engines that can damage a file in WAL mode, and the branches with the fix carried back."""


@dataclass(frozen=True, slots=True)
class Database:
    """One opened database, what seals its audit, and its two kinds of session."""

    engine: Engine
    audit: AuditChain | None = None

    def read(self) -> Session:
        """Give a session that the database itself keeps from writing."""
        return Session(self.engine.execution_options(ipt_access="read"), expire_on_commit=False)

    def write(self) -> Session:
        """Give a session whose transaction takes the writer's lock before its first read."""
        return Session(self.engine.execution_options(ipt_access="write"), expire_on_commit=False)

    def close(self) -> None:
        """Return every pooled connection."""
        self.engine.dispose()


def open_database(
    url: str,
    key: bytes | None = None,
    *,
    audit: AuditChain | None = None,
    foreign_keys: bool = True,
) -> Database:
    """Open a SQLite file (encrypted when a key is given) or a PostgreSQL database.

    `key` is a raw key of 32 bytes; without `audit` nothing can be written down, so the application
    always gives it. `foreign_keys=False` is for migrations alone.
    """
    dialect = make_url(url).get_backend_name()
    if dialect == "sqlite":
        return Database(_sqlite(url, key, foreign_keys=foreign_keys), audit)
    engine = create_engine(url, hide_parameters=True, pool_size=8)
    event.listen(engine, "begin", _begin_postgresql)
    event.listen(engine, "handle_error", _quote_no_rows)
    return Database(engine, audit)


def _sqlite(url: str, key: bytes | None, *, foreign_keys: bool) -> Engine:
    if key is not None and len(key) != KEY_BYTES:
        raise ValueError("the database key must be 32 bytes")
    module: ModuleType = sqlcipher3.dbapi2 if key else sqlite3
    engine = create_engine(
        url,
        module=module,
        poolclass=QueuePool,
        pool_size=8,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
    )
    event.listen(engine, "connect", _prepare(key, module, foreign_keys=foreign_keys))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare(
    key: bytes | None, module: ModuleType, *, foreign_keys: bool
) -> Callable[[Any, Any], None]:
    wal = wal_is_safe(module.sqlite_version_info)
    pragmas = (
        f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",
        f"journal_mode = {'WAL' if wal else 'DELETE'}",
        f"synchronous = {'FULL' if wal else 'EXTRA'}",
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "recursive_triggers = ON",  # else INSERT OR REPLACE walks past the audit's triggers
        "secure_delete = ON",
        "trusted_schema = OFF",
    )

    def prepare(connection: Any, _: Any) -> None:  # noqa: ANN401 -- a driver's own connection object
        connection.isolation_level = None
        cursor = connection.cursor()
        if key is not None:
            cursor.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return prepare


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Say whether this engine is free of the fault that can damage a file in WAL mode."""
    first, fixed = WAL_RESET_BUG
    carried_back = any(version[:2] == v[:2] and version >= v for v in WAL_RESET_FIXED)
    return not first <= version < fixed or carried_back


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("ipt_access") == "read"
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reading else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get("ipt_access") == "read":
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
    else:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")


def _quote_no_rows(context: ExceptionContext) -> None:
    """Keep the first line of an error: PostgreSQL's DETAIL quotes the row that was refused."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args:
            error.args = (str(error.args[0]).partition("\n")[0],)

"""Opening the database so that nothing acknowledged is lost and no read can write.

Measured before it was chosen: the driver's own transaction handling loses updates without an error,
so every transaction is begun here, explicitly; SQLCipher needs QueuePool (another pool crashes the
process under threads) and must be passed as `module` so that its errors arrive wrapped.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.orm import Session

from ipt_tracker.persistence.audit_chain import AuditChain
from ipt_tracker.persistence.connection import (
    BUSY_SECONDS,
    UnsafeDatabase,
    driver,
    preparing,
)

KEY_BYTES = 32
WRITER_LOCK = 7041
"""Any fixed number: PostgreSQL writers queue on it, as SQLite writers do on the file."""


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
    if dialect != "postgresql":
        raise UnsafeDatabase(
            f"IPT_DATABASE_URL names {dialect}; only sqlite and postgresql can keep the records."
        )
    engine = create_engine(url, poolclass=QueuePool, hide_parameters=True, pool_size=8)
    require_pool(engine)
    event.listen(engine, "connect", _wait_no_longer)
    event.listen(engine, "begin", _begin_postgresql)
    event.listen(engine, "handle_error", _quote_no_rows)
    return Database(engine, audit)


def _sqlite(url: str, key: bytes | None, *, foreign_keys: bool) -> Engine:
    if key is not None and len(key) != KEY_BYTES:
        raise ValueError("the database key must be 32 bytes")
    module = driver(key)
    engine = create_engine(
        url,
        module=module,
        poolclass=QueuePool,
        pool_size=8,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
    )
    require_pool(engine)
    event.listen(engine, "connect", preparing(module, key, foreign_keys=foreign_keys))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def require_pool(engine: Engine) -> None:
    """Raise UnsafeDatabase on a pool under which threads crash the process."""
    if type(engine.pool) is not QueuePool:
        raise UnsafeDatabase(f"The pool of connections is {type(engine.pool).__name__}, not safe.")


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("ipt_access") == "read"
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reading else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _wait_no_longer(connection: Any, _: Any) -> None:  # noqa: ANN401 -- a driver's own connection object
    """Let a writer wait for its turn as long as on SQLite, and no longer."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
    connection.commit()


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

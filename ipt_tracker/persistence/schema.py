"""Bringing a database to the newest schema, or refusing to work on one that is not there.

Foreign keys are off while tables are rebuilt, because SQLite rebuilds a table by dropping it;
they are checked as a whole afterwards, inside the same transaction.
"""

from collections.abc import Callable

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from ipt_tracker.persistence import triggers
from ipt_tracker.persistence.audit_chain import seal_earlier
from ipt_tracker.persistence.base import Base
from ipt_tracker.persistence.engine import Database, open_database


class SchemaTooOld(Exception):
    """The database is not at the schema that this version needs."""


def alembic_config() -> Config:
    """Point Alembic at the migrations inside the package."""
    config = Config()
    config.set_main_option("script_location", "ipt_tracker:persistence/migrations")
    config.set_main_option("path_separator", "os")
    return config


def newest() -> str:
    """Name the newest revision."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if head is None:
        raise RuntimeError("there are no migrations")
    return head


def knows(revision: str) -> bool:
    """Say whether a revision is among the migrations of this version."""
    scripts = ScriptDirectory.from_config(alembic_config())
    return revision in {each.revision for each in scripts.walk_revisions()}


def upgrade(
    url: str, key: bytes | None = None, revision: str = "head", *, audit: bytes | None = None
) -> None:
    """Bring the database at `url` to the revision: one transaction, all or nothing.

    `audit` seals the rows of an audit that had no seals before.
    """
    _migrate(url, key, revision, command.upgrade, audit)


def downgrade(url: str, key: bytes | None, revision: str) -> None:
    """Take the database back to an older revision."""
    _migrate(url, key, revision, command.downgrade)


def _migrate(
    url: str,
    key: bytes | None,
    revision: str,
    run: Callable[[Config, str], None],
    audit: bytes | None = None,
) -> None:
    database = open_database(url, key, foreign_keys=False)
    try:
        with database.engine.begin() as connection:
            config = alembic_config()
            config.attributes["connection"] = connection
            sealed = _has_seals(connection)
            run(config, revision)
            if not sealed and _has_seals(connection):
                seal_earlier(connection, audit)
            if current(connection) is not None:
                triggers.install(connection)
            _check_foreign_keys(connection)
    finally:
        database.close()


def _has_seals(connection: Connection) -> bool:
    inspector = inspect(connection)
    if not inspector.has_table("audit_entry"):
        return False
    return "seal" in {each["name"] for each in inspector.get_columns("audit_entry")}


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.execute(text("PRAGMA foreign_key_check")).first()
    if broken:
        raise RuntimeError(f"a row of {broken[0]} points at nothing")


def current(connection: Connection) -> str | None:
    """Name the revision that the database is at, or None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def require_newest(database: Database) -> None:
    """Raise SchemaTooOld unless the database is at the newest revision."""
    with database.engine.execution_options(ipt_access="read").connect() as connection:
        found = current(connection)
    if found != newest():
        raise SchemaTooOld(
            f"The database is at schema {found}, this version needs {newest()}. "
            "Run: python3 -m ipt_tracker upgrade (it makes a backup first)"
        )


def differences(connection: Connection) -> list[object]:
    """List where the database differs from the models; empty when they agree."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, Base.metadata))

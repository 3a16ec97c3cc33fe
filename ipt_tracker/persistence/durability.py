"""Whether a database server keeps what it acknowledges, and whether it writes at all."""

from collections.abc import Mapping

from sqlalchemy import Connection, text

from ipt_tracker.persistence.connection import UnsafeDatabase
from ipt_tracker.persistence.engine import Database

MUST_NOT_BE_OFF = ("fsync", "full_page_writes", "synchronous_commit")
_READ = text(
    "SELECT current_setting('fsync') AS fsync, "
    "current_setting('full_page_writes') AS full_page_writes, "
    "current_setting('synchronous_commit') AS synchronous_commit"
)


def server_settings(connection: Connection) -> Mapping[str, str]:
    """Read what a PostgreSQL server promises; empty for a database in a file."""
    if connection.dialect.name != "postgresql":
        return {}
    return dict(connection.execute(_READ).mappings().one())


def faults(settings: Mapping[str, str]) -> tuple[str, ...]:
    """Name the settings under which an acknowledged save can be lost."""
    return tuple(name for name in MUST_NOT_BE_OFF if settings.get(name) == "off")


def require_durable(database: Database) -> None:
    """Raise UnsafeDatabase on a server that may lose what it acknowledged."""
    with database.engine.execution_options(ipt_access="read").connect() as connection:
        found = faults(server_settings(connection))
    if found:
        raise UnsafeDatabase(
            f"The PostgreSQL server has {', '.join(found)} off: after a power cut, saves that were "
            "acknowledged can be gone. Set it on in postgresql.conf and restart the server."
        )

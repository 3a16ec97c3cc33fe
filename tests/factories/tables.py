"""All that a database holds, to say what changed and what did not."""

from typing import Any

from sqlalchemy import select

from ipt_tracker.persistence.base import Base
from ipt_tracker.persistence.engine import Database
from ipt_tracker.persistence.models import AuditEntry

NOT_CHANGES = {"audit_entry"}
SEEN = ("sign_in", "last_seen_at")


def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Give every row of every table but the audit; when a sign-in was seen is left out."""
    with database.read() as session:
        return {
            table.name: sorted(
                (tuple(map(repr, row)) for row in session.execute(select(*_columns(table)))),
            )
            for table in Base.metadata.sorted_tables
            if table.name not in NOT_CHANGES
        }


def _columns(table: Any) -> list[Any]:
    return [column for column in table.columns if (table.name, column.name) != SEEN]


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Name the tables that differ."""
    return [name for name in before if before[name] != after[name]]


def audit_rows(database: Database) -> list[Any]:
    """Give the rows of the audit, oldest first."""
    with database.read() as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))

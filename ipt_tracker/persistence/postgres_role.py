"""What the role of the application may do on PostgreSQL: everything but change the audit.

The tables belong to another role, the owner, who upgrades the schema. Only an owner can drop a
trigger or a table, so the role that the application signs in with cannot, whatever it is told.
"""

import re

from sqlalchemy import Connection, text

from ipt_tracker.persistence.triggers import APPEND_ONLY

NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_STANDING = text(
    "SELECT r.rolsuper OR r.rolcreaterole OR r.rolbypassrls "
    "OR pg_has_role(:role, current_user, 'MEMBER') FROM pg_roles r WHERE r.rolname = :role"
)
_CAN_CHANGE = text(
    "SELECT has_table_privilege(:name, 'UPDATE') OR has_table_privilege(:name, 'DELETE') "
    "OR has_table_privilege(:name, 'TRUNCATE')"
)
_OWNS = text("SELECT count(*) FROM pg_tables WHERE tablename = :name AND tableowner = current_user")


class WrongRole(Exception):
    """The role cannot be the application's; the message says why."""


def statements(role: str, database: str) -> tuple[str, ...]:
    """Give the statements that the owner runs, in order. Raises WrongRole on an odd name."""
    if not NAME.fullmatch(role):
        raise WrongRole(
            f"{role!r} is not a plain name: small letters, digits and _, at most 63 of them."
        )
    to = f'"{role}"'
    quoted = database.replace('"', '""')
    audit = (f'"{table}"' for table in APPEND_ONLY)
    return (
        f'GRANT CONNECT ON DATABASE "{quoted}" TO {to}',
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {to}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {to}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {to}",
        *(f"REVOKE ALL ON {table} FROM {to}" for table in audit),
        *(f'GRANT SELECT, INSERT ON "{table}" TO {to}' for table in APPEND_ONLY),
        f'REVOKE ALL ON "alembic_version" FROM {to}',
        f'GRANT SELECT ON "alembic_version" TO {to}',
    )


def grant(connection: Connection, role: str) -> None:
    """Run them. Raises WrongRole on a role that is not there or that could undo them."""
    wanted = statements(role, str(connection.engine.url.database))
    standing = connection.scalar(_STANDING, {"role": role})
    if standing is None:
        raise WrongRole(f"There is no role {role}. Make it first: CREATE ROLE {role} LOGIN")
    if standing:
        raise WrongRole(
            f"{role} is a superuser or stands in for the owner: no GRANT would bind it. "
            "Make a role of its own for the application."
        )
    for statement in wanted:
        connection.exec_driver_sql(statement)


def can_change_the_audit(connection: Connection) -> bool:
    """Say whether the present role could edit or remove audit rows."""
    each = ({"name": table} for table in APPEND_ONLY)
    return any(connection.scalar(_CAN_CHANGE, it) or connection.scalar(_OWNS, it) for it in each)

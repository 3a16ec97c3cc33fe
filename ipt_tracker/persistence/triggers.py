"""Triggers that keep the audit append-only, on each engine. Migrations install and count them."""

from sqlalchemy import Connection, text

APPEND_ONLY = ("audit_entry",)

_SQLITE = """
CREATE TRIGGER {name} BEFORE {act} ON {table}
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER {name} BEFORE {act} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
_LISTED = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


def expected(dialect: str) -> dict[str, tuple[str, str]]:
    """Give each trigger's name with its table and the act that it refuses."""
    acts = ("UPDATE", "DELETE") + (("TRUNCATE",) if dialect == "postgresql" else ())
    return {f"{t}_no_{act.lower()}": (t, act) for t in APPEND_ONLY for act in acts}


def present(connection: Connection) -> set[str]:
    """Name the triggers that the database has."""
    return set(connection.scalars(text(_LISTED[connection.dialect.name])))


def install(connection: Connection) -> None:
    """Create what is missing, then make sure that the full list is there and nothing else."""
    dialect = connection.dialect.name
    wanted, there = expected(dialect), present(connection)
    if dialect == "postgresql":
        connection.execute(text(_POSTGRESQL_FUNCTION))
    shape = _POSTGRESQL if dialect == "postgresql" else _SQLITE
    for name, (table, act) in wanted.items():
        if name not in there:
            connection.execute(text(shape.format(name=name, table=table, act=act)))
    check(connection)


def check(connection: Connection) -> None:
    """Raise RuntimeError when a trigger is missing or one stands there that nobody expects."""
    wanted, there = set(expected(connection.dialect.name)), present(connection)
    if wanted != there:
        raise RuntimeError(f"audit triggers differ: {sorted(wanted ^ there)}")

"""Triggers that keep the audit append-only, on each engine. Migrations install and count them."""

from sqlalchemy import Connection, text

APPEND_ONLY = ("audit_entry",)

_SQLITE = """
CREATE TRIGGER {name} BEFORE {act} ON {table}
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END
"""
_SQLITE_ORDER = """
CREATE TRIGGER {name} BEFORE {act} ON {table}
WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM {table})
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END
"""
_POSTGRESQL_FUNCTIONS = (
    """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$
""",
    """
CREATE OR REPLACE FUNCTION refuse_disorder() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
IF NEW.id IS DISTINCT FROM (SELECT coalesce(max(id), 0) + 1 FROM audit_entry) THEN
RAISE EXCEPTION 'the audit is append-only'; END IF;
RETURN NEW; END $$
""",
)
_POSTGRESQL = """
CREATE TRIGGER {name} BEFORE {act} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
_POSTGRESQL_ORDER = """
CREATE TRIGGER {name} BEFORE {act} ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_disorder()
"""
_SHAPES = {
    "sqlite": (_SQLITE, _SQLITE_ORDER),
    "postgresql": (_POSTGRESQL, _POSTGRESQL_ORDER),
}
_LISTED = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}


def expected(dialect: str) -> dict[str, tuple[str, str]]:
    """Give each trigger's name with its table and the act that it refuses.

    A new row is refused unless its number is the next.
    """
    acts = ("UPDATE", "DELETE") + (("TRUNCATE",) if dialect == "postgresql" else ())
    refused = {f"{t}_no_{act.lower()}": (t, act) for t in APPEND_ONLY for act in acts}
    return refused | {f"{t}_in_order": (t, "INSERT") for t in APPEND_ONLY}


def present(connection: Connection) -> set[str]:
    """Name the triggers that the database has, and that are on."""
    return set(connection.scalars(text(_LISTED[connection.dialect.name])))


def install(connection: Connection) -> None:
    """Create what is missing, then make sure that the full list is there and nothing else."""
    dialect = connection.dialect.name
    wanted, there = expected(dialect), present(connection)
    if dialect == "postgresql":
        for function in _POSTGRESQL_FUNCTIONS:
            connection.execute(text(function))
    refusing, in_order = _SHAPES[dialect]
    for name, (table, act) in wanted.items():
        if name not in there:
            shape = in_order if act == "INSERT" else refusing
            connection.execute(text(shape.format(name=name, table=table, act=act)))
    check(connection)


def check(connection: Connection) -> None:
    """Raise RuntimeError when a trigger is missing or one stands there that nobody expects."""
    wanted, there = set(expected(connection.dialect.name)), present(connection)
    if wanted != there:
        raise RuntimeError(f"audit triggers differ: {sorted(wanted ^ there)}")

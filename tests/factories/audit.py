"""An audit that fails: a trigger in the database that refuses every new row of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from ipt_tracker.persistence.engine import Database

_FUNCTION = """
CREATE FUNCTION audit_fails() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the disk of the audit is gone'; END $$
"""
_TRIGGER = """
CREATE TRIGGER audit_fails BEFORE INSERT ON audit_entry
FOR EACH ROW EXECUTE FUNCTION audit_fails()
"""
_SQLITE = """
CREATE TRIGGER audit_fails BEFORE INSERT ON audit_entry
BEGIN SELECT RAISE(ABORT, 'the disk of the audit is gone'); END
"""
_ON = {"sqlite": (_SQLITE,), "postgresql": (_FUNCTION, _TRIGGER)}
_OFF = {
    "sqlite": ("DROP TRIGGER audit_fails",),
    "postgresql": ("DROP TRIGGER audit_fails ON audit_entry", "DROP FUNCTION audit_fails"),
}


@contextmanager
def broken_audit(database: Database) -> Iterator[None]:
    """Let no audit row be written until the block ends."""
    _run(database, _ON)
    yield
    _run(database, _OFF)


def _run(database: Database, statements: dict[str, tuple[str, ...]]) -> None:
    with database.write() as session, session.begin():
        for statement in statements[session.connection().dialect.name]:
            session.execute(text(statement))

"""A step to a new schema that fails at any of its statements leaves the old one whole."""

from contextlib import contextmanager

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, event, inspect, select, table, text

from ipt_tracker.persistence import schema
from ipt_tracker.persistence.keys import Keys
from tests.factories.rows import fill_every_table
from tests.factories.stores import KEY, POSTGRESQL, SQLCIPHER, SQLITE, on_every_engine
from tests.reliability.migrating import CHANGES, killed_at
from tests.reliability.trials import NAMES, integrity

STRIDES = {SQLCIPHER: 5, SQLITE: 6, POSTGRESQL: 7}
"""Of an older step every so many statements fail, others on each engine; of the newest all."""
MIDDLE = 5
"""The statement of the newest step at which the program is killed."""
AUDIT = Keys(KEY).audit
ALL = text("*")
TOLD = {
    "sqlite": ("SELECT type, name, sql FROM sqlite_master",),
    "postgresql": (
        (
            "SELECT table_name, column_name, data_type, is_nullable, column_default"
            " FROM information_schema.columns WHERE table_schema = 'public'"
        ),
        (
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace"
        ),
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    ),
}
"""What each engine is asked about its schema."""


class PulledOut(Exception):
    """The statement that was chosen to fail."""


def steps():
    """Give each revision with the one before it, oldest first; before the first there is none."""
    script = ScriptDirectory.from_config(schema.alembic_config())
    found = [(r.down_revision or "base", r.revision) for r in script.walk_revisions()]
    return found[::-1]


STEPS = [pytest.param(*step, id=step[1]) for step in steps()]


@contextmanager
def failing_at(nth):
    """Let the nth statement that changes something fail."""
    seen = [0]

    def look(_connection, _cursor, statement, *_):
        if CHANGES.match(statement):
            seen[0] += 1
            if seen[0] == nth:
                raise PulledOut

    event.listen(Engine, "before_cursor_execute", look)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", look)


def fails(store, revision, nth):
    """Take a step whose nth statement fails; False when it has fewer and was taken."""
    with failing_at(nth):
        try:
            schema.upgrade(store.url, store.key, revision, audit=AUDIT)
        except PulledOut:
            return True
    return False


def everything(store):
    """Give the schema as the database itself tells it, and every row of every table."""
    database = store.open()
    try:
        with database.engine.connect() as connection:
            told = TOLD[connection.dialect.name]
            names = inspect(connection).get_table_names()
            rows = {
                name: sorted(map(repr, connection.execute(select(ALL).select_from(table(name)))))
                for name in names
            }
            schema_ = [sorted(map(repr, connection.execute(text(each)))) for each in told]
            return rows, schema_
    finally:
        database.close()


def fill(database):
    """Put rows into every table at the newest schema."""
    fill_every_table(database)


@pytest.fixture
def stored_at(engine, stores_of):
    """Give a function that opens a filled database which stands at an older revision."""

    @contextmanager
    def at(revision):
        with stores_of(engine).filled(engine, "every table", fill) as (store, _):
            schema.downgrade(store.url, store.key, revision)
            yield store

    return at


@on_every_engine
@pytest.mark.parametrize(("before", "after"), STEPS)
def test_a_step_that_fails_at_any_statement_leaves_the_old_schema_and_every_row(
    stored_at, engine, before, after, figures
):
    newest = after == schema.newest()
    with stored_at(before) as store:
        old, failed, changed = everything(store), 0, 0
        nth, stride = 1, 1 if newest else STRIDES[engine]
        while fails(store, after, nth):
            failed, nth = failed + 1, nth + stride
            changed += everything(store) != old
        assert everything(store) != old
        assert current(store) == after

    figures("migrations", NAMES[engine], statements_failed=failed, changed_databases=changed)
    assert changed == 0
    assert failed > 0


def current(store):
    database = store.open()
    try:
        with database.engine.connect() as connection:
            return schema.current(connection)
    finally:
        database.close()


@on_every_engine
def test_a_step_that_is_killed_in_the_middle_leaves_the_old_schema_and_every_row(
    stored_at, engine, figures
):
    before, _ = steps()[-1]
    with stored_at(before) as store:
        old = everything(store)

        assert killed_at(store, AUDIT, MIDDLE)

        changed = int(everything(store) != old)
        database = store.open()
        whole = integrity(database)
        database.close()
        figures("migrations", NAMES[engine], steps_killed=1, changed_databases=changed)
        assert (changed, whole) == (0, "ok")
        schema.upgrade(store.url, store.key, audit=AUDIT)
        assert current(store) == schema.newest()

"""One line of history, equal to the models, up and down; a failure leaves everything as it was."""

from uuid import uuid4

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint, inspect, text

from ipt_tracker.persistence import schema, triggers
from ipt_tracker.persistence.base import Base
from tests.factories.tables import audit_rows, contents

TABLES = {table.name for table in Base.metadata.sorted_tables}
AUDIT = {"sqlite": 3, "postgresql": 4}
"""Update and delete are refused; on PostgreSQL also emptying the table at once."""


def state(store):
    """Give all that the database holds, its triggers, its revision and where it differs."""
    database = store.open()
    try:
        with database.engine.connect() as connection:
            found = (
                triggers.present(connection),
                schema.current(connection),
                schema.differences(connection),
                set(inspect(connection).get_table_names()),
            )
        return found, contents(database), [row.id for row in audit_rows(database)]
    finally:
        database.close()


def look(store, question):
    database = store.open()
    try:
        with database.engine.connect() as connection:
            return question(connection)
    finally:
        database.close()


def test_history_is_one_line_with_one_head_and_one_beginning():
    script = ScriptDirectory.from_config(schema.alembic_config())

    assert len(script.get_heads()) == len(script.get_bases()) == 1
    assert [r.revision for r in script.walk_revisions() if r.is_merge_point] == []


def test_the_migrations_make_what_the_models_describe(store):
    schema.upgrade(store.url, store.key)

    assert look(store, schema.differences) == []
    assert look(store, lambda c: set(inspect(c).get_table_names())) == TABLES | {"alembic_version"}


@pytest.mark.parametrize(
    ("kind", "ask"),
    [
        (CheckConstraint, "get_check_constraints"),
        (UniqueConstraint, "get_unique_constraints"),
        (ForeignKeyConstraint, "get_foreign_keys"),
    ],
)
def test_every_named_constraint_of_the_models_is_in_the_database(store, kind, ask):
    schema.upgrade(store.url, store.key)

    there = look(
        store, lambda c: {t: {k["name"] for k in getattr(inspect(c), ask)(t)} for t in TABLES}
    )

    assert there == {
        t.name: {c.name for c in t.constraints if isinstance(c, kind)}
        for t in Base.metadata.sorted_tables
    }


def test_each_migration_can_be_taken_back_and_run_again(store):
    script = ScriptDirectory.from_config(schema.alembic_config())
    newest_first = [revision.revision for revision in script.walk_revisions()]
    schema.upgrade(store.url, store.key)

    for revision in [*newest_first[1:], "base"]:
        schema.downgrade(store.url, store.key, revision)
        expected = None if revision == "base" else revision
        assert look(store, schema.current) == expected
    assert look(store, lambda c: inspect(c).get_table_names()) == ["alembic_version"]
    assert look(store, triggers.present) == set()

    for revision in reversed(newest_first):
        schema.upgrade(store.url, store.key, revision)
    assert look(store, schema.differences) == []


def test_the_audits_triggers_are_there_and_no_others(store):
    schema.upgrade(store.url, store.key)

    def named(connection):
        return triggers.present(connection), connection.dialect.name

    present, dialect = look(store, named)
    assert present == set(triggers.expected(dialect))
    assert len(present) == AUDIT[dialect]


def test_running_the_migrations_again_changes_nothing(filled):
    before = state(filled)

    schema.upgrade(filled.url, filled.key)

    assert state(filled) == before


def test_triggers_that_a_rebuilt_audit_table_lost_are_there_again(migrate, filled):
    migrate(
        "with op.batch_alter_table('audit_entry', recreate='always') as table:",
        "    table.add_column(sa.Column('more', sa.Text()))",
    )

    assert look(filled, triggers.present) == look(
        filled, lambda c: set(triggers.expected(c.dialect.name))
    )
    assert look(
        filled, lambda c: "more" in {x["name"] for x in inspect(c).get_columns("audit_entry")}
    )
    database = filled.open()
    with pytest.raises(Exception, match="append-only"), database.write() as session:
        session.execute(text("DELETE FROM audit_entry"))
    database.close()


def test_rebuilding_a_table_that_others_point_at_loses_none_of_their_rows(migrate, filled):
    _, before, audited = state(filled)

    migrate(
        "recreate = 'always' if op.get_bind().dialect.name == 'sqlite' else 'never'",
        "with op.batch_alter_table('patient', recreate=recreate) as table:",
        "    table.add_column(sa.Column('more', sa.Text()))",
    )

    _, after, audited_after = state(filled)
    assert after == before
    assert audited_after == audited


@pytest.mark.parametrize(
    ("statements", "complaint"),
    [
        (
            [
                "op.create_table('half', sa.Column('id', sa.Integer()))",
                "op.drop_table('amendment')",
                "1 / 0",
            ],
            "division by zero",
        ),
        (
            ["op.drop_column('patient', 'notes')", "op.execute('INSERT INTO nowhere VALUES (1)')"],
            "nowhere",
        ),
        (["op.execute('DELETE FROM patient')"], "points at nothing|foreign key"),
        (
            [
                "if op.get_bind().dialect.name == 'sqlite':",
                "    op.execute('CREATE TRIGGER odd AFTER INSERT ON patient BEGIN SELECT 1; END')",
                "else:",
                "    op.execute('CREATE TRIGGER odd AFTER INSERT ON patient'",
                "               ' FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()')",
            ],
            "triggers differ: .*odd",
        ),
    ],
    ids=["a bug", "a bad statement", "rows that point at nothing", "a trigger nobody expects"],
)
def test_a_migration_that_fails_leaves_the_old_schema_and_every_row(
    migrate, filled, statements, complaint
):
    before = state(filled)

    with pytest.raises(Exception, match=complaint):
        migrate(*statements)

    assert state(filled) == before
    assert before[0][2] == []


OLD_ROWS = """
INSERT INTO patient (id, code, primary_diagnosis, precipitating_event, created_at, version)
VALUES (:one, 'P-1', 'ptsd', 'other', :now, 1);
INSERT INTO course (id, patient_id, protocol, format, phase_map, planned_sessions,
    engagement_sessions, maintenance_sessions, started_on, status, created_at, version)
VALUES (:one, :one, 'IPT-16', 'individual', '{}', 16, 0, 0, :day, 'active', :now, 1);
INSERT INTO measure (id, course_id, instrument, taken_on, status, total, recorded_at)
VALUES (:one, :one, 'pcl5_week', :day, 'complete', 40, :now);
INSERT INTO measure (id, course_id, instrument, taken_on, status, recorded_at)
VALUES (:two, :one, 'EQ-5D', :day, 'not_returned', :now)
"""


def test_measures_entered_before_they_said_by_what_were_judged_by_the_one_choice_there_was(store):
    schema.upgrade(store.url, store.key, "0001")
    database = store.open()
    one, two = uuid4(), uuid4()
    text_ids = database.engine.dialect.name == "sqlite"
    values = {
        "one": one.hex if text_ids else one,
        "two": two.hex if text_ids else two,
        "day": "2026-01-12",
        "now": "2026-01-12 10:00:00",
    }
    with database.write() as session, session.begin():
        for statement in OLD_ROWS.split(";"):
            named = {key: v for key, v in values.items() if f":{key}" in statement}
            session.execute(text(statement), named)
    database.close()

    schema.upgrade(store.url, store.key)

    rows = look(
        store,
        lambda c: c.execute(
            text(
                "SELECT total, rule, cut, band_set, threshold_set, findings, version"
                " FROM measure ORDER BY instrument DESC"
            )
        ).all(),
    )
    assert [tuple(row) for row in rows] == [
        (40, "pcl5_provisional@1", "cut_33@1", None, "marx2022_s1_pcl5@1", None, 1),
        (None, None, None, None, None, None, 1),
    ]

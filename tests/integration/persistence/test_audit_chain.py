"""Whoever changes the audit past the program is found out, and what they did is named."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ipt_tracker.persistence import audit_chain, schema, triggers
from ipt_tracker.persistence.audit_chain import AuditChain, append, read_anchors, verify
from ipt_tracker.persistence.audit_seal import FIRST, SEALED, seal
from ipt_tracker.persistence.engine import Database
from ipt_tracker.persistence.models import AuditEntry

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OTHER_KEY = bytes(32)


@pytest.fixture
def chained(database, tmp_path):
    """Give a database whose audit has ten rows, the seventh and the tenth of them anchored."""
    made = Database(database.engine, AuditChain(database.audit.key, tmp_path / "audit.anchors"))
    for count in (7, 3):
        add(made, count)
        anchor(made)
    return made


def add(database, count=1):
    with database.write() as session:
        for number in range(count):
            append(session, database.audit, entry(number))
        session.commit()


def entry(number=0):
    return AuditEntry(
        at=NOW,
        actor_id=uuid4(),
        event="course.opened",
        subject_kind="course",
        subject_id=str(uuid4()),
        patient_id=uuid4(),
        details={"n": number, "of": ("a", "b"), "é": [1.5, None]},
    )


def anchor(database, why="stop"):
    with database.read() as session:
        assert audit_chain.anchor(session, database.audit, why, NOW)


def tamper(database, *statements):
    """Change the table as somebody would who has the file, and no key of the audit."""
    with database.engine.begin() as connection:
        kind = connection.dialect.name
        on_table = " ON audit_entry" if kind == "postgresql" else ""
        for name in triggers.expected(kind):
            connection.execute(text(f"DROP TRIGGER {name}{on_table}"))
        for each in statements:
            connection.execute(text(each))
        triggers.install(connection)


def found(database):
    with database.read() as session:
        return [(each.kind.value, each.id) for each in verify(session, database.audit).findings]


def test_an_untouched_audit_is_whole(chained):
    with chained.read() as session:
        report = verify(session, chained.audit)

    assert report.ok
    assert (report.counted, report.head, report.anchors) == (10, 10, 2)


EDIT = "UPDATE audit_entry SET event = 'course.forged' WHERE id {}"
DELETE = "DELETE FROM audit_entry WHERE id {}"
COLUMNS = "at, actor_id, event, subject_kind, subject_id, patient_id, details, seal"
COPY = (
    f"INSERT INTO audit_entry (id, {COLUMNS}) SELECT {{to}}, {COLUMNS} "  # noqa: S608 -- a test's own words
    "FROM audit_entry WHERE id = {of}"
)
MOVE = "UPDATE audit_entry SET id = {} WHERE id = {}"
RAISED = [MOVE.format(n + 1, n) for n in range(10, 4, -1)]
LOWERED = [MOVE.format(n - 1, n) for n in range(6, 11)]
SWAPPED = [MOVE.format(*pair) for pair in ((99, 3), (3, 6), (6, 99))]
BESIDE = [MOVE.format(*pair) for pair in ((99, 3), (3, 4), (4, 99))]
SEAL = "UPDATE audit_entry SET event = 'course.forged', seal = '{}' WHERE id = {}"
FORGED = SEAL.format("ab" * 32, 5)
TAMPERS = {
    "a row edited": ([EDIT.format("= 4")], [("edited", 4)]),
    "the first row edited": ([EDIT.format("= 1")], [("edited", 1)]),
    "the newest row edited": ([EDIT.format("= 10")], [("edited", 10)]),
    "three rows edited": ([EDIT.format("BETWEEN 4 AND 6")], [("edited", 4)]),
    "two rows edited apart": ([EDIT.format("IN (3, 7)")], [("edited", 3), ("edited", 7)]),
    "a row replaced with another seal": ([FORGED], [("replaced", 5)]),
    "a row replaced with no seal": ([SEAL.format("", 5)], [("replaced", 5)]),
    "a row deleted": ([DELETE.format("= 5")], [("deleted", 5)]),
    "rows deleted": ([DELETE.format("IN (5, 6, 7)")], [("deleted", 5)]),
    "the first row deleted": ([DELETE.format("= 1")], [("deleted", 1)]),
    "a row deleted, the rest renumbered": ([DELETE.format("= 5"), *LOWERED], [("deleted", 5)]),
    "the tail cut": ([DELETE.format("> 8")], [("tail_cut", 9)]),
    "all of it cut": ([DELETE.format("> 0")], [("tail_cut", 1)]),
    "a row put in at the end": ([COPY.format(to=11, of=3)], [("inserted", 11)]),
    "a row put in before the first": ([COPY.format(to=-4, of=3)], [("inserted", -4)]),
    "a row put in between": ([*RAISED, COPY.format(to=5, of=2)], [("inserted", 5)]),
    "two rows exchanged": (SWAPPED, [("reordered", 3)]),
    "two neighbours exchanged": (BESIDE, [("reordered", 3)]),
    "a row moved to the end": (
        [MOVE.format(11, 4)],
        [("reordered", 11)],
    ),
}


@pytest.mark.parametrize("what", TAMPERS)
def test_what_was_done_to_the_table_is_named(chained, what):
    statements, expected = TAMPERS[what]

    tamper(chained, *statements)

    assert found(chained) == expected


def test_each_finding_is_a_sentence_with_the_number_of_the_row(chained):
    tamper(chained, EDIT.format("= 4"), DELETE.format("IN (6, 7)"))

    with chained.read() as session:
        said = [each.says for each in verify(session, chained.audit).findings]
    assert said == ["Rows 6 to 7 were deleted.", "Row 4 was changed since the writing."]


def hashed_anew(database, key, first=1):
    """Give the statements that seal every row from `first` on with a key."""
    with database.read() as session:
        rows = session.execute(
            text("SELECT seal FROM audit_entry WHERE id = :id"), {"id": first - 1}
        )
        before = rows.scalar() or FIRST
        made = []
        found = session.query(*SEALED).filter(AuditEntry.id >= first).order_by(AuditEntry.id)
        for row in found:
            said = (*row[:3], "course.forged", *row[4:])
            before = seal(key, before, said)
            made.append(SEAL.format(before, row[0]))
    return made


@pytest.mark.parametrize("first", [1, 5])
def test_a_chain_hashed_anew_without_the_key_is_named(chained, first):
    tamper(chained, *hashed_anew(chained, OTHER_KEY, first))

    assert found(chained) == [("another_key", first)]


def test_a_chain_under_another_key_is_named(chained):
    other = replace(chained.audit, key=OTHER_KEY, anchor=None)

    assert found(Database(chained.engine, other)) == [("another_key", 1)]


def test_an_older_copy_on_which_work_went_on_is_named(chained):
    tamper(chained, DELETE.format("> 5"))
    add(chained, 6)

    assert found(chained) == [("older_copy", 7)]


def test_an_older_copy_that_was_put_back_is_named(store, chained):
    older = Database(chained.engine, replace(chained.audit))
    with chained.engine.connect() as connection:
        before = connection.scalar(text("SELECT max(id) FROM audit_entry"))
    add(chained, 4)
    anchor(chained)

    tamper(chained, DELETE.format(f"> {before}"))  # what the file held at that time

    assert found(older) == [("tail_cut", 11)]


def test_a_restore_that_was_anchored_is_no_cut(chained):
    tamper(chained, DELETE.format("> 5"))
    add(chained)
    anchor(chained, audit_chain.RESTORE)

    assert found(chained) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda lines: [lines[0].replace('"id": 7', '"id": 6'), lines[1]], ("anchor_edited", 1)),
        (lambda lines: lines[1:], ("anchor_edited", 1)),
        (lambda lines: ["{}", *lines], ("anchor_edited", 1)),
        (lambda lines: lines[2:], ("anchor_edited", None)),
    ],
)
def test_a_file_of_anchors_that_was_edited_is_named(chained, change, expected):
    path = chained.audit.anchor
    path.write_text("\n".join(change(path.read_text().splitlines())) + "\n")

    assert expected in found(chained)


def test_a_line_that_a_power_cut_tore_is_no_finding_and_the_next_one_stands_alone(chained):
    path = chained.audit.anchor
    with path.open("a") as file:
        file.write('{"at": "2026-03-0')
    anchor(chained)

    assert found(chained) == []
    assert [each.line for each in read_anchors(path)] == [1, 2, 4]


def test_missing_triggers_are_named(chained):
    kind = chained.engine.dialect.name
    on_table = " ON audit_entry" if kind == "postgresql" else ""
    with chained.engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER audit_entry_no_delete{on_table}"))

    with chained.read() as session:
        (only,) = verify(session, chained.audit).findings
    assert (only.kind, "audit_entry_no_delete" in only.says) == ("triggers", True)


def test_recursive_triggers_that_are_off_are_named(chained):
    if chained.engine.dialect.name != "sqlite":
        return  # PostgreSQL has no such switch
    with chained.read() as session:
        session.connection().exec_driver_sql("PRAGMA recursive_triggers = OFF")
        kinds = [each.kind for each in verify(session, chained.audit).findings]

    assert kinds == ["recursive_triggers"]


@pytest.mark.parametrize("number", [1, 10, 12])
def test_a_row_whose_number_is_not_the_next_is_refused(chained, number):
    with pytest.raises(DBAPIError, match="append-only"), chained.engine.begin() as connection:
        connection.execute(text(COPY.format(to=number, of=3)))


def test_many_writers_at_once_make_one_chain(chained):
    def work(_):
        for _ in range(50):
            add(chained)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))

    with chained.read() as session:
        report = verify(session, chained.audit)
    assert report.ok
    assert report.head == 10 + 8 * 50


def test_a_savepoint_that_is_taken_back_leaves_no_gap(chained):
    with chained.write() as session:
        append(session, chained.audit, entry())
        with session.begin_nested() as inner:
            append(session, chained.audit, entry())
            inner.rollback()
        append(session, chained.audit, entry())
        session.commit()

    with chained.read() as session:
        report = verify(session, chained.audit)
    assert (report.ok, report.head) == (True, 12)


def test_a_database_without_the_key_of_its_audit_takes_no_row(chained):
    with pytest.raises(RuntimeError, match="reading alone"), chained.write() as session:
        append(session, None, entry())


def test_an_anchor_that_cannot_be_written_fails_nothing_and_is_logged(chained, caplog):
    nowhere = replace(chained.audit, anchor=chained.audit.anchor / "no folder")

    with chained.read() as session:
        assert not audit_chain.anchor(session, nowhere, "stop", NOW)

    assert caplog.messages == ["audit anchor: not written, NotADirectoryError"]


def test_an_anchor_says_how_far_the_audit_went_and_nothing_else(chained):
    lines = [json.loads(line) for line in chained.audit.anchor.read_text().splitlines()]

    assert [set(line) for line in lines] == [{"at", "why", "id", "seal", "hmac"}] * 2
    assert [line["id"] for line in lines] == [7, 10]


def test_rows_of_before_the_chain_are_sealed_by_the_migration(store, tmp_path):
    database = store.open()
    add(database, 5)
    database.close()
    schema.downgrade(store.url, store.key, "0006")

    schema.upgrade(store.url, store.key, audit=database.audit.key)

    database = store.open()
    add(database)
    assert found(database) == []
    database.close()


def test_rows_of_before_the_chain_are_not_left_unsealed_for_want_of_a_key(store):
    database = store.open()
    add(database)
    database.close()
    schema.downgrade(store.url, store.key, "0006")

    with pytest.raises(RuntimeError, match="reading alone"):
        schema.upgrade(store.url, store.key)

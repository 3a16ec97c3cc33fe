"""Every row arrives exactly, from any engine to any other."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text, update

from ipt_tracker.persistence import audit_chain, copying
from ipt_tracker.persistence.copying import CopyFailed
from ipt_tracker.persistence.models import AuditEntry, ClinicSetting, Course, Measure
from tests.factories.rows import fill_every_table
from tests.factories.stores import ENGINES

AWKWARD = [0.1 + 0.2, 1e16, -0.0, 5, None, True, "5", "µ’\u2028", {"b": 1, "a": [1.5, None]}]


@pytest.fixture
def filled(store):
    """Give a database with a row in every table, and JSON that engines keep differently."""
    database = store.open()
    fill_every_table(database)
    with database.write() as session, session.begin():
        person = session.scalars(select(ClinicSetting)).first()
        for number, value in enumerate(AWKWARD):
            session.add(
                ClinicSetting(
                    name=f"awkward.{number}",
                    value=value,
                    set_by=person.set_by,
                    set_at=datetime(2026, 3, 11, 10, 0, 0, 123457, tzinfo=UTC),
                )
            )
    yield database
    database.close()


@pytest.fixture(params=ENGINES)
def target(request, stores_of):
    """Give an empty database, on each of the three engines."""
    with stores_of(request.param).fresh(request.param) as made:
        opened = made.open()
        yield opened
        opened.close()


def test_all_tables_arrive_with_equal_counts_and_digests(filled, target):
    copied = copying.copy(filled, target)

    assert copied == copying.contents(filled) == copying.contents(target)
    assert all(content.rows for content in copied.values()), "a table without a row proves nothing"


def test_values_are_read_back_as_they_were(filled, target):
    copying.copy(filled, target)

    for what in (ClinicSetting.value, AuditEntry.at, AuditEntry.details, Course.id, Measure.total):
        order = what.class_.id
        with filled.read() as before, target.read() as after:
            query = select(order, what).order_by(order)
            assert dict(before.execute(query).all()) == dict(after.execute(query).all())


def test_the_audit_goes_on_after_the_newest_row(filled, target):
    copying.copy(filled, target)

    with target.write() as session, session.begin():
        newest = session.scalar(select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(1))
        entry = AuditEntry(at=datetime.now(UTC), event="test.added")
        audit_chain.append(session, target.audit, entry)
        session.flush()
        assert entry.id == newest + 1


def test_a_target_with_records_is_refused_and_left_as_it_is(filled, target):
    copying.copy(filled, target)
    before = copying.contents(target)

    with pytest.raises(CopyFailed, match="holds records already"):
        copying.copy(filled, target)

    assert copying.contents(target) == before


def test_a_changed_row_changes_the_digest_of_its_table_alone(filled):
    before = copying.contents(filled)
    with filled.write() as session, session.begin():
        course = session.scalars(select(Course.id)).first()
        session.execute(update(Course).where(Course.id == course).values(planned_sessions=11))

    after = copying.contents(filled)

    assert {name for name in before if before[name] != after[name]} == {"course"}
    assert before["course"].rows == after["course"].rows


def test_databases_at_different_schemas_are_not_copied(filled, target):
    with target.engine.begin() as connection:
        connection.execute(text("ALTER TABLE goal ADD COLUMN of_another_version INTEGER"))

    with pytest.raises(CopyFailed, match="not at the same schema"):
        copying.copy(filled, target)

"""On the real server: the application's role does its work and cannot change the audit."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import ProgrammingError

from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.audit_chain import AuditChain
from ipt_tracker.persistence.engine import open_database
from ipt_tracker.persistence.keys import Keys
from ipt_tracker.persistence.postgres_role import (
    WrongRole,
    can_change_the_audit,
    grant,
    statements,
)
from ipt_tracker.persistence.schema import require_newest
from ipt_tracker.services.unit_of_work import Subject, writing
from tests.factories.stores import KEY, POSTGRESQL

pytestmark = pytest.mark.postgres
on_the_server = pytest.mark.parametrize("engine", [POSTGRESQL], indirect=True)


@pytest.fixture
def role(clinic):
    """Make a role that may sign in and nothing else; it goes with the test."""
    name = f"ipt_app_{uuid4().hex[:12]}"
    with clinic.database.engine.begin() as connection:
        connection.exec_driver_sql(f'CREATE ROLE "{name}" LOGIN')
    yield name
    with clinic.database.engine.begin() as connection:
        connection.exec_driver_sql(f'DROP OWNED BY "{name}"')
        connection.exec_driver_sql(f'DROP ROLE "{name}"')


@pytest.fixture
def application(clinic, role):
    """Open the records as the application's role, after the owner gave it its rights."""
    with clinic.database.engine.begin() as connection:
        grant(connection, role)
    url = make_url(clinic.store.url).set(username=role)
    database = open_database(
        url.render_as_string(hide_password=False), audit=AuditChain(Keys(KEY).audit)
    )
    yield database
    database.close()


@on_the_server
def test_the_role_reads_writes_and_adds_to_the_audit(clinic, application):
    require_newest(application)

    with writing(application, None, datetime.now(UTC)) as work:
        work.session.execute(text("UPDATE patient SET notes = 'quartz'"))
        work.audit(Event.SIGN_IN_REFUSED, Subject("account", "nobody"))

    with application.read() as session:
        assert session.scalar(text("SELECT count(*) FROM patient WHERE notes = 'quartz'"))
        assert not can_change_the_audit(session.connection())


@on_the_server
@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE audit_entry SET event = 'nothing'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "DROP TRIGGER audit_entry_no_update ON audit_entry",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "DROP TABLE audit_entry",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SET session_replication_role = replica",
        "UPDATE alembic_version SET version_num = '0000'",
        "CREATE TABLE beside (id integer)",
    ],
)
def test_the_role_cannot_change_the_audit_or_get_round_it(application, attempt):
    with (
        pytest.raises(ProgrammingError, match=r"denied|must be owner"),
        application.write() as session,
    ):
        session.execute(text(attempt))


@on_the_server
def test_the_owner_is_told_that_it_could(clinic):
    with clinic.database.engine.connect() as connection:
        assert can_change_the_audit(connection)


@on_the_server
def test_a_role_that_no_grant_binds_is_refused(clinic, role):
    with clinic.database.engine.begin() as connection:
        with pytest.raises(WrongRole, match="superuser or stands in for the owner"):
            grant(connection, make_url(clinic.store.url).username)
        with pytest.raises(WrongRole, match="There is no role"):
            grant(connection, "nobody_of_this_name")


@pytest.mark.parametrize("name", ["", "Upper", 'a"; DROP TABLE patient; --', "x" * 64, "1st"])
def test_an_odd_name_is_refused_before_it_reaches_a_statement(name):
    with pytest.raises(WrongRole, match="not a plain name"):
        statements(name, "records")

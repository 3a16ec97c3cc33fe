"""A fresh database for each test, and the application with a small clinic in it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ipt_tracker.app import create_app
from ipt_tracker.config import Kind
from ipt_tracker.persistence.engine import Database
from tests.factories.clinic import NOW, Clinic, fill_clinic
from tests.factories.pages import submit
from tests.factories.people import PASSWORD, Clock, Person
from tests.factories.stores import ENGINES, POSTGRESQL, SQLCIPHER, Store, Stores, config_of
from tests.factories.templates import keep_compiled

MEMORY = Path("/dev/shm")  # noqa: S108 -- only the folder: what is made there is this run's alone
"""Nothing here waits for the disk; that durability is promised is read from the settings."""


@pytest.fixture(scope="session")
def stores_in_files() -> Iterator[Stores]:
    """Make embedded databases: migrated once for each engine, then copied."""
    with TemporaryDirectory(prefix="ipt-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Stores(Path(folder))


@pytest.fixture(scope="session")
def stores_on_server(tmp_path_factory, postgres) -> Iterator[Stores]:
    """Make PostgreSQL databases in the same way."""
    made = Stores(tmp_path_factory.mktemp("stores"), postgres)
    yield made
    made.remove_templates()


@pytest.fixture
def stores_of(request) -> Callable[[str], Stores]:
    """Give what makes databases for an engine; PostgreSQL starts when it is first asked for."""
    return lambda engine: request.getfixturevalue(
        "stores_on_server" if engine == POSTGRESQL else "stores_in_files"
    )


@pytest.fixture(params=ENGINES)
def store(request, stores_of) -> Iterator[Store]:
    """Give an empty database at the newest schema, on each of the three engines."""
    with stores_of(request.param).fresh(request.param) as made:
        yield made


@pytest.fixture
def database(store) -> Iterator[Database]:
    """Open an empty database at the newest schema, on each of the three engines."""
    opened = store.open()
    yield opened
    opened.close()


@pytest.fixture
def engine(request) -> str:
    """Name the engine under `clinic` and `app`: SQLCipher, unless marked `on_every_engine`."""
    return getattr(request, "param", SQLCIPHER)


@pytest.fixture
def clinic(engine, stores_of) -> Iterator[Clinic]:
    """Give a clinic with four people and two courses; see Clinic."""
    with stores_of(engine).filled(engine, "clinic", fill_clinic) as (store, made):
        database = store.open()
        yield Clinic(store, database, made)
        database.close()


@pytest.fixture
def clock() -> Clock:
    """Give the clock of the application: it stands still until `clock.now` is set."""
    return Clock(NOW)


@pytest.fixture
def kind() -> Kind:
    """Say what the instance is: a demo, so that cookies work without TLS."""
    return Kind.DEMO


@pytest.fixture
def app(clinic, clock, kind, tmp_path) -> Iterator[Flask]:
    """Make the application on the clinic's database."""
    made = keep_compiled(create_app(config_of(clinic.store, kind, tmp_path), clock))
    yield made
    made.extensions["ipt_tracker"].database.close()


@pytest.fixture
def client(app) -> FlaskClient:
    """Give a browser of somebody who has not signed in."""
    return app.test_client()


@pytest.fixture
def client_of(app) -> Callable[[Person], FlaskClient]:
    """Give a browser in which this person has signed in, through the form as people do."""

    def signed_in(person: Person) -> FlaskClient:
        client = app.test_client()
        answer = submit(client, "/sign-in", email=person.email, password=PASSWORD)
        assert answer.status_code == 303, answer.text
        return client

    return signed_in

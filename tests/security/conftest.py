"""The clinic of the other tests, and the same with words in every place for words."""

from collections.abc import Iterator

import pytest

from ipt_tracker.persistence.engine import Database
from tests.factories.clinic import Clinic, Made, fill_clinic
from tests.factories.every_word import fill_every_place
from tests.integration.conftest import (  # noqa: F401 -- pytest finds fixtures by their name
    app,
    client,
    client_of,
    clinic,
    clock,
    engine,
    kind,
    stores_in_files,
    stores_of,
)


@pytest.fixture
def full_clinic(engine, stores_of) -> Iterator[Clinic]:  # noqa: F811 -- the fixtures above
    """Give the clinic with all in both courses that a course can have."""
    with stores_of(engine).filled(engine, "every place", _fill) as (store, made):
        database = store.open()
        yield Clinic(store, database, made)
        database.close()


def _fill(database: Database) -> Made:
    made = fill_clinic(database)
    fill_every_place(Clinic(None, database, made))
    return made

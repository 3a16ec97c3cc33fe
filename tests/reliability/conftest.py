"""The clinic and the application of the other tests, for trials in which something breaks."""

import pytest

from tests.factories.pages import read
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
    stores_on_server,
)


@pytest.fixture
def therapist(client_of, clinic):  # noqa: F811 -- the fixtures above
    """Give the browser of a therapist who has signed in."""
    return client_of(clinic.therapist)


@pytest.fixture
def sessions(clinic):  # noqa: F811 -- the fixtures above
    """Give the address of the sessions of the therapist's course."""
    return f"/courses/{clinic.course.id}/sessions"


@pytest.fixture
def typed(therapist, sessions):
    """Open the form of a session and give a function that fills it in without sending it."""

    def fill(note):
        form = read(therapist.get(f"{sessions}/new")).form()
        return form.but(mood="6", risk="asked_none", note=note, **{"measure-total": "29"})

    return fill

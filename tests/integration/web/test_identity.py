"""Who is asking."""

import pytest
from tests.factories.pages import read
from tests.factories.stores import on_every_engine


@on_every_engine
def test_a_visitor_is_asked_to_sign_in(client):
    assert read(client.get("/")).h1 == "Sign in"


@on_every_engine
def test_sign(client_of, clinic):
    c = client_of(clinic.therapist)
    assert c.get("/").status_code


def test_db(database):
    with database.read() as s:
        pass


def test_unlabelled():
    pass

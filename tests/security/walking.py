"""Every page of the application, opened by everybody who works in the clinic."""

from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask
from werkzeug.test import Client, TestResponse

from tests.factories.clinic import Clinic
from tests.factories.people import Person
from tests.factories.walk import Stop, of_course, stops

ENDS = {"auth.sign_out"}
"""Endpoints that would end the walk."""


def people_of(clinic: Clinic) -> dict[str, Person]:
    """Give everybody whom the clinic knows, by the name under which it knows them."""
    made = clinic.people
    named = {name: getattr(made, name) for name in made.__slots__}
    return {name: person for name, person in named.items() if isinstance(person, Person)}


def stops_of(app: Flask, clinic: Clinic, method: str = "GET") -> list[Stop]:
    """Give every address, once for each of the two courses; what leads to the same place once."""
    found = {
        (stop.endpoint, stop.url): stop
        for course in (clinic.course, clinic.course2)
        for stop in stops(app, of_course(clinic, course))
        if stop.method == method and stop.endpoint not in ENDS
    }
    return list(found.values())


def answers(
    app: Flask,
    clinic: Clinic,
    client_of: Callable[[Person], Client],
    only: tuple[str, ...] = ("",),
    but: tuple[str, ...] = (),
) -> Iterator[tuple[Stop, str, TestResponse]]:
    """Open every address as everybody; give what was answered with a page or a file.

    `only` and `but` are the endings of the addresses that are wanted, and of those that are not.
    """
    wanted = [s for s in stops_of(app, clinic) if s.url.endswith(only)]
    walk = [s for s in wanted if not s.url.endswith(but)]
    for name, person in people_of(clinic).items():
        client = client_of(person)
        for stop in walk:
            answer = client.get(stop.url, buffered=True)
            assert answer.status_code < 500, f"{stop.url} as {name}: {answer.status}"
            if answer.status_code == 200:
                yield stop, name, answer


def typed(filled: Any, text: str) -> dict[str, Any]:
    """Give a form with a text in each field into which anything can be typed."""
    return filled.but(**dict.fromkeys(filled.texts, text))

"""What stands after the question mark of an address chooses from fixed lists, or nothing."""

from collections import defaultdict

import pytest
from flask import Request
from werkzeug.datastructures import ImmutableMultiDict

from tests.factories.pages import read
from tests.factories.tables import contents
from tests.security.walking import people_of, stops_of

PAYLOADS = (
    "' OR '1'='1",
    "1; DROP TABLE patient;--",
    "name) DESC; SELECT 1--",
    "(SELECT password_hash FROM account LIMIT 1)",
    "patient.name, (CASE WHEN 1=1 THEN 1 ELSE 2 END)",
    '" UNION SELECT email, password_hash FROM account --',
    "../../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%00",
    "\x00",
    "<script>alert(1)</script>",
    "{{7777*7777}}",
    "-1",
    "0",
    "99999999999999999999999999",
    "1e309",
    "NaN",
    "٣",
    "x" * 5000,
    "%ED%A0%BD",
    "javascript:alert(1)",
    "//evil.example/",
    "0001-01-01",
    "9999-12-31",
    "",
)
MAY_ANSWER = {200, 303, 400, 404, 422}
FREE = {"q", "patient", "find", "sd", "next"}
"""Parameters that take words or a number of somebody's own, and not one of a list."""


class Asked:
    """The names of the parameters that each view asks for, as it asks."""

    def __init__(self):
        self.names = defaultdict(set)
        self.endpoint = None

    def storage(self):
        asked = self

        class Recording(ImmutableMultiDict):
            """What a view reads of an address, and that it did."""

            def __getitem__(self, name):
                asked.names[asked.endpoint].add(name)
                return super().__getitem__(name)

            def get(self, name, *more, **named):
                asked.names[asked.endpoint].add(name)
                return super().get(name, *more, **named)

            def getlist(self, name, *more, **named):
                asked.names[asked.endpoint].add(name)
                return super().getlist(name, *more, **named)

            def __contains__(self, name):
                asked.names[asked.endpoint].add(name)
                return super().__contains__(name)

        return Recording


@pytest.fixture
def asked(app):
    """Learn which parameters there are by letting every view ask for its own."""
    learned = Asked()

    class Listening(Request):
        parameter_storage_class = learned.storage()

    app.request_class = Listening
    return learned


@pytest.fixture
def clinic(full_clinic):
    return full_clinic


def learn(asked, client, walk):
    for stop in walk:
        asked.endpoint = stop.endpoint
        client.get(stop.url, buffered=True)


def test_no_parameter_breaks_a_page_or_widens_what_it_shows(app, clinic, client_of, asked, figures):
    people = people_of(clinic)
    tried = 0
    everywhere = stops_of(app, clinic)  # makes what it leads to
    before = contents(clinic.database)
    done = set()
    for name in people:
        client = client_of(people[name])
        walk = [s for s in everywhere if s.endpoint not in done]
        learn(asked, client, walk)
        for stop in walk:
            names = sorted(n for n in asked.names[stop.endpoint] if n != "csrf_token")
            usual = client.get(stop.url, buffered=True)
            if usual.status_code != 200 or not names or stop.endpoint in done:
                continue
            done.add(stop.endpoint)
            asked.endpoint = stop.endpoint
            for parameter in names:
                for payload in PAYLOADS:
                    answer = client.get(stop.url, query_string={parameter: payload}, buffered=True)
                    tried += 1
                    where = f"{stop.endpoint}?{parameter}={payload[:30]!r}: {answer.status}"
                    assert answer.status_code in MAY_ANSWER, where
                    assert rows(answer) <= rows(usual), where
                    assert "evil.example" not in answer.headers.get("Location", ""), where

    assert tried > 300
    assert len(done) > 10
    assert without_sign_ins(contents(clinic.database)) == without_sign_ins(before)
    figures("parameters", requests=tried, failed_pages=0, widened_lists=0)


def without_sign_ins(tables):
    return {name: rows for name, rows in tables.items() if name not in {"sign_in", "throttle"}}


def rows(answer):
    """Count the lines that a page shows: what a widened filter would add to."""
    if answer.mimetype != "text/html" or answer.status_code != 200:
        return 0
    return len(read(answer).all("tbody/tr"))

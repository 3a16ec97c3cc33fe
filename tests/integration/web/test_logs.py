"""One JSON line for each request, which names nobody and repeats nothing that was sent."""

import json
import logging

import pytest

from ipt_tracker.web.logs import AsJson
from tests.factories.pages import submit
from tests.factories.people import PASSWORD

CANARY = "quartzpelican"
KEYS = {"time", "level", "request", "endpoint", "method", "status", "milliseconds", "actor"}


@pytest.fixture
def lines(caplog):
    """Give the lines as they reach stderr."""
    caplog.set_level(logging.INFO, "ipt_tracker")

    def said():
        return [AsJson().format(record) for record in caplog.records]

    return said


def test_a_request_leaves_one_line_with_these_facts_and_no_others(client, lines):
    client.get("/healthz")

    [line] = lines()
    said = json.loads(line)
    assert set(said) == KEYS
    assert (said["endpoint"], said["method"], said["status"]) == ("auth.health", "GET", 200)
    assert said["actor"] is None


def test_a_line_says_who_asked_by_number_alone(clinic, client_of, lines):
    client = client_of(clinic.therapist)

    client.get("/caseload")

    said = json.loads(lines()[-1])
    assert said["actor"]
    assert clinic.therapist.email not in lines()[-1]


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        (f"/caseload?q={CANARY}", {}),
        (f"/{CANARY}", {}),
        (f"/courses/{CANARY}/progress", {}),
        ("/caseload", {"Referer": f"https://localhost/{CANARY}", "User-Agent": CANARY}),
        ("/caseload", {"X-Forwarded-For": CANARY, "X-Request-ID": CANARY, "Cookie": CANARY}),
        (f"/measures?next=/{CANARY}", {"Accept": CANARY}),
    ],
)
def test_nothing_of_what_was_sent_stands_in_a_line(clinic, client_of, lines, path, sent):
    client = client_of(clinic.therapist)

    client.get(path, headers=sent)

    assert lines()
    assert CANARY not in "\n".join(lines())


def test_no_word_of_a_form_and_no_strange_method_stands_in_a_line(client, lines):
    submit(client, "/sign-in", email=f"{CANARY}@clinic.example", password=PASSWORD)
    client.open("/sign-in", method=CANARY.upper())

    assert CANARY not in "\n".join(lines()).lower()
    assert json.loads(lines()[-1])["method"] == "other"


def test_an_error_page_and_the_log_name_the_same_number(client, lines):
    answer = client.post("/sign-in", data={"email": "x" * 1_100_000})

    number = answer.headers["X-Request-ID"]
    assert answer.status_code in {400, 413}
    assert number in answer.text
    assert json.loads(lines()[-1])["request"] == number


def test_an_address_that_is_not_ours_is_refused_with_every_header(client, lines):
    answer = client.get("/sign-in", headers={"Host": f"{CANARY}.example"})

    assert answer.status_code == 400
    assert answer.mimetype == "text/plain"
    assert CANARY not in answer.text + "".join(lines())
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_text_cannot_pretend_to_be_a_second_line():
    record = logging.LogRecord("x", logging.ERROR, "x", 1, 'one\n{"level": "info"}', (), None)

    line = AsJson().format(record)

    assert "\n" not in line
    assert json.loads(line)["message"].startswith("one\n")

"""No patient's word is found in an address, a cookie, a log, an error page or the database file."""

import json
import logging
import tempfile
import threading
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from flask import request
from sqlalchemy import event
from waitress import create_server

from ipt_tracker.persistence.base import Base
from ipt_tracker.persistence.models import SafetyPrompt
from ipt_tracker.web.work import begin_work
from tests.factories.canaries import NOT_OF_A_PATIENT, OF_A_PATIENT, free_texts, plant
from tests.factories.compared import compared_in
from tests.factories.meetings import supervised
from tests.factories.notes import noted, thread_of
from tests.factories.pages import read
from tests.factories.people import Person
from tests.factories.portfolios import report_of
from tests.factories.sheets import goal_of, sheets_of
from tests.factories.stores import SQLCIPHER, SQLITE
from tests.factories.walk import contact_of, group_of, of_course, prompt_of, stops

ERROR_PAGES = {400, 403, 404, 405, 413, 500, 503}
TYPED = "CanaryTyped"
LONG = TYPED + "x" * 4000


class Watch:
    """A browser that keeps whatever must not hold a patient's words."""

    def __init__(self, app, client):
        self.app, self.client = app, client
        self.seen = []
        self.statuses = set()

    def open(self, url, **more):
        answer = self.client.open(url, buffered=True, **more)
        self.statuses.add(answer.status_code)
        self.seen.append(f"{answer.request.url} {answer.headers}")
        cookie = self.client.get_cookie("ipt_demo")
        if cookie:
            signer = self.app.session_interface.get_signing_serializer(self.app)
            self.seen.append(json.dumps(signer.loads(cookie.value), default=str))
        if answer.status_code in ERROR_PAGES:
            self.seen.append(answer.text)
        return answer


@pytest.fixture
def words(clinic):
    for course in (clinic.course, clinic.course2):
        answered(clinic, prompt_of(clinic, course))
        contact_of(clinic, course)
        noted(clinic, course)
        thread_of(clinic, course)
        goal_of(clinic, course)
        group_of(clinic, course)
        sheets_of(clinic, course)
        supervised(clinic, course)
        report_of(clinic, course)
    compared_in(clinic)
    return plant(clinic.database)


def answered(clinic, prompt_id):
    """Say what was done about a question, so that there are words that could leak."""
    with clinic.writing() as work:
        prompt = work.session.get(SafetyPrompt, prompt_id)
        prompt.acknowledged_at, prompt.acknowledged_by = clinic.now, clinic.therapist.id
        prompt.done, prompt.action = "asked", "asked directly"


@pytest.fixture
def failing(app):
    """Two views that fail with what they were sent, as a bug of ours might."""

    def fail(**_):
        raise ValueError(request.form["words"])

    def fail_in_the_database():
        with begin_work() as work:
            given = {"words": request.form["words"]}
            work.session.connection().exec_driver_sql(
                "INSERT INTO patient (code, name) VALUES (:words, :words)", given
            )

    for view, name in ((fail, "fail"), (fail_in_the_database, "fail_in_the_database")):
        view.policy = "public"
        app.add_url_rule(f"/{name}", name, view, methods=["POST"])


@pytest.fixture
def watches(app, failing, client_of, clinic):
    """Give the browsers of everybody who may see something."""
    made = clinic.people
    named = [getattr(made, name) for name in made.__slots__]
    people = [each for each in named if isinstance(each, Person)]
    return [Watch(app, client_of(person)) for person in people]


def found(words, texts):
    everything = "\n".join(texts)
    return [word for word in [*words, TYPED] if word in everything]


def walk_and_type(watch, addresses):
    """Open every page, then send each of its forms, as it stands and with words in each field."""
    for stop in addresses:
        if stop.method != "GET":
            continue
        answer = watch.open(stop.url)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            send_forms(watch, read(answer))


def send_forms(watch, page):
    for form in page.forms():
        if form.method.lower() != "post" or form.action.endswith("/sign-out"):
            continue
        for typed in (TYPED, LONG):
            filled = form.but(**dict.fromkeys(form.texts, typed))
            keep_draft(watch, form, filled)
            answer = watch.open(form.action, method="POST", data=filled)
            if answer.status_code == 303:
                watch.open(answer.location)


def keep_draft(watch, form, filled):
    """Send what a page sends while somebody types."""
    if "draft_key" in form.values:
        kept = {name: form.values[name][0] for name in ("csrf_token", "draft_key")}
        fields = json.dumps([[name, str(value)] for name, value in filled.items()])
        watch.open("/drafts", method="POST", data=kept | {"address": form.action, "fields": fields})


def fail_in_every_way(watch, words, clinic):
    token = read(watch.client.get("/sign-in")).token
    data = {"csrf_token": token, "words": words[0]}
    course = f"/courses/{clinic.course.id}"
    watch.open("/fail", method="POST", data=data)
    watch.open("/fail_in_the_database", method="POST", data=data)
    watch.open("/sign-in", method="POST", data={"email": words[0]})
    watch.open("/sign-in", method="POST", data=data, headers={"Sec-Fetch-Site": "cross-site"})
    watch.open(f"{course}/sessions/4711")
    watch.open(course, method="DELETE")
    watch.open("/sign-in", method="POST", data={"email": words[0] + "x" * 2_000_000})
    with busy(watch.app, clinic):
        watch.open(course)


@contextmanager
def busy(app, clinic):
    """Let the database be busy for longer than anybody waits."""
    engine = app.extensions["ipt_tracker"].database.engine

    def impatient(connection, *_):
        connection.execute("PRAGMA busy_timeout = 20")

    event.listen(engine, "checkout", impatient)
    with clinic.database.write() as session:
        session.connection()
        yield
    event.remove(engine, "checkout", impatient)


def test_every_table_with_words_of_a_patient_has_canaries():
    with_words = {t.name for t in Base.metadata.sorted_tables if list(free_texts(t))}

    assert with_words - set(OF_A_PATIENT) == set(NOT_OF_A_PATIENT) & with_words


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """Let whatever is written down for a moment be written into a folder that is watched."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def left_in(folder):
    """Give the names and the bytes of what is still in a folder."""
    return [f"{path} {path.read_bytes()!r}" for path in folder.rglob("*") if path.is_file()]


@pytest.mark.usefixtures("temporary")
def test_no_word_of_a_patient_leaves_the_pages_on_which_it_belongs(
    clinic, words, watches, caplog, figures
):
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, "ipt_tracker")
    caplog.set_level(logging.DEBUG, "waitress")

    for watch in watches:
        for course in (clinic.course, clinic.course2):
            walk_and_type(watch, list(stops(watch.app, of_course(clinic, course))))
        fail_in_every_way(watch, words, clinic)

    statuses = set().union(*(watch.statuses for watch in watches))
    assert statuses >= {200, 303, 422, *ERROR_PAGES}
    for watch in watches:
        assert found(words, watch.seen) == []
    assert (
        found(words, [f"{r.getMessage()} {r.exc_text} {r.exc_info}" for r in caplog.records]) == []
    )
    assert found(words, [caplog.text]) == []
    assert found(words, [file_of(clinic).decode("latin-1")]) == []
    assert left_in(Path(tempfile.gettempdir())) == []
    answers = sum(len(watch.seen) for watch in watches)
    figures("canaries", words_planted=len(words), answers_searched=answers, found=0)


def file_of(clinic):
    """Give the bytes of the database file and of the log beside it."""
    path = clinic.store.path
    log = path.with_name(path.name + "-wal")
    return path.read_bytes() + (log.read_bytes() if log.exists() else b"")


@pytest.mark.parametrize("engine", [SQLITE], indirect=True)
def test_the_words_would_be_found_in_a_database_that_is_not_encrypted(clinic, words):
    clinic.database.close()

    assert len(found(words, [file_of(clinic).decode("latin-1")])) == len(words) > 150


@pytest.mark.parametrize("engine", [SQLCIPHER], indirect=True)
def test_the_words_are_on_the_pages_on_which_they_belong(clinic, words, client_of):
    client = client_of(clinic.therapist)
    course = f"/courses/{clinic.course.id}"
    pages = [course, f"{course}/patient", f"{course}/sessions", f"{course}/measures"]
    pages += [f"{course}/sessions/{slot}" for slot in clinic.course.slots]

    shown = [client.get(url).text for url in pages]

    assert len(found(words, shown)) > 30


def test_what_fails_past_every_page_of_ours_is_logged_without_words(app, clinic, words, caplog):
    def broken(environ, start_response):
        raise ValueError(words[0])

    app.wsgi_app = broken
    with serving(app) as address, pytest.raises(urllib.error.HTTPError) as failed:
        urllib.request.urlopen(f"{address}/courses", timeout=10)

    body = failed.value.read().decode()
    failed.value.close()
    assert failed.value.code == 500
    assert "ValueError at" in caplog.text
    assert found(words, [body, caplog.text]) == []


def test_what_fails_while_an_error_page_is_made_is_logged_without_words(app, words, caplog):
    def broken():
        raise ValueError(words[0])

    app.add_url_rule("/broken", "broken", broken)
    broken.policy = "public"
    app.context_processor(broken)

    with serving(app) as address, pytest.raises(urllib.error.HTTPError) as failed:
        urllib.request.urlopen(f"{address}/broken", timeout=10)

    body = failed.value.read().decode()
    failed.value.close()
    assert failed.value.code == 500
    assert caplog.records
    assert found(words, [body, caplog.text]) == []


@contextmanager
def serving(app):
    """Serve the application as the command line does."""
    server = create_server(app, host="127.0.0.1", port=0, threads=1)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        with suppress(OSError):  # a last request can have pulled it in the same moment
            server.trigger.pull_trigger(server.close)  # by the thread that serves
        thread.join()

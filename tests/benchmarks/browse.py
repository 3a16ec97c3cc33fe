"""A visitor over real HTTP to a real server, and a bare Flask page of the same size beside it."""

import http.client
import re
import statistics
import threading
import time
import urllib.parse
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import event

from ipt_tracker.cli.instance import Server, claim, warm_up

HOST = "127.0.0.1"


class Served:
    """An application behind the product's own server on a free port, while the block lasts."""

    def __init__(self, app, made):
        self.server = Server(Ready(app), made, claim(0))
        self.port = int(self.server.address.rpartition(":")[2])
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    def __enter__(self):
        warm_up()
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.close()


class Ready:
    """A house whose application is made already."""

    def __init__(self, app):
        self.app = app

    def create_app(self, _config):
        return self.app


class Visitor:
    """One browser without a screen: keeps its connection and its cookie."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection(HOST, port, timeout=30)
        self.cookie = ""

    def get(self, path):
        return self._ask("GET", path)

    def sign_in(self, email, password):
        token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', self.get("/").body)[1]
        form = {"csrf_token": token.decode(), "email": email, "password": password}
        answer = self._ask("POST", "/sign-in", urllib.parse.urlencode(form))
        if answer.status != 303:
            raise RuntimeError("the benchmark could not sign in")

    def _ask(self, method, path, body=None):
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        began = time.perf_counter()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        content = response.read()
        took = time.perf_counter() - began
        for cookie in response.headers.get_all("Set-Cookie") or ():
            self.cookie = cookie.partition(";")[0]
        return Answer(response.status, content, took)


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    seconds: float


@dataclass(frozen=True)
class Times:
    """Milliseconds of a page, and the bytes and statements that it took."""

    p50: float
    p95: float
    size: int
    statements: int


def timed(visitor, path, rounds):
    """Fetch a page several times; the first fetch is not counted."""
    first = visitor.get(path)
    if first.status != 200:
        raise RuntimeError(f"{path} answered {first.status}")
    seconds = [visitor.get(path).seconds for _ in range(rounds)]
    cut = statistics.quantiles(seconds, n=20)
    return Times(1e3 * statistics.median(seconds), 1e3 * cut[-1], len(first.body), 0)


class Counter:
    """Counts the statements that reach a database; PRAGMA and BEGIN are not questions."""

    def __init__(self, engine):
        self.count = 0
        event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, _conn, _cursor, statement, *_):
        if not statement.startswith(("PRAGMA", "BEGIN", "SET TRANSACTION")):
            self.count += 1

    def of(self, action):
        """Count the statements of one action."""
        before = self.count
        action()
        return self.count - before


ROW = "<tr><th>{{ row.name }}</th><td>{{ row.number }}</td><td>{{ row.words }}</td></tr>\n"
HEAD = "<!doctype html><title>bare</title><table>"
TABLE = HEAD + "{% for row in rows %}" + ROW + "{% endfor %}</table>"


def bare_app(sizes):
    """A Flask application whose pages are a table of so many bytes, and nothing behind them."""
    app = Flask("bare")
    page = app.jinja_env.from_string(TABLE)
    row = {"name": "name", "number": 12, "words": "words & signs"}
    each = len(page.render(rows=[row] * 101)) - len(page.render(rows=[row] * 100))
    tables = {name: [row] * (size // each) for name, size in sizes.items()}

    @app.get("/<name>")
    def table(name):
        return page.render(rows=tables[name])

    return app

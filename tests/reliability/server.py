"""The real application behind its real server, in a process that can be killed and started again.

The program below imports everything once and then makes a server of itself for each line that it
reads, so that a start takes a tenth of a second. What it needs stands in the environment.
"""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

from ipt_tracker.app import create_app
from ipt_tracker.cli.instance import LOOPBACK, Server, claim, warm_up
from ipt_tracker.config import Kind
from tests.factories.stores import Store, config_of

ROOT = Path(__file__).resolve().parents[2]


class Killable:
    """Starts the server and kills it, always on the same port."""

    def __init__(self, store: Store, folder: Path) -> None:
        said = {"SERVE_URL": store.url, "SERVE_KEY": store.key.hex() if store.key else ""}
        said |= {"SERVE_ENGINE": store.engine, "SERVE_FOLDER": str(folder)}
        with socket.socket() as free:
            free.bind((LOOPBACK, 0))
            self.port = free.getsockname()[1]
        self._process: int | None = None
        self._mother = subprocess.Popen(
            [sys.executable, "-m", "tests.reliability.server"],
            cwd=ROOT,
            env={**os.environ, **said},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._mother.stdin.write(f"{self.port}\n")
        self._mother.stdin.flush()
        self._process = int(self._mother.stdout.readline())
        for _ in range(600):
            try:
                if Visitor(self.port).get("/healthz").status == http.client.OK:
                    return
            except OSError:
                time.sleep(0.01)
        raise RuntimeError("the server does not answer")

    def kill(self) -> None:
        """End the server at once, in the middle of whatever it does."""
        process, self._process = self._process, None
        os.kill(process, signal.SIGKILL)
        self._mother.stdout.readline()  # it is gone when its mother says so

    def close(self) -> None:
        """End the server, if it runs, and the program that starts it."""
        if self._process is not None:
            self.kill()
        self._mother.stdin.close()
        self._mother.wait()
        self._mother.stdout.close()


class Answer:
    """What the server answered."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.text = response.read().decode()
        self.cookies = response.headers.get_all("Set-Cookie") or ()


class Visitor:
    """A browser without a screen, with its cookie; a request that breaks off is an OSError."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._cookie = ""

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        return self._ask("POST", path, urllib.parse.urlencode(fields))

    def sign_in(self, email: str, password: str) -> None:
        """Sign in through the form, as people do."""
        form = {"csrf_token": token(self.get("/sign-in").text)}
        answer = self.post("/sign-in", form | {"email": email, "password": password})
        assert answer.status == http.client.SEE_OTHER, answer.text

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Cookie": self._cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection = http.client.HTTPConnection(LOOPBACK, self._port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = Answer(connection.getresponse())
        except http.client.HTTPException as error:
            raise ConnectionError("the answer broke off") from error
        finally:
            connection.close()
        for cookie in answer.cookies:
            self._cookie = cookie.partition(";")[0]
        return answer


def token(page: str) -> str:
    """Give the request token that stands in the forms of a page."""
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]


def main() -> None:
    """Make a server of oneself for each port that is read, and say so when it is gone."""
    said = os.environ
    store = Store(said["SERVE_ENGINE"], said["SERVE_URL"], bytes.fromhex(said["SERVE_KEY"]) or None)
    config = config_of(store, Kind.DEMO, Path(said["SERVE_FOLDER"]))
    warm_up()
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            serve(config, int(line))
        print(process, flush=True)  # noqa: T201 -- this is how the programs speak
        os.waitpid(process, 0)
        print("gone", flush=True)  # noqa: T201 -- the same


def serve(config, port: int) -> None:
    """Serve until the end comes from outside."""
    sys.stdin.close()
    Server(House(), config, claim(port)).run()


class House:
    """Makes the application as the command line does."""

    def create_app(self, config):
        return create_app(config)


if __name__ == "__main__":
    main()

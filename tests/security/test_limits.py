"""What is too much is refused quickly, by the real server too, and takes no room."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from tests.factories.pages import read
from tests.factories.tables import contents
from tests.security.test_query_parameters import without_sign_ins
from tests.security.walking import stops_of, typed

SIXTY_MEGABYTES = 60_000_000
PATIENCE = 60
MOST_GROWTH = 30_000
"""Kilobytes by which the server may grow while it refuses sixty megabytes."""
ON_LINUX = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")


@pytest.fixture
def server(tmp_path):
    """Serve an empty clinic as a clinic does, in a process of its own."""
    own = {"IPT_INSTANCE": str(tmp_path / "instance"), "IPT_KEYS": str(tmp_path / "keys")}
    environment = os.environ | own | {"TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "ipt_tracker"]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    subprocess.run([*command, "init"], cwd=ROOT, env=environment, check=True, capture_output=True)
    running = subprocess.Popen(
        [*command, "serve", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        assert running.stdout.readline()
        yield running.pid, port
    finally:
        running.terminate()
        running.communicate(timeout=PATIENCE)


def memory_of(pid):
    """Give the kilobytes that a process and what it started hold."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


def said_to(port, head, body=b"", times=1):
    """Send a request past every library; give the first line of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        line.sendall(head)
        try:
            for _ in range(times):
                line.sendall(body)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the server has said no and hung up
        try:
            return line.recv(65_536).decode("latin-1").partition("\r\n")[0]
        except ConnectionResetError:
            return "hung up"


def request(path, length, more=""):
    kind = "application/x-www-form-urlencoded"
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {length}\r\n{more}\r\n"
    ).encode()


@ON_LINUX
def test_the_real_server_refuses_sixty_megabytes_quickly_and_does_not_grow(server):
    pid, port = server
    said_to(port, b"GET /sign-in HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
    before, start = memory_of(pid), time.perf_counter()

    megabyte = b"x" * 1_000_000
    answer = said_to(port, request("/sign-in", SIXTY_MEGABYTES), megabyte, 60)

    assert " 413 " in answer or answer == "hung up"
    assert time.perf_counter() - start < 15
    assert memory_of(pid) - before < MOST_GROWTH
    assert " 413 " in said_to(port, request("/sign-in", SIXTY_MEGABYTES))
    assert " 200 " in said_to(port, b"GET /sign-in HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")


@ON_LINUX
def test_the_real_server_refuses_a_body_in_pieces_without_end(server):
    pid, port = server
    head = (
        b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    )
    before = memory_of(pid)

    answer = said_to(port, head, b"F4240\r\n" + b"x" * 1_000_000 + b"\r\n", 60)

    assert " 413 " in answer or answer == "hung up"
    assert memory_of(pid) - before < MOST_GROWTH


@ON_LINUX
def test_the_real_server_refuses_two_lengths_and_a_head_without_end(server):
    _, port = server
    two = request("/sign-in", 3, "Content-Length: 5\r\n")
    both = request("/sign-in", 3, "Transfer-Encoding: xchunked\r\n")
    long = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: " + b"x" * 300_000

    assert " 40" in said_to(port, two, b"a=b")
    assert said_to(port, both, b"a=b").split()[1] in {"400", "501"}
    assert said_to(port, long).split()[1] in {"400", "431"}


def test_a_form_of_five_thousand_fields_does_no_harm(client, clinic):
    before = without_sign_ins(contents(clinic.database))
    token = read(client.get("/sign-in")).token
    fields = {f"field{number}": "x" for number in range(5000)}
    start = time.perf_counter()

    answer = client.post("/sign-in", data=fields | {"csrf_token": token})

    assert answer.status_code in {413, 422}
    assert time.perf_counter() - start < 2
    assert without_sign_ins(contents(clinic.database)) == before


def test_a_form_of_a_thousand_and_one_parts_is_refused(client):
    parts = {f"field{number}": "x" for number in range(1001)}

    answer = client.post("/sign-in", data=parts, content_type="multipart/form-data")

    assert answer.status_code == 413
    assert read(answer).h1


def test_a_body_of_more_than_a_megabyte_is_refused_with_a_page(client):
    head = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n'
    bodies = {
        "application/x-www-form-urlencoded": b"email=" + b"x" * 1_100_000,
        "multipart/form-data; boundary=x": head + b"x" * 1_100_000 + b"\r\n--x--\r\n",
    }

    for kind, body in bodies.items():
        answer = client.post("/sign-in", data=body, content_type=kind)
        assert answer.status_code == 413
        assert read(answer).h1


LONG = "x" * 100_001


def test_every_field_says_when_there_is_too_much_in_it(app, full_clinic, client_of):
    client = client_of(full_clinic.therapist)
    walk = stops_of(app, full_clinic)  # makes what it leads to
    before = without_sign_ins(contents(full_clinic.database))
    sent, taken = 0, []
    for stop in walk:
        answer = client.get(stop.url, buffered=True)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        for form in read(answer).forms():
            if form.method.lower() != "post" or not form.texts:
                continue
            told = client.post(form.action, data=typed(form, LONG), buffered=True)
            sent += 1
            if told.status_code not in {409, 413, 422}:
                taken.append(f"{form.action}: {told.status}")

    assert taken == []
    assert sent > 10
    after = without_sign_ins(contents(full_clinic.database))
    assert [(t, set(after[t]) ^ set(before[t])) for t in before if before[t] != after[t]] == []

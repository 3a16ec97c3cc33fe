"""The page on deployment names only what exists, and its server really serves the application."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import request

from ipt_tracker.app import from_environment
from ipt_tracker.cli.main import WHERE, commands
from ipt_tracker.config import create_instance
from ipt_tracker.web import proxy
from tests.architecture.source import ROOT, python_files

PAGE = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
SETTING = re.compile(r"\bIPT_[A-Z_]+\b")
COMMAND = re.compile(r"ipt_tracker ([a-z][a-z-]*)((?: +[^\s`]+)*)")
LISTENING = re.compile(r"Listening at: (http://127\.0\.0\.1:\d+)")


def test_every_setting_on_the_page_is_read_by_the_program():
    read = {
        name
        for path in python_files("ipt_tracker")
        for name in SETTING.findall(path.read_text(encoding="utf-8"))
    }

    assert SETTING.findall(PAGE)
    assert set(SETTING.findall(PAGE)) - read == set()


def test_every_command_and_option_on_the_page_exists():
    found = COMMAND.findall(PAGE)
    assert {"init", "admin", "serve", "doctor", "backup", "restore"} <= {name for name, _ in found}

    for name, rest in found:
        assert name in WHERE, name
        command = commands.get_command(None, name)
        known = {option for each in command.params for option in each.opts}
        for part in getattr(command, "commands", {}).values():
            known |= {option for each in part.params for option in each.opts}
        for option in re.findall(r"--[a-z][a-z-]*", rest):
            assert option in known, (name, option)


def test_the_factory_and_the_addresses_on_the_page_exist(app):
    assert '"ipt_tracker.app:from_environment()"' in PAGE
    assert callable(from_environment)
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    assert set(re.findall(r"`(/\w+z)`", PAGE)) <= rules


@pytest.fixture
def served(tmp_path, monkeypatch):
    """Run gunicorn as the page says, on an encrypted clinic and a port that is free."""
    pytest.importorskip("gunicorn")
    ours = {"IPT_INSTANCE": str(tmp_path / "clinic"), "IPT_HOSTS": "ipt.clinic.example"}
    create_instance("clinic", ours)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("IPT_")}
    [line] = re.findall(r"^gunicorn (.+)$", PAGE, re.MULTILINE)
    argv = line.replace("127.0.0.1:8321", "127.0.0.1:0").replace('"', "").split()
    log = tmp_path / "log"
    with log.open("w") as stderr:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("gunicorn")), *argv, "--no-control-socket"],
            cwd=ROOT,
            env={**kept, **ours, "IPT_PROXY": "1"},
            stderr=stderr,
        )
        try:
            yield address_in(log, process), log
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)


def address_in(log, process):
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        said = LISTENING.search(log.read_text())
        if said and answers(said[1]):
            return said[1]
        time.sleep(0.2)
    raise AssertionError(log.read_text())


def answers(address):
    try:
        return get(address, "/healthz") == 200
    except OSError:
        return False


def get(address, path, **headers):
    asked = urllib.request.Request(address + path, headers=headers)
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_gunicorn_serves_the_application_with_two_processes(served):
    address, log = served

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(lambda _: get(address, "/sign-in"), range(20)))

    assert statuses == [200] * 20
    assert get(address, "/readyz") == 200
    assert get(address, "/sign-in", Host="ipt.clinic.example") == 200
    assert get(address, "/sign-in", Host="elsewhere.example") == 400
    assert len(re.findall(r"Booting worker", log.read_text())) == 2
    assert log.read_text().count('"endpoint": "auth.sign_in"') == 21
    assert "GET /sign-in" not in log.read_text()


def test_the_proxys_word_is_taken_and_a_strangers_is_not(app):
    app.wsgi_app = proxy.behind_one(app.wsgi_app)
    said = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "ipt.clinic.example",
    }
    client = app.test_client()
    app.config["TRUSTED_HOSTS"] = ["ipt.clinic.example", "localhost"]

    with client:
        client.get("/healthz", headers=said, environ_base={"REMOTE_ADDR": "127.0.0.1"})
        seen = (request.remote_addr, request.scheme, request.host)
        assert seen == ("203.0.113.9", "https", "ipt.clinic.example")
        client.get("/healthz", headers=said, environ_base={"REMOTE_ADDR": "198.51.100.7"})
        assert (request.remote_addr, request.scheme) == ("198.51.100.7", "http")

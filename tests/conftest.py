"""For every test: no network beyond this machine, and a last line that counts what did not run."""

import os
import socket
from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import settings

from tests.equipment import lacks, last_line, must_run_all

pytest_plugins = ["tests.postgres", "tests.browser.chromium", "tests.reliability.figures"]

# A busy machine is slow now and then; that says nothing about the rule under test.
settings.register_profile("ipt", deadline=None)
settings.load_profile("ipt")


LONGEST = (
    "tests/browser/test_every_page.py",
    "tests/integration/web/test_walk.py",
    "tests/security/test_stored_words.py",
    "tests/integration/web/test_canary.py",
    "tests/security/test_hostile_names.py",
    "tests/security/test_query_parameters.py",
    "tests/security/test_mass_assignment.py",
    "tests/reliability/test_kills.py",
    "tests/packaging/test_wheel.py",
)
"""Files that take minutes. They begin first, so that no half of the run waits for the other."""


class NetworkUsedError(Exception):
    """A test reached for another machine."""


def _refuse_other_machines(address) -> None:
    if not isinstance(address, tuple) or address[0] in ("localhost", ""):
        return  # a socket file, or this machine by name
    try:
        is_here = ip_address(address[0]).is_loopback
    except ValueError:
        is_here = False
    if not is_here:
        raise NetworkUsedError(f"Tests use no network, and this one connects to {address}.")


def _guarded(connect):
    def guarded(self, address):
        _refuse_other_machines(address)
        return connect(self, address)

    return guarded


def pytest_configure(config) -> None:
    socket.socket.connect = _guarded(socket.socket.connect)
    socket.socket.connect_ex = _guarded(socket.socket.connect_ex)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items) -> None:
    places = {config.rootpath / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if must_run_all() and reporter and lacks(reporter.stats) and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config) -> None:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if hasattr(config, "workerinput") or reporter is None or config.option.collectonly:
        return
    line = last_line(reporter.stats)
    if hand_over_to := os.environ.get("IPT_TEST_LAST_LINE"):
        Path(hand_over_to).write_text(line, encoding="utf-8")  # the `test` command prints it last
    else:
        reporter.write_line(line)

"""A real Chromium for the tests: where to find one, how to start it, how to get one.

Run as a program, this module installs Chromium where there is none and that is possible.
"""

import ctypes.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Playwright, sync_playwright

from tests.equipment import cannot_run

NAMED = "IPT_BROWSER"
ADVICE = f"install Chromium, or set {NAMED}"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
USUAL_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
_QUIET = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}


def find() -> str | None:
    """Find a Chromium: the one named, else one on the path, else one in a usual place."""
    named = os.environ.get(NAMED)
    if named:
        return named
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    return on_path or next((place for place in USUAL_PLACES if Path(place).exists()), None)


def lacks_libatomic() -> bool:
    """Whether the library is missing without which playwright's driver dies at once on Linux."""
    return sys.platform == "linux" and ctypes.util.find_library("atomic") is None


def launch(playwright: Playwright) -> Browser:
    """Start the Chromium that was found, else playwright's own; playwright's Error if it cannot."""
    as_root = os.name == "posix" and os.geteuid() == 0
    return playwright.chromium.launch(
        executable_path=find(),
        args=["--no-sandbox"] if as_root else [],  # as root, Chromium does not start otherwise
    )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Give a running Chromium, or skip in a way that the last line counts."""
    driver = sync_playwright()
    try:
        playwright = driver.start()
    except Exception as error:  # noqa: BLE001 -- what a driver that died at once raises
        cannot_run("BROWSER", f"playwright's driver did not start ({error}); is libatomic1 there?")
    try:
        yield from _running(playwright)
    finally:
        playwright.stop()


def _running(playwright: Playwright) -> Iterator[Browser]:
    try:
        browser = launch(playwright)
    except Error:
        cannot_run("BROWSER", ADVICE)
    yield browser
    browser.close()


def install() -> None:
    """Get Chromium where there is none: from the system as its administrator, else playwright's."""
    missing = ["libatomic1"] if lacks_libatomic() else []
    missing += [] if find() else ["chromium"]
    if missing and shutil.which("apt-get") and os.geteuid() == 0:
        _run("apt-get", "update", "-qq")
        _run("apt-get", "install", "-qq", "-y", "--no-install-recommends", *missing)
    if not find():
        _run(sys.executable, "-m", "playwright", "install", "--only-shell", "chromium", seconds=120)


def _run(*command: str, seconds: int = 600) -> None:
    with suppress(subprocess.TimeoutExpired):  # the tests then say that there is no browser
        subprocess.run(command, check=False, timeout=seconds, env=_QUIET)


if __name__ == "__main__":
    install()

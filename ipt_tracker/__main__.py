"""The way in, on a bare Python: make the environment, start again inside it, hand over to cli.

Standard library only, and written so that Python 3.6 can still read it: an old Python gets a
sentence instead of a traceback. Whatever is said here goes to stderr; stdout is the command's.
"""

import contextlib
import csv
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Iterator

if TYPE_CHECKING:
    from flask import Flask

    from ipt_tracker.config import Config

PACKAGE = Path(__file__).resolve().parent
APP_LOCK, TEST_LOCK = PACKAGE / "locks" / "app.txt", PACKAGE / "locks" / "test.txt"
OLDEST_PYTHON = (3, 11)
SET_UP_FAILED = 3
NEED_TEST_TOOLS = ("test",)
PACKAGES = (
    *("alembic", "argon2", "flask", "flask_bootstrap", "flask_wtf", "matplotlib", "pandas"),
    *("cryptography", "pyotp", "scipy", "segno", "sqlalchemy", "sqlcipher3", "typst", "waitress"),
    *("openpyxl", "wtforms", "xlsxwriter", "zxcvbn"),
)
RESTARTED = "IPT_TRACKER_RESTARTED"


class SetUpFailed(Exception):
    """One sentence for the person at the keyboard: what is wrong and what to do."""


class Environment:
    """The folder `.venv` beside pyproject.toml, and what is known about its state."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.installed = self.folder / "ipt-tracker-lock"  # SHA-256 of the lock, Python's version
        self.unfinished = self.folder / "ipt-tracker-unfinished"  # there while packages change
        scripts, name = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
        self.python = self.folder / scripts / name

    def is_running(self) -> bool:
        """Whether this very process runs on the Python of the environment."""
        return Path(sys.prefix).resolve() == self.folder.resolve()

    def ask(self) -> "tuple[str, Path]":
        """Ask its Python for its version and where packages are; an empty version if it is dead."""
        question = "import sys, sysconfig as s; print(*sys.version_info[:2], s.get_path('purelib'))"
        command = [str(self.python), "-I", "-c", question]
        try:
            answer = subprocess.check_output(command, stderr=subprocess.DEVNULL)
            major, minor, site = answer.decode().strip().split(" ", 2)
        except (OSError, subprocess.CalledProcessError, ValueError):
            return "", self.folder
        return major + "." + minor, Path(site)

    def holds(self, *locks: Path) -> bool:
        """Whether it stands complete at one of these locks."""
        return self.is_whole() and read(self.installed) in [
            stamp(it, self.ask()[0]) for it in locks
        ]

    def is_whole(self) -> bool:
        """Whether it can be used or added to; if not, it has to be made anew."""
        version, site = self.ask()
        if self.unfinished.exists() or not version:
            return False
        if not self.installed.exists():  # made by somebody else: welcome if it will do
            return tuple(map(int, version.split("."))) >= OLDEST_PYTHON and self.has_pip()
        made_for = read(self.installed).split()[1:]
        return made_for == [version] and all((site / name).is_dir() for name in PACKAGES)

    def has_pip(self) -> bool:
        """Whether pip starts in it."""
        return run_quietly([str(self.python), "-I", "-m", "pip", "--version"]) == 0

    def lost_file(self) -> str:
        """Name the first file of a package that has gone; empty when all are there."""
        site = self.ask()[1]
        for record in site.glob("*.dist-info/RECORD"):
            for name, *_ in csv.reader(read(record).splitlines()):
                if name.endswith((".py", ".so", ".pyd")) and not (site / name).exists():
                    return name
        return ""


class House:
    """The rooms above the commands, each entered only when a command asks for it."""

    def create_app(self, config: Any) -> "Flask":  # noqa: ANN401 -- cli knows it by what it can do
        """Make the application for one instance."""
        from ipt_tracker.app import create_app

        return create_app(config)

    def load(self) -> "Config":
        """Read the configuration of the instance that IPT_INSTANCE names."""
        from ipt_tracker import config

        return config.load()

    def create_instance(self, kind: str) -> "Config":
        """Make an empty instance in the folder that IPT_INSTANCE names."""
        from ipt_tracker import config

        return config.create_instance(kind)

    def adopt_instance(self, kind: str, root: bytes, fill: Any) -> "Config":  # noqa: ANN401 -- see cli.house
        """Make an instance around a key that there was before, its records put in by `fill`."""
        from ipt_tracker import config

        return config.create_instance(kind, root=root, fill=fill)


def main() -> None:
    """Run one command, first setting up whatever it needs."""
    argv = sys.argv[1:]
    root = PACKAGE.parent
    try:
        refuse_old_python(sys.version_info[:2])
        if is_source_tree(root):
            enter(Environment(root), argv)
        run_command(argv)
    except SetUpFailed as failed:
        say(str(failed))
        sys.exit(SET_UP_FAILED)
    except KeyboardInterrupt:
        say("Stopped.")
        sys.exit(130)


def refuse_old_python(version: "tuple[int, ...]") -> None:
    """Stop with a sentence on a Python that cannot run the program."""
    if version >= OLDEST_PYTHON:
        return
    newer = [name for name in ("python3.%d" % minor for minor in (14, 13, 12, 11)) if works(name)]
    advice = "Run the same command with %s." % newer[0] if newer else "Install a newer one first."
    this = ".".join(map(str, version))
    raise SetUpFailed("IPT Tracker needs Python 3.11 or newer, this is %s. %s" % (this, advice))


def works(name: str) -> bool:
    """Whether a program of this name is on the path and starts."""
    return shutil.which(name) is not None and run_quietly([name, "--version"]) == 0


def is_source_tree(root: Path) -> bool:
    """Tell a clone, which sets itself up, from an installed package, which is set up already."""
    return 'name = "ipt-tracker"' in read(root / "pyproject.toml")


def enter(environment: Environment, argv: "list[str]") -> None:
    """Come back only when this process runs in an environment that has what the command needs."""
    if environment.is_running():
        os.environ.pop(RESTARTED, None)
    needs_test_tools = bool(argv) and argv[0] in NEED_TEST_TOOLS
    needed = TEST_LOCK if needs_test_tools else APP_LOCK
    enough = [TEST_LOCK] if needs_test_tools else [APP_LOCK, TEST_LOCK]
    if environment.holds(*enough):
        if environment.is_running():
            return
    else:
        with one_set_up_at_a_time(environment.root):
            if not environment.holds(*enough):  # the set-up waited for may have done it
                set_up(environment, needed)
    restart(environment.python, argv)


def restart(python: Path, argv: "list[str]") -> None:
    """Replace this process by the same command on another Python."""
    if os.environ.get(RESTARTED) == str(python):
        raise SetUpFailed("The environment %s does not start: delete it, then try again." % python)
    os.environ[RESTARTED] = str(python)
    command = [str(python), "-m", "ipt_tracker", *argv]
    if os.name == "nt":  # there, exec gives the prompt back before the command has ended
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)  # noqa: S606 -- no shell is wanted


def run_command(argv: "list[str]") -> None:
    """Hand over to the commands; where a package is damaged, see to it that it comes back."""
    try:
        from ipt_tracker.cli.main import main as command_line

        command_line(argv, House())
    except ImportError as error:
        environment = Environment(PACKAGE.parent)
        lost = environment.lost_file() if environment.is_running() else ""
        if not lost:
            raise
        environment.unfinished.touch()
        advice = "run the same command again, and it is made anew"
        raise SetUpFailed("The environment .venv has lost %s: %s." % (lost, advice)) from error


def set_up(environment: Environment, lock: Path) -> None:
    """Bring the environment to exactly this lock."""
    try:
        if not environment.is_whole():
            make_anew(environment)
        say("Setting up: installing packages into .venv, once; this takes a minute or so.")
        environment.unfinished.touch()
        install(environment, lock)
        environment.installed.write_text(stamp(lock, environment.ask()[0]), encoding="utf-8")
        environment.unfinished.unlink()
    except OSError as error:
        raise SetUpFailed("Setting up .venv failed: %s." % error) from error
    if not environment.is_whole():
        raise SetUpFailed("Setting up .venv did not succeed: delete it, then try again.")
    say("Set-up finished.")


def make_anew(environment: Environment) -> None:
    """Make an empty environment, in place of a damaged one if there is one."""
    refuse_without_venv()
    if environment.folder.exists():
        say("The environment .venv is damaged or unfinished: making it anew.")
    base = getattr(sys, "_base_executable", None) or sys.executable
    command = [base, "-m", "venv", "--clear", str(environment.folder)]
    if subprocess.call(command, stdout=sys.stderr) != 0:
        raise SetUpFailed("Python could not make the environment .venv (the lines above say why).")


def refuse_without_venv() -> None:
    """Stop where Python came without the modules that make environments, as on Debian."""
    if all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        return
    line = "apt-get install -y python3-venv"
    advice = "as root run `%s`, then the same command again" % line
    raise SetUpFailed("This Python lacks its modules venv and ensurepip: %s." % advice)


def install(environment: Environment, lock: Path) -> None:
    """Install what the lock lists: those files and no others, and nothing built from source."""
    command = [str(environment.python), "-m", "pip", "install", "-qq", "--no-input"]
    command += ["--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:"]
    if subprocess.call([*command, "-r", str(lock)], stdout=sys.stderr) != 0:
        environment.unfinished.unlink()  # pip fetches everything before it changes anything
        advice = "check the network, then run the same command again"
        raise SetUpFailed("The packages were not installed (see above): %s." % advice)


@contextlib.contextmanager
def one_set_up_at_a_time(root: Path) -> "Iterator[None]":
    """Hold the folder for this set-up; a second one waits here."""
    try:
        handle = (root / ".venv.lock").open("w")
    except OSError as error:
        raise SetUpFailed("Setting up needs to write in %s: %s." % (root, error)) from error
    with handle:
        if not taken(handle):
            say("Another set-up is running in this folder: waiting for it to finish.")
            while not taken(handle):
                time.sleep(0.2)
        yield


def taken(handle: "IO[str]") -> bool:
    """Try once to lock the file; the lock goes with the process."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def stamp(lock: Path, version: str) -> str:
    """Give the text that stands for this lock, installed on this version of Python."""
    return "%s %s\n" % (hashlib.sha256(lock.read_bytes()).hexdigest(), version)


def read(path: Path) -> str:
    """Give the text of a file, empty where there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


def run_quietly(command: "list[str]") -> int:
    """Run a program for its exit code alone."""
    quiet = subprocess.DEVNULL
    return subprocess.call(command, stdout=quiet, stderr=quiet, stdin=quiet)


def say(sentence: str) -> None:
    """Tell the person at the keyboard."""
    sys.stderr.write(sentence + "\n")


if __name__ == "__main__":
    main()

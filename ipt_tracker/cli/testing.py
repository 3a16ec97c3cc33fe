"""Every check of the project, one after the other, and a last line that counts them."""

import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[2]
LAST_LINE = "IPT_TEST_LAST_LINE"
PYTEST = (sys.executable, "-m", "pytest")
SIDE_BY_SIDE = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
"""Two files at a time, in the order of tests/conftest.py: the longest first."""


@dataclass(frozen=True, slots=True)
class Step:
    """One program to run, and what to call it when it fails."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)

    def passes(self) -> bool:
        """Run it in the project's folder, showing what it says and how long it took."""
        click.echo(f"== {self.name}")
        began = time.monotonic()
        code = subprocess.call(self.command, cwd=ROOT, env={**os.environ, **self.environment})
        outcome = "ok" if code == 0 else f"FAILED (exit code {code})"
        click.echo(f"== {self.name}: {outcome}, {time.monotonic() - began:.1f} s\n")
        return code == 0


@click.command("test", context_settings={"ignore_unknown_options": True})
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED)
def test_command(pytest_arguments: tuple[str, ...]) -> None:
    """Run every check; with arguments, only pytest with those arguments.

    IPT_REQUIRE_ALL=1 makes a check that cannot run here a failure.
    """
    if not (ROOT / "tests").is_dir():
        raise click.ClickException("The tests come with the source: run this in a clone of it.")
    before = [] if pytest_arguments else list(_before_the_tests())
    failed = [step.name for step in before if not step.passes()]
    last_line = _run_pytest(pytest_arguments or SIDE_BY_SIDE, failed)
    click.echo("; ".join([last_line, *(f"FAILED: {name}" for name in failed)]))
    sys.exit(1 if failed else 0)


def _before_the_tests() -> Iterator[Step]:
    scripts = Path(sysconfig.get_path("scripts"))
    yield Step("format", (sys.executable, "-m", "ruff", "format", "--check"))
    yield Step("lint", (sys.executable, "-m", "ruff", "check"))
    yield Step("types", (sys.executable, "-m", "mypy"))
    yield Step("import contracts", (str(scripts / "lint-imports"),))
    yield Step("Chromium", (sys.executable, "-m", "tests.browser.chromium"))
    yield Step("PostgreSQL", (sys.executable, "-m", "tests.postgres"))


def _run_pytest(arguments: tuple[str, ...], failed: list[str]) -> str:
    """Run the tests, note a failure, and give the line in which they count themselves."""
    with tempfile.TemporaryDirectory() as folder:
        counted = Path(folder) / "last-line"
        if not Step("tests", (*PYTEST, *arguments), {LAST_LINE: str(counted)}).passes():
            failed.append("tests")
        if counted.exists():
            return counted.read_text(encoding="utf-8")
    return "pytest stopped before it counted anything"

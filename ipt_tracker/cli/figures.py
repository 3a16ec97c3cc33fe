"""The page of figures: what is promised, how it was tried, and what came of it."""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import click

from ipt_tracker import __version__
from ipt_tracker.cli.promises import ENGINE, PROMISES, Promise

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reliability.md"
FILE = "IPT_TEST_FIGURES"
ENGINES = "tests/reliability/test_engines.py"
"""Where the engines are named."""
HEAD = """# What is promised, and how often it was tried

Made by `python3 -m ipt_tracker figures --write`, which runs the tests named here and counts. The
counts depend on no machine; a longer trial is one with IPT_TEST_KILLS (kills on each engine) and
IPT_TEST_CUTS (power cuts of each kind) set higher.
"""
COLUMNS = ("Promise", "How it is tried", "On", "Tried", "Result", "Test")


@dataclass(slots=True)
class Told:
    """All that the tests recorded for one promise."""

    counts: Counter[str] = field(default_factory=Counter)
    places: set[str] = field(default_factory=set)


Records = Sequence[dict[str, object]]


def gather(records: Records) -> tuple[dict[str, Told], list[str]]:
    """Add up what was recorded, by promise; and name the engines."""
    told = {promise.key: Told() for promise in PROMISES}
    engines = set()
    for record in records:
        key, where, counts = record["key"], str(record["where"]), record["counts"]
        if key == ENGINE:
            engines.add(where)
        elif isinstance(counts, dict):
            told[str(key)].counts.update(counts)
            told[str(key)].places.update({where} - {""})
    return told, sorted(engines)


def page(records: Records, today: date, version: str = __version__) -> str:
    """Write the page."""
    told, engines = gather(records)
    lines = [
        f"Tried on {today:%-d %B %Y} with IPT Tracker {version}; {', '.join(engines)}.",
        "",
        _line(COLUMNS),
        _line("---" for _ in COLUMNS),
        *(_line(_cells(promise, told[promise.key])) for promise in PROMISES),
    ]
    return f"{HEAD}\n" + "\n".join(lines) + "\n"


def _cells(promise: Promise, told: Told) -> tuple[str, ...]:
    return (
        promise.words,
        promise.how,
        ", ".join(sorted(told.places)) or "SQLCipher",
        _counts(promise.tried, told),
        _counts((*promise.broken, *promise.control), told),
        f"`{promise.test}`",
    )


def _counts(names: Iterable[str], told: Told) -> str:
    return ", ".join(f"{told.counts[name]:,} {name.replace('_', ' ')}" for name in names)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


@click.command("figures")
@click.option("--write", is_flag=True, help="Write docs/reliability.md in place of printing it.")
def figures_command(*, write: bool) -> None:
    """Run the tests that count, and make the page of what is promised and how it was tried."""
    if not (ROOT / "tests").is_dir():
        raise click.ClickException("The tests come with the source: run this in a clone of it.")
    made = page(_run(), datetime.now(UTC).date())
    if write:
        PAGE.write_text(made, encoding="utf-8")
        click.echo(f"Wrote {PAGE}.")
    else:
        click.echo(made)


def _run() -> Records:
    """Run the tests of all promises, showing what they say, and read what they recorded."""
    tests = list(dict.fromkeys(promise.test for promise in PROMISES))
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "load", *tests]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "figures.json"
        environment = {**os.environ, FILE: str(file)}
        if subprocess.call([*command, ENGINES], cwd=ROOT, env=environment) != 0:  # noqa: S603 -- our own program, by full path
            raise click.ClickException("A test failed, so there are no figures (see above).")
        records: Records = json.loads(file.read_text(encoding="utf-8"))
        return records

"""Measuring speed. The measurements stand with the tests, beside what they measure against."""

import subprocess
import sys
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[2]


@click.command("bench")
def bench_command() -> None:
    """Measure pages and charts at 200 and 2,000 patients; read the ratios, not the times."""
    if not (ROOT / "tests" / "benchmarks").is_dir():
        raise click.ClickException("The benchmarks come with the source: run this in a clone.")
    command = [sys.executable, "-m", "tests.benchmarks.run"]
    sys.exit(subprocess.call(command, cwd=ROOT))  # noqa: S603 -- our own program, by full path

"""`score FILE.json`: worked cases in, their results out, so that the scoring can be checked.

Needs no instance. Standard output is the JSON alone.
"""

import json
from collections.abc import Callable, Iterator
from math import isfinite
from pathlib import Path

import click

from ipt_tracker.cli.score_changes import change_result, line_result
from ipt_tracker.cli.score_forms import form_result
from ipt_tracker.cli.score_values import UNREADABLE, BrokenCase, Case, is_case

_SECTIONS: tuple[tuple[str, Callable[[Case], dict[str, object]]], ...] = (
    ("cases", form_result),
    ("change_cases", change_result),
    ("jt_cutoff_cases", line_result),
)


@click.command("score")
@click.argument("file", type=click.Path(path_type=Path))
def score_command(file: Path) -> None:
    """Score the worked cases of FILE and print their results as a JSON list."""
    results = list(_results(_load(file)))
    click.echo(json.dumps(results, indent=1))


def _load(file: Path) -> Case:
    try:
        text = file.read_text(encoding="utf-8-sig")
        content = json.loads(text)  # takes NaN and Infinity too: out of range in their own case
    except OSError as trouble:
        raise click.ClickException(f"{file} cannot be opened: {trouble.strerror}.") from trouble
    except (ValueError, RecursionError) as trouble:
        raise click.ClickException(f"{file} is not readable as JSON: {trouble}.") from trouble
    if not is_case(content) or not any(name in content for name, _ in _SECTIONS):
        names = ", ".join(name for name, _ in _SECTIONS)
        raise click.ClickException(f"{file} holds none of {names}, so there is nothing to score.")
    return content


def _results(content: Case) -> Iterator[dict[str, object]]:
    for name, scorer in _SECTIONS:
        cases = content.get(name, [])
        if not isinstance(cases, list):
            raise click.ClickException(f"{name} is not a list of cases.")
        for case in cases:
            yield _result(case, scorer)


def _result(case: object, scorer: Callable[[Case], dict[str, object]]) -> dict[str, object]:
    if not is_case(case):
        return {"id": None, "result": {"error": UNREADABLE, "item": None}}
    try:
        return {"id": _id(case), "result": scorer(case)}
    except BrokenCase as broken:
        return {"id": _id(case), "result": {"error": broken.error, "item": broken.item}}


def _id(case: Case) -> object:
    own = case.get("id")
    return None if isinstance(own, float) and not isfinite(own) else own

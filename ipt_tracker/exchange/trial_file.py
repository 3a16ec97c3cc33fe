"""A clinic's own trials from CSV: a table of effects or arms, with source and population."""

from collections.abc import Sequence
from dataclasses import dataclass

from ipt_tracker.clinical.evidence.own_trials import Fidelity, OwnTrial, entered
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange.effect_notes import notes_on
from ipt_tracker.exchange.effect_rows import read_sheet, shown
from ipt_tracker.exchange.effect_table import (
    ARM_COLUMNS,
    EFFECT_COLUMNS,
    EffectTable,
    read_effect_table,
)

EXTRA_COLUMNS = ("source", "population", "fidelity")
LONGEST = {"study": 200, "subgroup": 120, "shares": 120, "source": 10_000, "population": 10_000}


@dataclass(frozen=True, slots=True)
class TrialFile:
    """The trials in the order of the file, and what is worth a look."""

    trials: tuple[OwnTrial, ...]
    notes: tuple[str, ...]


def read_trial_file(content: bytes, source: str, population: str) -> TrialFile:
    """Read a file; `source` and `population` stand in where a row has none of its own.

    Raises RuleBroken with one sentence naming row and column.
    """
    table = read_effect_table(content)
    sheet = read_sheet(content)
    columns = tuple("_".join(cell.casefold().split()) for cell in sheet.head.values)
    usual = {"source": source, "population": population, "fidelity": Fidelity.UNKNOWN.value}
    trials = []
    for numbers, row in zip(entered(table.effects, table.arms), sheet.rows, strict=True):
        cells = dict(zip(columns, row.values, strict=True))
        said = {name: cells.get(name) or usual[name] for name in EXTRA_COLUMNS}
        _check(row.number, cells, said)
        trials.append(
            OwnTrial(numbers, said["source"], said["population"], Fidelity(said["fidelity"]))
        )
    return TrialFile(tuple(trials), _notes(table, columns))


def _check(number: int, cells: dict[str, str], said: dict[str, str]) -> None:
    for name in ("source", "population"):
        if not said[name]:
            message = f"Row {number}, column {name}: It is empty, and nothing is said for all rows."
            raise RuleBroken(message, field="file")
    if said["fidelity"] not in list(Fidelity):
        found = shown(said["fidelity"])
        message = f"Row {number}, column fidelity: “{found}” is not yes, no or unknown."
        raise RuleBroken(message, field="file")
    for name, most in LONGEST.items():
        if len(cells.get(name, "")) > most:
            message = f"Row {number}, column {name}: There is room for {most} characters."
            raise RuleBroken(message, field="file")


def _notes(table: EffectTable, columns: Sequence[str]) -> tuple[str, ...]:
    own = (*ARM_COLUMNS, "shares") if table.arms else EFFECT_COLUMNS
    known = {"study", "subgroup", *own, *EXTRA_COLUMNS}
    unknown = [shown(name) for name in columns if name and name not in known]
    return notes_on(table.effects, table.arms, unknown)

"""A clinic's own table of trials, read from CSV: effects, or the means of both arms.

Columns: `study, g, se_g` or `study, mean_ipt, sd_ipt, n_ipt, mean_control, sd_control, n_control`;
each with `subgroup` if wished, the second also with `shares` (comparisons of one trial that share
its IPT arm say the same word there). Whatever is wrong is one sentence naming row and column.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ipt_tracker.clinical.evidence.arm_data import ArmData, SharedArmBroken, effects_of
from ipt_tracker.clinical.evidence.meta_analysis import StudyEffect
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange.effect_notes import notes_on
from ipt_tracker.exchange.effect_rows import Cells, Sheet, read_sheet, shown

EFFECT_COLUMNS = ("g", "se_g")
ARM_COLUMNS = ("mean_ipt", "sd_ipt", "n_ipt", "mean_control", "sd_control", "n_control")
MINUSES = str.maketrans(dict.fromkeys("−–‐‑", "-"))  # noqa: RUF001 -- what printed tables hold
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
_Kind = TypeVar("_Kind")


@dataclass(frozen=True, slots=True)
class EffectTable:
    """The effects in the order of the file; the arms too, where the file holds those.

    `notes` are sentences about what is right but worth a look.
    """

    effects: tuple[StudyEffect, ...]
    arms: tuple[ArmData, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """One row by column name; a fault names both."""

    number: int
    values: Mapping[str, str]
    decimal_comma: bool

    def text(self, column: str) -> str:
        return self.values.get(column, "")

    def count(self, column: str) -> int:
        value = self.number_in(column)
        if not value.is_integer():
            raise self.fault(column, f"“{shown(self.text(column))}” is not a whole number.")
        return int(value)

    def number_in(self, column: str) -> float:
        written = self.text(column)
        if not written:
            raise self.fault(column, "The number is missing.")
        plain = written.translate(MINUSES)
        if self.decimal_comma and "." not in plain:
            plain = plain.replace(",", ".", 1)
        if _NOT_FINITE.fullmatch(plain):
            raise self.fault(column, f"“{shown(written)}” is not a finite number.")
        if not _NUMBER.fullmatch(plain):
            raise self.fault(column, f"“{shown(written)}” is not a number.")
        return float(plain)

    def fault(self, column: str, words: str) -> RuleBroken:
        return RuleBroken(f"Row {self.number}, column {column}: {words}", field=column)

    def made(self, make: Callable[["_Row"], _Kind]) -> _Kind:
        """Make a value of the row; what the value itself refuses is said with row and column."""
        try:
            return make(self)
        except RuleBroken as broken:
            if broken.message.startswith("Row "):
                raise
            column = "se_g" if broken.field == "se" else str(broken.field)
            raise self.fault(column, broken.message) from broken


def read_effect_table(content: bytes) -> EffectTable:
    """Read the CSV file of a clinic.

    Raises RuleBroken with one sentence naming row and column.
    """
    sheet = read_sheet(content)
    columns = _columns(sheet.head)
    if not sheet.rows:
        raise RuleBroken(f"There is no study below row {sheet.head.number}.")
    rows = tuple(_named(sheet, columns))
    arms: tuple[ArmData, ...] = ()
    if "g" in columns:
        effects = tuple(row.made(_effect) for row in rows)
    else:
        arms = tuple(row.made(_arms) for row in rows)
        effects = _effects_of(rows, arms)
    _check_subgroups(rows)
    return EffectTable(effects, arms, notes_on(effects, arms, _unknown(columns)))


def _named(sheet: Sheet, columns: Sequence[str]) -> Iterator[_Row]:
    for row in sheet.rows:
        yield _Row(row.number, dict(zip(columns, row.values, strict=True)), sheet.decimal_comma)


def _columns(head: Cells) -> tuple[str, ...]:
    """Name the columns, and see that they are one of the two layouts, whole."""
    names = tuple("_".join(cell.casefold().split()) for cell in head.values)
    for name, times in Counter(names).items():
        if name and times > 1:
            raise _head_fault(head, shown(name), "stands there more than once")
    effects, arms = ({*names}.intersection(which) for which in (EFFECT_COLUMNS, ARM_COLUMNS))
    if effects and arms:
        message = "belong to different layouts: give g and se_g, or the means of both arms"
        raise _head_fault(head, f"{min(effects)} and {min(arms)}", message)
    if not effects and not arms:
        either = f"g and se_g nor the columns {', '.join(ARM_COLUMNS)}"
        raise RuleBroken(f"Row {head.number}: neither the columns {either} are there.")
    for name in ("study", *(ARM_COLUMNS if arms else EFFECT_COLUMNS)):
        if name not in names:
            raise _head_fault(head, name, "is missing")
    return names


def _head_fault(head: Cells, column: str, words: str) -> RuleBroken:
    return RuleBroken(f"Row {head.number}: column {column} {words}.", field=column)


def _unknown(columns: Sequence[str]) -> tuple[str, ...]:
    known = {"study", "subgroup", *EFFECT_COLUMNS}
    if "g" not in columns:
        known = {"study", "subgroup", "shares", *ARM_COLUMNS}
    return tuple(shown(name) or "a column without a name" for name in columns if name not in known)


def _effect(row: _Row) -> StudyEffect:
    return StudyEffect(
        row.text("study"), row.number_in("g"), row.number_in("se_g"), row.text("subgroup")
    )


def _arms(row: _Row) -> ArmData:
    return ArmData(
        study=row.text("study"),
        mean_ipt=row.number_in("mean_ipt"),
        sd_ipt=row.number_in("sd_ipt"),
        n_ipt=row.count("n_ipt"),
        mean_control=row.number_in("mean_control"),
        sd_control=row.number_in("sd_control"),
        n_control=row.count("n_control"),
        subgroup=row.text("subgroup"),
        shares=row.text("shares"),
    )


def _effects_of(rows: Sequence[_Row], arms: Sequence[ArmData]) -> tuple[StudyEffect, ...]:
    try:
        return effects_of(arms)
    except SharedArmBroken as broken:
        raise rows[broken.place].fault(str(broken.field), broken.message) from broken


def _check_subgroups(rows: Sequence[_Row]) -> None:
    if any(row.text("subgroup") for row in rows):
        for row in rows:
            if not row.text("subgroup"):
                raise row.fault("subgroup", "It is empty, though other rows name a subgroup.")

"""The keypad grid as the page draws it: lines of keys that stand under the same heads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.web.measures.fields import (
    AnswerField,
    BesideField,
    Key,
    KeyField,
    LevelField,
    blank_key,
)

Cell = tuple[Key, Any] | None
"""A key with its radio, or nothing where this line does not have the key of that column."""


@dataclass(frozen=True, slots=True)
class Head:
    """The words over the columns; a form that is rated in halves has one more for the second."""

    label: str
    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One answer. `part` names the half that it is, `first` whether the symptom is named here."""

    field: KeyField
    cells: tuple[Cell, ...]
    part: str = ""
    first: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One item with its lines, and what helps to rate it."""

    number: str
    label: str
    cluster: str
    lines: tuple[Line, ...]
    helpers: tuple[Line, ...] = ()
    asks: bool = False
    """Whether some answers to it call for a question on suicide."""


def heads_of(form: Instrument, blank: str) -> tuple[Head, ...]:
    """Give the words over the keys; every key that at least one item has is there once."""
    low, high = min(i.low for i in form.answer_items), max(i.high for i in form.answer_items)
    signs = [str(value) for value in range(low, high + 1)]
    named = [(part.label, part.anchors) for part in form.parts] or [("", form.anchors)]
    (label, anchors), *more = named
    return (
        Head(label, (*_keys(signs, signs, anchors), blank_key(blank))),
        *(Head(other, _keys([*signs, ""], [], words)) for other, words in more),
    )


def _keys(values: Sequence[str], signs: Sequence[str], words: Sequence[str]) -> tuple[Key, ...]:
    every = zip_longest(values, signs, words[: len(values)], fillvalue="")
    return tuple(Key(sign, value, said) for value, sign, said in every)


def line(field: KeyField, columns: Sequence[Key], part: str = "", *, first: bool = True) -> Line:
    """Put the keys of a field under the columns; keys of another kind stand where they fall."""
    options = {option.data: option for option in field}
    own = {key.value: key for key in field.keys}
    values = [column.value for column in columns]
    if not own.keys() <= set(values):
        values = [*own][:-1] + [""] * (len(columns) - len(own)) + [*own][-1:]
    cells = tuple((own[value], options[value]) if value in own else None for value in values)
    return Line(field, cells, part, first)


def rows_of(
    form: Instrument,
    fields: Sequence[AnswerField],
    columns: Sequence[Key],
    levels: Sequence[LevelField] = (),
) -> tuple[Row, ...]:
    """Lay the answers out in form order, under the headings of their clusters."""
    clusters = {c.key: f"{c.key} {c.label}" for c in form.clusters}
    each = max(len(form.parts), 1)
    return tuple(
        Row(
            number=str(n + 1),
            label=item.label,
            cluster=clusters.get(item.cluster, ""),
            lines=_lines(form, fields[n * each : (n + 1) * each], columns),
            helpers=_halves(levels[n * 2 : n * 2 + 2], columns),
            asks=item.key == form.suicidality_item,
        )
        for n, item in enumerate(form.items)
    )


def _lines(
    form: Instrument, fields: Sequence[AnswerField], columns: Sequence[Key]
) -> tuple[Line, ...]:
    spare = fields[0].item.not_assessed
    parts = [part.label for part in form.parts] or [
        "" if spare is None else f"{spare}: not assessed"
    ]
    return tuple(
        line(field, columns, part, first=n == 0)
        for n, (field, part) in enumerate(zip(fields, parts, strict=True))
    )


def _halves(levels: Sequence[LevelField], columns: Sequence[Key]) -> tuple[Line, ...]:
    return tuple(line(each, columns, each.half, first=n == 0) for n, each in enumerate(levels))


def beside_rows(fields: Iterable[BesideField], columns: Sequence[Key]) -> tuple[Row, ...]:
    """Lay out what is rated beside the total."""
    return tuple(Row(each.own.code, each.own.label, "", (line(each, columns),)) for each in fields)

"""The rows of an exported table as they go into a file: whole, or without names."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from ipt_tracker.exchange.table_columns import (
    CODED,
    DATED,
    Column,
    Kind,
    Row,
    Table,
)
from ipt_tracker.exchange.tables import Value
from ipt_tracker.governance.disguise import Disguise

OTHER = "other"
"""Stands in a file without names for a code that is in no list: it may be somebody's words."""
BETWEEN = "; "
REMEMBERED = 1024

Making = Callable[[UUID, object], Value]


@dataclass(frozen=True, slots=True)
class Shape:
    """A table as one file has it: its columns, and how each of their values is made."""

    table: Table
    makers: tuple[Making, ...]

    def rows(self, read: Iterable[Row]) -> Iterator[tuple[Value, ...]]:
        """Give the values of rows in the order of the columns."""
        pairs = [*zip(self.table.head, self.makers, strict=True)]
        for row in read:
            of, values = row.patient, row.values
            yield tuple(make(of, values[name]) for name, make in pairs)


def shape_of(table: Table, disguise: Disguise | None) -> Shape:
    """Give the table as it is recorded; with a disguise, as a file without names has it."""
    if disguise is None:
        return Shape(table, tuple(_as_recorded for _ in table.columns))
    kept = tuple(column for column in table.columns if column.stays)
    drawn = _Remembering(disguise)
    columns = tuple(replace(each, kind=_kind_without_names(each)) for each in kept)
    makers = tuple(_maker(each, drawn) for each in kept)
    return Shape(replace(table, columns=columns), makers)


def _kind_without_names(column: Column) -> Kind:
    return Kind.DAY if column.kind is Kind.MOMENT else column.kind


def _as_recorded(_: UUID, value: object) -> Value:
    if value is None or isinstance(value, (str, int, float, date)):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (tuple, list)):
        return BETWEEN.join(map(str, value))
    raise TypeError(type(value).__name__)


class _Remembering:
    """A disguise that draws once for the rows of a patient that stand together."""

    def __init__(self, disguise: Disguise) -> None:
        self.code = lru_cache(maxsize=REMEMBERED)(disguise.code)
        self.days = lru_cache(maxsize=REMEMBERED)(disguise.days)


def _maker(column: Column, disguise: _Remembering) -> Making:
    """Give what makes a value of this column safe; what is not known to be safe is not made."""
    if column.kind is Kind.PATIENT:
        return lambda of, _: disguise.code(of)
    if column.kind is Kind.KEY:
        return lambda _, value: disguise.code(value) if isinstance(value, UUID) else None
    if column.kind in DATED:
        return lambda of, value: _shifted(disguise, of, value)
    if column.kind in CODED:
        return lambda _, value: _listed(column, value)
    return _as_recorded


def _shifted(disguise: _Remembering, of: UUID, value: object) -> Value:
    """Shift a day, or the day of a moment: its time would tell of the clinic."""
    if not isinstance(value, date):
        return None
    day = value.date() if isinstance(value, datetime) else value
    try:
        return day + timedelta(days=disguise.days(of))
    except OverflowError:  # a year of a file that no calendar reaches when it is shifted
        return None


def _listed(column: Column, value: object) -> Value:
    if value is None:
        return None
    if isinstance(value, tuple | list):
        return BETWEEN.join(dict.fromkeys(_one(column, each) for each in value))
    return _one(column, value)


def _one(column: Column, value: object) -> str:
    text = str(value)
    return text if text in column.codes else OTHER

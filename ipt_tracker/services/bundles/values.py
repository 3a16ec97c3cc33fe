"""One value of a row as JSON holds it, and back: days and moments as text, ids as names."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Boolean, Column, Date, Double, Integer, String, Text, Time, Uuid

from ipt_tracker.persistence.base import UtcDateTime
from ipt_tracker.services.bundles.naming import AN_ID, Row
from ipt_tracker.services.bundles.tables import WITH_IDS, columns, table

LONGEST_TEXT = 2_000_000
LARGEST_NUMBER = 2**31 - 1
EARLIEST, LATEST = 1800, 2300
SETS = frozenset({"agreed_from"})
"""Columns of ids whose order says nothing."""
A_NAME = re.compile(r"(?:\d+/)?[a-z_]+\.\d+")
IN_A_TEXT = re.compile(r"@@|@((?:\d+/)?[a-z_]+\.\d+)")


class Wrong(Exception):
    """A value that its column cannot hold; the message ends the sentence about it."""


def written(name: str, row: Row, names: Mapping[UUID, str]) -> dict[str, Any]:
    """Give a row as the file holds it."""
    return {
        column: sorted_ids(column, _outward(row[column], names, within=(name, column) in WITH_IDS))
        for column in columns(name)
        if column in row
    }


def _outward(value: object, names: Mapping[UUID, str], *, within: bool) -> object:
    if isinstance(value, UUID):
        return names[value]
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return _with_names(value, names) if within else value


def sorted_ids(column: str, value: object) -> object:
    """Put a set of ids, kept as a list, in order; leave every other value as it is."""
    return sorted(value) if column in SETS and isinstance(value, list) else value


def _with_names(value: object, names: Mapping[UUID, str]) -> object:
    def swap(found: re.Match[str]) -> str:
        return f"@{names[UUID(found[0])]}" if UUID(found[0]) in names else found[0]

    return _in_texts(value, lambda text: AN_ID.sub(swap, text.replace("@", "@@")))


def with_ids(value: object, id_of: Callable[[str], UUID]) -> object:
    """Put ids in the place of the names within a text, or within the texts of a JSON value."""

    def swap(found: re.Match[str]) -> str:
        return str(id_of(found[1])) if found[1] else "@"

    return _in_texts(value, lambda text: IN_A_TEXT.sub(swap, text))


def _in_texts(value: object, swap: Callable[[str], str]) -> Any:  # noqa: ANN401 -- as the JSON was
    if isinstance(value, str):
        return swap(value)
    if isinstance(value, list):
        return [_in_texts(each, swap) for each in value]
    if isinstance(value, dict):
        return {swap(key): _in_texts(each, swap) for key, each in value.items()}
    return value


def check(column: Column[Any], value: object) -> object:
    """Give a value as its column takes it; ids stay names. Raises Wrong for another type."""
    if value is None:
        if column.nullable or isinstance(column.type, JSON):
            return None
        raise Wrong("a value is needed.")
    for kind, reader in READERS:
        if isinstance(column.type, kind):
            return reader(column, value)
    raise TypeError(f"no bundle can hold a column like {column}")


def _json(_: Column[Any], value: object) -> object:
    if _holds_nul(value):
        raise Wrong("it holds a NUL, which cannot be stored.")
    return value


def _holds_nul(value: object) -> bool:
    if isinstance(value, dict):
        return any("\x00" in key or _holds_nul(each) for key, each in value.items())
    if isinstance(value, list):
        return any(map(_holds_nul, value))
    return isinstance(value, str) and "\x00" in value


def _text(column: Column[Any], value: object) -> str:
    longest = getattr(column.type, "length", None) or LONGEST_TEXT
    if not isinstance(value, str):
        raise Wrong("text is needed.")
    if len(value) > longest or "\x00" in value:
        raise Wrong(f"text of at most {longest} characters is needed, without NUL.")
    return value


def _whole(_: Column[Any], value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > LARGEST_NUMBER:
        raise Wrong("a whole number is needed.")
    return value


def _number(_: Column[Any], value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise Wrong("a number is needed.")
    return float(value)


def _flag(_: Column[Any], value: object) -> bool:
    if not isinstance(value, bool):
        raise Wrong("true or false is needed.")
    return value


def _day(_: Column[Any], value: object) -> date:
    try:
        day = date.fromisoformat(str(value))
    except ValueError as error:
        raise Wrong("a day like 2025-01-06 is needed.") from error
    if day.isoformat() != value or not EARLIEST <= day.year <= LATEST:
        raise Wrong("a day like 2025-01-06 is needed.")
    return day


def _moment(_: Column[Any], value: object) -> datetime:
    said = "a moment like 2025-01-06T10:00:00+00:00 is needed."
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise Wrong(said) from error
    if not isinstance(value, str) or moment.tzinfo is None:
        raise Wrong(said)
    if not EARLIEST <= moment.year <= LATEST:
        raise Wrong(said)
    return moment


def _time(_: Column[Any], value: object) -> time:
    try:
        found = time.fromisoformat(str(value))
    except ValueError as error:
        raise Wrong("a time of day like 10:30:00 is needed.") from error
    if not isinstance(value, str) or found.tzinfo is not None:
        raise Wrong("a time of day like 10:30:00 is needed.")
    return found


def _name(_: Column[Any], value: object) -> str:
    if not isinstance(value, str) or not A_NAME.fullmatch(value):
        raise Wrong('the name of a row like "session_record.3" is needed.')
    return value


READERS: tuple[tuple[type[Any], Callable[[Column[Any], object], object]], ...] = (
    (Uuid, _name),
    (UtcDateTime, _moment),
    (Date, _day),
    (Time, _time),
    (Boolean, _flag),
    (Integer, _whole),
    (Double, _number),
    (JSON, _json),
    (Text, _text),
    (String, _text),
)


def column_of(name: str, column: str) -> Column[Any]:
    """Give a column by the names of its table and its own."""
    return table(name).columns[column]

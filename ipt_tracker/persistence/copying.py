"""Copying every record from one database into another, on whatever engines, exactly.

Tables go in the order of their foreign keys, rows in the order of their keys, a thousand at a time.
JSON goes as the text that it is kept as. While it is read each row goes into a digest of its table
(a sum, so that the engines' different orders do not matter); the target is then read again and must
give the same counts and digests, or nothing is kept there.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    MetaData,
    Table,
    Text,
    cast,
    exists,
    func,
    insert,
    inspect,
    select,
    text,
    type_coerce,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DataError
from sqlalchemy.types import TypeDecorator

import ipt_tracker.persistence.models  # noqa: F401 -- fills the metadata
from ipt_tracker.persistence.backup_file import BackupRefused, Progress
from ipt_tracker.persistence.base import Base
from ipt_tracker.persistence.engine import Database

ROWS = 1000
DIGEST_BYTES = 32
NUMBERING = "SELECT setval(pg_get_serial_sequence(:name, :numbered), :newest)"


class CopyFailed(BackupRefused):
    """The target does not hold what the source held; nothing of the copy was kept."""


class JsonInFile(TypeDecorator[str]):
    """JSON of an embedded database as its text."""

    impl = Text
    cache_ok = True

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:  # noqa: ANN401 -- SQLite keeps a bare number as a number
        del dialect
        return _number_once(value if value is None or isinstance(value, str) else json.dumps(value))


class JsonOnServer(TypeDecorator[str]):
    """JSON of PostgreSQL as the text that it was given."""

    impl = Text
    cache_ok = True

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        return type_coerce(cast(column, Text), self)

    def bind_expression(self, bindparam: Any) -> ColumnElement[Any]:  # noqa: ANN401 -- SQLAlchemy's hook
        return cast(bindparam, JSON)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        del dialect
        return _number_once(value)


def _number_once(said: str | None) -> str | None:
    """Write a number that stands alone in one way: to SQLite 1e2, 100.0 and 100 are one thing."""
    if not said or said[0] not in "-0123456789":
        return said
    number = json.loads(said)
    whole = isinstance(number, float) and number.is_integer()
    return json.dumps(int(number) if whole else number)


@dataclass(frozen=True, slots=True)
class Content:
    """What is in one table: how many rows, and a digest that only the same rows give."""

    rows: int
    digest: str


class _Sum:
    """The sum of the digests of rows: the same for the same rows in any order."""

    def __init__(self) -> None:
        self.rows, self._sum = 0, 0

    def add(self, row: Mapping[str, Any]) -> None:
        digest = hashlib.sha256(repr(sorted(row.items())).encode("utf-8", "surrogatepass"))
        self._sum += int.from_bytes(digest.digest())
        self.rows += 1

    def content(self) -> Content:
        return Content(self.rows, (self._sum % (1 << 8 * DIGEST_BYTES)).to_bytes(32).hex())


def copy(source: Database, target: Database, tell: Progress = lambda _: None) -> dict[str, Content]:
    """Copy all tables into an empty target at the same schema: one transaction, all or nothing."""
    with snapshot(source) as reading, _writing(target) as writing:
        names = _columns(reading)
        if names != _columns(writing) or names.keys() - Base.metadata.tables.keys():
            raise CopyFailed("The two databases are not at the same schema; nothing was copied.")
        _refuse_rows(writing)
        copied = {}
        for table in tables(names):
            copied[table.name] = _copy(reading, writing, table, names)
            if copied[table.name].rows >= ROWS:
                tell(f"  {table.name}: {copied[table.name].rows:,} rows")
        _number_on(writing)
        found = _contents(writing)
        different = [name for name, content in copied.items() if found[name] != content]
        if different:
            raise CopyFailed(f"Not copied exactly, so nothing was kept: {', '.join(different)}.")
    return copied


def contents(database: Database) -> dict[str, Content]:
    """Give what is in each table, from one moment."""
    with snapshot(database) as reading:
        return _contents(reading)


def counts(connection: Connection) -> dict[str, int]:
    """Count the rows of each table that the database has."""
    there = _columns(connection)
    rows = {each.name: select(func.count()).select_from(each) for each in tables(there)}
    return {name: connection.scalar(query) or 0 for name, query in rows.items()}


def is_empty(connection: Connection) -> bool:
    """Say whether no table has a row."""
    return not any(
        connection.scalar(select(exists().select_from(each)))
        for each in tables(_columns(connection))
    )


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """Read everything as it is at one moment, while others write on."""
    options: dict[str, Any] = {"ipt_access": "read"}
    if database.engine.dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"
    with database.engine.execution_options(**options).connect() as connection:
        yield connection


def tables(there: Mapping[str, frozenset[str]]) -> list[Table]:
    """List the tables that a database has, each after those that it points at."""
    return [each for each in Base.metadata.sorted_tables if each.name in there]


@contextmanager
def _writing(database: Database) -> Iterator[Connection]:
    with database.engine.execution_options(ipt_access="write").begin() as connection:
        yield connection


def _columns(connection: Connection) -> dict[str, frozenset[str]]:
    """Name the tables and columns that a database has: an older schema has fewer."""
    found = inspect(connection).get_multi_columns()
    return {
        name: frozenset(column["name"] for column in columns)
        for (_, name), columns in found.items()
        if name != "alembic_version"
    }


def _contents(connection: Connection) -> dict[str, Content]:
    names, found = _columns(connection), {}
    for table in tables(names):
        total = _Sum()
        for rows in _read(connection, _plain(table, names, connection.dialect.name)):
            for row in rows:
                total.add(row)
        found[table.name] = total.content()
    return found


def _copy(
    reading: Connection, writing: Connection, table: Table, names: Mapping[str, frozenset[str]]
) -> Content:
    total = _Sum()
    into = _plain(table, names, writing.dialect.name)
    try:
        for rows in _read(reading, _plain(table, names, reading.dialect.name)):
            for row in rows:
                total.add(row)
            writing.execute(insert(into), rows)
    except DataError as error:
        raise CopyFailed(
            f"A row of {table.name} does not fit the other database; nothing was copied."
        ) from error
    return total.content()


def _read(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    streamed = connection.execution_options(stream_results=True, yield_per=ROWS)
    query = select(table).order_by(*table.primary_key)
    for part in streamed.execute(query).mappings().partitions():
        yield [dict(row) for row in part]


def _plain(table: Table, names: Mapping[str, frozenset[str]], dialect: str) -> Table:
    """Describe a table as it is there, its JSON as text."""
    there = names[table.name]
    if unknown := there - set(table.columns.keys()):
        raise CopyFailed(f"{table.name} has columns of another version: {', '.join(unknown)}.")
    as_text = JsonOnServer() if dialect == "postgresql" else JsonInFile()
    return Table(
        table.name,
        MetaData(),
        *(
            Column(
                each.name,
                as_text if isinstance(each.type, JSON) else each.type,
                primary_key=each.primary_key,
                autoincrement=False,
            )
            for each in table.columns
            if each.name in there
        ),
    )


def _refuse_rows(connection: Connection) -> None:
    if not is_empty(connection):
        raise CopyFailed("The other database holds records already; nothing was copied.")


def _number_on(connection: Connection) -> None:
    """Let PostgreSQL go on numbering after the newest row."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables(_columns(connection)):
        numbered = table.autoincrement_column
        newest = connection.scalar(select(func.max(numbered))) if numbered is not None else None
        if numbered is not None and newest:
            given = {"name": table.name, "numbered": numbered.name, "newest": newest}
            connection.execute(text(NUMBERING), given)

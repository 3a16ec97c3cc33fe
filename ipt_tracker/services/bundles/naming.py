"""Names for rows that stay the same when the rows get other ids: "session_record.3".

Rows are put in order by what they say, what points at them and what they point at, never by an
id. So the same records give the same file in every instance.
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from functools import partial
from typing import Any
from uuid import UUID

from ipt_tracker.services.bundles.tables import THREAD, WITH_IDS, has_id, in_order, pointers

Row = dict[str, Any]
Rows = dict[str, list[Row]]
Names = dict[UUID, str]

ROUNDS = 3
"""How far around a row is looked for what sets it apart from another."""
PLACES = ("slot", "place", "edition", "number")
AN_ID = re.compile(r"\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b")


def named(rows: Rows, known: Mapping[UUID, str]) -> Names:
    """Give the name of every row, and put the rows of each table in the order of their names.

    `known` holds the names of rows outside.
    """
    threads = {row["thread"] for row in rows.get("process_note", ())}
    graph = _Graph({**rows, THREAD: [{"id": thread} for thread in threads]}, known)
    names: Names = {}
    for name in (*(each for each in in_order() if each != "amendment"), "amendment", THREAD):
        found = graph.rows.get(name, [])
        found.sort(key=partial(graph.order, name, names))
        if name == THREAD or has_id(name):
            names |= {row["id"]: f"{name}.{place}" for place, row in enumerate(found, 1)}
    return names


class _Graph:
    """Rows and what ties them together, with a digest for each of what it and they say."""

    def __init__(self, rows: Rows, known: Mapping[UUID, str]) -> None:
        self.rows = rows
        self._known = known
        self._own = {id(row): self._said(name, row) for name, row in self._all()}
        ids = {row["id"]: row for name, row in self._all() if "id" in row}
        self._ties: dict[int, list[tuple[str, int]]] = defaultdict(list)
        for name, row in self._all():
            for column, target in ids_in(name, row):
                if target in ids and target != row.get("id"):
                    self._ties[id(row)].append((column, id(ids[target])))
                    self._ties[id(ids[target])].append((f"{name}.{column}", id(row)))
        for _ in range(ROUNDS):
            self._own = {key: self._further(key) for key in self._own}

    def order(self, name: str, names: Names, row: Row) -> tuple[Any, ...]:
        """Give what a row is put in order by: its place, its days, what it and its ties say."""
        places = [row.get(column) or 0 for column in PLACES]
        days = [_plain(value) for value in row.values() if isinstance(value, date | datetime)]
        tied = [names.get(target, "") for _, target in ids_in(name, row)]
        return places, days, self._own[id(row)], [_numbered(each) for each in tied]

    def _all(self) -> Iterator[tuple[str, Row]]:
        for name, found in self.rows.items():
            for row in found:
                yield name, row

    def _said(self, name: str, row: Row) -> str:
        ids = {column for column, _ in pointers(name)} if name != THREAD else set()
        outside = sorted((c, self._known[t]) for c, t in ids_in(name, row) if t in self._known)
        plain = {
            column: _without_ids(value) if (name, column) in WITH_IDS else value
            for column, value in row.items()
            if column not in ids and not (column == "id" and isinstance(value, UUID))
        }
        return _digest([name, plain, outside])

    def _further(self, key: int) -> str:
        around = sorted((column, self._own[other]) for column, other in self._ties[key])
        return _digest([self._own[key], around])


def ids_in(name: str, row: Row) -> Iterator[tuple[str, UUID]]:
    """Give every id that a row holds beside its own, with the column."""
    if name == THREAD:
        return
    for column, _ in pointers(name):
        if isinstance(row.get(column), UUID):
            yield column, row[column]
    for table, column in sorted(WITH_IDS):
        if table == name:
            yield from ((column, each) for each in _found(row.get(column)))


def _found(value: object) -> Iterable[UUID]:
    text = str(value) if isinstance(value, UUID) else json.dumps(value)
    return (UUID(each) for each in AN_ID.findall(text))


def _without_ids(value: object) -> object:
    if isinstance(value, list):
        return sorted((_without_ids(each) for each in value), key=repr)
    return AN_ID.sub("", json.dumps(value, sort_keys=True, default=str))


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _numbered(name: str) -> tuple[str, int]:
    table, _, place = name.rpartition(".")
    return table, int(place or 0)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime | time) else str(value)

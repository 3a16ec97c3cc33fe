"""The restore drill: a clinic of so many sessions, its backup, and its restore with every check.

`python -m tests.benchmarks.restore_drill 100000` prints one table; the limit is ten minutes.
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from sqlalchemy import Table, insert, select

from ipt_tracker.persistence import backup, restoring, schema
from ipt_tracker.persistence.audit_chain import AuditChain, newest_row
from ipt_tracker.persistence.audit_seal import SEALED, seal
from ipt_tracker.persistence.backup import About
from ipt_tracker.persistence.base import Base
from ipt_tracker.persistence.engine import Database, open_database
from ipt_tracker.persistence.keys import Keys
from ipt_tracker.persistence.models import AuditEntry
from tests.factories.clinic import fill_clinic

NOW = datetime(2026, 3, 11, 10, tzinfo=UTC)
KEYS = Keys(bytes(range(32)))
LIMIT_SECONDS = 600
AUDIT_ROWS_OF_A_SESSION = 4
AT_ONCE = 200
NOTE = "Reviewed the week, linked mood to the dispute, agreed what to say on Friday. " * 12
COPIED = ("patient", "course", "assignment", "focal_area_spell", "session_record", "measure")


@dataclass(frozen=True, slots=True)
class Drill:
    """What one drill measured."""

    sessions: int
    rows: int
    bytes: int
    backup_seconds: float
    restore_seconds: float


def drill(sessions: int, folder: Path) -> Drill:
    """Fill a clinic, back it up and restore it, both with every check."""
    url = f"sqlite:///{folder / 'records.db'}"
    schema.upgrade(url, KEYS.database)
    database = open_database(url, KEYS.database, audit=AuditChain(KEYS.audit))
    fill(database, sessions)
    began = time.monotonic()
    made = backup.make(database, KEYS, folder / "drill.iptbackup", About("clinic", "0", NOW))
    backed_up = time.monotonic() - began
    database.close()
    began = time.monotonic()
    with restoring.made_ready(made.path, KEYS, folder, NOW) as ready:
        took = time.monotonic() - began
        counts = ready.manifest.counts
    return Drill(counts["session_record"], sum(counts.values()), made.bytes, backed_up, took)


def fill(database: Database, sessions: int) -> None:
    """Copy one course of seven sessions until there are so many, each copy with ids of its own."""
    made = fill_clinic(database)
    with database.engine.begin() as connection:
        tables = [Base.metadata.tables[name] for name in COPIED]
        rows = {t.name: [dict(r) for r in connection.execute(select(t)).mappings()] for t in tables}
        pattern = _of_one_course(rows, made.course.id, made.course.patient_id)
        copies = -(-sessions // len(pattern["session_record"]))
        for first in range(0, copies, AT_ONCE):
            part = [_copy(pattern, n) for n in range(first, min(copies, first + AT_ONCE))]
            for table in tables:
                connection.execute(
                    insert(table), [row for copy in part for row in copy[table.name]]
                )
    _fill_audit(database, sessions * AUDIT_ROWS_OF_A_SESSION)


def _of_one_course(rows: dict[str, list[dict[str, Any]]], course: Any, patient: Any) -> Any:
    whose = {"patient": ("id", patient), "course": ("id", course)}
    return {
        name: [
            each
            for each in found
            if each[whose.get(name, ("course_id", course))[0]] == whose.get(name, (0, course))[1]
        ]
        for name, found in rows.items()
    }


def _copy(pattern: dict[str, list[dict[str, Any]]], number: int) -> dict[str, list[dict[str, Any]]]:
    ids = {row["id"]: uuid4() for found in pattern.values() for row in found}

    def fresh(name: str, row: dict[str, Any]) -> dict[str, Any]:
        new = {key: ids.get(value, value) if _is_id(key) else value for key, value in row.items()}
        if name == "patient":
            new["code"] = f"D-{number}"
        if name == "session_record":
            new["note"] = f"{number}: {NOTE}"
        return {key: value for key, value in new.items() if key in _columns(name)}

    return {name: [fresh(name, row) for row in found] for name, found in pattern.items()}


def _is_id(key: str) -> bool:
    return key == "id" or key.endswith("_id")


def _columns(name: str) -> set[str]:
    table: Table = Base.metadata.tables[name]
    return set(table.columns.keys())


def _fill_audit(database: Database, count: int) -> None:
    with database.read() as session:
        head = newest_row(session)
    with database.engine.begin() as connection:
        for part in _audit_rows(head.id, head.seal, count):
            connection.execute(insert(AuditEntry.__table__), part)


def _audit_rows(newest: int, before: str, count: int) -> Iterator[list[dict[str, Any]]]:
    names, part = [each.key for each in SEALED], []
    for number in range(newest + 1, newest + count + 1):
        said = (
            *(number, NOW + timedelta(seconds=number), uuid4(), "course.opened", "course"),
            *(str(uuid4()), uuid4(), {"permission": "open_course"}, None),
        )
        before = seal(KEYS.audit, before, said)
        part.append(dict(zip(names, said, strict=True)) | {"seal": before})
        if len(part) == 5000:
            yield part
            part = []
    if part:
        yield part


def main() -> int:
    """Print what one drill measured; fail beyond the limit."""
    with TemporaryDirectory(prefix="ipt-drill-") as folder:
        found = drill(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, Path(folder))
    print(f"sessions {found.sessions:,}, rows {found.rows:,}, file {found.bytes / 1e6:,.0f} MB")
    print(f"backup {found.backup_seconds:.0f} s, restore {found.restore_seconds:.0f} s")
    return int(found.restore_seconds > LIMIT_SECONDS)


if __name__ == "__main__":
    sys.exit(main())

"""Rows of a file on their way into the tables: names become ids, a table after those it needs."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Patient, TherapyGroup
from ipt_tracker.services.bundles.naming import Row, Rows
from ipt_tracker.services.bundles.reading import ReadCase
from ipt_tracker.services.bundles.tables import (
    STAFF,
    THREAD,
    WITH_IDS,
    has_id,
    in_order,
    pointers,
    table,
)
from ipt_tracker.services.bundles.values import sorted_ids, with_ids
from ipt_tracker.services.imports import ImportRefused
from ipt_tracker.services.unit_of_work import DatabaseFailed, Subject, UnitOfWork

Ids = dict[str, UUID]
HERE = "Nothing was imported."


def give_ids(rows: Rows, ids: Ids) -> Rows:
    """Give every row an id of its own but those that have one; give the rows that had none."""
    fresh = {name: [r for r in found if r.get("id") not in ids] for name, found in rows.items()}
    for name, found in fresh.items():
        if has_id(name):
            ids |= {row["id"]: uuid4() for row in found}
    threads = {row[THREAD] for row in rows.get("process_note", [])}
    ids |= {each: uuid4() for each in threads if each not in ids}
    return fresh


def add(work: UnitOfWork, rows: Rows) -> None:
    """Write rows whose names are ids by now. The accounts among them are here already."""
    for name in in_order():
        if rows.get(name) and name not in STAFF:
            _insert(work, name, rows[name])


def all_resolved(rows: Rows, ids: Ids) -> Rows:
    """Give rows by table with ids in the place of names."""
    return {
        name: [resolved(name, row, ids) for row in found]
        for name, found in rows.items()
        if name not in STAFF
    }


def _insert(work: UnitOfWork, name: str, rows: list[Row]) -> None:
    try:
        work.session.execute(insert(table(name)), rows)
    except DatabaseFailed as refused:
        raise ImportRefused(
            f"The rows of {name} contradict each other or a rule of the records. {HERE}"
        ) from refused


def resolved(name: str, row: Row, ids: Ids) -> Row:
    """Give a row with ids in the place of names."""
    found: dict[str, Any] = dict(row)
    if has_id(name):
        found["id"] = ids[row["id"]]
    for column, _ in pointers(name):
        if found.get(column) is not None:
            found[column] = ids[row[column]]
    for each, column in WITH_IDS:
        if each == name and found.get(column) is not None:
            found[column] = _within(column, row[column], ids)
    return found


def _within(column: str, value: object, ids: Ids) -> object:
    if column in {"subject_id", THREAD}:
        return ids[str(value)]
    return sorted_ids(column, with_ids(value, ids.__getitem__))


def is_empty(work: UnitOfWork) -> bool:
    """Say whether nobody is treated here yet."""
    found = (select(Patient.id).limit(1), select(TherapyGroup.id).limit(1))
    return all(work.session.scalars(each).first() is None for each in found)


def note_taken_in(work: UnitOfWork, case: ReadCase, ids: Ids) -> None:
    """Write down that a course was taken in."""
    course = case.rows["course"][0]
    subject = Subject("course", ids[course["id"]], ids[course["patient_id"]])
    work.audit(
        Event.COURSE_IMPORTED, subject, slots=len(case.rows.get("session_record", [])), format=2
    )

"""Reading every row of one course, or of the clinic around its courses."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ipt_tracker.services.bundles.naming import Row, Rows, ids_in
from ipt_tracker.services.bundles.tables import (
    OF_A_COURSE,
    OF_A_WHOLE_GROUP,
    OF_THE_CLINIC,
    SHARED,
    STAFF,
    columns,
    has_id,
    in_order,
    pointers,
    table,
)

AT_A_TIME = 300
"""Keys in one statement: every engine has a limit."""


def of_a_course(session: Session, course_id: UUID) -> Rows:
    """Give every row of a course by table, with its patient and what it shares with a group."""
    rows: Rows = {"course": read(session, "course", "id", [course_id])}
    course = rows["course"][0]
    rows["patient"] = read(session, "patient", "id", [course["patient_id"]])
    rows["imported_case"] = read(session, "imported_case", "case_id", [course["case_id"]])
    for name in (each for each in in_order() if each in OF_A_COURSE):
        column, owner = OF_A_COURSE[name]
        rows[name] = read(session, name, column, _ids(rows.get(owner, [])))
    meetings = {row["group_session_id"] for row in rows["session_record"]}
    meetings |= {row["group_session_id"] for row in rows["appointment"]}
    rows["group_session"] = read(session, "group_session", "id", meetings)
    groups = {row["group_id"] for name in ("group_member", "group_session") for row in rows[name]}
    rows["therapy_group"] = read(session, "therapy_group", "id", groups)
    rows["group_leader"] = read(session, "group_leader", "group_id", groups)
    return rows


def of_the_clinic(session: Session) -> Rows:
    """Give every row that belongs to no one course."""
    names = (*STAFF, *SHARED, *OF_THE_CLINIC)
    rows = {name: _all(session, name) for name in names}
    for name in (each for each in in_order() if each in OF_A_WHOLE_GROUP):
        column, owner = OF_A_WHOLE_GROUP[name]
        found = read(session, name, column, _ids(rows[owner]))
        rows[name] = [row for row in found if row.get("course_id") is None]
    return rows


def staff_of(session: Session, rows: Rows) -> Rows:
    """Give the accounts that rows name, with their staff codes."""
    people = {
        row[column]
        for name, found in rows.items()
        for column, target in pointers(name)
        if target == "account"
        for row in found
    }
    people |= {each for row in rows.get("fidelity_rating", []) for each in _rater(row)}
    return {name: read(session, name, key, people) for name, key in _KEYS.items()}


_KEYS = {"account": "id", "staff_code": "account_id"}


def _rater(row: Row) -> Iterator[UUID]:
    yield from (found for column, found in ids_in("fidelity_rating", row) if column == "rater")


def read(session: Session, name: str, column: str, values: Collection[Any]) -> list[Row]:
    """Give the rows of a table whose column has one of these values."""
    wanted = [each for each in values if each is not None]
    chosen = select(*(table(name).columns[each] for each in columns(name)))
    return [
        dict(row)
        for part in _parts(wanted)
        for row in session.execute(chosen.where(table(name).columns[column].in_(part))).mappings()
    ]


def _all(session: Session, name: str) -> list[Row]:
    chosen = select(*(table(name).columns[each] for each in columns(name)))
    return [dict(row) for row in session.execute(chosen).mappings()]


def _ids(rows: Iterable[Row]) -> list[UUID]:
    return [row["id"] for row in rows if "id" in row]


def _parts(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), AT_A_TIME):
        yield values[start : start + AT_A_TIME]


def keyed(name: str, row: Row) -> Any:  # noqa: ANN401 -- an id or a natural key
    """Give what a row is known by."""
    return row["id"] if has_id(name) else row[columns(name)[0]]

"""Removing all that belongs to one patient, found by following the foreign keys.

No list of tables stands here: whatever points at the patient, or at something of theirs, goes.
The audit has no foreign keys and stays; it names the patient by a random id.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Table, delete, or_, select, tuple_
from sqlalchemy.orm import Session

from ipt_tracker.persistence.base import Base
from ipt_tracker.persistence.models import Course, ImportedCase, Patient
from ipt_tracker.persistence.staged_scores import forget_staged

AT_A_TIME = 300
"""Keys in one statement: every engine has a limit."""

Rows = dict[Table, list[tuple[Any, ...]]]
"""Primary keys by table."""


def erase_patient(session: Session, patient_id: UUID) -> dict[str, int]:
    """Delete the patient and everything that points at them; give the rows by table.

    Rows that others own, such as a group or a supervision meeting, stay.
    """
    # An imported file is known by its own id for the course, not by a foreign key.
    cases = select(Course.case_id).where(Course.patient_id == patient_id)
    files = list(session.scalars(cases.where(Course.case_id.is_not(None))))
    doomed = _doomed(session, patient_id)
    doomed[_table(ImportedCase)] = [(each,) for each in files]
    forget_staged(session, patient_id)
    for table in reversed(Base.metadata.sorted_tables):
        for keys in _parts(doomed.get(table, [])):
            session.execute(delete(table).where(_is_one_of(table, keys)))
    session.expire_all()
    return {table.name: len(keys) for table, keys in doomed.items() if keys}


def _doomed(session: Session, patient_id: UUID) -> Rows:
    """Follow the foreign keys downwards, a table after all those that it points at."""
    found: Rows = {_table(Patient): [(patient_id,)]}
    for table in Base.metadata.sorted_tables:
        keys = set(_pointing(session, table, found))
        if keys:
            found[table] = [*found.get(table, []), *keys]
    return found


def _pointing(session: Session, table: Table, found: Rows) -> Iterator[tuple[Any, ...]]:
    for column in table.columns:
        for foreign in column.foreign_keys:
            for part in _parts(found.get(foreign.column.table, [])):
                chosen = select(*table.primary_key).where(column.in_([key[0] for key in part]))
                yield from (tuple(row) for row in session.execute(chosen))


def _is_one_of(table: Table, keys: Sequence[tuple[Any, ...]]) -> Any:  # noqa: ANN401 -- a condition
    columns = list(table.primary_key)
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in keys])
    return or_(*(tuple_(*columns) == key for key in keys))


def _parts(keys: list[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    for start in range(0, len(keys), AT_A_TIME):
        yield keys[start : start + AT_A_TIME]


def _table(model: type[Base]) -> Table:
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} is not kept in a table of its own")
    return table

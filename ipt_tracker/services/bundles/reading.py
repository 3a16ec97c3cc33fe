"""Reading `ipt-course-bundle/2`: known tables and columns, right types, every name a row.

What is broken refuses the file, whole, naming the place.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from ipt_tracker.exchange.bundle2_case import in_older_words
from ipt_tracker.exchange.bundle_content import canonical, first_difference
from ipt_tracker.exchange.bundle_reader import BrokenBundle
from ipt_tracker.services.bundles.naming import Row, Rows
from ipt_tracker.services.bundles.tables import (
    FIRST,
    NAMED_FOR_STAFF,
    OF_A_COURSE,
    OF_A_WHOLE_GROUP,
    OF_THE_CLINIC,
    SHARED,
    STAFF,
    THREAD,
    WITH_IDS,
    columns,
    has_id,
    pointers,
)
from ipt_tracker.services.bundles.values import A_NAME, IN_A_TEXT, Wrong, check, column_of
from ipt_tracker.services.bundles.writing import SCHEMA, staff_names

OF_A_CASE = frozenset({*FIRST, *OF_A_COURSE, *SHARED})
OF_A_CLINIC = frozenset({*STAFF, *SHARED, *OF_THE_CLINIC, *OF_A_WHOLE_GROUP})
RECORDS = "records"
ALL_WORDS = {"ratings", "group_notes", "draws"}


@dataclass(frozen=True, slots=True)
class ReadCase:
    """One course: its rows as their columns take them, ids still names."""

    id: str
    raw: dict[str, Any]
    rows: Rows
    staff: Rows
    holds: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A whole file: its courses, and the clinic around them where it is one of a clinic."""

    cases: tuple[ReadCase, ...]
    clinic: Rows | None
    raw: dict[str, Any]


def is_second(raw: object) -> TypeGuard[dict[str, Any]]:
    """Say whether a parsed file is one of these."""
    return isinstance(raw, dict) and raw.get("schema") == SCHEMA


def read_second(raw: dict[str, Any]) -> ReadFile:
    """Read a parsed file. Raises BrokenBundle, naming the place, for one that is broken."""
    for key in raw:
        if key not in {"schema", "software", "notice", "cases", "clinic"}:
            raise BrokenBundle(key, "this key is not known.")
    clinic = None
    if "clinic" in raw:
        clinic = _tables(raw["clinic"], "clinic", OF_A_CLINIC)
    if not isinstance(raw.get("cases"), list):
        raise BrokenBundle("cases", "a list of cases is needed.")
    cases = tuple(_case(each, f"cases[{index}]", clinic) for index, each in enumerate(raw["cases"]))
    _refuse_twice(cases)
    if clinic is not None:
        inside = {
            f"{index}/{name}" for index, case in enumerate(cases) for name in _names(case.rows)
        }
        _closed(clinic, "clinic", _names(clinic) | inside)
    return ReadFile(cases, clinic, raw)


def _case(raw: object, place: str, clinic: Rows | None) -> ReadCase:
    case = _object(raw, place)
    name = case.get("id")
    if not isinstance(name, str) or not name.strip():
        raise BrokenBundle(f"{place}.id", "this is missing.")
    records = _object(case.get(RECORDS), f"{name} {RECORDS}")
    _known_keys(records, f"{name} {RECORDS}", {"holds", "staff", "tables"})
    holds = _holds(records.get("holds"), f"{name} {RECORDS}.holds")
    rows = _tables(records.get("tables"), f"{name} {RECORDS}.tables", OF_A_CASE)
    for needed in ("patient", "course"):
        if len(rows.get(needed, [])) != 1:
            raise BrokenBundle(f"{name} {RECORDS}.tables.{needed}", "one row is needed.")
    if clinic is None:
        staff = _staff(records.get("staff"), f"{name} {RECORDS}.staff")
    elif "staff" in records:
        raise BrokenBundle(f"{name} {RECORDS}.staff", "the clinic names its staff.")
    else:
        staff = {each: clinic.get(each, []) for each in STAFF}
    outside = _names(staff if clinic is None else clinic)
    _closed(rows, f"{name} {RECORDS}.tables", _names(rows) | outside)
    _closed(staff, f"{name} {RECORDS}.staff", outside)
    read = ReadCase(name, case, rows, staff, holds)
    _one_course(read)
    _older_words(read)
    return read


def _holds(raw: object, place: str) -> dict[str, Any]:
    holds = _object(raw, place)
    _known_keys(holds, place, {*ALL_WORDS, "process_notes"})
    for key in sorted(ALL_WORDS):
        if not isinstance(holds.get(key), bool):
            raise BrokenBundle(f"{place}.{key}", "true or false is needed.")
    if not isinstance(holds.get("process_notes"), str):
        raise BrokenBundle(f"{place}.process_notes", "text is needed.")
    return holds


def _staff(raw: object, place: str) -> Rows:
    staff = _object(raw, place)
    _known_keys(staff, place, set(STAFF))
    people = _rows(staff.get("account", []), "account", f"{place}.account", NAMED_FOR_STAFF)
    codes = _rows(staff.get("staff_code", []), "staff_code", f"{place}.staff_code")
    return {"account": people, "staff_code": codes}


def _tables(raw: object, place: str, known: Collection[str]) -> Rows:
    tables = _object(raw, place)
    for name in tables:
        if name not in known:
            raise BrokenBundle(f"{place}.{name}", "no table of this name belongs here.")
    return {name: _rows(found, name, f"{place}.{name}") for name, found in tables.items()}


def _rows(raw: object, name: str, place: str, only: Collection[str] = ()) -> list[Row]:
    if not isinstance(raw, list):
        raise BrokenBundle(place, "a list of rows is needed.")
    wanted = [each for each in columns(name) if not only or each in only or each == "id"]
    rows = [_row(each, name, f"{place}[{index}]", wanted) for index, each in enumerate(raw)]
    seen: set[object] = set()
    for index, row in enumerate(rows):
        key = row[wanted[0]]
        if key in seen:
            raise BrokenBundle(f"{place}[{index}].{wanted[0]}", f"{key} is there twice.")
        seen.add(key)
    return rows


def _row(raw: object, name: str, place: str, wanted: list[str]) -> Row:
    values = _object(raw, place)
    for column in values:
        if column not in wanted:
            raise BrokenBundle(f"{place}.{column}", "no column of this name belongs here.")
    row: Row = {}
    for column in wanted:
        try:
            row[column] = check(column_of(name, column), values.get(column))
        except Wrong as wrong:
            raise BrokenBundle(f"{place}.{column}", str(wrong)) from wrong
    if has_id(name) and not re.fullmatch(rf"{name}\.[1-9]\d*", str(row["id"])):
        raise BrokenBundle(f"{place}.id", f'a name like "{name}.1" is needed.')
    return row


def _closed(rows: Rows, place: str, names: Collection[str]) -> None:
    """Refuse a name that no row has, or that is one of another table than is meant."""
    for table, found in rows.items():
        for index, row in enumerate(found):
            for column, name, meant in _named_in(table, row):
                there = f"{place}.{table}[{index}].{column}"
                if meant and name.rpartition("/")[2].partition(".")[0] != meant:
                    raise BrokenBundle(there, f"{name} is no row of {meant}.")
                if name not in names and meant != THREAD:
                    raise BrokenBundle(there, f"{name} is not in the file.")


def _named_in(table: str, row: Row) -> Iterator[tuple[str, str, str | None]]:
    for column, target in pointers(table):
        if row.get(column) is not None:
            yield column, row[column], target
    for each, column in sorted(WITH_IDS):
        if each == table and row.get(column) is not None:
            value = row[column]
            if column in {"subject_id", THREAD}:
                yield column, str(value), THREAD if column == THREAD else None
            else:
                yield from ((column, name, None) for name in _in_texts(value))


def _in_texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from (found[1] for found in IN_A_TEXT.finditer(value) if found[1])
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _in_texts(key)
            yield from _in_texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _in_texts(each)


def _names(rows: Rows) -> set[str]:
    return {
        row["id"] for found in rows.values() for row in found if A_NAME.match(str(row.get("id")))
    }


def _one_course(case: ReadCase) -> None:
    """Refuse rows that belong to no course of the file, or a file kept for another one."""
    place = f"{case.id} {RECORDS}.tables"
    course = case.rows["course"][0]
    kept = [row["case_id"] for row in case.rows.get("imported_case", [])]
    if kept not in ([], [course["case_id"]]):
        raise BrokenBundle(f"{place}.imported_case", "it is of another course.")
    for table, (column, _) in OF_A_COURSE.items():
        for index, row in enumerate(case.rows.get(table, [])):
            if row[column] is None:
                raise BrokenBundle(f"{place}.{table}[{index}].{column}", "a value is needed.")


def _older_words(case: ReadCase) -> None:
    """Refuse a file whose older words say something else than its rows."""
    tables = {name: [_plain(row) for row in found] for name, found in case.rows.items()}
    said = {key: value for key, value in case.raw.items() if key != RECORDS}
    meant = in_older_words(tables, staff_names(case.staff))
    place = _difference(meant, said)
    if place is not None:
        raise BrokenBundle(case.id, f"its rows say otherwise: {place}.")


def _difference(meant: object, said: object) -> str | None:
    found = first_difference(canonical(meant), canonical(said))
    return found.replace(" stored", " by the rows") if found else None


def _plain(row: Row) -> Row:
    return {
        column: value.isoformat() if hasattr(value, "isoformat") else value
        for column, value in row.items()
    }


def _object(value: object, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BrokenBundle(place, "an object is needed.")
    return value


def _known_keys(value: dict[str, Any], place: str, known: Collection[str]) -> None:
    for key in value:
        if key not in known:
            raise BrokenBundle(f"{place}.{key}", "this key is not known.")


def _refuse_twice(cases: tuple[ReadCase, ...]) -> None:
    seen: set[tuple[object, ...]] = set()
    for index, case in enumerate(cases):
        course, patient = case.rows["course"][0], case.rows["patient"][0]
        key = (patient["code"], course["created_at"], course["case_id"])
        if key in seen:
            raise BrokenBundle(f"cases[{index}]", f"{case.id} is there twice.")
        seen.add(key)

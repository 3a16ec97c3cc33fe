"""One course as a case of `ipt-course-bundle/2`: the older words, and every row beside them."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from ipt_tracker.exchange.bundle2_case import in_older_words
from ipt_tracker.services.bundles.finding import of_a_course, staff_of
from ipt_tracker.services.bundles.holds import Holds
from ipt_tracker.services.bundles.naming import Names, Rows, named
from ipt_tracker.services.bundles.tables import NAMED_FOR_STAFF, SHARED
from ipt_tracker.services.bundles.values import written

SCHEMA = "ipt-course-bundle/2"
NOTICE = "Records of a person in treatment. Keep this file as you keep the records themselves."
Case = dict[str, Any]


def head(version: str) -> dict[str, Any]:
    """Give what stands before the cases."""
    return {"schema": SCHEMA, "software": f"IPT Tracker {version}", "notice": NOTICE}


def case_of(session: Session, course_id: UUID, holds: Holds) -> Case:
    """Give one course as a case of a file of its own, which brings its people and its group."""
    return named_case(session, course_id, holds, {})[0]


def named_case(
    session: Session, course_id: UUID, holds: Holds, outside: Mapping[UUID, str]
) -> tuple[Case, Names]:
    """Give one course as a case, with the names of its rows.

    `outside` names accounts, groups and draws where the file is one of a whole clinic.
    """
    rows = holds.only(of_a_course(session, course_id))
    staff = staff_of(session, rows)
    if outside:
        rows = {name: found for name, found in rows.items() if name not in SHARED}
        own = named(rows, outside)
        names = dict(outside) | own
    else:
        staff = _named_only(staff)
        people = named(staff, {})
        own = named(rows, people)
        names = people | own
    return _case(rows, staff, names, holds, bring_people=not outside), own


def _case(rows: Rows, staff: Rows, names: Names, holds: Holds, *, bring_people: bool) -> Case:
    tables = in_file(rows, names)
    codes = staff_names(in_file(staff, names))
    records: dict[str, Any] = {"holds": holds.written(names)}
    if bring_people:
        records["staff"] = in_file(staff, names)
    return {**in_older_words(tables, codes), "records": {**records, "tables": tables}}


def _named_only(staff: Rows) -> Rows:
    people = [{c: row[c] for c in ("id", *NAMED_FOR_STAFF)} for row in staff["account"]]
    return {**staff, "account": people}


def in_file(rows: Rows, names: Mapping[UUID, str]) -> dict[str, list[dict[str, Any]]]:
    """Give rows by table as the file holds them; tables without a row are not named."""
    return {
        name: [written(name, row, names) for row in found]
        for name, found in sorted(rows.items())
        if found
    }


def staff_names(staff: Mapping[str, list[dict[str, Any]]]) -> dict[str, str]:
    """Name every account by its staff code, else by the name on the pages."""
    found = {row["id"]: row["display_name"] for row in staff.get("account", [])}
    coded = reversed(staff.get("staff_code", []))
    return found | {row["account_id"]: row["code"] for row in coded}


def as_text(value: object) -> str:
    """Write JSON on one line, the same for the same value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

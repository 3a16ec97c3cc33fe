"""Taking in `ipt-course-bundle/2`: all of it or none, and nothing of it twice."""

from uuid import uuid4

from sqlalchemy import or_, select

from ipt_tracker.exchange.bundle_content import canonical, first_difference
from ipt_tracker.persistence.models import Course, Patient
from ipt_tracker.services.bundles.clinic_in import take_in_clinic
from ipt_tracker.services.bundles.finding import read
from ipt_tracker.services.bundles.holds import OF_LEADERS, Holds
from ipt_tracker.services.bundles.naming import Row, Rows
from ipt_tracker.services.bundles.people_in import accounts_in, supervise
from ipt_tracker.services.bundles.reading import ReadCase, ReadFile
from ipt_tracker.services.bundles.rows_in import (
    HERE,
    Ids,
    add,
    all_resolved,
    give_ids,
    note_taken_in,
)
from ipt_tracker.services.bundles.writing import case_of
from ipt_tracker.services.imports import ImportRefused, ImportReport
from ipt_tracker.services.unit_of_work import UnitOfWork


def take_in(work: UnitOfWork, file: ReadFile) -> ImportReport:
    """Take in the courses of a file that are not here yet.

    Raises ImportRefused, with nothing written, when one is here with other content.
    """
    if file.clinic is not None:
        return take_in_clinic(work, file)
    added, unchanged = [], []
    for case in file.cases:
        if _is_here(work, case):
            unchanged.append(case.id)
        else:
            _take_in(work, case)
            added.append(case.id)
    return ImportReport(tuple(added), tuple(unchanged), ())


def _is_here(work: UnitOfWork, case: ReadCase) -> bool:
    """Say whether the course is here as it is in the file; refuse one that is here otherwise."""
    course, patient = case.rows["course"][0], case.rows["patient"][0]
    same_file = Course.case_id == course["case_id"] if course["case_id"] else Course.id.is_(None)
    began = Course.created_at == course["created_at"]
    found = work.session.scalars(
        select(Course.id)
        .join(Patient, Patient.id == Course.patient_id)
        .where(or_(same_file, began & (Patient.code == patient["code"])))
    ).first()
    if found is None:
        return False
    stored = case_of(work.session, found, _held(work, case))
    place = first_difference(canonical(stored), canonical(case.raw))
    if place is not None:
        raise ImportRefused(f"{case.id} is here already with other content: {place}. {HERE}")
    return True


def _held(work: UnitOfWork, case: ReadCase) -> Holds:
    whose = case.holds["process_notes"]
    author = None
    if whose != "all":
        author = uuid4()
        if any(row["id"] == whose for row in case.staff["account"]):
            author = accounts_in(work, case.staff)[whose]
    return Holds(
        ratings=case.holds["ratings"],
        group_notes=case.holds["group_notes"],
        process_notes_of=author,
        draws=case.holds["draws"],
    )


def _take_in(work: UnitOfWork, case: ReadCase) -> None:
    ids: Ids = dict(accounts_in(work, case.staff))
    rows = {name: list(found) for name, found in case.rows.items()}
    _patient_here(work, rows, ids, case.id)
    _group_here(work, rows, ids, whole=case.holds["group_notes"])
    ready = all_resolved(give_ids(rows, ids), ids)
    add(work, ready)
    supervise(work, ready.get("assignment", []))
    note_taken_in(work, case, ids)


def _patient_here(work: UnitOfWork, rows: Rows, ids: Ids, case_id: str) -> None:
    """Tie a further course to its patient who is here already with the same details."""
    patient = rows["patient"][0]
    here = read(work.session, "patient", "code", [patient["code"]])
    if not here:
        return
    if any(here[0][column] != value for column, value in patient.items() if column != "id"):
        raise ImportRefused(
            f"{case_id}: {patient['code']} is the clinic code of a patient who is here already "
            f"with other details. {HERE}"
        )
    ids[patient["id"]] = here[0]["id"]
    rows["patient"] = []


def _group_here(work: UnitOfWork, rows: Rows, ids: Ids, *, whole: bool) -> None:
    """Tie a course to its group that is here already, and to the meetings that are."""
    for group in list(rows.get("therapy_group", [])):
        here = read(work.session, "therapy_group", "code", [group["code"]])
        if not here:
            continue
        _same("group", group["code"], here[0], group, {"id"})
        ids[group["id"]] = here[0]["id"]
        rows["therapy_group"].remove(group)
        rows["group_leader"] = [
            each for each in rows.get("group_leader", []) if each["group_id"] != group["id"]
        ]
        meetings = read(work.session, "group_session", "group_id", [here[0]["id"]])
        by_slot = {row["slot"]: row for row in meetings}
        for row in [r for r in rows.get("group_session", []) if r["group_id"] == group["id"]]:
            if row["slot"] in by_slot:
                aside = {"id", "group_id", "recorded_by", "signed_by"}
                aside |= set() if whole else set(OF_LEADERS)
                _same(
                    "group",
                    f"{group['code']} meeting {row['slot']}",
                    by_slot[row["slot"]],
                    row,
                    aside,
                )
                ids[row["id"]] = by_slot[row["slot"]]["id"]
                rows["group_session"].remove(row)


def _same(what: str, name: str, here: Row, given: Row, aside: set[str]) -> None:
    for column, value in given.items():
        if column not in aside and here[column] != value:
            raise ImportRefused(f"The {what} {name} is here already with another {column}. {HERE}")

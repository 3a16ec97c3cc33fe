"""Taking in the file of a whole clinic: into an instance where nobody is treated yet."""

from collections import defaultdict

from ipt_tracker.exchange.bundle_content import canonical, first_difference
from ipt_tracker.services.bundles.clinic_file import Whole
from ipt_tracker.services.bundles.naming import Rows
from ipt_tracker.services.bundles.people_in import accounts_in
from ipt_tracker.services.bundles.reading import ReadCase, ReadFile
from ipt_tracker.services.bundles.rows_in import (
    HERE,
    Ids,
    add,
    all_resolved,
    give_ids,
    is_empty,
    note_taken_in,
)
from ipt_tracker.services.bundles.tables import STAFF
from ipt_tracker.services.imports import ImportRefused, ImportReport
from ipt_tracker.services.unit_of_work import UnitOfWork


def take_in_clinic(work: UnitOfWork, file: ReadFile) -> ImportReport:
    """Take in a whole clinic, or find that it is here already word for word.

    Raises ImportRefused where somebody else is treated here.
    """
    cases = tuple(case.id for case in file.cases)
    if not is_empty(work):
        _refuse_difference(work, file)
        return ImportReport((), cases, ())
    clinic = file.clinic or {}
    ids: Ids = dict(accounts_in(work, {name: clinic.get(name, []) for name in STAFF}))
    give_ids({name: rows for name, rows in clinic.items() if name not in STAFF}, ids)
    ready: Rows = defaultdict(list)
    own = [_with_case(ready, case, ids) for case in file.cases]
    across = {
        f"{place}/{name}": id_ for place, each in enumerate(own) for name, id_ in each.items()
    }
    for name, rows in all_resolved(clinic, ids | across).items():
        ready[name] += rows
    add(work, ready)
    for case, each in zip(file.cases, own, strict=True):
        note_taken_in(work, case, each)
    return ImportReport(cases, (), ())


def _with_case(ready: Rows, case: ReadCase, outside: Ids) -> Ids:
    """Put the rows of one case among the others, and give the ids of its own."""
    ids: Ids = {}
    patient = case.rows["patient"][0]
    here = next((row for row in ready["patient"] if row["code"] == patient["code"]), None)
    if here is not None:
        if any(here[column] != value for column, value in patient.items() if column != "id"):
            raise ImportRefused(
                f"{case.id}: the file gives {patient['code']} other details before. {HERE}"
            )
        ids[patient["id"]] = here["id"]
    fresh = give_ids(case.rows, ids)
    for name, rows in all_resolved(fresh, outside | ids).items():
        ready[name] += rows
    return ids


def _refuse_difference(work: UnitOfWork, file: ReadFile) -> None:
    whole = Whole(work)
    if len(whole.courses) != len(file.cases):
        raise ImportRefused(
            f"The file holds {len(file.cases)} courses and this instance {len(whole.courses)}. "
            f"A whole clinic goes into an empty instance. {HERE}"
        )
    for course, case in zip(whole.courses, file.cases, strict=True):
        _refuse(case.id, whole.case(course), case.raw)
    _refuse("clinic", whole.clinic(), file.raw["clinic"])


def _refuse(what: str, stored: object, given: object) -> None:
    place = first_difference(canonical(stored), canonical(given))
    if place is not None:
        raise ImportRefused(f"{what} is here already with other content: {place}. {HERE}")

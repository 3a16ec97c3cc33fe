"""Taking in a course bundle: all of it or none, and nothing of it twice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from ipt_tracker.exchange.bundle_content import first_difference
from ipt_tracker.exchange.bundle_values import Bundle, CaseIn
from ipt_tracker.exchange.course_bundle import shift
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.base import Base
from ipt_tracker.persistence.models import (
    Account,
    Amendment,
    Assignment,
    ContractChange,
    Course,
    FidelityRating,
    FocalAreaSpell,
    ImportedCase,
    Measure,
    MedicationChange,
    Patient,
    RatingAmendment,
    RiskCheck,
    SessionRecord,
    StaffCode,
    Supervision,
)
from ipt_tracker.services.clinic_settings import first_criteria
from ipt_tracker.services.imported_rows import CaseRows, Row, case_rows, kept, staff_codes
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

IN_ORDER: tuple[type[Base], ...] = (
    Patient,
    Course,
    Assignment,
    FocalAreaSpell,
    ContractChange,
    SessionRecord,
    RiskCheck,
    MedicationChange,
    Measure,
    FidelityRating,
    RatingAmendment,
    Amendment,
    ImportedCase,
)
"""Tables in the order in which their rows can be added."""


class ImportRefused(Exception):
    """The file cannot be taken in; nothing of it was. The message names the place."""


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """What a bundle does not say of a patient and the demo invents."""

    name: str | None = None
    birth_date: date | None = None
    phone: str | None = None
    emergency_contact: str | None = None
    prescriber: str | None = None
    primary_diagnosis: str = "not_classified"
    precipitating_event: str = "not_classified"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What was taken in: ids of new cases, ids that were here already, and every warning."""

    added: tuple[str, ...]
    unchanged: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Options:
    """How a bundle is taken in: dates moved by whole days, people named."""

    shifted_days: int = 0
    people: Mapping[str, PersonDetails] = field(default_factory=dict)


def import_bundle(work: UnitOfWork, bundle: Bundle, options: Options | None = None) -> ImportReport:
    """Take in the cases of a bundle that are not here yet.

    Raises ImportRefused, with nothing written, when a case is here with other content.
    """
    options = options or Options()
    fresh, unchanged = _sort_out(work, bundle.cases)
    accounts = _staff(work, fresh)
    warnings = list(bundle.warnings)
    criteria = first_criteria(work)
    tables: dict[type[Base], list[Row]] = {table: [] for table in IN_ORDER}
    for original in fresh:
        case = shift(original, options.shifted_days) if options.shifted_days else original
        rows = case_rows(case, uuid4(), work.now, work.today, criteria)
        _add_people(rows, accounts, options.people.get(case.id, PersonDetails()))
        _add_traces(rows, work, options.shifted_days)
        _keep_of_the_file(rows, bundle)
        for table, found in rows.tables.items():
            tables[table] += found
        warnings += rows.warnings
    for table in IN_ORDER:
        if tables[table]:
            work.session.execute(insert(table), tables[table])
    _supervise(work, fresh, accounts, options.shifted_days)
    for case, course in zip(fresh, tables[Course], strict=True):
        subject = Subject("course", course["id"], course["patient_id"])
        work.audit(Event.COURSE_IMPORTED, subject, slots=len(case.sessions))
    return ImportReport(tuple(c.id for c in fresh), tuple(c.id for c in unchanged), tuple(warnings))


def _sort_out(
    work: UnitOfWork, cases: tuple[CaseIn, ...]
) -> tuple[tuple[CaseIn, ...], tuple[CaseIn, ...]]:
    """Tell new cases from those that are here already word for word."""
    stored = dict(
        work.session.execute(
            select(ImportedCase.case_id, ImportedCase.content).where(
                ImportedCase.case_id.in_([c.id for c in cases])
            )
        ).all()
    )
    for case in cases:
        if case.id in stored and stored[case.id] != case.content:
            place = first_difference(stored[case.id], case.content)
            raise ImportRefused(
                f"{case.id} is here already with other content: {place}. Nothing was imported."
            )
    fresh = tuple(c for c in cases if c.id not in stored)
    _refuse_taken_codes(work, fresh)
    return fresh, tuple(c for c in cases if c.id in stored)


def _refuse_taken_codes(work: UnitOfWork, fresh: tuple[CaseIn, ...]) -> None:
    codes = [c.id for c in fresh]
    taken = work.session.scalars(select(Patient.code).where(Patient.code.in_(codes))).first()
    if taken is not None:
        raise ImportRefused(
            f"{taken} is the clinic code of a patient who is here already. Nothing was imported."
        )


def _staff(work: UnitOfWork, cases: tuple[CaseIn, ...]) -> dict[str, UUID]:
    """Give the account of each staff code; a new code becomes an account that cannot sign in."""
    known = dict(work.session.execute(select(StaffCode.code, StaffCode.account_id)).all())
    for code, role in staff_codes(cases).items():
        if code not in known:
            account = Account(display_name=code, role=role, enabled=False, created_at=work.now)
            work.session.add(account)
            work.session.flush()
            work.session.add(StaffCode(code=code, account_id=account.id))
            known[code] = account.id
    work.session.flush()
    return known


def _add_people(rows: CaseRows, accounts: dict[str, UUID], person: PersonDetails) -> None:
    case, course = rows.case, rows.tables[Course][0]
    rows.tables[Patient].append(
        {
            "id": rows.patient_id,
            "code": case.id,
            "name": person.name,
            "birth_date": person.birth_date,
            "phone": person.phone,
            "emergency_contact": person.emergency_contact,
            "prescriber": person.prescriber,
            "primary_diagnosis": person.primary_diagnosis,
            "primary_diagnosis_text": case.primary_diagnosis,
            "precipitating_event": person.precipitating_event,
            "precipitating_event_text": case.precipitating_event,
            "notes": None,
            "demographics": _demographics(case),
            "created_at": rows.now,
            "version": 1,
        }
    )
    rows.tables[Assignment].append(
        {
            "id": uuid4(),
            "course_id": rows.course_id,
            "therapist_id": accounts[case.therapist],
            "supervisor_id": accounts[case.supervisor] if case.supervisor else None,
            "started_on": min(course["started_on"], rows.today),
            "ended_on": None,
            "reason": None,
        }
    )
    for rating in rows.tables[FidelityRating]:
        own = rating["rater"] == "self"
        rating["rater_id"] = accounts[case.therapist if own else rating["rater"]]


def _demographics(case: CaseIn) -> Row | None:
    names = ("age_band", "gender", "ethnicity_band", "employment", "relationship")
    bands = {name: getattr(case.demographics, name) for name in names}
    return kept(case.demographics.extra, **bands)


def _add_traces(rows: CaseRows, work: UnitOfWork, shifted_days: int) -> None:
    case = rows.case
    rows.tables[ImportedCase].append(
        {
            "case_id": case.id,
            "content": case.content,
            "shifted_days": shifted_days,
            "warnings": list(rows.warnings),
            "imported_at": work.now,
        }
    )


def _keep_of_the_file(rows: CaseRows, bundle: Bundle) -> None:
    """Keep with the course what the file says outside its cases and nothing here holds."""
    if bundle.extra:
        course = rows.tables[Course][0]
        course["extra"] = {**(course["extra"] or {}), "bundle": kept(bundle.extra)}


def _supervise(
    work: UnitOfWork, cases: tuple[CaseIn, ...], accounts: dict[str, UUID], shifted_days: int
) -> None:
    """Let each case's supervisor supervise its therapist, where nobody has said so yet."""
    known = select(Supervision.supervisor_id, Supervision.supervisee_id)
    pairs = {(supervisor, supervisee) for supervisor, supervisee in work.session.execute(known)}
    for case in cases:
        if not case.supervisor:
            continue
        pair = (accounts[case.supervisor], accounts[case.therapist])
        if pair in pairs or pair[0] == pair[1]:
            continue
        pairs.add(pair)
        start = min((s.held_on for s in shift(case, shifted_days).sessions), default=work.today)
        work.session.add(
            Supervision(
                supervisor_id=pair[0],
                supervisee_id=pair[1],
                started_on=min(start, work.today),
            )
        )

"""The audit as an auditor reads it. That somebody looked is audited too."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.queries import audit as query
from ipt_tracker.persistence.queries.audit import Sought
from ipt_tracker.services.audit.words import act_words
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

A_PAGE = 50
PROGRAM = "The program itself"
SEE = Permission.SEE_AUDIT


@dataclass(frozen=True, slots=True)
class Act:
    """One audit row in words."""

    id: int
    at: datetime
    actor_id: UUID | None
    who: str
    what: str
    code: str | None
    patient_id: UUID | None
    emergency: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the audit; `older` is the row from which the next page goes on, if there is one."""

    acts: tuple[Act, ...]
    older: int | None
    people: tuple[tuple[UUID, str], ...]
    code: str | None


def read_audit(work: UnitOfWork, sought: Sought) -> Listed:
    """Read the newest rows that were sought, after writing down that the actor looked."""
    work.require(SEE)
    work.audit(Event.AUDIT_LISTED, Subject("audit", "list", sought.patient), **_asked(sought))
    code = query.code_of(work.session, sought.patient) if sought.patient else None
    people = tuple(query.people(work.session))
    return Listed(*_acts(work, sought, dict(people)), people, code)


def read_person(work: UnitOfWork, account_id: UUID, below: int | None) -> tuple[str, Listed]:
    """Read all that one person did, with the person's name."""
    work.require(SEE)
    people = dict(query.people(work.session))
    if account_id not in people:
        raise AccessDenied(SEE)
    work.audit(Event.AUDIT_LISTED, Subject("account", account_id))
    acts = _acts(work, Sought(actor=account_id, below=below), people)
    return people[account_id], Listed(*acts, (), None)


def find_patient(work: UnitOfWork, code: str) -> UUID | None:
    """Find the patient whose audit is sought by the clinic code."""
    work.require(SEE)
    return query.patient_of_code(work.session, code)


def _acts(
    work: UnitOfWork, sought: Sought, people: Mapping[UUID, str]
) -> tuple[tuple[Act, ...], int | None]:
    of_accounts = {str(account_id): name for account_id, name in people.items()}
    found = query.rows(work.session, sought, A_PAGE + 1)
    acts = tuple(
        Act(
            entry.id,
            entry.at,
            entry.actor_id,
            who or of_accounts.get(entry.subject_id or "", PROGRAM),
            act_words(entry.event, entry.details, code),
            code,
            entry.patient_id,
            entry.emergency_id is not None,
        )
        for entry, who, code in found[:A_PAGE]
    )
    return acts, acts[-1].id if len(found) > A_PAGE else None


def _asked(sought: Sought) -> dict[str, str]:
    """Give what the list was cut down to, for the audit."""
    said = {"person": sought.actor, "since": sought.since, "until": sought.until}
    asked = {name: str(value) for name, value in said.items() if value is not None}
    return asked | ({"emergencies": "only"} if sought.emergencies else {})

"""How long records are kept, what is held by law, and removing what neither needs any more."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.erasure import erase_patient
from ipt_tracker.persistence.models import ClinicSetting, LegalHold, Patient
from ipt_tracker.persistence.queries import retention as query
from ipt_tracker.persistence.queries.retention import Ended, Hold
from ipt_tracker.services.clinic_settings import RETENTION, newest_value
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

FEWEST, MOST = 1, 100
"""Years for which a clinic can choose to keep records. There is no default: laws differ."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The clinic's period in years, who is past it, and every legal hold."""

    years: int | None
    past: tuple[Ended, ...]
    holds: tuple[Hold, ...]


def read_kept(work: UnitOfWork) -> Kept:
    """Read what is past the period and what is held. Patients appear by their code alone.

    The command line has no actor and may always ask.
    """
    if work.actor is not None:
        work.require(Permission.HOLD_RECORDS)
    work.audit(Event.RECORDS_LISTED, Subject("records", "list"))
    years = _years(work)
    every = query.ended(work.session) if years else ()
    past = tuple(each for each in every if years and is_past(each.last_day, years, work.today))
    return Kept(years, past, query.holds(work.session))


def _years(work: UnitOfWork) -> int | None:
    found = newest_value(work, RETENTION)
    return found if isinstance(found, int) else None


def is_past(last_day: date, years: int, today: date) -> bool:
    """Say whether as many years as the clinic chose have gone by since the newest day."""
    leap_day = (last_day.month, last_day.day) == (2, 29)
    start = last_day.replace(day=28) if leap_day else last_day
    return start.replace(year=last_day.year + years) < today


def set_years(work: UnitOfWork, years: int) -> None:
    """Choose for how many years records are kept after their newest day. It removes nothing."""
    work.require(Permission.HOLD_RECORDS)
    if not FEWEST <= years <= MOST:
        raise RuleBroken(f"Choose {FEWEST} to {MOST} years.", "years")
    old = _years(work)
    if years == old:
        return
    work.session.add(
        ClinicSetting(name=RETENTION, value=years, set_by=work.person.id, set_at=work.now)
    )
    work.audit(Event.SETTING_CHANGED, Subject("setting", RETENTION), old=old, new=years)


def set_hold(work: UnitOfWork, code: str, reason: str) -> LegalHold:
    """Hold the records of the patient with this code: nobody can remove them until it is lifted."""
    work.require(Permission.HOLD_RECORDS)
    patient = _patient(work, code)
    if _is_held(work, patient.id):
        raise RuleBroken("These records are held already.", "code")
    held = LegalHold(patient_id=patient.id, reason=reason, set_by=work.person.id, set_at=work.now)
    work.session.add(held)
    work.session.flush()
    work.audit(Event.HOLD_SET, Subject("legal_hold", held.id, patient.id))
    return held


def find_hold(work: UnitOfWork, hold_id: UUID) -> LegalHold:
    """Hand over a running hold to an administrator, or raise AccessDenied."""
    work.require(Permission.HOLD_RECORDS)
    held = work.session.get(LegalHold, hold_id)
    if held is None or held.lifted_at is not None:
        raise AccessDenied(Permission.HOLD_RECORDS)
    return held


def lift_hold(work: UnitOfWork, held: LegalHold, why: str) -> None:
    """Lift a hold, for a reason. The records are then kept as long as the clinic keeps any."""
    held.lifted_by, held.lifted_at, held.lifted_why = work.person.id, work.now, why
    work.audit(Event.HOLD_LIFTED, Subject("legal_hold", held.id, held.patient_id))


def remove_records(work: UnitOfWork, code: str) -> dict[str, int]:
    """Remove all records of the patient with this code; give the rows by table.

    For the command line alone. Refused while a course is under way, while the clinic's period
    runs, without such a period, and under a legal hold. The audit stays.
    """
    patient_id = require_removable(work, code)
    removed = erase_patient(work.session, patient_id)
    work.audit(Event.RECORDS_REMOVED, Subject("patient", patient_id, patient_id), rows=removed)
    return removed


def require_removable(work: UnitOfWork, code: str) -> UUID:
    """Give the patient with this code, or raise RuleBroken with why their records must stay."""
    patient_id = _patient(work, code).id
    if _is_held(work, patient_id):
        raise RuleBroken(f"The records of {code} are held. Lift the hold first.", "code")
    years = _years(work)
    if years is None:
        raise RuleBroken("No period of retention is chosen: see Records in the browser.", "code")
    known = {each.patient_id: each.last_day for each in query.ended(work.session)}
    if patient_id not in known:
        raise RuleBroken(f"A course of {code} is under way, or has no day yet.", "code")
    if not is_past(known[patient_id], years, work.today):
        last = known[patient_id]
        raise RuleBroken(
            f"The newest day of {code} is {last}, less than {years} years ago.", "code"
        )
    return patient_id


def _patient(work: UnitOfWork, code: str) -> Patient:
    found = work.session.scalar(select(Patient).where(Patient.code == code.strip()))
    if found is None:
        raise RuleBroken("No patient has this code.", "code")
    return found


def _is_held(work: UnitOfWork, patient_id: UUID) -> bool:
    running = select(LegalHold.id).where(
        LegalHold.patient_id == patient_id, LegalHold.lifted_at.is_(None)
    )
    return work.session.scalars(running).first() is not None

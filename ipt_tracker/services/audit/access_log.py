"""Who has seen a patient's record: by day and person, looks counted and changes named."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Course
from ipt_tracker.persistence.queries import audit as query
from ipt_tracker.persistence.queries.audit import Found, Sought
from ipt_tracker.reports.access_log import AccessLog, Visit, as_pdf
from ipt_tracker.services.audit.listing import PROGRAM
from ipt_tracker.services.audit.words import LOOKS, act_words
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork


@dataclass(frozen=True, slots=True)
class _Key:
    day: date
    who: str
    emergency: bool


def read_access_log(work: UnitOfWork, course: Course, software: str) -> AccessLog:
    """Read who has seen the record of a course's patient, the newest day first.

    The caller has come through the door of the course with the permission for this.
    """
    found = query.rows(work.session, Sought(patient=course.patient_id), None)
    patient = course.patient
    return AccessLog(
        code=patient.code,
        name=patient.name,
        visits=_visits(found),
        newest=found[0][0].at if found else None,
        software=software,
    )


def access_log_file(work: UnitOfWork, course: Course, log: AccessLog) -> bytes:
    """Print it for the patient, after writing down that it was printed."""
    content = as_pdf(log)
    work.audit(Event.AUDIT_PRINTED, Subject("course", course.id, course.patient_id), format="pdf")
    return content


def _visits(found: Iterable[Found]) -> tuple[Visit, ...]:
    rows = [(_key(row), row) for row in found]
    rows.sort(key=lambda each: (-each[0].day.toordinal(), each[0].who, each[0].emergency))
    return tuple(
        _visit(key, [row for _, row in each]) for key, each in groupby(rows, key=lambda r: r[0])
    )


def _key(row: Found) -> _Key:
    entry, who, _ = row
    return _Key(entry.at.astimezone().date(), who or PROGRAM, entry.emergency_id is not None)


def _visit(key: _Key, rows: list[Found]) -> Visit:
    looks = sum(entry.event in LOOKS for entry, _, _ in rows)
    others = Counter(
        act_words(entry.event, entry.details, None)
        for entry, _, _ in reversed(rows)
        if entry.event not in LOOKS
    )
    said = [times(f"{words}", count) for words, count in others.items()]
    opened = [times("opened the record", looks)] if looks else []
    return Visit(key.day, key.who, (*opened, *said), key.emergency)


def times(words: str, count: int) -> str:
    """Write "opened the record 4 times"; once is not counted."""
    return words if count == 1 else f"{words} {count} times"

"""Two patients at one hour: a booking that meets another of the same therapist is asked about."""

from collections.abc import Iterable
from datetime import date, time

from ipt_tracker.clinical.rules import AskFirst
from ipt_tracker.persistence.queries.day import BookedRow, booked, booked_groups
from ipt_tracker.services.appointments import AppointmentEntry
from ipt_tracker.services.unit_of_work import UnitOfWork

CLASH = "clash"
"""The key of the question."""
USUAL_MINUTES = 50
"""How long an appointment without a length is taken to be."""
MOST_NAMED = 3


def check_clashes(
    work: UnitOfWork, entries: Iterable[AppointmentEntry], *, leaving: object = None
) -> None:
    """Raise AskFirst where something else is booked at the same time.

    `leaving` is the id of the appointment that is moved away.
    """
    timed = [entry for entry in entries if entry.starts_at is not None]
    if not timed:
        return
    first = min(entry.planned_on for entry in timed)
    last = max(entry.planned_on for entry in timed)
    if last < work.today:
        return
    between = (work.session, work.person, work.today, first, last)
    others = [r for r in (*booked(*between), *booked_groups(*between)) if r.id != leaving]
    found = [(entry, row) for entry in timed for row in others if _meet(entry, row)]
    if found:
        said = "; ".join(_words(entry, row) for entry, row in found[:MOST_NAMED])
        raise AskFirst(f"At that time you have: {said}. Book it all the same?", None, CLASH)


def _meet(entry: AppointmentEntry, row: BookedRow) -> bool:
    if entry.planned_on != row.planned_on or entry.starts_at is None or row.starts_at is None:
        return False
    begins, other = _minute(entry.starts_at), _minute(row.starts_at)
    ends = begins + (entry.minutes or USUAL_MINUTES)
    return begins < other + (row.minutes or USUAL_MINUTES) and other < ends


def _minute(value: time) -> int:
    return value.hour * 60 + value.minute


def _words(entry: AppointmentEntry, row: BookedRow) -> str:
    return f"{row.code}, {_day(entry.planned_on)}, {row.starts_at:%H:%M}"


def _day(value: date) -> str:
    return f"{value.day} {value:%b}"

"""Appointments: book, move and take back; a logged slot settles the one of its day.

What to propose for the next one is worked out in `services/booking.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from ipt_tracker.clinical.course.attendance import is_slot
from ipt_tracker.clinical.course.codes import known
from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.records import Modality
from ipt_tracker.clinical.course.session_rules import check_minutes
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Appointment, Course, GroupSession, SessionRecord
from ipt_tracker.persistence.queries import appointments as query
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

LONGEST_AHEAD = 366
"""Days ahead for which an appointment can be booked: the last follow-up is after a year."""
LONGEST_REMARK = 300


@dataclass(frozen=True, slots=True)
class AppointmentEntry:
    """One time to be booked. Its names are the names of the columns."""

    planned_on: date
    starts_at: time | None = None
    minutes: int | None = None
    modality: str | None = None
    remark: str | None = None


def book(work: UnitOfWork, course: Course, entry: AppointmentEntry) -> Appointment:
    """Book one appointment of a course that was opened."""
    return book_all(work, course, [entry])[0]


def book_all(
    work: UnitOfWork, course: Course, entries: Iterable[AppointmentEntry]
) -> tuple[Appointment, ...]:
    """Book several appointments of a course at once: all of them or none."""
    if course.ended_on is not None:
        raise RuleBroken("This course has ended. Nothing is booked in it.")
    booked = query.of_course(work.session, course.id, work.today)
    taken = {(each.planned_on, each.starts_at) for each in booked}
    rows = []
    for entry in entries:
        _check(work, entry)
        if (entry.planned_on, entry.starts_at) in taken:
            raise RuleBroken(f"{_when(entry)} is booked in this course already.", "planned_on")
        taken.add((entry.planned_on, entry.starts_at))
        rows.append(_booked(work, entry, course_id=course.id, patient_id=course.patient_id))
    if not rows:
        raise RuleBroken("Tick at least one day.")
    return tuple(rows)


def book_group(work: UnitOfWork, group_id: UUID, entry: AppointmentEntry) -> Appointment:
    """Book one appointment of a whole group that was opened already."""
    _check(work, entry)
    same_day = query.group_on_day(work.session, group_id, entry.planned_on)
    if any(each.starts_at == entry.starts_at for each in same_day):
        raise RuleBroken(f"{_when(entry)} is booked for this group already.", "planned_on")
    return _booked(work, entry, group_id=group_id)


def _check(work: UnitOfWork, entry: AppointmentEntry) -> None:
    if entry.planned_on < work.today:
        raise RuleBroken("That day is past. Log the session instead.", "planned_on")
    if entry.planned_on > work.today + timedelta(days=LONGEST_AHEAD):
        raise RuleBroken("That is more than a year ahead. Check the year.", "planned_on")
    if entry.modality is not None and known(Modality, entry.modality) is None:
        raise RuleBroken("Choose one of the list.", "modality")
    if entry.remark is not None and len(entry.remark) > LONGEST_REMARK:
        raise RuleBroken(f"There is room for {LONGEST_REMARK} characters here.", "remark")
    try:
        check_minutes(entry.minutes)
    except RuleBroken as broken:
        raise RuleBroken(broken.message, "minutes") from broken


def _when(entry: AppointmentEntry) -> str:
    day = f"{entry.planned_on.day} {entry.planned_on:%b %Y}"
    return f"{day}, {entry.starts_at:%H:%M}" if entry.starts_at else day


def _booked(
    work: UnitOfWork,
    entry: AppointmentEntry,
    course_id: UUID | None = None,
    group_id: UUID | None = None,
    patient_id: UUID | None = None,
) -> Appointment:
    row = Appointment(
        course_id=course_id,
        group_id=group_id,
        planned_on=entry.planned_on,
        starts_at=entry.starts_at,
        minutes=entry.minutes,
        modality=entry.modality,
        remark=entry.remark,
        booked_by=work.person.id,
        booked_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    subject = Subject("appointment", row.id, patient_id)
    work.audit(Event.APPOINTMENT_BOOKED, subject, planned_on=entry.planned_on.isoformat())
    return row


def take_back(work: UnitOfWork, course: Course, appointment: Appointment) -> None:
    """Take an appointment of a course out of the book. It stays readable as taken back."""
    _require_waiting(appointment)
    appointment.taken_back_at, appointment.taken_back_by = work.now, work.person.id
    subject = Subject("appointment", appointment.id, course.patient_id)
    day = appointment.planned_on.isoformat()
    work.audit(Event.APPOINTMENT_TAKEN_BACK, subject, planned_on=day)


def take_back_group(work: UnitOfWork, appointment: Appointment) -> None:
    """Take an appointment of a group that was opened already out of the book."""
    _require_waiting(appointment)
    appointment.taken_back_at, appointment.taken_back_by = work.now, work.person.id
    day = appointment.planned_on.isoformat()
    work.audit(Event.APPOINTMENT_TAKEN_BACK, Subject("appointment", appointment.id), planned_on=day)


def move(
    work: UnitOfWork, course: Course, appointment: Appointment, entry: AppointmentEntry
) -> Appointment:
    """Book another time in place of one: the old one stays readable as taken back."""
    if entry == entry_of(appointment):
        raise RuleBroken("That is how it is booked already. Nothing was changed.")
    take_back(work, course, appointment)
    work.session.flush()
    return book(work, course, entry)


def _require_waiting(appointment: Appointment) -> None:
    if appointment.taken_back_at is not None:
        raise RuleBroken("This appointment was taken back already.")
    if appointment.session_id is not None or appointment.group_session_id is not None:
        raise RuleBroken("This appointment is logged. What became of it stands in its session.")


def find_appointment(work: UnitOfWork, course: Course, appointment_id: UUID) -> Appointment:
    """Give one appointment of a course that was opened already, or raise AccessDenied."""
    row = work.session.get(Appointment, appointment_id)
    if row is None or row.course_id != course.id:
        raise AccessDenied(Permission.RECORD_SESSION)
    return row


def entry_of(appointment: Appointment) -> AppointmentEntry:
    """Give an appointment as it was entered."""
    return AppointmentEntry(
        appointment.planned_on,
        appointment.starts_at,
        appointment.minutes,
        appointment.modality,
        appointment.remark,
    )


def taken_back_lately(work: UnitOfWork, course: Course) -> tuple[Appointment, ...]:
    """Give what was taken back last and still lies ahead, so that a slip can be mended."""
    return query.taken_back(work.session, course.id, work.today)


def settle(work: UnitOfWork, course: Course, record: SessionRecord) -> Appointment | None:
    """Tie what was booked for the day of a logged slot to it: the nearest in time, if several.

    A member's record of a group session leaves the member's own appointments alone.
    """
    if record.kind == Kind.GROUP or not is_slot(record.attendance):
        return None
    found = query.on_day(work.session, course.id, record.held_on)
    if not found:
        return None
    nearest = min(found, key=lambda each: _apart(each.starts_at, record.starts_at))
    nearest.session_id = record.id
    return nearest


def settle_group(work: UnitOfWork, meeting: GroupSession) -> Appointment | None:
    """Tie what was booked for the day of a group's meeting to it."""
    found = query.group_on_day(work.session, meeting.group_id, meeting.held_on)
    if not found:
        return None
    nearest = min(found, key=lambda each: _apart(each.starts_at, meeting.starts_at))
    nearest.group_session_id = meeting.id
    return nearest


def _apart(planned: time | None, held: time | None) -> int:
    """Give the minutes between two times of a day; without one of them they are far apart."""
    if planned is None or held is None:
        return 24 * 60
    return abs((planned.hour - held.hour) * 60 + planned.minute - held.minute)


def next_of(work: UnitOfWork, course_ids: Iterable[UUID]) -> dict[UUID, Appointment]:
    """Give the next appointment of each course from today on, its own or its group's."""
    return query.next_of_courses(work.session, course_ids, work.today)

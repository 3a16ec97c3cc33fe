"""The demo's group: seven members, seven weeks, one meeting cancelled for all. Invented."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from ipt_tracker.clinical.course.attendance import Attendance
from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.protocols import PROTOCOLS
from ipt_tracker.clinical.course.records import (
    Modality,
    PrecipitatingEvent,
    PrimaryDiagnosis,
    RiskCheck,
)
from ipt_tracker.clinical.instruments.pcl5 import PCL5_WEEK
from ipt_tracker.persistence.models import Course
from ipt_tracker.services.courses import CourseEntry, PatientEntry, start_course
from ipt_tracker.services.group_entries import CancelledEntry, MeetingEntry, MemberEntry
from ipt_tracker.services.group_members import add_members
from ipt_tracker.services.group_sessions import cancel_group_session, log_group_session
from ipt_tracker.services.group_signing import sign_group_session
from ipt_tracker.services.groups import GroupEntry, start_group
from ipt_tracker.services.measures import MeasureEntry
from ipt_tracker.services.notes import sign_note
from ipt_tracker.services.sessions import Attached, RiskEntry, SessionEntry, log_session
from ipt_tracker.services.unit_of_work import UnitOfWork

PROTOCOL = PROTOCOLS["IPT-G-PTSD-16"]
WEEK = timedelta(weeks=1)
NAMES = (
    "Ylva Brandt",
    "Oskar Lindgren",
    "Petra Novak",
    "Tomas Reiter",
    "Signe Aalto",
    "Bruno Falk",
    "Carla Weiss",
)
FIRST_SCORES = (48, 52, 39, 57, 44, 61, 50)
THEMES = ("Why we are here", "What changed", "", "Losing a role", "Asking for help", "Saying no")
"""One for each week; none for the week in which both leaders were ill."""
ABSENT = {1: (2, Attendance.NO_SHOW), 4: (4, Attendance.CANCELLED_BY_PATIENT)}
LATE = {3: (1, 15)}
SAID = {
    0: (0, "Named what she misses about her old team, and heard that others miss theirs."),
    4: (3, "Asked the group how they ask for help, and wrote two answers down."),
}


@dataclass(frozen=True, slots=True)
class Leaders:
    """Who leads the group: the unit of work of the first, and the account of the second."""

    work: UnitOfWork
    co_leader: UUID


def add_group(leaders: Leaders) -> None:
    """Start the group, seven weeks ago, with a course for each member, and log its meetings."""
    work = leaders.work
    first = work.today - (len(THEMES) + 1) * WEEK
    group = start_group(
        work,
        GroupEntry(
            code="G-26",
            protocol=PROTOCOL.key,
            planned_sessions=PROTOCOL.planned_sessions,
            session_minutes=PROTOCOL.session_minutes,
            spacing=PROTOCOL.spacing,
            norms="What is said here stays here. Everybody may pass. Who cannot come, rings.",
            started_on=first,
            co_leader_id=leaders.co_leader,
        ),
    )
    courses = [_member(work, place, name, first) for place, name in enumerate(NAMES)]
    work.session.flush()
    members = add_members(work, group, [course.id for course in courses], first)
    work.session.flush()
    work.session.expire(group)
    for week, theme in enumerate(THEMES):
        day = first + (week + 1) * WEEK
        then = _on(work, day)
        if theme:
            rows = [_row(week, place, member.id) for place, member in enumerate(members)]
            meeting = log_group_session(then, group, _meeting(day, theme), rows)
        else:
            cancelled = CancelledEntry(day, None, "both leaders were ill")
            meeting = cancel_group_session(then, group, cancelled)
        work.session.flush()
        work.session.expire_all()
        if week < len(THEMES) - 1:
            sign_group_session(then, group, meeting, seen_version=meeting.version)


def _on(work: UnitOfWork, day: date) -> UnitOfWork:
    """Give a unit of work of an earlier day: what was written then was not late."""
    return replace(work, now=work.now - (work.today - day), today=day)


def _member(work: UnitOfWork, place: int, name: str, first: date) -> Course:
    patient = PatientEntry(
        code=f"GRP-{place + 1:03}",
        name=name,
        birth_date=date(1974 + 3 * place, 1 + place, 9),
        phone=None,
        emergency_contact=None,
        prescriber=None,
        primary_diagnosis=PrimaryDiagnosis.PTSD,
        primary_diagnosis_text=None,
        precipitating_event=PrecipitatingEvent.INTERPERSONAL,
        precipitating_event_text=None,
        notes=None,
    )
    entry = CourseEntry(
        protocol=PROTOCOL.key,
        planned_sessions=PROTOCOL.planned_sessions,
        started_on=first,
        session_minutes=PROTOCOL.session_minutes,
        spacing=PROTOCOL.spacing,
        manual=None,
        adaptations=None,
        criterion_a=True,
    )
    course = start_course(work, patient, entry)
    work.session.flush()
    pcl5 = MeasureEntry(PCL5_WEEK, first, total=FIRST_SCORES[place])
    then = _on(work, first)
    attached = Attached(RiskEntry(RiskCheck.ASKED_NONE), None, (pcl5,))
    record = log_session(then, course, _alone(first), attached)
    work.session.flush()
    work.session.refresh(record)
    sign_note(then, course, record, seen_version=record.version)
    return course


def _alone(day: date) -> SessionEntry:
    """Give the meeting of one member before the group."""
    return SessionEntry(
        kind=Kind.PRE_GROUP,
        number=None,
        held_on=day,
        starts_at=None,
        duration_minutes=50,
        minutes_late=0,
        modality=Modality.IN_PERSON,
        attendance=Attendance.ATTENDED,
        phase=None,
        phase_reason=None,
        focal_area=None,
        dispute_stage=None,
        mood=4,
        linked_event=None,
        tasks=("R01",),
        techniques=(),
        homework=None,
        plan="first meeting of the group next week",
        note=None,
    )


def _meeting(day: date, theme: str) -> MeetingEntry:
    return MeetingEntry(
        day,
        duration_minutes=PROTOCOL.session_minutes,
        modality=Modality.IN_PERSON,
        theme=theme,
        tasks=("R02", "R03"),
        techniques=("clarification",),
        note="Careful at first; later members answered each other without being asked.",
        not_asked="asked in the meetings alone before the group",
    )


def _row(week: int, place: int, member_id: UUID) -> MemberEntry:
    absent, late, said = ABSENT.get(week), LATE.get(week), SAID.get(week)
    if absent and absent[0] == place:
        return MemberEntry(member_id, absent[1])
    minutes = late[1] if late and late[0] == place else 0
    return MemberEntry(
        member_id,
        Attendance.ATTENDED_LATE if minutes else Attendance.ATTENDED,
        minutes,
        mood=4 + (week + place) % 3,
        note=said[1] if said and said[0] == place else None,
    )

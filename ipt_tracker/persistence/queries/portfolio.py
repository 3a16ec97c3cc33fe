"""What a portfolio is counted from besides sessions and ratings, in few statements."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from ipt_tracker.clinical.course.records import CourseStatus
from ipt_tracker.persistence.models import (
    Account,
    Assignment,
    Course,
    FocalAreaSpell,
    GroupLeader,
    MeetingAttendee,
    MeetingCase,
    Patient,
    PortfolioText,
    SupervisionMeeting,
    TherapyGroup,
)


@dataclass(frozen=True, slots=True)
class CaseFound:
    """One stretch of days in which a course, or a group, was a therapist's."""

    owner: UUID
    code: str
    status: str
    started_on: date
    ended_on: date | None
    own_from: date
    own_until: date | None


@dataclass(frozen=True, slots=True)
class AreaFound:
    """One focal area of a course, from a day."""

    owner: UUID
    area: str
    started_on: date


@dataclass(frozen=True, slots=True)
class MeetingFound:
    """One supervision meeting that a therapist was at; struck ones are not found."""

    held_on: date
    minutes: int
    form: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class DiscussionFound:
    """One case of a therapist in one meeting; those of struck meetings are not found."""

    owner: UUID
    held_on: date
    minutes: int | None


@dataclass(frozen=True, slots=True)
class TextFound:
    """One edition of a report text, with its writer's name."""

    edition: int
    body: str | None
    text: str
    reason: str | None
    writer: str
    written_at: datetime


def courses(session: Session, therapist_id: UUID) -> tuple[CaseFound, ...]:
    """Give the courses that somebody was ever assigned to, once for each assignment."""
    rows = session.execute(
        select(
            Course.id,
            Patient.code,
            Course.status,
            Course.started_on,
            Course.ended_on,
            Assignment.started_on,
            Assignment.ended_on,
        )
        .join(Patient, Patient.id == Course.patient_id)
        .join(Assignment, Assignment.course_id == Course.id)
        .where(Assignment.therapist_id == therapist_id)
        .order_by(Patient.code, Course.started_on, Course.id, Assignment.started_on)
    )
    return tuple(CaseFound(*row) for row in rows)


def groups(session: Session, therapist_id: UUID) -> tuple[CaseFound, ...]:
    """Give the groups that somebody ever led, once for each time; a group that ended is done."""
    rows = session.execute(
        select(
            TherapyGroup.id,
            TherapyGroup.code,
            literal(CourseStatus.COMPLETED.value),
            TherapyGroup.started_on,
            TherapyGroup.ended_on,
            GroupLeader.started_on,
            GroupLeader.ended_on,
        )
        .join(GroupLeader, GroupLeader.group_id == TherapyGroup.id)
        .where(GroupLeader.account_id == therapist_id)
        .order_by(TherapyGroup.code, GroupLeader.started_on, TherapyGroup.id)
    )
    return tuple(CaseFound(*row) for row in rows)


def areas(session: Session, therapist_id: UUID) -> tuple[AreaFound, ...]:
    """Give the focal areas of these courses, the first taken up first."""
    ever = select(Assignment.course_id).where(Assignment.therapist_id == therapist_id)
    rows = session.execute(
        select(FocalAreaSpell.course_id, FocalAreaSpell.area, FocalAreaSpell.started_on)
        .where(FocalAreaSpell.course_id.in_(ever))
        .order_by(FocalAreaSpell.started_on, FocalAreaSpell.area)
    )
    return tuple(AreaFound(*row) for row in rows)


def meetings(session: Session, therapist_id: UUID) -> tuple[MeetingFound, ...]:
    """Give the meetings that somebody was at as a supervisee."""
    rows = session.execute(
        select(
            SupervisionMeeting.held_on,
            SupervisionMeeting.minutes,
            SupervisionMeeting.form,
            SupervisionMeeting.recorded_at,
        )
        .join(MeetingAttendee, MeetingAttendee.meeting_id == SupervisionMeeting.id)
        .where(MeetingAttendee.therapist_id == therapist_id, SupervisionMeeting.struck_at.is_(None))
        .order_by(SupervisionMeeting.held_on, SupervisionMeeting.id)
    )
    return tuple(MeetingFound(*row) for row in rows)


def discussions(session: Session, therapist_id: UUID) -> tuple[DiscussionFound, ...]:
    """Give the cases that were somebody's when they were discussed."""
    rows = session.execute(
        select(MeetingCase.course_id, SupervisionMeeting.held_on, MeetingCase.minutes)
        .join(SupervisionMeeting, SupervisionMeeting.id == MeetingCase.meeting_id)
        .where(MeetingCase.therapist_id == therapist_id, SupervisionMeeting.struck_at.is_(None))
        .order_by(SupervisionMeeting.held_on, MeetingCase.place)
    )
    return tuple(DiscussionFound(*row) for row in rows)


def texts(session: Session, therapist_id: UUID) -> tuple[TextFound, ...]:
    """Give every edition of somebody's report text, the newest first."""
    rows = session.execute(
        select(
            PortfolioText.edition,
            PortfolioText.body,
            PortfolioText.text,
            PortfolioText.reason,
            Account.display_name,
            PortfolioText.written_at,
        )
        .join(Account, Account.id == PortfolioText.written_by)
        .where(PortfolioText.therapist_id == therapist_id)
        .order_by(PortfolioText.edition.desc())
    )
    return tuple(TextFound(*row) for row in rows)

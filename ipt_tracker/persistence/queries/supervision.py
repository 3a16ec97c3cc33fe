"""What the supervisor's start page needs beside the lists of others, a few columns each."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Label, func, or_, select
from sqlalchemy.orm import Session

from ipt_tracker.persistence.models import (
    Account,
    Assignment,
    Course,
    GroupLeader,
    GroupSession,
    RatingRequest,
    SampleDraw,
    SessionRecord,
)
from ipt_tracker.persistence.queries.rated import courses_of


@dataclass(frozen=True, slots=True)
class Supervisee:
    """One person whom the actor supervises today."""

    id: UUID
    name: str
    is_trainee: bool


def supervisees(session: Session, people: Collection[UUID]) -> tuple[Supervisee, ...]:
    """Give people by name."""
    rows = session.execute(
        select(Account.id, Account.display_name, Account.needs_cosign)
        .where(Account.id.in_(people))
        .order_by(func.lower(Account.display_name), Account.id)
    )
    return tuple(Supervisee(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request to rate came from: whose session it is, by name, and the draw's seed."""

    therapists: Mapping[UUID, str]
    seed: int | None


def origins_of(session: Session, requests: Collection[UUID]) -> dict[UUID, Origin]:
    """Give whose sessions are asked for, and the seeds of their draws: at most two statements."""
    if not requests:
        return {}
    asked = (
        select(RatingRequest.id, _holder(), SampleDraw.seed)
        .outerjoin(SessionRecord, SessionRecord.id == RatingRequest.session_id)
        .outerjoin(SampleDraw, SampleDraw.id == RatingRequest.draw_id)
        .where(RatingRequest.id.in_(requests))
        .subquery()
    )
    rows: Iterable[Any] = session.execute(
        select(*asked.c, Account.display_name).outerjoin(Account, Account.id == asked.c.holder)
    )
    found = {
        id_: Origin({} if holder is None else {holder: name}, seed)
        for id_, holder, seed, name in rows
    }
    led = session.execute(
        select(RatingRequest.id, GroupLeader.account_id, Account.display_name)
        .join(GroupSession, GroupSession.id == RatingRequest.group_session_id)
        .join(GroupLeader, GroupLeader.group_id == GroupSession.group_id)
        .join(Account, Account.id == GroupLeader.account_id)
        .where(RatingRequest.id.in_(requests), _leads_that_day())
    )
    for id_, leader, name in led:
        found[id_] = Origin({**found[id_].therapists, leader: name}, found[id_].seed)
    return found


def holders_of(session: Session, courses: Collection[UUID]) -> dict[UUID, str]:
    """Name the last therapist of each course, of one that is closed too: one statement."""
    rows: Iterable[Any] = session.execute(
        select(Assignment.course_id, Account.display_name)
        .join(Account, Account.id == Assignment.therapist_id)
        .where(Assignment.course_id.in_(courses))
        .order_by(Assignment.started_on)
    )
    return {course: name for course, name in rows}  # noqa: C416 -- a row is no pair to mypy


def _holder() -> Label[UUID]:
    """Give the therapist of a slot: of its day; before the first assignment begins, of that one."""
    of_course = select(Assignment.therapist_id).where(
        Assignment.course_id == SessionRecord.course_id
    )
    of_day = of_course.where(Assignment.started_on <= SessionRecord.held_on)
    newest = of_day.order_by(Assignment.started_on.desc()).limit(1).correlate(SessionRecord)
    first = of_course.order_by(Assignment.started_on).limit(1).correlate(SessionRecord)
    return func.coalesce(newest.scalar_subquery(), first.scalar_subquery()).label("holder")


def _leads_that_day() -> ColumnElement[bool]:
    """Select who led a group on the day of a meeting."""
    return (GroupLeader.started_on <= GroupSession.held_on) & or_(
        GroupLeader.ended_on.is_(None), GroupLeader.ended_on > GroupSession.held_on
    )


@dataclass(frozen=True, slots=True)
class Given:
    """So many slots of one kind that one therapist had, or meetings that they led."""

    therapist_id: UUID
    phase: str
    kind: str
    has_number: bool
    attendance: str
    count: int


def given(session: Session, people: Collection[UUID], since: date) -> tuple[Given, ...]:
    """Count the slots and group meetings since a day by whose they were: two statements.

    Whose: the assignment of the day, before the first one begins that first one, as in
    services/fidelity/whose. Members' records of a group session are left out.
    """
    theirs = (
        select(
            _holder(),
            SessionRecord.phase,
            SessionRecord.kind,
            SessionRecord.number.is_not(None).label("has_number"),
            SessionRecord.attendance,
        )
        .join(Course, Course.id == SessionRecord.course_id)
        .where(
            courses_of(people),
            SessionRecord.group_session_id.is_(None),
            SessionRecord.held_on >= since,
        )
        .subquery()
    )
    counted = select(*theirs.c, func.count()).group_by(*theirs.c)
    rows: Iterable[Any] = session.execute(counted)
    alone = (Given(*row) for row in rows if row.holder in people)
    return (*alone, *_led(session, people, since))


def _led(session: Session, people: Collection[UUID], since: date) -> tuple[Given, ...]:
    """Count the meetings of groups by who led them on their day, both leaders alike."""
    rows = session.execute(
        select(GroupLeader.account_id, GroupSession.phase, func.count())
        .join(GroupSession, GroupSession.group_id == GroupLeader.group_id)
        .where(
            GroupLeader.account_id.in_(people),
            _leads_that_day(),
            GroupSession.cancelled.is_(False),
            GroupSession.held_on >= since,
        )
        .group_by(GroupLeader.account_id, GroupSession.phase)
    )
    return tuple(Given(who, phase, "group", True, "attended", n) for who, phase, n in rows)  # noqa: FBT003 -- a meeting that took place has its number

"""The sheets and goals of a course as its pages show them, each with who wrote it down."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from ipt_tracker.persistence.models import (
    Account,
    Amendment,
    FocalAreaSpell,
    Goal,
    InventoryPerson,
    LifeEvent,
    RiskCheck,
    SessionRecord,
    Worksheet,
)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One edition of a sheet."""

    kind: str
    edition: int
    content: dict[str, Any]
    reason: str | None
    who: str
    who_id: UUID
    recorded_at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class GoalRow:
    """One goal; `area` is that of the focal area it is tied to. `is_off`: taken off the page."""

    id: UUID
    what: str
    set_on: date
    status: str
    reviewed_on: date | None
    review: str | None
    who: str
    area: str | None
    detail: str | None
    is_off: bool
    changes: tuple[Amendment, ...]


def newest_sheets(session: Session, course_id: UUID) -> dict[str, SheetRow]:
    """Give the newest edition of each sheet of a course by its kind, in one statement."""
    newest = (
        select(Worksheet.kind, func.max(Worksheet.edition).label("edition"))
        .where(Worksheet.course_id == course_id)
        .group_by(Worksheet.kind)
        .subquery()
    )
    same = (Worksheet.kind == newest.c.kind) & (Worksheet.edition == newest.c.edition)
    return {row.kind: row for row in _rows(session, _sheets(course_id).join(newest, same))}


def editions_of(session: Session, course_id: UUID, kind: str) -> tuple[SheetRow, ...]:
    """Give every edition of one sheet, newest first."""
    wanted = _sheets(course_id).where(Worksheet.kind == kind)
    return _rows(session, wanted.order_by(Worksheet.edition.desc()))


def _sheets(course_id: UUID) -> Select[Any]:
    return (
        select(
            Worksheet.kind,
            Worksheet.edition,
            Worksheet.content,
            Worksheet.reason,
            Account.display_name,
            Worksheet.recorded_by,
            Worksheet.recorded_at,
            Worksheet.id,
        )
        .join(Account, Account.id == Worksheet.recorded_by)
        .where(Worksheet.course_id == course_id)
    )


def _rows(session: Session, wanted: Select[Any]) -> tuple[SheetRow, ...]:
    return tuple(SheetRow(*row) for row in session.execute(wanted))


def not_taken_in(session: Session, course_id: UUID) -> dict[UUID, list[Amendment]]:
    """Give the texts that were left for another edition's, by the edition saved with them."""
    return _amendments(session, course_id, Worksheet.__tablename__)


def goals_of(session: Session, course_id: UUID) -> tuple[GoalRow, ...]:
    """Give the goals of a course by the day they were set, in two statements."""
    rows = session.execute(
        select(Goal, Account.display_name, FocalAreaSpell.area, FocalAreaSpell.detail)
        .join(Account, Account.id == Goal.recorded_by)
        .outerjoin(FocalAreaSpell, FocalAreaSpell.id == Goal.spell_id)
        .where(Goal.course_id == course_id)
        .order_by(Goal.set_on, Goal.recorded_at, Goal.id)
    ).all()
    changes = _amendments(session, course_id, Goal.__tablename__) if rows else {}
    return tuple(
        GoalRow(
            goal.id,
            goal.what,
            goal.set_on,
            goal.status,
            goal.reviewed_on,
            goal.review,
            who,
            area,
            detail,
            goal.removed_at is not None,
            tuple(changes.get(goal.id, ())),
        )
        for goal, who, area, detail in rows
    )


def _amendments(session: Session, course_id: UUID, kind: str) -> dict[UUID, list[Amendment]]:
    found: dict[UUID, list[Amendment]] = defaultdict(list)
    wanted = select(Amendment).where(
        Amendment.course_id == course_id, Amendment.subject_kind == kind
    )
    for each in session.scalars(wanted.order_by(Amendment.recorded_at, Amendment.field)):
        found[each.subject_id].append(each)
    return found


def counts_of(session: Session, course_id: UUID) -> tuple[int, int]:
    """Give how many people the inventory has and how many events the timeline, in one statement."""
    people, events = (
        select(func.count())
        .select_from(table)
        .where(table.course_id == course_id, table.removed_at.is_(None))
        .scalar_subquery()
        for table in (InventoryPerson, LifeEvent)
    )
    row = session.execute(select(people, events)).one()
    return int(row[0]), int(row[1])


def risk_last_asked(session: Session, course_id: UUID) -> date | None:
    """Give the day of the last slot of a course at which risk was asked about."""
    return session.scalar(
        select(func.max(SessionRecord.held_on))
        .join(RiskCheck, RiskCheck.session_id == SessionRecord.id)
        .where(SessionRecord.course_id == course_id, RiskCheck.asked)
    )


def tasks_by_session(
    session: Session, course_id: UUID
) -> tuple[tuple[int | None, date, tuple[str, ...]], ...]:
    """Give the number, the day and the ticked tasks of each slot of a course, in order."""
    rows = session.execute(
        select(SessionRecord.number, SessionRecord.held_on, SessionRecord.tasks)
        .where(SessionRecord.course_id == course_id)
        .order_by(SessionRecord.slot)
    )
    return tuple((number, day, tuple(tasks or ())) for number, day, tasks in rows)
